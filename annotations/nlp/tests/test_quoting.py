from __future__ import annotations

import pytest

from annotations.nlp.decoding import Attributed
from annotations.nlp.predictions import Span
from annotations.nlp.quoting import with_whole_quotations
from annotations.nlp.tokens import sentences


def of(text: str, cue: str, *content: str) -> Attributed:
    return Attributed(None, span(text, cue), tuple(span(text, words) for words in content), 0.9)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def contents(text: str, *found: Attributed) -> list[list[str]]:
    made = with_whole_quotations(text, found, sentences(text))
    return [[text[slice(*one)] for one in tie.content] for tie in made]


def test_who_says_how_a_quotation_begins_says_all_of_it_a_span_a_sentence() -> None:
    text = "“It is old. It is long. Nobody crosses it,” Ana said."
    whole = ["“It is old.", "It is long.", "Nobody crosses it,”"]
    assert contents(text, of(text, "said", "“It is old")) == [whole]


@pytest.mark.parametrize("gap", [" [...]", ". […]"])
def test_what_is_left_out_between_sentences_is_in_no_span(gap: str) -> None:
    text = f"“It is long{gap} Nobody crosses it,” Ana said."
    first = f"“It is long{gap}".removesuffix(" [...]").removesuffix(" […]")
    assert contents(text, of(text, "said", "“It is long")) == [[first, "Nobody crosses it,”"]]


def test_nobody_else_has_the_rest_of_it() -> None:
    text = "Ana said: “It is old. It is long.” Bo added that it was closed."
    found = contents(
        text,
        of(text, "said", "“It is old"),
        of(text, "added", "It is long.”", "that it was closed"),
    )
    assert found == [["“It is old.", "It is long.”"], ["that it was closed"]]


def test_an_attribution_that_has_only_the_rest_falls_away() -> None:
    text = "Ana said: “It is old. It is long.” Bo agreed."
    found = contents(text, of(text, "said", "“It is old"), of(text, "agreed", "It is long.”"))
    assert found == [["“It is old.", "It is long.”"]]


def test_what_is_said_within_the_quotation_stays() -> None:
    text = "Ana said: “It is old. They say that it is long.”"
    found = contents(text, of(text, "said", "“It is old"), of(text, "say", "that it is long"))
    assert found == [["“It is old.", "They say that it is long.”"], ["that it is long"]]


def test_a_term_in_marks_is_no_more_than_it_was() -> None:
    text = "Ana said that the “old bridge” was closed."
    assert contents(text, of(text, "said", "that the “old bridge” was closed")) == [
        ["that the “old bridge” was closed"]
    ]


def test_a_quotation_whose_beginning_nobody_has_stays_as_it_is() -> None:
    text = "“It is old. It is long.” Ana agreed."
    assert contents(text, of(text, "agreed", "It is long.”")) == [["It is long.”"]]


def test_marks_between_which_somebody_is_said_to_speak_are_not_trusted() -> None:
    text = 'It is old," said Ana. "It is long.'
    seen = of(text, "said", 'It is old,"', '"It is long')
    assert contents(text, seen) == [['It is old,"', '"It is long']]
