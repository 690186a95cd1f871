from __future__ import annotations

from newsdesk.site.differences import MOST_PARAGRAPHS, difference


def shape(before: str, after: str) -> list[str]:
    marks = {"same": "{}", "out": "[-{}-]", "in": "[+{}+]"}
    return [
        "".join(marks[piece.what].format(piece.words) for piece in paragraph)
        for paragraph in difference(before, after)
    ]


def test_only_the_words_that_changed_are_marked() -> None:
    assert shape("The dam has two cracks.", "The dam has three cracks.") == [
        "The dam has [-two-][+three+] cracks."
    ]


def test_paragraphs_that_stayed_are_left_out() -> None:
    assert shape("Same.\n\nOld.", "Same.\n\nNew.") == ["[-Old-][+New+]."]


def test_a_paragraph_that_came_or_went_is_marked_whole() -> None:
    assert shape("One.\n\nTwo.", "One.") == ["[-Two.-]"]
    assert shape("One.", "One.\n\nTwo.") == ["[+Two.+]"]


def test_of_a_long_paragraph_only_what_stands_around_the_change_is_shown() -> None:
    long = " ".join(f"w{n}" for n in range(100))
    (line,) = shape(long, long.replace("w50", "changed"))
    assert line.startswith("…")
    assert "[-w50-][+changed+]" in line
    assert "w30" not in line
    assert line.endswith("…")


def test_two_changes_far_apart_have_dots_between() -> None:
    long = " ".join(f"w{n}" for n in range(60))
    (line,) = shape(long, long.replace("w5 ", "x ").replace("w50", "y"))
    assert line.count("…") >= 1
    assert "[+x+]" in line
    assert "[+y+]" in line


def test_paragraphs_too_long_to_compare_are_shown_whole() -> None:
    (line,) = shape("a " * 20_000, "b " * 20_000)
    assert line.startswith("[-a a")


def test_a_text_written_anew_does_not_fill_the_page() -> None:
    old = "\n\n".join(f"Old {n}." for n in range(200))
    assert len(difference(old, old.replace("Old", "New"))) == MOST_PARAGRAPHS


def test_what_is_the_same_has_no_difference() -> None:
    assert shape("Same.", "Same.") == []
