"""The protocol that every suggester keeps, and the one list that theirs are made into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from annotations.nlp.predictions import Mention, Predictions, Span


@dataclass(frozen=True)
class Document:
    """A text to be read. `body` are the stretches to read: boilerplate is left out."""

    text: str
    language: str = "en"
    body: tuple[Span, ...] = ()

    @property
    def stretches(self) -> tuple[Span, ...]:
        return self.body or (Span(0, len(self.text)),)


class Suggester(Protocol):
    """Proposes annotations for a document; `so_far` is what those before it found."""

    name: str
    version: str

    def suggest(self, document: Document, so_far: Predictions) -> Predictions: ...


def read(
    document: Document, suggesters: Iterable[Suggester]
) -> Iterator[tuple[Suggester, Predictions]]:
    """Run the suggesters in order; after each, give it and the merged list so far."""
    so_far = Predictions()
    for suggester in suggesters:
        so_far = merged(so_far + suggester.suggest(document, so_far))
        yield suggester, so_far


def merged(predictions: Predictions) -> Predictions:
    """One list without doubles: of mentions that overlap the longest stays, of equals the
    surest. Sources and claims are one at each place."""
    sources = {s.span: s for s in sorted(predictions.sources, key=lambda s: s.confidence)}
    claims = {c.spans: c for c in sorted(predictions.claims, key=lambda c: c.confidence)}
    ties = {}
    for tie in sorted(predictions.ties, key=lambda t: t.confidence):
        source = sources[tie.source.span] if tie.source else None
        kept = replace(
            tie,
            claim=claims[tie.claim.spans],
            source=source,
            parent=claims[tie.parent.spans] if tie.parent else None,
        )
        ties[tie.claim.spans, source.span if source else None] = kept
    return Predictions(
        mentions=_without_overlaps(predictions.mentions),
        sources=sorted(sources.values(), key=lambda s: s.span),
        claims=sorted(claims.values(), key=lambda c: c.spans),
        ties=sorted(ties.values(), key=lambda t: t.claim.spans),
    )


def _without_overlaps(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    taken: set[int] = set()
    by_length = sorted(
        mentions, key=lambda m: (m.span.start - m.span.end, -m.confidence, m.span.start)
    )
    for mention in by_length:
        places = range(mention.span.start, mention.span.end)
        if taken.isdisjoint(places):
            kept.append(mention)
            taken.update(places)
    return sorted(kept, key=lambda m: m.span)
