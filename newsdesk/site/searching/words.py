"""The words of a search as a person writes them, and as PostgreSQL looks for them.

bridge mayor        both words, in any form that the article's language has
"old bridge"        these words in this order
bridge -rail        not with this word; also -"rail bridge"
bridge OR ferry     either
minist*             words that begin so
大阪 知事           runs of letters without spaces: what stands in one, wherever its words end
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from annotations.cutting import WORD, asked, folded, for_index, has_runs, words_of

_PART = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
# Quotation marks as telephones and other languages write them.
_QUOTES = str.maketrans(dict.fromkeys("“”„«»「」『』〝〟＂", '"'))
EITHER = ("OR", "|")


@dataclass(frozen=True)
class Term:
    """A word, the beginning of one, or a phrase; wanted, or not."""

    text: str
    phrase: bool = False
    prefix: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class Words:
    """What is asked for: one of these alternatives, each with all of its terms."""

    alternatives: tuple[tuple[Term, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.alternatives)

    @property
    def only_excludes(self) -> bool:
        """Whether an alternative says what is not wanted and nothing that is."""
        return any(all(term.excluded for term in terms) for terms in self.alternatives)

    @property
    def excludes(self) -> bool:
        return any(term.excluded for terms in self.alternatives for term in terms)

    @property
    def is_plain(self) -> bool:
        """Whether it is words alone, so that what means the same may stand for them."""
        return len(self.alternatives) == 1 and not any(
            term.phrase or term.prefix or term.excluded for term in self.alternatives[0]
        )

    def single(self) -> list[str]:
        """The wanted words one by one: what may be misspelt."""
        terms = [term for terms in self.alternatives for term in terms if not term.excluded]
        return list(dict.fromkeys(word for term in terms for word in words_of(term.text)))


def read_words(text: str) -> Words:
    """What a person wrote. Signs without letters or digits are passed over."""
    alternatives: list[list[Term]] = [[]]
    for part in _PART.finditer(folded(text).translate(_QUOTES)):
        word = part["word"]
        if word in EITHER:
            alternatives.append([])
        elif WORD.search(word or part["phrase"] or ""):
            alternatives[-1].append(_term(part))
    return Words(tuple(tuple(terms) for terms in alternatives if terms))


def _term(part: re.Match[str]) -> Term:
    excluded = bool(part["no"])
    if part["phrase"] is not None:
        return Term(part["phrase"], phrase=True, excluded=excluded)
    word = part["word"]
    prefix = word.endswith("*") and bool(WORD.search(word))
    return Term(word.rstrip("*") if prefix else word, prefix=prefix, excluded=excluded)


def as_tsquery(words: Words, *, by_letters: bool = False) -> tuple[str, list[Any]]:
    """An SQL expression of type tsquery, and its parameters, for a row's column `config`.

    `by_letters` is for texts whose runs without spaces stand apart letter by letter.
    """
    pieces: list[str] = []
    values: list[str] = []
    for terms in words.alternatives:
        pieces.append("(" + " && ".join(map(_as_sql, terms)) + ")")
        values += [_value(term, by_letters) for term in terms]
    return "(" + " || ".join(pieces) + ")", values


def _as_sql(term: Term) -> str:
    function = "to" if _is_cut(term) else "phraseto" if term.phrase else "plainto"
    return f"{'!!' if term.excluded else ''}{function}_tsquery(config::regconfig, %s)"


def _is_cut(term: Term) -> bool:
    """Whether it is for to_tsquery, cut into words that follow each other."""
    return term.prefix or has_runs(term.text)


def _value(term: Term, by_letters: bool) -> str:
    if _is_cut(term):
        return asked(term.text, beginning=term.prefix, by_letters=by_letters)
    return for_index(term.text)
