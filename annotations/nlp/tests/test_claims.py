from __future__ import annotations

import numpy as np

from annotations.nlp.claims import unattributed
from annotations.nlp.predictions import ClaimSpans, Predictions, Span, Tie
from annotations.nlp.tokens import sentences

TEXT = (
    "The bridge cost 4.2 million crowns in its first year. Ana Ruiz said the bridge was safe. "
    "Was it worth the money that the town spent? Short one. It opened in 1996 after six years of work."
)
SPANS = sentences(TEXT)


def claims(worth: list[float], found: Predictions | None = None) -> list[str]:
    made = unattributed(TEXT, SPANS, np.array(worth), found or Predictions(), "reader")
    assert all(tie.by_outlet and tie.source is None for tie in made.ties)
    return [claim.text for claim in made.claims]


def test_a_sentence_worth_checking_is_a_claim_of_the_outlet() -> None:
    assert claims([0.9, 0.1, 0.1, 0.1, 0.1]) == [
        "The bridge cost 4.2 million crowns in its first year."
    ]


def test_questions_fragments_and_sentences_about_it_are_none() -> None:
    assert claims([0.1, 0.1, 0.99, 0.99, 0.99]) == []


def test_what_somebody_said_is_not_the_outlets_claim() -> None:
    said = ClaimSpans((Span(TEXT.index("the bridge was"), SPANS[1].end - 1),), "", 0.9, "", "x")
    tie = Tie(said, None, (), "indirect", "asserts", 0.9, "", "x")
    assert claims([0.1, 0.99, 0.1, 0.1, 0.1], Predictions(claims=[said], ties=[tie])) == []


def test_a_short_text_has_one_at_most_the_likeliest() -> None:
    assert claims([0.8, 0.9, 0.1, 0.1, 0.1]) == ["Ana Ruiz said the bridge was safe."]


def test_a_long_text_has_one_for_each_two_hundred_words() -> None:
    sentence = "The bridge cost 4.2 million crowns in its first year. "  # ten words
    for times, expected in ((10, 1), (39, 1), (40, 2), (60, 3)):
        spans = sentences(sentence * times)
        made = unattributed(sentence * times, spans, np.full(times, 0.9), Predictions(), "reader")
        assert len(made.claims) == expected
