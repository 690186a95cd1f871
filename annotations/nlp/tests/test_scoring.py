from __future__ import annotations

from annotations.nlp.scoring import add_counts, gold_spans, scores, table

GOLD = {
    "mentions": [
        {"start": 0, "end": 8, "type": "person"},
        {"start": 20, "end": 25, "type": "place"},
    ],
    "attributions": [{"source": [0, 8], "cue": [9, 13], "content": [[14, 18], [19, 30]]}],
}


def test_spans_are_sorted_by_what_they_are() -> None:
    assert gold_spans(GOLD) == {
        "person": {(0, 8)}, "place": {(20, 25)}, "source": {(0, 8)}, "cue": {(9, 13)},
        "content": {(14, 18), (19, 30)},
    }  # fmt: skip


def test_a_span_with_another_border_counts_only_by_overlap() -> None:
    counts: dict[str, list[int]] = {}
    add_counts(counts, {"person": {(0, 8), (40, 44)}, "content": {(14, 17)}}, gold_spans(GOLD))
    person, content = scores(counts["person"]), scores(counts["content"])
    assert (person["precision"], person["recall"]) == (0.5, 1.0)
    assert content["f1"] == 0.0
    assert round(content["overlap"], 3) == 0.667
    assert scores(counts["place"])["f1"] == 0.0


def test_the_table_sums_the_types_of_entities() -> None:
    counts: dict[str, list[int]] = {}
    add_counts(counts, gold_spans(GOLD), gold_spans(GOLD))
    lines = table(counts).splitlines()
    assert [line.split()[0] for line in lines[1:]] == [
        "person", "place", "all", "source", "cue", "content",
    ]  # fmt: skip
    assert all("1.000" in line for line in lines[1:])
