"""Words, sentences and quotations, with offsets in code points."""

from __future__ import annotations

import re
from typing import NamedTuple

from annotations.nlp.predictions import Span
from annotations.nlp.stops import ends

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
# Opening marks and what closes them; a straight mark closes itself.
QUOTES = {"“": "”", "«": "»", "„": "“", '"': '"'}
_OPENING = re.compile(f"[{''.join(QUOTES)}]")
# A quotation that is not closed within this many characters is no quotation.
LONGEST_QUOTATION = 4000


class Token(NamedTuple):
    start: int
    end: int
    text: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def lower(self) -> str:
        return self.text.lower()


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words and single signs: "U.S." is four, "Kassym-Jomart" is three."""
    end = len(text) if end is None else end
    return [Token(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(text, start, end)]


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Sentences without the white space around them, in order; all else is in one of them.

    A quotation's closing mark stays with its sentence. `annotations.nlp.stops` has the rules."""
    end = len(text) if end is None else end
    found, begin = [], start
    for place in (*ends(text, start, end), end):
        found.append(_trimmed(text, begin, place))
        begin = place
    return [span for span in found if span.start < span.end]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def quotations(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Quotations with their marks, outermost only. One that runs on over paragraphs may open
    each of them again; one that is never closed is none."""
    end = len(text) if end is None else end
    found, place = [], start
    # The next closing mark of each kind is looked for once, also where there is none.
    nearest = dict.fromkeys(QUOTES.values(), start)
    while opening := _OPENING.search(text, place, end):
        closing, place = QUOTES[opening.group()], opening.end()
        if nearest[closing] < place:
            close = text.find(closing, place, end)
            nearest[closing] = close if close >= 0 else end + LONGEST_QUOTATION
        close = nearest[closing]
        is_long = close - opening.start() >= LONGEST_QUOTATION
        if is_long or (closing == '"' and text.find("\n", place, close) >= 0):
            continue
        found.append(Span(opening.start(), close + 1))
        place = close + 1
    return found
