from __future__ import annotations

import pytest

from annotations.nlp.training.comparing import Comparison, Row, row, table

EVEN = Row("all together", "everything", 1000, 0.8, 0.8)


@pytest.mark.parametrize(
    ("tagged", "before", "after", "fell"),
    [
        (1000, 0.800, 0.810, False),
        (1000, 0.800, 0.785, False),
        (1000, 0.800, 0.770, True),
        (20, 0.80, 0.76, False),
        (20, 0.80, 0.70, True),
        (0, 0.0, 0.0, False),
    ],
)
def test_a_figure_fell_when_it_is_more_than_two_points_and_one_tag(
    tagged, before, after, fell
) -> None:
    assert Row("desk", "mentions", tagged, before, after).fell is fell


def test_one_figure_that_fell_is_not_made_good_by_another() -> None:
    rows = [Row("desk", "mentions", 500, 0.5, 0.9), Row("seeds", "mentions", 500, 0.9, 0.5)]
    assert Comparison(rows, EVEN).is_worse


def test_what_stays_as_it_was_is_not_worse() -> None:
    assert not Comparison([Row("desk", "mentions", 500, 0.8, 0.8)], EVEN).is_worse


def test_many_small_falls_are_worse_together() -> None:
    rows = [Row("desk", kind, 500, 0.80, 0.79) for kind in ("mentions", "attributions")]
    assert Comparison(rows, Row("all together", "everything", 1000, 0.80, 0.79)).is_worse


def test_figures_are_of_the_spans_of_all_data_sets() -> None:
    desk = {"person": [1, 1, 2, 0, 0], "cue": [9, 9, 9, 0, 0]}
    seeds = {"place": [1, 2, 2, 0, 0]}
    made = row("both", "mentions", [desk, seeds], [{}, seeds])
    assert (made.tagged, round(made.before, 3), made.after) == (4, 0.571, 0.5)


def test_the_table_has_before_and_after_side_by_side() -> None:
    rows = [Row("desk", "mentions", 500, 0.9, 0.85)]
    shown = table(Comparison(rows, EVEN), "1", "1-desk-1").splitlines()
    assert shown[0].split() == ["F1", "of", "strict", "spans", "tagged", "1", "1-desk-1"]
    assert shown[1].split() == ["desk:", "mentions", "500", "0.900", "0.850", "-0.050", "fell"]
    assert shown[2].split()[-4:] == ["1000", "0.800", "0.800", "+0.000"]
