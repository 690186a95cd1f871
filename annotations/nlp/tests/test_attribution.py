from __future__ import annotations

import pytest

from annotations.nlp.attribution import AttributionSuggester
from annotations.nlp.dictionary import DictionarySuggester, Name
from annotations.nlp.predictions import Predictions
from annotations.nlp.suggester import Document, read

NAMES = [
    Name("Ana Ruiz", "person", 1, "Ana Ruiz"),
    Name("Amaro Institute", "organisation", 2, "Amaro Institute"),
    Name("Kalvia", "place", 3, "Kalvia"),
]


def predictions(text: str) -> Predictions:
    suggesters = [DictionarySuggester(NAMES), AttributionSuggester()]
    return list(read(Document(text), suggesters))[-1][1]


def said(text: str) -> list[tuple[str | None, str, list[str]]]:
    """Source words, cue words, content words of each attribution."""
    return [
        (
            text[slice(*tie.source.span)] if tie.source else None,
            " ".join(text[a:b] for a, b in tie.cue),
            [text[a:b] for a, b in tie.claim.spans],
        )
        for tie in predictions(text).ties
    ]


CASES = {
    "said that": (
        "Ana Ruiz said that the bridge was safe.",
        ("Ana Ruiz", "said", ["that the bridge was safe"]),
    ),
    "said without that": (
        "Ana Ruiz said the bridge was safe.",
        ("Ana Ruiz", "said", ["the bridge was safe"]),
    ),
    "said on a day": (
        "Ana Ruiz said on Friday the bridge was safe.",
        ("Ana Ruiz", "said", ["the bridge was safe"]),
    ),
    "told somebody that": (
        "Ana Ruiz told reporters in Kalvia that the bridge was safe.",
        ("Ana Ruiz", "told", ["that the bridge was safe"]),
    ),
    "content first": (
        "The bridge was safe, Ana Ruiz said.",
        ("Ana Ruiz", "said", ["The bridge was safe"]),
    ),
    "content first, verb before": (
        "The bridge was safe, said Ana Ruiz.",
        ("Ana Ruiz", "said", ["The bridge was safe"]),
    ),
    "according to, last": (
        "The bridge was safe, according to the Amaro Institute.",
        ("the Amaro Institute", "according to", ["The bridge was safe"]),
    ),
    "according to, first": (
        "According to the Amaro Institute, the bridge was safe.",
        ("the Amaro Institute", "According to", ["the bridge was safe"]),
    ),
    "according to, in the middle": (
        "The bridge, according to the Amaro Institute, was safe.",
        ("the Amaro Institute", "according to", ["The bridge", "was safe"]),
    ),
    "a broken quotation": (
        "“It is safe,” Ana Ruiz said, “and it is new.”",
        ("Ana Ruiz", "said", ["“It is safe,”", "“and it is new.”"]),
    ),
    "a quotation over sentences": (
        "Ana Ruiz said: “It is safe now. It is new.”",
        ("Ana Ruiz", "said", ["“It is safe now.", "It is new.”"]),
    ),
    "apposition": (
        "Ana Ruiz, the mayor of Kalvia, said that it was safe.",
        ("Ana Ruiz, the mayor of Kalvia", "said", ["that it was safe"]),
    ),
    "auxiliaries and particle": (
        "The ministry has called for a new report.",
        ("The ministry", "has called for", ["a new report"]),
    ),
    "intention": (
        "The government plans to close the bridge.",
        ("The government", "plans", ["to close the bridge"]),
    ),
    "praise": (
        "Ana Ruiz praised the new bridge.",
        ("Ana Ruiz", "praised", ["the new bridge"]),
    ),
    "after a phrase of time": (
        "After the vote the minister said that it was safe.",
        ("the minister", "said", ["that it was safe"]),
    ),
    "passive without agent": (
        "The bridge is viewed as a danger to ships.",
        (None, "is viewed as", ["The bridge", "a danger to ships"]),
    ),
    "a name with a colon": (
        "Ana Ruiz: “It is safe now, believe me.”",
        ("Ana Ruiz", "", ["“It is safe now, believe me.”"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_attribution_is_found(case: str) -> None:
    text, expected = CASES[case]
    assert said(text) == [expected]


NOT_SAID = [
    "Ana Ruiz voted on Monday and signed the agreement.",
    "The report was published by the ministry.",
    "They have plans to expand the bridge.",
    "Ana Ruiz met the United States team.",
    "The bridge of the minister was said.",
]


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_plain_action_is_no_attribution(text: str) -> None:
    assert said(text) == []


def sources(text: str) -> list[tuple[str, str]]:
    return [(tie.source.kind, tie.source.name) for tie in predictions(text).ties if tie.source]


def test_a_pronoun_stands_for_who_spoke_before() -> None:
    text = "Ana Ruiz said that it was safe. She added that it was new."
    assert sources(text) == [("person", "Ana Ruiz")] * 2


def test_a_noun_stands_for_the_organisation_that_spoke_before() -> None:
    text = "The Amaro Institute said it was safe. The think tank suggests that it is new."
    assert sources(text)[1] == ("organisation", "Amaro Institute")


def test_an_unnamed_source_keeps_affiliation_and_reason() -> None:
    text = (
        "A senior official at the Amaro Institute, who asked not to be named because the talks "
        "were secret, said that it was safe."
    )
    (tie,) = predictions(text).ties
    assert tie.source.kind == "unnamed"
    assert tie.source.affiliation == "Amaro Institute"
    assert "because the talks were secret" in tie.source.unnamed_reason


def test_an_attribution_inside_another_names_it_as_its_parent() -> None:
    text = "The Amaro Institute suggests that Kalvia plans to close the bridge."
    outer, inner = predictions(text).ties
    assert inner.parent == outer.claim
    assert text[slice(*inner.source.span)] == "Kalvia"


def test_two_speakers_in_one_sentence_have_a_claim_each() -> None:
    text = "Ana Ruiz said the bridge was safe, but the ministry denied the report."
    assert said(text) == [
        ("Ana Ruiz", "said", ["the bridge was safe"]),
        ("the ministry", "denied", ["the report"]),
    ]


def test_a_quotation_that_goes_on_in_the_next_sentence_is_the_same_speakers() -> None:
    text = "“It is safe now,” Ana Ruiz said. “We have looked at it closely.”"
    assert said(text)[1] == ("Ana Ruiz", "", ["“We have looked at it closely.”"])


def test_the_claim_is_one_sentence_with_its_speaker_in_it() -> None:
    text = "Ana Ruiz said that she had seen it. She praised the “old town”."
    claims = [tie.claim.text for tie in predictions(text).ties]
    assert claims == ["Ana Ruiz had seen it.", "Ana Ruiz praised the old town."]


def test_manner_tells_quotation_from_report() -> None:
    text = "“It is safe now,” Ana Ruiz said. Ana Ruiz said that it was “quite a bit” safer."
    assert [tie.manner for tie in predictions(text).ties] == ["direct", "mixed"]


def test_reading_twice_gives_the_same() -> None:
    text = " ".join(text for text, _ in CASES.values())
    assert predictions(text) == predictions(text)


@pytest.mark.parametrize("text", ["", "“", '"' * 10**5, "said " * 10**5, "the minister, " * 50_000])
def test_nonsense_is_read_to_its_end(text: str) -> None:
    assert predictions(text).ties == []
