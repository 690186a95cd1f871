"""The protocol that every suggester keeps, and the one list that theirs are made into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from annotations.nlp.merging import merged_mentions
from annotations.nlp.predictions import Predictions, Span


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

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

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
    """One list without doubles: mentions as `merging` decides, sources and claims one at each
    place, and no claim of the outlet's own where somebody is found to have said it."""
    sources = {s.span: s for s in sorted(predictions.sources, key=lambda s: s.confidence)}
    claims = {c.spans: c for c in sorted(predictions.claims, key=lambda c: c.confidence)}
    ties = {}
    said = [span for tie in predictions.ties if not tie.by_outlet for span in tie.claim.spans]
    for tie in sorted(predictions.ties, key=lambda t: t.confidence):
        if tie.by_outlet and any(a.overlaps(b) for a in tie.claim.spans for b in said):
            claims.pop(tie.claim.spans, None)
            continue
        source = sources[tie.source.span] if tie.source else None
        kept = replace(
            tie,
            claim=claims[tie.claim.spans],
            source=source,
            parent=claims[tie.parent.spans] if tie.parent else None,
        )
        ties[tie.claim.spans, source.span if source else None] = kept
    return Predictions(
        mentions=merged_mentions(predictions.mentions),
        sources=sorted(sources.values(), key=lambda s: s.span),
        claims=sorted(claims.values(), key=lambda c: c.spans),
        ties=sorted(ties.values(), key=lambda t: t.claim.spans),
    )
