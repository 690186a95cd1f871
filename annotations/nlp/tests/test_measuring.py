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
)

TAGS = {"mentions": [{"start": 0, "end": 4, "type": "person", "name": "Ana Ruiz"}]}


def test_who_is_as_often_right_as_sure_has_no_calibration_error() -> None:
    said = [Sure(0.75, right, "person") for right in (True, True, True, False)]
    assert calibration_error(said) == pytest.approx(0)
    assert calibration_error([Sure(0.9, False, "place")]) == pytest.approx(0.9)


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
