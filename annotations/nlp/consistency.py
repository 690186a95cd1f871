"""A name means the same all through a text: its places agree on a type, and none is left out."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from annotations.nlp.decoding import TYPES, Found
from annotations.nlp.predictions import Span

# A place may keep a type of its own if it is this sure ("Paris said" in a story about Paris).
OWN_MIND = 0.97
# Names that are found again where the reader saw none: how sure it was of the others, and with what
# probability the added ones go on.
SURE, ADDED = 0.9, 0.7
FOUND_TWICE = 2
INFINITY = float("inf")


def agreed(text: str, found: list[Found], read: Sequence[Span]) -> list[Found]:
    """The mentions in order, with one type for each name where its places differ, and with those
    places of sure names that were left out; only in what was `read`, sentences in order."""
    by_name: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_name[text[slice(*one.span)]].append(one)
    types = {name: _type_of(places) for name, places in by_name.items()}
    kept = [_with_type(one, types[text[slice(*one.span)]]) for one in found]
    added = [m for name, places in by_name.items() for m in _left_out(text, name, places)]
    taken = sorted(one.span for one in found)
    added = [m for m in added if _holding(m.span, read) and not _holding_any(m.span, taken)]
    return sorted(kept + added, key=lambda m: m.span)


def _holding(span: Span, spans: Sequence[Span]) -> bool:
    """Whether one of the spans, which are in order and apart, holds it."""
    place = bisect_right(spans, (span.start, INFINITY)) - 1
    return place >= 0 and spans[place].holds(span)


def _holding_any(span: Span, spans: Sequence[Span]) -> bool:
    """Whether one of the spans, which are in order and apart, has a part of it."""
    place = bisect_right(spans, (span.end - 1, INFINITY)) - 1
    return place >= 0 and spans[place].overlaps(span)


def _type_of(places: list[Found]) -> str:
    votes = np.sum([place.types for place in places], axis=0)
    return TYPES[int(votes.argmax())]


def _with_type(one: Found, type: str) -> Found:
    if one.type == type or one.probability >= OWN_MIND:
        return one
    return replace(one, type=type, probability=one.types[TYPES.index(type)])


def _left_out(text: str, name: str, places: list[Found]) -> list[Found]:
    """Other places of a name of which the reader was sure, twice or in several words."""
    sure = [place for place in places if place.probability >= SURE]
    several_words = " " in name.strip()
    if not sure or not name[0].isupper() or len(name) < 3:
        return []
    if len(sure) < FOUND_TWICE and not several_words:
        return []
    type = Counter(place.type for place in sure).most_common(1)[0][0]
    spans = _standing_alone(text, name)
    return [replace(sure[0], span=span, type=type, probability=ADDED) for span in spans]


def _standing_alone(text: str, name: str) -> Iterator[Span]:
    """Where the name stands as whole words. A pattern for each name would take longer to make."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        around = text[max(0, start - 1) : start] + text[end : end + 1]
        whole = not any(sign.isalnum() or sign == "_" for sign in around)
        if whole:
            yield Span(start, end)
        start = text.find(name, end if whole else start + 1)
