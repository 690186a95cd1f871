from __future__ import annotations

import re

from annotations.nlp.consistency import agreed
from annotations.nlp.decoding import TYPES, Found
from annotations.nlp.predictions import Span


def places(text: str, name: str, *about: tuple[str, float]) -> list[Found]:
    """Its first places, with type and probability."""
    starts = [m.start() for m in re.finditer(name, text)]
    return [
        Found(Span(start, start + len(name)), type, p, tuple(p * (t == type) for t in TYPES))
        for start, (type, p) in zip(starts, about, strict=False)
    ]


def test_places_of_a_name_agree_on_the_likeliest_type() -> None:
    text = "Korsvik fell. Korsvik rose. Korsvik stayed."
    found = places(text, "Korsvik", ("place", 0.9), ("person", 0.5), ("place", 0.8))
    assert [m.type for m in agreed(text, found, [Span(0, len(text))])] == ["place"] * 3


def test_a_place_that_is_sure_of_another_type_keeps_it() -> None:
    text = "Paris fell. Paris smiled."
    found = places(text, "Paris", ("place", 0.99), ("person", 0.98))
    assert [m.type for m in agreed(text, found, [Span(0, len(text))])] == ["place", "person"]


def test_a_place_of_a_sure_name_that_was_left_out_is_found() -> None:
    text = "Port Amaro fell. In Port Amaro they wept; Port Amarow did not."
    found = agreed(text, places(text, "Port Amaro", ("place", 0.95)), [Span(0, len(text))])
    assert [text[slice(*m.span)] for m in found] == ["Port Amaro"] * 2


def test_one_sight_of_a_single_word_adds_nothing() -> None:
    text = "May left. In May they wept."
    assert len(agreed(text, places(text, "May", ("person", 0.95)), [Span(0, len(text))])) == 1


def test_nothing_is_found_where_nothing_was_read() -> None:
    text = "Port Amaro fell. Port Amaro wept."
    found = places(text, "Port Amaro", ("place", 0.95))
    assert len(agreed(text, found, [Span(0, 16)])) == 1
