"""How a text and what is looked for in it are cut into words, before PostgreSQL sees either. Pure.

PostgreSQL cuts at spaces and at ASCII's signs, and takes every other sign for a letter. So what is
no letter in Unicode becomes a space. Chinese, Japanese, Thai, Lao, Khmer and Burmese have no
spaces between words: a run of their letters is cut into pairs that overlap, 東京都 into 東京, 京都
and 都, the last letter being alone. Whatever part of a run is looked for is found as pairs that
follow each other, and a letter by itself as what pairs begin with. Korean has spaces. Full-width
and half-width forms count as what they stand for, and invisible signs not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# A longer text is found by its beginning: PostgreSQL's list of a text's words holds one megabyte.
LONGEST, LONGEST_WITHOUT_SPACES = 150_000, 50_000
# Stands between what is to be told apart while a snippet is made; no letter, and in no text.
APART = "\x1f"

# What is no letter of its own, but goes with the one before it.
MARKS = (
    "\u3099\u309a\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u17b4-\u17d3\u17dd\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\ua9e5\uaa7b-\uaa7d"
)
# Han, kana, bopomofo; Thai, Lao, Khmer, Burmese: their letters, not their digits and signs.
UNSPACED = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"
    "\u1780-\u17b3\u17d7\u17dc\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065-\u1066"
    "\u106e-\u1070\u1075-\u1081\u108e\ua9e0-\ua9e4\ua9e6-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7a\uaa7e-\uaa7f"
)
RUN = re.compile(f"[{UNSPACED}{MARKS}]+")
_UNIT = re.compile(f"[{UNSPACED}][{MARKS}]*|[{MARKS}]+")
# Letters and digits with their marks, also those of Indic scripts, Arabic and Hebrew.
WORD = re.compile(
    rf"(?:[\w{UNSPACED}{MARKS}\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f"
    r"\u0900-\u0963\u0966-\u0dff])+"
)
# Forms of letters and digits that stand for others: Kangxi radicals, squared and circled words,
# full-width and half-width forms.
_FORMS = re.compile(
    "[\u2f00-\u2fdf\u3200-\u33ff\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc"
    "\U0002f800-\U0002fa1f]+"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+")
_OTHER = re.compile(r"[^\x00-\x7f\w]+")


def folded(text: str) -> str:
    """The text without invisible signs, in composed letters, for forms of letters what they are."""
    if text.isascii():
        return text
    shown = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), shown)


def has_runs(text: str) -> bool:
    """Whether some of it, folded, is written without spaces."""
    return bool(RUN.search(text))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, as a person would tell them apart: a run is one."""
    return WORD.findall(_without_signs(folded(text)))


def for_index(text: str) -> str:
    """The words of a text, to be made a list of words by PostgreSQL."""
    if text.isascii():
        return text[:LONGEST]
    text = folded(text[:LONGEST])
    if has_runs(text):
        text = text[:LONGEST_WITHOUT_SPACES]
    return RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", _without_signs(text))


def asked(text: str, *, beginning: bool = False, by_letters: bool = False) -> str:
    """What is looked for as PostgreSQL's to_tsquery reads it: words, and pairs of runs, that follow
    each other. Empty where there is no letter.

    `beginning`: the last word may go on. A run may always, as nothing says where a word of it
    ends. `by_letters` asks for the letters of runs instead of the pairs, as `apart` has them.
    """
    pieces = list(_pieces(_without_signs(folded(text))))
    words: list[str] = []
    for number, (is_run, piece) in enumerate(pieces, start=1):
        is_last = number == len(pieces)
        if not is_run:
            words.append(f"'{piece}'" + (":*" if is_last and beginning else ""))
        elif by_letters:
            words += [f"'{unit}'" for unit in _UNIT.findall(piece)]
        else:
            words += _asked_pairs(piece, is_last=is_last)
    return " <-> ".join(words)


def apart(text: str) -> str:
    """A text to be shown, folded, with APART around each letter of a run and each sign."""
    if text.isascii():
        return text.replace(APART, "")
    text = _OTHER.sub(_set_apart, folded(text.replace(APART, "")))
    return RUN.sub(lambda run: APART + APART.join(_UNIT.findall(run[0])) + APART, text)


def runs_of(text: str) -> list[str]:
    """The runs that are looked for."""
    return RUN.findall(folded(text))


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Its words, as whether it is a run, and runs within words by themselves."""
    for word in WORD.findall(text):
        place = 0
        for run in RUN.finditer(word):
            if run.start() > place:
                yield False, word[place : run.start()]
            yield True, run[0]
            place = run.end()
        if place < len(word):
            yield False, word[place:]


def _pairs(run: str) -> list[str]:
    units = _UNIT.findall(run)
    return [a + b for a, b in pairwise(units)] + units[-1:]


def _asked_pairs(run: str, *, is_last: bool) -> list[str]:
    """The last letter alone says that the run ends there: only where something else follows."""
    pairs = _pairs(run)
    if not is_last:
        return [f"'{pair}'" for pair in pairs]
    pairs = pairs[:-1] or pairs
    return [f"'{pair}'" for pair in pairs[:-1]] + [f"'{pairs[-1]}':*"]


def _without_signs(text: str) -> str:
    """Spaces for what is neither ASCII nor letter, digit or mark."""
    return _OTHER.sub(lambda other: "".join(_or_space(sign) for sign in other[0]), text)


def _or_space(sign: str) -> str:
    return sign if _is_mark(sign) else " "


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


def _set_apart(other: re.Match[str]) -> str:
    return "".join(s if _is_mark(s) else f"{APART}{s}{APART}" for s in other[0])
