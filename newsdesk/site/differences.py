"""The difference of two texts as a reader can follow it: changed paragraphs, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import zip_longest

from annotations.segments import paragraph_spans

# So many unchanged words are left on both sides of a change.
AROUND = 8
# Longer paragraphs are shown whole: comparing their words takes too long for a page.
LONGEST = 20_000
MOST_PARAGRAPHS = 40
_WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they are the `same`, were taken out (`out`) or put `in`."""

    what: str
    words: str


@lru_cache(maxsize=256)
def difference(before: str, after: str) -> tuple[tuple[Piece, ...], ...]:
    """The paragraphs that differ, each as its pieces in order; at most MOST_PARAGRAPHS of them."""
    old, new = _paragraphs(before), _paragraphs(after)
    pairs = [
        pair
        for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if what != "equal"
        for pair in zip_longest(old[a:b], new[c:d], fillvalue="")
    ]
    return tuple(tuple(_shortened(_pieces(*pair))) for pair in pairs[:MOST_PARAGRAPHS])


def _paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraph_spans(text)]


def _pieces(before: str, after: str) -> Iterator[Piece]:
    if not before or not after or len(before) + len(after) > LONGEST:
        yield from (Piece(what, t) for what, t in (("out", before), ("in", after)) if t)
        return
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old[a:b]))
            continue
        if b > a:
            yield Piece("out", "".join(old[a:b]))
        if d > c:
            yield Piece("in", "".join(new[c:d]))


def _shortened(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """With what is the same cut down to a few words around each change."""
    listed = list(pieces)
    for number, piece in enumerate(listed):
        words = piece.words.split(" ")
        first, last = number == 0, number == len(listed) - 1
        if piece.what != "same" or len(words) <= 2 * AROUND:
            yield piece
            continue
        head = "" if first else " ".join(words[:AROUND])
        tail = "" if last else " ".join(words[-AROUND:])
        yield Piece("same", f"{head} … {tail}".strip() if first or last else f"{head} … {tail}")
