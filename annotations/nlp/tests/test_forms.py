from __future__ import annotations

import pytest

from annotations.nlp.decoding import TYPES, Found
from annotations.nlp.forms import mended
from annotations.nlp.predictions import Span


def names(text: str, **found: str) -> list[tuple[str, str]]:
    """(words, type) of what is made of mentions that were found, given as words by type."""
    seen = [of(text, words, type) for type, listed in found.items() for words in listed.split("|")]
    made = mended(text, sorted(seen, key=lambda one: one.span), [Span(0, len(text))])
    return [(text[slice(*one.span)], one.type) for one in made]


def of(text: str, words: str, type: str) -> Found:
    start = text.index(words)
    types = tuple(float(name == type) for name in TYPES)
    return Found(Span(start, start + len(words)), type, 0.8, types)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Bell 206 came down.", [("Bell 206", "product")]),
        ("Its Boeing 737 Max was grounded.", [("Boeing 737 Max", "product")]),
        ("The Boeing B-17 landed.", [("Boeing B-17", "product")]),
        ("Tropical Storm Barry came.", [("Tropical Storm Barry", "event")]),
        ("She said so on Twitter.", [("Twitter", "product")]),
        ("In its Boeing 2019 was a bad year.", []),
        ("A hurricane came.", []),
        ("They relied on Facebook Inc's help.", []),
        ("Twitter lost money.", []),
    ],
)
def test_some_names_are_told_by_their_form(text: str, expected: list) -> None:
    assert names(text) == expected


def test_a_form_takes_the_place_of_what_was_seen_inside_it() -> None:
    text = "Tropical Storm Barry came."
    assert names(text, event="Tropical Storm", person="Barry") == [(text[:20], "event")]
    assert names("A Bell 206 came down.", person="Bell") == [("Bell 206", "product")]


def test_a_longer_name_stays() -> None:
    text = "The Hurricane Katrina Fund paid."
    assert names(text, organisation=text[4:26]) == [(text[4:26], "organisation")]


def test_an_event_begins_with_its_year() -> None:
    text = "He won at the 2019 World Championships."
    assert names(text, event="2019|World Championships") == [("2019 World Championships", "event")]


def test_two_events_beside_each_other_stay_two() -> None:
    text = "Before 2019, the Callis Summit failed."
    found = [("2019", "event"), ("Callis Summit", "event")]
    assert names(text, event="2019|Callis Summit") == found


def test_no_name_ends_in_a_preposition() -> None:
    assert names("The Nemmers Prize in 1998.", event="Nemmers Prize in")[0][0] == "Nemmers Prize"


@pytest.mark.parametrize("law", ["25th Amendment", "Patriot Act", "Constitution"])
def test_a_law_is_a_work(law: str) -> None:
    assert names(f"Under the {law} he rules.", event=law) == [(law, "work")]


def test_nothing_new_is_found_in_what_is_not_read() -> None:
    text = "A Bell 206 fell."
    assert mended(text, [], [Span(0, 3)]) == []


def test_what_forms_do_not_tell_stays_as_it_was() -> None:
    text = "Ana Ruiz left Amaro."
    found = [of(text, "Ana Ruiz", "person"), of(text, "Amaro", "place")]
    assert mended(text, found, [Span(0, len(text))]) == found
