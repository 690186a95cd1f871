"""A text cut where annotations begin and end, so that overlaps can be shown. Pure.

The same cuts serve the readers' page and the annotator's first picture; `static/desk/segments.js`
makes them in the browser and is held to the same cases.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Mark = TypeVar("Mark")

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_NEWLINES = re.compile(r"\n+")


@dataclass(frozen=True)
class Segment(Generic[Mark]):
    """text[start:end], and the marks that cover all of it, the longest first."""

    start: int
    end: int
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Paragraph(Generic[Mark]):
    start: int
    end: int
    segments: tuple[Segment[Mark], ...]


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Where paragraphs begin and end: parted by blank lines, or by newlines if it has none."""
    gap = _BLANK_LINES if _BLANK_LINES.search(text.strip()) else _NEWLINES
    spans, start = [], 0
    for match in gap.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip()]


def segmented(
    text: str, marks: Iterable[tuple[Mark, Sequence[Sequence[int]]]]
) -> list[Paragraph[Mark]]:
    """The paragraphs of `text`, each cut into segments. `marks` are pairs of a mark and spans."""
    pieces = sorted(
        (
            (start, -end, order, mark)
            for order, (mark, spans) in enumerate(marks)
            for start, end in spans
        ),
        key=lambda piece: piece[:3],
    )
    paragraphs = []
    position, active = 0, []
    for start, end in paragraph_spans(text):
        while position < len(pieces) and pieces[position][0] < end:
            active.append(pieces[position])
            position += 1
        active = [piece for piece in active if -piece[1] > start]
        paragraphs.append(Paragraph(start, end, tuple(_cut(text, start, end, active))))
    return paragraphs


def _cut(text: str, start: int, end: int, pieces: list) -> Iterable[Segment]:
    cuts = {start, end}
    for piece_start, negative_end, _, _ in pieces:
        cuts.update(cut for cut in (piece_start, -negative_end) if start < cut < end)
    edges = sorted(cuts)
    for a, b in itertools.pairwise(edges):
        covering = tuple(mark for s, e, _, mark in pieces if s <= a and b <= -e)
        yield Segment(a, b, text[a:b], covering)
