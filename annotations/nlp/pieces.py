"""A text as the encoder takes it: word pieces with their case and gazetteer hints.

The vocabulary is uncased, so the case of the word that a piece belongs to goes in beside it. A word
is what the tokenizer takes apart first: a run of letters and digits, or one sign ("U.S." is four).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from annotations.nlp.gazetteer import KINDS, Gazetteer

OTHER, LOWER, TITLE, UPPER, DIGITS, MIXED, INITIAL = range(7)
CASES = 7
HINTS = len(KINDS)


@dataclass(frozen=True)
class Pieces:
    """Arrays of equal length, one entry a word piece, in text order. Offsets are code points."""

    ids: np.ndarray  # int32
    cases: np.ndarray  # uint8, one of the constants above
    hints: np.ndarray  # uint8, a bit for each of gazetteer.KINDS
    first: np.ndarray  # bool, whether the piece begins a word
    starts: np.ndarray  # int32, of the piece
    ends: np.ndarray  # int32, of the word

    def __len__(self) -> int:
        return len(self.ids)


def case_of(word: str) -> int:
    if word.islower():
        return LOWER
    if word.isdecimal():
        return DIGITS
    if len(word) == 1:
        return INITIAL if word.isupper() else OTHER
    if word.isupper():
        return UPPER
    if word.istitle():
        return TITLE
    return MIXED if any(letter.isalnum() for letter in word) else OTHER


class Splitter:
    """Makes pieces of texts. Safe to share between threads."""

    def __init__(self, tokenizer: Tokenizer, gazetteer: Gazetteer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.gazetteer = gazetteer

    @classmethod
    def load(cls, folder: Path) -> Splitter:
        """From `tokenizer.json` and `gazetteer.txt.gz` of a model's folder."""
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(tokenizer, Gazetteer.load(folder / "gazetteer.txt.gz"))

    def split(self, text: str) -> Pieces:
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(encoding.ids, dtype=np.int32)
        if not len(ids):
            empty = np.zeros(0, np.int32)
            none = np.zeros(0, np.uint8)
            return Pieces(empty, none, none, np.zeros(0, bool), empty, empty)
        offsets = np.array(encoding.offsets, dtype=np.int32)
        numbers = np.array(encoding.word_ids, dtype=np.int32)
        first = np.ones(len(ids), dtype=bool)
        first[1:] = numbers[1:] != numbers[:-1]
        index = np.cumsum(first) - 1
        last = np.append(np.flatnonzero(first)[1:], len(ids)) - 1
        word_starts, word_ends = offsets[first, 0], _with_marks(text, offsets[last, 1])
        words = [text[a:b] for a, b in zip(word_starts.tolist(), word_ends.tolist(), strict=True)]
        cases = np.fromiter(map(case_of, words), np.uint8, len(words))
        hints = self.gazetteer.hints([word.lower() for word in words])
        return Pieces(ids, cases[index], hints[index], first, offsets[:, 0], word_ends[index])


def _with_marks(text: str, ends: np.ndarray) -> np.ndarray:
    """Ends moved past combining marks, which the tokenizer drops: they belong to their letter."""
    if text.isascii():
        return ends
    moved = ends.copy()
    for i in range(len(moved)):
        while moved[i] < len(text) and unicodedata.category(text[moved[i]]).startswith("M"):
            moved[i] += 1
    return moved
