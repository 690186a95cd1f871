"""Spans: checks and helpers for half-open ranges of Unicode code points. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from articles.errors import Refused

MAX_SPANS = 100


def checked_spans(spans: object, text: str) -> list[list[int]]:
    """`spans` sorted, as [[start, end), ...], if they can stand in `text`.

    Raises Refused, naming the field "spans", when they are not pairs of whole numbers, are
    empty, overlap each other, reach outside the text, or hold nothing but white space.
    """
    pairs = sorted(_pairs(spans))
    if not pairs:
        raise Refused("Select some words: an annotation needs at least one span.", field="spans")
    if len(pairs) > MAX_SPANS:
        raise Refused(f"An annotation has at most {MAX_SPANS} spans.", field="spans")
    before = 0
    for start, end in pairs:
        if end <= start:
            raise Refused(f"The span {start}-{end} is empty.", field="spans")
        if start < 0 or end > len(text):
            raise Refused(
                f"The span {start}-{end} reaches outside the text, which has {len(text)} "
                "characters.",
                field="spans",
            )
        if start < before:
            raise Refused(f"The span {start}-{end} overlaps the one before it.", field="spans")
        if text[start:end].isspace():
            raise Refused(f"The span {start}-{end} holds only spaces.", field="spans")
        before = end
    return [list(pair) for pair in pairs]


def _pairs(spans: object) -> Iterable[tuple[int, int]]:
    if not isinstance(spans, list | tuple):
        raise Refused("Spans are a list of [start, end] pairs.", field="spans")
    for span in spans:
        whole = isinstance(span, list | tuple) and len(span) == 2
        if not whole or not all(type(number) is int for number in span):
            raise Refused("A span is a pair of whole numbers: [start, end].", field="spans")
        yield span[0], span[1]


def overlap(first: Sequence[Sequence[int]], second: Sequence[Sequence[int]]) -> bool:
    """Whether two lists of spans share a character."""
    return any(a < d and c < b for a, b in first for c, d in second)


def words_of(text: str, spans: Iterable[Sequence[int]], joint: str = " … ") -> str:
    """The words of the spans, joined: what a person reads of a broken quotation."""
    return joint.join(text[start:end] for start, end in spans)
