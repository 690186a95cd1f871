from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from annotations.nlp.measuring import (
    Sure,
    average_precision,
    calibration_error,
    is_claimant,
    mentions_of,
    names_of,
    reliability,
    score_stories,
)
from annotations.nlp.predictions import ClaimSpans, Mention, Predictions, Span, Tie
from annotations.nlp.suggester import Document

TAGS = {"mentions": [{"start": 0, "end": 4, "type": "person", "name": "Ana Ruiz"}]}


def test_who_is_as_often_right_as_sure_has_no_calibration_error() -> None:
    said = [Sure(0.75, right, "person") for right in (True, True, True, False)]
    assert calibration_error(said) == pytest.approx(0)
    assert calibration_error([Sure(0.9, False, "place")]) == pytest.approx(0.9)


def test_a_bin_has_how_many_are_so_sure_how_sure_they_are_and_how_many_are_right() -> None:
    said = [Sure(p, right, "person") for p, right in ((1, True), (0.9, False), (0.25, True))]
    low, high = reliability(said)
    assert low == pytest.approx((0.2, 1, 0.25, 1))
    assert high == pytest.approx((0.9, 2, 0.95, 0.5))


TEXT = "Ana Ruiz said that it was safe. It opened in 1996."
STORY = {
    "mentions": [{"start": 0, "end": 8, "type": "person", "name": "Ana Ruiz"}],
    "attributions": [
        {"source": (0, 8), "cue": (9, 13), "content": [(14, 30)], "claimant": "Ana Ruiz"}
    ],
}


class Says:
    """Finds what is given."""

    name = version = "test"

    def __init__(self, *ties: Tie) -> None:
        self.ties = list(ties)

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        name = Mention(Span(0, 8), "person", "Ana Ruiz", 0.9, "", "test")
        claims = [tie.claim for tie in self.ties]
        return Predictions(mentions=[name], claims=claims, ties=self.ties)


def tie(cue: tuple[int, int], content: tuple[int, int], *, by_outlet: bool = False) -> Tie:
    claim = ClaimSpans((Span(*content),), "It is so.", 0.8, "", "test")
    cues = () if by_outlet else (Span(*cue),)
    return Tie(claim, None, cues, "indirect", "asserts", 0.8, "", "test", by_outlet=by_outlet)


def test_an_attribution_is_right_by_its_cue_and_most_of_its_content() -> None:
    said = [tie((9, 13), (19, 30)), tie((9, 13), (26, 30)), tie((32, 34), (14, 30))]
    score, figures = score_stories([Says(*said)], [(TEXT, STORY)])
    assert [one.right for one in score.sure_ties] == [False, True, False]
    assert figures["false claims a story"] == 0


def test_claims_of_the_outlet_are_counted_by_themselves() -> None:
    own = [tie((0, 1), (32, 49), by_outlet=True), tie((0, 1), (14, 30), by_outlet=True)]
    score, figures = score_stories([Says(*own)], [(TEXT, STORY)])
    assert not score.sure_ties
    assert figures["the outlet's own claims a story"] == 2
    assert figures["the outlet's own claims in 400 words"] == pytest.approx(800 / 11)
    assert figures["the outlet's own claims, share that the gold ascribes to somebody"] == 0.5


def test_average_precision_is_all_where_the_right_ones_come_first() -> None:
    values = np.array([0.9, 0.8, 0.2, 0.1])
    assert average_precision(values, np.array([True, True, False, False])) == 1
    assert average_precision(values, np.array([False, True, False, True])) == pytest.approx(0.5)


def test_mentions_are_runs_of_their_own_tags() -> None:
    tags = ["B-PER", "I-PER", "B-PER", "O", "B-LOC", "I-ORG"]
    assert list(mentions_of(tags))[:3] == [(0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC")]


@pytest.mark.parametrize(
    ("kind", "name", "claimant", "right"),
    [
        ("person", "Ana Ruiz", "Ana Ruiz", True),
        ("person", "Ruiz", "Ana Ruiz", True),
        ("person", "Leo Ruiz", "Ana Ruiz", False),
        ("organisation", "The Guardian", "Guardian", True),
        ("unnamed", "officials", "unnamed (Velmora)", True),
        ("person", "Ana Ruiz", "unnamed", False),
        ("unnamed", "officials", "document", False),
    ],
)
def test_a_claimant_is_right_by_any_name_that_the_text_has_for_it(
    kind: str, name: str, claimant: str, right: bool
) -> None:
    found = SimpleNamespace(source=SimpleNamespace(kind=kind, name=name))
    assert is_claimant(found, claimant, names_of("Ruiz left.", TAGS)) is right


def test_direct_speech_is_also_counted_by_itself() -> None:
    gold = {**STORY["attributions"][0], "manner": "direct"}
    other = {"source": None, "cue": (32, 34), "content": [(35, 49)], "claimant": "unnamed"}
    said = [tie((9, 13), (14, 30)), tie((32, 34), (35, 49))]
    score, _ = score_stories([Says(*said)], [(TEXT, {**STORY, "attributions": [gold, other]})])
    assert score.counts["content"][:3] == [2, 2, 2]
    assert score.counts["content, direct speech"][:3] == [1, 1, 1]
