"""Lists of names the reader is told about: a hint for each word, never a decision."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

# One hint each; a word may have several.
KINDS = ("first", "last", "city", "region", "company")


class Gazetteer:
    """Names in small letters, by kind; those of several words are matched over words.

    Made of (kind, name) pairs, a name being words joined by single spaces.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.singles: dict[str, int] = {}
        self.phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for kind, name in entries:
            words, bit = tuple(name.split()), 1 << KINDS.index(kind)
            if len(words) == 1:
                self.singles[name] = self.singles.get(name, 0) | bit
            else:
                self.phrases.setdefault(words[0], []).append((words, bit))

    @classmethod
    def load(cls, path: Path) -> Gazetteer:
        """From lines "kind<TAB>name"."""
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pairs = (line.rstrip("\n").split("\t", 1) for line in lines)
            return cls((kind, name) for kind, name in pairs if kind in KINDS)

    def hints(self, words: Sequence[str]) -> np.ndarray:
        """For words in small letters a bit field each, shape (words,), uint8."""
        singles, phrases = self.singles, self.phrases
        found = np.fromiter((singles.get(word, 0) for word in words), np.uint8, len(words))
        for i, word in enumerate(words):
            for phrase, bit in phrases.get(word, ()):
                if tuple(words[i : i + len(phrase)]) == phrase:
                    found[i : i + len(phrase)] |= bit
        return found
