from __future__ import annotations

import pytest

from annotations.nlp.dictionary import DictionarySuggester, Name, case_fits
from annotations.nlp.predictions import Mention, Predictions, Span
from annotations.nlp.suggester import Document

NAMES = [
    Name("Vladimir Putin", "person", 1, "Vladimir Putin"),
    Name("Russia", "place", 2, "Russia"),
    Name("Bank of Russia", "organisation", 3, "Bank of Russia"),
    Name("ISW", "organisation", 4, "Institute for the Study of War"),
    Name("Jordan", "place", 5, "Jordan"),
    Name("Jordan", "person", 6, "Michael Jordan"),
]


def read(text: str, body: tuple[Span, ...] = ()) -> list[tuple[str, str]]:
    return [(text[m.span.start : m.span.end], m.name) for m in mentions(text, body)]


def mentions(text: str, body: tuple[Span, ...] = ()) -> list[Mention]:
    document = Document(text, body=body)
    return DictionarySuggester(NAMES).suggest(document, Predictions()).mentions


def test_the_longest_name_wins() -> None:
    assert read("The Bank of Russia met.") == [("Bank of Russia", "Bank of Russia")]


def test_names_are_whole_words() -> None:
    assert read("Russians and Prussia are no Russia.") == [("Russia", "Russia")]


def test_a_possessive_stays_outside() -> None:
    assert read("Russia’s plan, Russia's plan") == [("Russia", "Russia")] * 2


def test_a_later_last_name_is_the_person_named_before() -> None:
    text = "Putin was early. Vladimir Putin spoke. Then Putin left."
    assert read(text) == [("Vladimir Putin", "Vladimir Putin"), ("Putin", "Vladimir Putin")]


def test_a_last_name_that_two_people_share_is_nobodys() -> None:
    text = "President Ana Ruiz met Minister Eva Ruiz. Ruiz smiled."
    assert [words for words, _ in read(text)] == ["Ana Ruiz", "Eva Ruiz"]


def test_an_acronym_in_brackets_is_one_with_its_long_form() -> None:
    text = "The Amaro Centre for River Studies (ACRS) said so. ACRS is small."
    assert read(text) == [
        ("Amaro Centre for River Studies", "Amaro Centre for River Studies"),
        ("ACRS", "Amaro Centre for River Studies"),
        ("ACRS", "Amaro Centre for River Studies"),
    ]


def test_a_bracket_that_is_no_acronym_of_what_stands_before_names_nothing() -> None:
    assert read("They met at the border (NATO).") == []


def test_a_title_introduces_a_person() -> None:
    assert read("President Juan-Carlos O’Neill spoke.") == [
        ("Juan-Carlos O’Neill", "Juan-Carlos O’Neill")
    ]


def test_an_ambiguous_name_is_left_open() -> None:
    (mention,) = mentions("Jordan was calm.")
    assert (mention.entity, mention.confidence) == (None, 0.55)
    assert "2 entities" in mention.reason


def test_what_lies_outside_the_body_is_not_read() -> None:
    assert read("Russia. Read also: Russia", (Span(0, 7),)) == [("Russia", "Russia")]


@pytest.mark.parametrize(
    "name, written, fits",
    [("Russia", "RUSSIA", True), ("Russia", "russia", False), ("ISW", "isw", False),
     ("ISW", "Isw", False), ("bird flu", "Bird flu", True), ("Bank of Russia", "Bank of Russia", True)],
)  # fmt: skip
def test_case_decides(name: str, written: str, fits: bool) -> None:
    assert case_fits(name, written) is fits


def test_offsets_are_code_points() -> None:
    text = "👩‍👩‍👧 é Russia"
    (mention,) = mentions(text)
    assert mention.span == Span(text.index("Russia"), len(text))


@pytest.mark.parametrize("text", ['"' * 10**6, "a" * 10**6, "A. " * 300_000, "(A" * 300_000])
def test_a_megabyte_of_nonsense_is_read_to_its_end(text: str) -> None:
    assert mentions(text) == []
