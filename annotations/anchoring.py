"""Carrying spans from one text to another. Pure; offsets are code points, half-open.

Diff first: what stands in an unchanged stretch moves with it. Then by quotation: the same
words once only with what stood before or after them. Whatever is left is not carried: a
detached annotation is better than one on a lookalike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

CONTEXT = 32
# Of the places where a quotation may stand, so many are shown.
MOST_SHOWN = 10
# How much an unchanged stretch must hold besides the span: a lone name that two different
# sentences share is aligned by a diff, and is not the same mention.
SURROUNDING = 12
# Above this many words a diff by words takes too long: lines are compared first.
MANY_WORDS = 6000
# Above this many words between two unchanged lines, only quotation carries spans across.
TOO_MANY_WORDS = 20000

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Block(NamedTuple):
    """A stretch that both texts have: old[a:a+size] == new[b:b+size]."""

    a: int
    b: int
    size: int


class Carrier:
    """Carries spans from `old` to `new`; made once for all annotations of a revision."""

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        self.blocks = list(unchanged(old, new))

    def carry(self, spans: Sequence[Sequence[int]]) -> list[list[int]] | None:
        """The spans in the new text, or None when one of them has no certain place there."""
        carried = []
        for start, end in spans:
            place = self._by_diff(start, end)
            if place is None:
                place = by_quotation(self.old, start, end, self.new)
            if place is None:
                return None
            carried.append([place, place + end - start])
        in_order = all(a[1] <= b[0] for a, b in pairwise(carried))
        return carried if in_order else None

    def _by_diff(self, start: int, end: int) -> int | None:
        for a, b, size in self.blocks:
            if a <= start and end <= a + size:
                whole = size == len(self.old) or size == len(self.new)
                surrounded = size - (end - start) >= SURROUNDING
                certain = whole or (surrounded and self._as_often(start, end))
                return start - a + b if certain else None
        return None

    def _as_often(self, start: int, end: int) -> bool:
        """Whether both texts have the words equally often: else a copy was made or cut, and a
        diff pairs whichever comes first. What stands around them then decides."""
        words = self.old[start:end]
        return self.old.count(words) == self.new.count(words)


class Quotation(NamedTuple):
    """Words as somebody quoted them, with what stood before and after, as far as it was said."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Found:
    """Where a quotation stands: the one certain place, or why there is none and where its words
    stand at all (`places`, at most MOST_SHOWN of the `times`)."""

    quotation: Quotation
    place: int | None
    places: list[int]
    times: int

    @property
    def why(self) -> str:
        if not self.times:
            return "The quote stands 0 times in the text."
        if self.times == 1:
            return "The quote stands once in the text, and not between this prefix and suffix."
        return (
            f"The quote stands {self.times} times in the text: give a position, or prefix and "
            "suffix that fit one place."
        )

    def shown(self, text: str) -> list[dict[str, Any]]:
        """The places with what stands around them, to choose from."""
        length = len(self.quotation.exact)
        return [
            {
                "start": place,
                "end": place + length,
                "prefix": text[max(0, place - CONTEXT) : place],
                "suffix": text[place + length : place + length + CONTEXT],
            }
            for place in self.places
        ]


def find_quotation(text: str, quotation: Quotation) -> Found:
    """Where the words stand: where prefix and suffix both fit, if in one place only; else, where
    the words stand only once, there, if at least one of the two fits."""
    exact, prefix, suffix = quotation
    places = list(_occurrences(text, exact))
    before = [p for p in places if text.endswith(prefix, 0, p)]
    after = [p for p in places if text.startswith(suffix, p + len(exact))]
    fitting = sorted(set(before) & set(after))
    if len(places) == 1 and not fitting and prefix and suffix:
        fitting = before or after
    place = fitting[0] if len(fitting) == 1 else None
    return Found(quotation, place, (fitting or places)[:MOST_SHOWN], len(fitting or places))


def by_quotation(old: str, start: int, end: int, new: str) -> int | None:
    """Where old[start:end] stands in `new`, if exactly one place has its prefix or suffix too."""
    exact = old[start:end]
    prefix, suffix = old[max(0, start - CONTEXT) : start], old[end : end + CONTEXT]
    places = [
        place
        for place in _occurrences(new, exact)
        if _enough(prefix, new[max(0, place - len(prefix)) : place])
        or _enough(suffix, new[place + len(exact) : place + len(exact) + len(suffix)])
    ]
    return places[0] if len(places) == 1 else None


def _enough(wanted: str, found: str) -> bool:
    return len(wanted.strip()) >= SURROUNDING and wanted == found


def _occurrences(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def unchanged(old: str, new: str) -> Iterator[Block]:
    """The stretches that both texts have, in order, as long as they can be."""
    yield from _joined(_compare(old, new, 0, 0))


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    last: Block | None = None
    for block in blocks:
        if last and last.a + last.size == block.a and last.b + last.size == block.b:
            last = Block(last.a, last.b, last.size + block.size)
            continue
        if last:
            yield last
        last = block
    if last:
        yield last


def _compare(old: str, new: str, a: int, b: int) -> Iterator[Block]:
    head = _common_prefix(old, new)
    if head:
        yield Block(a, b, head)
    old, new = old[head:], new[head:]
    tail = _common_prefix(old[::-1], new[::-1])
    middle_old, middle_new = old[: len(old) - tail], new[: len(new) - tail]
    if middle_old and middle_new:
        yield from _diff(middle_old, middle_new, a + head, b + head)
    if tail:
        yield Block(a + head + len(middle_old), b + head + len(middle_new), tail)


def _common_prefix(one: str, other: str) -> int:
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return length
    return next(i for i in range(length) if one[i] != other[i])


def _diff(old: str, new: str, a: int, b: int) -> Iterator[Block]:
    words = max(len(old), len(new)) // 4
    if words > MANY_WORDS:
        yield from _diff_by(_LINE, old, new, a, b, inside=True)
    else:
        yield from _diff_by(_WORD, old, new, a, b, inside=False)


def _diff_by(
    unit: re.Pattern[str], old: str, new: str, a: int, b: int, *, inside: bool
) -> Iterator[Block]:
    olds, news = unit.findall(old), unit.findall(new)
    at_old = [0, *accumulate(map(len, olds))]
    at_new = [0, *accumulate(map(len, news))]
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        start, end = at_old[i1], at_old[i2]
        if tag == "equal":
            yield Block(a + start, b + at_new[j1], end - start)
        elif inside and tag == "replace" and (end - start) // 4 <= TOO_MANY_WORDS:
            yield from _diff_by(
                _WORD,
                old[start:end],
                new[at_new[j1] : at_new[j2]],
                a + start,
                b + at_new[j1],
                inside=False,
            )
