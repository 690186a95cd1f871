from __future__ import annotations

from pathlib import Path

from annotations.nlp.measuring import Score, Sure
from annotations.nlp.reporting import Result, report, write_card

SURE = [Sure(0.95, right, "person") for right in (True, True, True, False)]
COUNTS = {"person": [3, 4, 4, 3, 3], "place": [1, 1, 1, 1, 1], "cue": [1, 2, 1, 1, 1]}


def tables(*results: Result) -> list[list[str]]:
    """The rows of each table, without its head."""
    whole = report(results, {"words a second": 12000.0})
    return [table.splitlines()[2:] for table in whole.split("\n\n")]


def test_spans_have_a_row_for_each_kind_and_one_for_all_entities() -> None:
    spans, *_ = tables(Result("dev", Score(COUNTS)))
    assert [row.split(" | ")[1] for row in spans] == ["person", "place", "all entities", "cue"]
    assert spans[0] == "| dev | person | 0.750 | 0.750 | 0.750 | 0.750 | 4 |"


def test_other_figures_have_a_row_each() -> None:
    _, figures, _ = tables(Result("dev", Score(sure=SURE), {"claimant": 0.5}))
    assert figures == [
        "| all sets | words a second: 1.2e+04 |",
        "| dev | expected calibration error, entities: 0.200 |",
        "| dev | claimant: 0.500 |",
    ]


def test_reliability_has_a_row_for_each_bin_of_mentions_and_of_attributions() -> None:
    told = [Sure(0.5, True, "attribution")]
    *_, bins = tables(Result("dev", Score(sure=SURE, sure_ties=told)))
    assert bins == [
        "| dev | entities | 0.9-1.0 | 4 | 0.950 | 0.750 |",
        "| dev | attributions | 0.5-0.6 | 1 | 0.500 | 1.000 |",
    ]


def test_the_tables_take_their_place_in_the_card(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text("Before\n<!-- figures -->\nold\n<!-- end of figures -->\nAfter\n")
    write_card(card, "new")
    assert card.read_text() == ("Before\n<!-- figures -->\nnew\n<!-- end of figures -->\nAfter\n")
