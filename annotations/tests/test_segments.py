from __future__ import annotations

import random

from annotations.segments import paragraph_spans, segmented


def shape(text: str, marks: dict[str, list[list[int]]]) -> list[list[tuple[str, str]]]:
    return [
        [(s.text, "".join(s.marks)) for s in paragraph.segments]
        for paragraph in segmented(text, marks.items())
    ]


def test_a_text_without_marks_is_one_segment_a_paragraph() -> None:
    assert shape("One.\nTwo.", {}) == [[("One.", "")], [("Two.", "")]]


def test_blank_lines_part_paragraphs_where_there_are_any() -> None:
    assert shape("One.\nStill one.\n\nTwo.", {})[0] == [("One.\nStill one.", "")]


def test_overlapping_marks_are_cut_where_they_begin_and_end() -> None:
    assert shape("abcdef", {"x": [[0, 4]], "y": [[2, 6]]}) == [
        [("ab", "x"), ("cd", "xy"), ("ef", "y")]
    ]


def test_the_longer_of_two_nested_marks_comes_first() -> None:
    assert shape("abcdef", {"in": [[2, 4]], "out": [[0, 6]]})[0][1] == ("cd", "outin")


def test_a_mark_over_two_paragraphs_shows_in_both() -> None:
    assert shape("ab\ncd", {"x": [[1, 4]]}) == [[("a", ""), ("b", "x")], [("c", "x"), ("d", "")]]


def test_a_broken_mark_shows_at_each_of_its_spans() -> None:
    assert shape("abcdef", {"x": [[0, 2], [4, 6]]}) == [[("ab", "x"), ("cd", ""), ("ef", "x")]]


def test_code_points_outside_the_basic_plane_count_as_one() -> None:
    assert shape("👩‍👩‍👧 é", {"x": [[6, 8]]})[0][-1] == ("é", "x")


def test_the_segments_put_together_are_the_paragraphs() -> None:
    dice = random.Random(3)
    for _ in range(200):
        text = "".join(dice.choice("ab c\n\n👩") for _ in range(dice.randint(1, 50)))
        ends = [sorted((dice.randint(0, len(text)), dice.randint(0, len(text)))) for _ in range(5)]
        marks = {str(i): [pair] for i, pair in enumerate(ends) if pair[0] < pair[1]}
        paragraphs = segmented(text, marks.items())
        assert [(p.start, p.end) for p in paragraphs] == paragraph_spans(text)
        for paragraph in paragraphs:
            assert (
                "".join(s.text for s in paragraph.segments) == text[paragraph.start : paragraph.end]
            )
            for segment in paragraph.segments:
                covering = {
                    m for m, [(a, b)] in marks.items() if a <= segment.start and segment.end <= b
                }
                assert set(segment.marks) == covering
