"""Words, sentences and quotations, with offsets in code points."""

from __future__ import annotations

import re
from typing import NamedTuple

from annotations.nlp.predictions import Span

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|\n+")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen col lt sgt capt sen rep gov st jr sr hon rev vs etc no vol pp inc "
    "ltd co corp dept est approx jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k e.g "
    "i.e a.m p.m".split()
)
_LAST_WORD = re.compile(r"[\w.]+$")
# Opening marks and what closes them; a straight mark closes itself.
QUOTES = {"“": "”", "«": "»", "„": "“", '"': '"'}
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
    """Sentences without the white space around them. A quotation's closing mark stays with its
    sentence; abbreviations, initials and a small letter after the stop do not end one."""
    end = len(text) if end is None else end
    found, begin = [], start
    for match in _END.finditer(text, start, end):
        if match.group()[0] != "\n" and not _ends(text, match, end):
            continue
        found.append(_trimmed(text, begin, match.end()))
        begin = match.end()
    found.append(_trimmed(text, begin, end))
    return [span for span in found if span.start < span.end]


def _ends(text: str, match: re.Match[str], end: int) -> bool:
    following = text[match.end() : min(end, match.end() + 3)].lstrip()
    if following[:1].islower():
        return False
    if match.group() != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 20), match.start())
    last = word.group() if word else ""
    is_initial = len(last) == 1 and last.isupper()
    return not (is_initial or last.lower() in _ABBREVIATIONS)


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
    while place < end:
        closing = QUOTES.get(text[place])
        if closing is None:
            place += 1
            continue
        close = text.find(closing, place + 1, min(end, place + LONGEST_QUOTATION))
        paragraph = text.find("\n", place, min(end, place + LONGEST_QUOTATION))
        if close < 0 or (closing == '"' and 0 <= paragraph < close):
            place += 1
            continue
        found.append(Span(place, close + 1))
        place = close + 1
    return found
