"""What follows when an entity is called otherwise: its address, and the source that it is."""

from __future__ import annotations

from annotations.models import Entity, Source
from annotations.models.fields import fold
from articles.changes import Recorder
from articles.slugs import slug_after_rename


def follow_name(entity: Entity, old_name: str, log: Recorder) -> None:
    """Give an entity with a new name, not saved yet, the address of that name; and its source,
    where that was called as it was, name and address."""
    if fold(entity.name) == fold(old_name):
        return
    entity.slug = slug_after_rename(entity, entity.name, fallback=entity.type)
    sources = Source.objects.current().filter(entity=entity, folded_name=fold(old_name))
    for source in sources.select_for_update(of=("self",), no_key=True):
        before = source.snapshot()
        source.name = entity.name
        source.slug = slug_after_rename(source, source.name, fallback="source")
        source.version += 1
        source.save()
        log.add("change", source, before=before)
