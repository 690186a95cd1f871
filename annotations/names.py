"""Names that entities are known by, learned from accepted mentions: of many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from annotations.models import Alias, Entity
from annotations.models.entity import AliasOrigin, EntityType
from annotations.models.fields import fold
from articles.changes import Recorder


def learnable(entity: Entity, words: str) -> str:
    """The name that the words of a mention are; empty where they are none to be remembered.

    One word of a person's name is not remembered: last names are shared, and a later story
    that names the person in full finds the short form by itself.
    """
    words = " ".join(words.split())[:300]
    short = entity.type == EntityType.PERSON and " " not in words and " " in entity.name
    if short or words == entity.name or words.islower():
        return ""
    return words


def learn(mentions: Iterable[tuple[Entity, str]], log: Recorder) -> None:
    """Remember the words of accepted mentions as names of their entities, in four queries."""
    said: dict[int, set[str]] = defaultdict(set)
    for entity, words in mentions:
        if name := learnable(entity, words):
            said[entity.pk].add(name)
    new = _unknown(said) if said else {}
    if not new:
        return
    entities = Entity.objects.filter(pk__in=new).with_names().order_by("pk")
    before = [(entity, entity.snapshot()) for entity in entities]
    Alias.objects.bulk_create(
        (
            Alias(entity=entity, text=name, folded=fold(name), origin=AliasOrigin.LEARNED)
            for entity, _ in before
            for name in sorted(new[entity.pk])
        ),
        # Somebody may be learning the same at this moment.
        ignore_conflicts=True,
    )
    for entity, snapshot in before:
        log.add("learn", entity, before=snapshot)


def _unknown(said: dict[int, set[str]]) -> dict[int, set[str]]:
    """Those of the names that their entities do not have yet."""
    rows = Alias.objects.filter(entity__in=said, text__in=set().union(*said.values()))
    known: dict[int, set[str]] = defaultdict(set)
    for pk, name in rows.order_by().values_list("entity_id", "text"):
        known[pk].add(name)
    return {pk: new for pk, names in said.items() if (new := names - known[pk])}
