"""What a suggester returns: plain values, offsets in code points of the text as given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """text[start:end]."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Mention:
    """A name in the text. `name` is the proposed canonical one ("Vladimir Putin" for "Putin");
    `entity` its identifier in the knowledge base, where the dictionary is sure of it."""

    span: Span
    type: str
    name: str
    confidence: float
    reason: str
    suggester: str
    entity: int | None = None


@dataclass(frozen=True)
class SourceSpan:
    """The words that name who says something, and who that is as far as the text tells."""

    span: Span
    kind: str
    name: str
    confidence: float
    reason: str
    suggester: str
    entity: int | None = None
    affiliation: str = ""
    unnamed_reason: str = ""


@dataclass(frozen=True)
class ClaimSpans:
    """The words of a claim, and the one sentence proposed for it."""

    spans: Spans
    text: str
    confidence: float
    reason: str
    suggester: str


@dataclass(frozen=True)
class Tie:
    """An attribution: `claim`, `source` and `parent` are the things themselves, not indices.

    `by_outlet` says that the text ascribes the claim to nobody: the outlet says so itself.
    """

    claim: ClaimSpans
    source: SourceSpan | None
    cue: Spans
    manner: str
    mode: str
    confidence: float
    reason: str
    suggester: str
    parent: ClaimSpans | None = None
    by_outlet: bool = False


@dataclass(frozen=True)
class Predictions:
    mentions: list[Mention] = field(default_factory=list)
    sources: list[SourceSpan] = field(default_factory=list)
    claims: list[ClaimSpans] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    def __add__(self, other: Predictions) -> Predictions:
        return Predictions(
            self.mentions + other.mentions,
            self.sources + other.sources,
            self.claims + other.claims,
            self.ties + other.ties,
        )
