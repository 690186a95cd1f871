"""Pieces of GMB's public-domain newswire as readable texts, to be tagged by hand.

GMB has no documents, only sentences nearly in the order of their stories: a piece is twenty that
follow each other. Its address is `gmb:` and the number of its first sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from annotations.nlp.training import corpora

SENTENCES = 20
_NO_SPACE_BEFORE = frozenset(". , ; : ? ! ) % 's n't 're 've 'll 'd 'm ' ...".split())
_NO_SPACE_AFTER = frozenset("( $".split())


def readable(words: Iterable[str]) -> str:
    """Tokens as a person would write them; straight quotation marks open and close in turn."""
    text, glue, quoted = "", True, False
    for word in words:
        if word == '"':
            text += '"' if glue or quoted else ' "'
            glue, quoted = not quoted, not quoted
            continue
        text += word if glue or word in _NO_SPACE_BEFORE else f" {word}"
        glue = word in _NO_SPACE_AFTER
    return text


def address(first: int) -> str:
    return f"gmb:{first}"


def texts(folder: Path, firsts: Iterable[int] | None = None) -> dict[str, str]:
    """The pieces that begin at the given sentences, or all, by address."""
    found = corpora.gmb(folder)
    starts = range(0, len(found) - SENTENCES, SENTENCES) if firsts is None else firsts
    return {
        address(n): "\n".join(readable(s.words) for s in found[n : n + SENTENCES]) for n in starts
    }
