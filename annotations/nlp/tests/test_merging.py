from __future__ import annotations

from dataclasses import replace

import pytest

from annotations.nlp.grouping import grouped
from annotations.nlp.merging import merged_mentions
from annotations.nlp.predictions import ClaimSpans, Mention, Predictions, SourceSpan, Span, Tie
from annotations.nlp.suggester import merged

READ = Mention(Span(0, 5), "person", "Paris", 0.8, "", "reader")
KNOWN = Mention(Span(0, 5), "place", "Paris", 0.9, "", "dictionary", entity=7)


def test_a_known_name_stays_where_the_reader_is_not_sure() -> None:
    assert merged_mentions([READ, KNOWN]) == [KNOWN]


def test_the_reader_overrules_a_known_name_where_it_is_sure_of_another_type() -> None:
    sure = replace(READ, confidence=0.95)
    assert merged_mentions([KNOWN, sure]) == [sure]


def test_two_that_agree_are_surer_together_and_keep_the_entity() -> None:
    (one,) = merged_mentions([KNOWN, replace(READ, type="place")])
    assert one.entity == 7 and KNOWN.confidence < one.confidence <= 0.99


def test_of_overlapping_names_the_longest_stays() -> None:
    longer = replace(READ, span=Span(0, 12), type="organisation", name="Paris Match")
    assert merged_mentions([KNOWN, longer]) == [longer]


def mention(text: str, name: str, type: str = "person", nth: int = 0) -> Mention:
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    return Mention(Span(start, start + len(name)), type, name, 0.9, "", "reader")


@pytest.mark.parametrize(
    ("text", "names", "type", "expected"),
    [
        ("Ana Ruiz spoke. Ruiz left.", ["Ana Ruiz", "Ruiz"], "person", ["Ana Ruiz"] * 2),
        ("Ana Ruiz met Leo Ruiz. Ruiz left.", ["Ana Ruiz", "Leo Ruiz", "Ruiz"], "person",
         ["Ana Ruiz", "Leo Ruiz", "Ruiz"]),
        ("The World Health Organization (WHO) met. WHO said", ["World Health Organization", "WHO"],
         "organisation", ["World Health Organization"] * 2),
        ("The Dranne Basin Authority met. DBA said", ["Dranne Basin Authority", "DBA"],
         "organisation", ["Dranne Basin Authority"] * 2),
        ("The Basin Bank (KfW) met.", ["Basin Bank", "KfW"], "organisation", ["Basin Bank"] * 2),
        ("Port Amaro lies by Amaro.", ["Port Amaro", "Amaro"], "place", ["Port Amaro", "Amaro"]),
    ],
)  # fmt: skip
def test_a_short_name_joins_its_full_one_only_where_that_is_safe(
    text: str, names: list[str], type: str, expected: list[str]
) -> None:
    places = [mention(text, name, type, nth=text.count(name) - 1) for name in names]
    assert [m.name for m in grouped(text, places)] == expected


def test_a_claim_of_the_outlet_goes_where_somebody_said_it() -> None:
    said = ClaimSpans((Span(10, 30),), "It holds.", 0.9, "", "reader")
    own = ClaimSpans((Span(0, 40),), "She said it holds.", 0.8, "", "reader")
    other = ClaimSpans((Span(50, 60),), "Water fell.", 0.8, "", "reader")
    source = SourceSpan(Span(0, 3), "unnamed", "She", 0.5, "", "reader")
    tie = Tie(said, source, (Span(4, 8),), "indirect", "asserts", 0.9, "", "reader")
    outlet = [Tie(c, None, (), "indirect", "asserts", 0.8, "", "reader", by_outlet=True)
              for c in (own, other)]  # fmt: skip
    found = merged(Predictions([], [source], [said, own, other], [tie, *outlet]))
    assert [c.text for c in found.claims] == ["It holds.", "Water fell."]
    assert [t.by_outlet for t in found.ties] == [False, True]
