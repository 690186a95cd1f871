"""The writer of sources: found, made and corrected."""

from __future__ import annotations

from typing import Any

from annotations.knowledge import (
    check_fields,
    create_entity,
    lock_version,
    require_editor,
)
from annotations.models import Annotation, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.fields import fold
from annotations.models.source import SourceKind
from articles.changes import Recorder, recording
from articles.errors import Refused
from articles.once import made_or_found
from articles.slugs import slug_after_rename, unique_slug

# What kind of source an entity of a type speaks as. Others cannot speak.
SPEAKS_AS = {
    EntityType.PERSON: SourceKind.PERSON,
    EntityType.ORGANISATION: SourceKind.ORGANISATION,
    EntityType.PLACE: SourceKind.ORGANISATION,
    EntityType.GROUP: SourceKind.ORGANISATION,
    EntityType.WORK: SourceKind.DOCUMENT,
}
# The type of a new entity for a source of a kind; documents and posts get none by themselves.
ENTITY_OF_KIND = {
    SourceKind.PERSON: EntityType.PERSON,
    SourceKind.ORGANISATION: EntityType.ORGANISATION,
    SourceKind.OUTLET: EntityType.ORGANISATION,
}


def source_of_entity(*, entity: Entity, kind: str = "", actor: Any) -> Source:
    """The source that this entity is, made when it has not spoken before."""
    if known := _speaker(entity):
        return known
    speaks_as = kind or SPEAKS_AS.get(EntityType(entity.type))
    if not speaks_as:
        raise Refused(f"A {entity.get_type_display().lower()} cannot be a source.", field="entity")

    def make() -> Source:
        return create_source(name=entity.name, kind=speaks_as, entity=entity, actor=actor)

    return made_or_found(make, lambda: _speaker(entity))


def _speaker(entity: Entity) -> Source | None:
    return Source.objects.current().filter(entity=entity).first()


def create_source(
    *,
    name: str,
    kind: str,
    actor: Any,
    entity: Entity | None = None,
    affiliation: str = "",
    unnamed_reason: str = "",
    slug: str = "",
) -> Source:
    """A new source; an unnamed one is named by its words and tied to no entity."""
    name = " ".join(name.split())
    if not name or len(name) > 300:
        raise Refused("A source's name has 1 to 300 characters.", field="name")
    if kind not in SourceKind.values:
        raise Refused(f"The kind must be one of {', '.join(SourceKind.values)}.", field="kind")
    if entity and kind == SourceKind.UNNAMED:
        raise Refused("An unnamed source cannot be tied to an entity.", field="entity")
    with recording(actor=actor) as log:
        source = Source(
            slug=unique_slug(Source, slug or name, fallback="source"),
            name=name,
            kind=kind,
            entity=entity,
            affiliation=affiliation,
            unnamed_reason=unnamed_reason if kind == SourceKind.UNNAMED else "",
            created_by=actor,
        )
        check_fields(source)
        source.save()
        log.add("create", source)
    return source


def find_or_create_source(
    *, name: str, kind: str, actor: Any, article_id: int, proposal: dict[str, Any] | None = None
) -> Source | None:
    """The source of that name and kind; None where several entities go by the name.

    An unnamed source is one thing within one article only: "an official" of another story is
    somebody else.
    """
    proposal = proposal or {}
    if kind == SourceKind.UNNAMED:
        return _unnamed_source(name, actor, article_id, proposal)
    entity = _entity_of_source(name, kind, proposal.get("entity"), actor)
    if entity:
        return source_of_entity(entity=entity, kind=kind, actor=actor)
    if SourceKind(kind) in ENTITY_OF_KIND:
        return None
    known = Source.objects.current().filter(folded_name=fold(name), kind=kind).first()
    return known or create_source(name=name, kind=kind, actor=actor)


def _unnamed_source(name: str, actor: Any, article_id: int, proposal: dict[str, Any]) -> Source:
    said_here = Annotation.objects.kept().filter(
        article_id=article_id, source__kind=SourceKind.UNNAMED, source__folded_name=fold(name)
    )
    known = said_here.select_related("source").first()
    if known and known.source:
        return known.source
    return create_source(
        name=name,
        kind=SourceKind.UNNAMED,
        actor=actor,
        affiliation=proposal.get("affiliation", ""),
        unnamed_reason=proposal.get("unnamed_reason", ""),
    )


def _entity_of_source(name: str, kind: str, entity_id: int | None, actor: Any) -> Entity | None:
    if entity_id:
        entity = Entity.objects.filter(pk=entity_id).select_related("merged_into").first()
        if entity:
            return entity.merged_into or entity
    speakers = [type for type, speaks in SPEAKS_AS.items() if speaks == kind]
    found = list(
        Entity.objects.called(fold(name)).filter(
            type__in=speakers or [ENTITY_OF_KIND.get(SourceKind(kind), EntityType.WORK)]
        )[:2]
    )
    if len(found) == 1:
        return found[0]
    type = ENTITY_OF_KIND.get(SourceKind(kind))
    return None if found or not type else create_entity(name=name, type=type, actor=actor)


def change_source(*, source: Source, actor: Any, seen_version: int, **values: Any) -> Source:
    """Set name, kind, affiliation, unnamed_reason or entity.

    Raises StaleVersion, or Refused: a reason stands with an unnamed source only, an entity never.
    """
    require_editor(actor)
    with recording(actor=actor) as log:
        locked = lock_version(Source, source.pk, seen_version)
        before = locked.snapshot()
        for field, value in values.items():
            setattr(locked, field, value)
        locked.name = " ".join(locked.name.split())
        if locked.kind != SourceKind.UNNAMED and "unnamed_reason" not in values:
            locked.unnamed_reason = ""
        _check_source(locked)
        if fold(locked.name) != fold(before["name"]):
            locked.slug = slug_after_rename(locked, locked.name, fallback="source")
        locked.version += 1
        locked.save()
        _follow(locked, log)
        log.add("change", locked, before=before)
    return locked


def _check_source(source: Source) -> None:
    unnamed = source.kind == SourceKind.UNNAMED
    if unnamed and source.entity_id:
        raise Refused("An unnamed source cannot be tied to an entity.", field="entity")
    if source.unnamed_reason and not unnamed:
        raise Refused("Only an unnamed source has a reason.", field="unnamed_reason")
    same = Source.objects.current().filter(entity=source.entity_id).exclude(pk=source.pk)
    if source.entity_id and same.exists():
        raise Refused("Another source is this entity already.", field="entity")
    check_fields(source)


def _follow(source: Source, log: Recorder) -> None:
    """What its annotations are called, and of what kind, is what it is."""
    spoken = Annotation.objects.filter(source=source)
    for annotation in spoken.exclude(type=source.kind, label=source.name).locked():
        before = annotation.snapshot()
        annotation.type, annotation.label = source.kind, source.name
        annotation.version += 1
        annotation.save()
        log.add("change", annotation, before=before)
