"""Entities that a typed name may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from annotations.knowledge import wikidata_id_in
from annotations.models import Alias, Entity
from annotations.models.fields import fold

MOST = 12
LONGEST = 300


def candidates(
    typed: str, *, likely_type: str = "", first: Sequence[Entity] = ()
) -> list[dict[str, Any]]:
    """Those whose name or alias holds what was typed: equal names first, then beginnings.

    A Wikidata id, or the address of its page, finds the entity that has it, and no other.
    Among equals the likely type, then what is in most stories. Before all come those of `first`,
    whatever they are called. Two queries.
    """
    wanted = fold(typed.replace("\0", " "))[:LONGEST]
    if not wanted:
        return []
    if wikidata_id := wikidata_id_in(typed):
        found = Entity.objects.current().filter(wikidata_id=wikidata_id).with_story_counts()
        return [_presented(entity, entity.folded_name) for entity in found]
    found = (
        Entity.objects.current()
        .filter(_named(wanted, "contains") | Q(pk__in=[entity.pk for entity in first]))
        .annotate(place=_place(first), rank=_rank(wanted), unlikely=_unlikely(likely_type))
        .with_story_counts()
        .order_by("place", "rank", "unlikely", "-stories", "name", "pk")
        .prefetch_related("aliases")[:MOST]
    )
    return [_presented(entity, wanted) for entity in found]


def _named(wanted: str, how: str) -> Q:
    aliases = Alias.objects.filter(entity=OuterRef("pk"), **{f"folded__{how}": wanted})
    return Q(**{f"folded_name__{how}": wanted}) | Q(Exists(aliases))


def _place(first: Sequence[Entity]) -> Case:
    whens = [When(pk=entity.pk, then=Value(place)) for place, entity in enumerate(first)]
    return Case(*whens, default=Value(len(first)), output_field=IntegerField())


def _rank(wanted: str) -> Case:
    hows = ("exact", "startswith")
    whens = [When(_named(wanted, how), then=Value(rank)) for rank, how in enumerate(hows)]
    return Case(*whens, default=Value(len(hows)), output_field=IntegerField())


def _unlikely(type: str) -> Case:
    return Case(When(type=type, then=Value(0)), default=Value(1), output_field=IntegerField())


def _presented(entity: Any, wanted: str) -> dict[str, Any]:
    by_alias = wanted not in entity.folded_name
    alias = next((a.text for a in entity.aliases.all() if by_alias and wanted in a.folded), "")
    return {
        "id": entity.pk,
        "name": entity.name,
        "alias": alias,
        "type": entity.type,
        "description": entity.description,
        "stories": entity.stories,
        "href": entity.get_absolute_url(),
    }
