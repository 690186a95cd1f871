"""The thing that an accepted annotation is about, by what it is called: names are looked up many at
once, and what was made or learned for one annotation is there for the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from annotations.bodies import DETAILS
from annotations.lookups import Lookup, claims_saying, entities_called, folded_sentence
from annotations.models import Annotation, Claim, Entity, Source
from annotations.models.annotation import Kind
from annotations.models.fields import fold
from annotations.models.source import SourceKind


class Settling:
    def __init__(self) -> None:
        self._called: Lookup[str, set[Entity]] = Lookup(entities_called)
        self._saying: Lookup[str, Claim] = Lookup(claims_saying)
        self._noted: dict[str, set[Entity]] = defaultdict(set)
        self._sources: dict[tuple[Any, ...], Source] = {}

    def look_up(self, called: Iterable[tuple[str, str]]) -> None:
        """Read whom names, or what sentences, may mean: pairs of a kind and what is said."""
        called = list(called)
        self._called.ask(fold(name) for kind, name in called if kind == Kind.ENTITY)
        self._saying.ask(folded_sentence(text) for kind, text in called if kind == Kind.CLAIM)

    def settle(self, annotation: Annotation) -> bool:
        """Say what it is about, by its label, if that takes no writing; whether that was so."""
        return bool(self._SETTLE[annotation.kind](self, annotation))

    def _entity(self, annotation: Annotation) -> bool:
        if annotation.entity is not None:
            return True
        found = self._entities(annotation.label, annotation.type)
        if len(found) == 1:
            annotation.entity = found.pop()
        # Where several are called so, only a person can say which.
        return annotation.entity is not None or len(found) > 1

    def _entities(self, name: str, type: str) -> set[Entity]:
        folded = fold(name)
        called = (self._called.get(folded) or set()) | self._noted.get(folded, set())
        return {entity for entity in called if entity.type == type}

    def _claim(self, annotation: Annotation) -> bool:
        if annotation.claim is None:
            annotation.claim = self._saying.get(folded_sentence(annotation.label))
        if annotation.claim is None:
            return False
        annotation.label = annotation.claim.text
        return True

    def _source(self, annotation: Annotation) -> bool:
        annotation.source = annotation.source or self._sources.get(_source_key(annotation))
        if annotation.type == SourceKind.UNNAMED and annotation.proposal.keys() & set(DETAILS):
            return False  # the source is to say of itself what the proposal says
        return annotation.source is not None

    _SETTLE: Any = {Kind.ENTITY: _entity, Kind.CLAIM: _claim, Kind.SOURCE: _source}

    def remember(self, annotation: Annotation) -> None:
        """What was found or made for it, by those of `annotations/knowledge.py` that do it for one,
        is there for the next."""
        if annotation.entity is not None:
            self._called.forget(fold(annotation.label))
        elif annotation.claim is not None:
            self._saying.put(folded_sentence(annotation.claim.text), annotation.claim)
        elif annotation.source is not None:
            self._sources[_source_key(annotation)] = annotation.source
            if annotation.source.entity:
                self.note(annotation.source.entity, annotation.source.entity.name)

    def note(self, entity: Entity, name: str) -> None:
        """Note a name that is new, or is to be learned once the annotations are stored."""
        self._noted[fold(name)].add(entity)

    def has_noted(self, name: str) -> bool:
        return fold(name) in self._noted


def _source_key(annotation: Annotation) -> tuple[Any, ...]:
    """An unnamed source is one thing within one article only, whatever else is said of it."""
    unnamed = annotation.type == SourceKind.UNNAMED
    where = annotation.article_id if unnamed else str(annotation.proposal)
    return annotation.type, fold(annotation.label), where
