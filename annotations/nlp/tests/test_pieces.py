from __future__ import annotations

import pytest

from annotations.nlp.gazetteer import KINDS, Gazetteer
from annotations.nlp.network import MODEL
from annotations.nlp.pieces import (
    DIGITS,
    INITIAL,
    LOWER,
    MIXED,
    OTHER,
    TITLE,
    UPPER,
    Splitter,
    case_of,
)


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter.load(MODEL)


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("dam", LOWER), ("Dam", TITLE), ("ISW", UPPER), ("U", INITIAL), ("2026", DIGITS),
        ("iPhone", MIXED), ("MiG29", MIXED), (".", OTHER), ("北京", MIXED),
    ],
)  # fmt: skip
def test_each_word_has_a_case(word: str, case: int) -> None:
    assert case_of(word) == case


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zoe\u0301 met Jórun.", ["Zoe\u0301", "met", "Jórun", "."]),
        ("U.S.-led", ["U", ".", "S", ".", "-", "led"]),
        ("the 👨‍👩‍👧 of Kassym-Jomart", ["the", "👨‍👩‍👧", "of", "Kassym", "-", "Jomart"]),
        ("قال رئيس  الوزراء", ["قال", "رئيس", "الوزراء"]),
        ("北京说", ["北", "京", "说"]),
        ("a\r\nb\tc", ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_words_lie_where_they_stand_in_any_script(
    splitter: Splitter, text: str, words: list[str]
) -> None:
    pieces = splitter.split(text)
    starts, ends = pieces.starts[pieces.first], pieces.ends[pieces.first]
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == words


def test_pieces_of_one_word_share_its_case_and_end(splitter: Splitter) -> None:
    pieces = splitter.split("Kassym")
    assert len(pieces) > 1
    assert set(pieces.cases.tolist()) == {TITLE} and set(pieces.ends.tolist()) == {6}
    assert pieces.first.tolist() == [True] + [False] * (len(pieces) - 1)


def test_nothing_has_no_pieces(splitter: Splitter) -> None:
    assert len(splitter.split("")) == len(splitter.split(" \n\u200b")) == 0


def test_the_gazetteer_hints_at_single_words_and_at_phrases() -> None:
    gazetteer = Gazetteer([("first", "ana"), ("last", "ana"), ("city", "port amaro")])
    bits = gazetteer.hints(["ana", "left", "port", "amaro", "port"]).tolist()
    first, last, city = (1 << KINDS.index(kind) for kind in ("first", "last", "city"))
    assert bits == [first | last, 0, city, city, 0]
