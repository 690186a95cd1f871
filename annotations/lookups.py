"""What the knowledge base has under a key, asked for many keys at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q

from annotations.models import Alias, Claim, Entity, Source
from annotations.models.claim import LONGEST
from annotations.models.fields import fold

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lookup(Generic[K, V]):
    """Values by key, each asked for once: `find` gives those that there are."""

    def __init__(self, find: Callable[[Collection[K]], dict[K, V]]) -> None:
        self._find = find
        self._known: dict[K, V | None] = {}

    def ask(self, keys: Iterable[K]) -> None:
        """Find the values of many keys at once."""
        wanted = {key for key in keys if key not in self._known}
        if wanted:
            self._known.update(dict.fromkeys(wanted))
            self._known.update(self._find(wanted))

    def get(self, key: K) -> V | None:
        self.ask([key])
        return self._known[key]

    def put(self, key: K, value: V | None) -> None:
        """Note what is there now."""
        self._known[key] = value

    def forget(self, key: K) -> None:
        """Ask anew the next time."""
        self._known.pop(key, None)


def entities_at(slugs: Collection[str]) -> dict[str, Entity]:
    rows = Entity.objects.filter(slug__in=slugs).select_related("merged_into")
    return {entity.slug: entity for entity in rows}


def sources_at(slugs: Collection[str]) -> dict[str, Source]:
    rows = Source.objects.filter(slug__in=slugs).select_related("merged_into", "entity")
    return {source.slug: source for source in rows}


def claims_at(numbers: Collection[int]) -> dict[int, Claim]:
    rows = Claim.objects.filter(pk__in=numbers).select_related("merged_into")
    return {claim.pk: claim for claim in rows}


def numbered(model: type[Model], numbers: Collection[int]) -> dict[int, Any]:
    """By number, the entities or sources, also those that were merged."""
    rows: Any = model._default_manager.filter(pk__in=numbers)
    return {row.pk: row for row in rows.select_related("merged_into")}


def entities_identified(identifiers: Collection[str]) -> dict[str, Entity]:
    """By Wikidata id, the current entities."""
    rows = Entity.objects.current().filter(wikidata_id__in=identifiers)
    return {entity.wikidata_id or "": entity for entity in rows}


def speakers(entities: Collection[int]) -> dict[int, Source]:
    """By entity, the source that it is."""
    rows: Any = Source.objects.current().filter(entity__in=entities).order_by("-pk")
    return {source.entity_id: source for source in rows}


def entities_called(names: Collection[str]) -> dict[str, set[Entity]]:
    """By folded name, the entities that go by it."""
    aliases = Alias.objects.filter(folded__in=names).order_by()
    also = list(aliases.values_list("folded", "entity_id"))
    named = Q(folded_name__in=names) | Q(pk__in={pk for _, pk in also})
    entities = {entity.pk: entity for entity in Entity.objects.current().filter(named).order_by()}
    called: dict[str, set[Entity]] = defaultdict(set)
    for entity in entities.values():
        called[entity.folded_name].add(entity)
    for name, pk in also:
        if pk in entities:
            called[name].add(entities[pk])
    return called


def claims_saying(sentences: Collection[str]) -> dict[str, Claim]:
    """By folded sentence, the claim with it: a current one before one that was merged."""
    found: dict[str, Claim] = {}
    for claim in Claim.objects.saying(*sentences).select_related("merged_into"):
        found.setdefault(claim.folded_text, claim.merged_into or claim)
    return found


def folded_sentence(text: str) -> str:
    return fold(text, LONGEST)
