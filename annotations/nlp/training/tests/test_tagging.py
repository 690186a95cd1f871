from __future__ import annotations

import pytest

from annotations.nlp.training.tagging import TagError, places, read_tags, untagged_names

TEXT = (
    "Dam is safe, ministry says\n\n"
    "Ana Ruiz of the Ministry of Waters said the dam is safe. “We looked,” Ruiz told the Ministry, "
    "“and we found nothing.” She hopes to open it. Critics deny that she knows that the dam is safe."
)


def words(span: tuple[int, int] | None) -> str:
    return TEXT[slice(*span)] if span else ""


def test_words_stand_for_all_their_whole_word_places() -> None:
    assert [words(s) for s in places(TEXT, "the dam")] == ["the dam", "the dam"]
    assert places(TEXT, "dam i") == []


def test_a_tilde_stands_for_all_between() -> None:
    assert words(places(TEXT, "“and ~ nothing.”")[0]) == "“and we found nothing.”"


def test_of_mentions_that_overlap_the_longest_is_meant() -> None:
    tagged = read_tags(
        "@person Ana Ruiz\n@person Ruiz = Ana Ruiz\n@organisation Ministry of Waters\n"
        "@organisation Ministry = Ministry of Waters",
        TEXT,
    )
    found = [(TEXT[m["start"] : m["end"]], m["name"]) for m in tagged.mentions]
    assert found == [
        ("Ana Ruiz", "Ana Ruiz"),
        ("Ministry of Waters", "Ministry of Waters"),
        ("Ruiz", "Ana Ruiz"),
        ("Ministry", "Ministry of Waters"),
    ]


def test_numbers_choose_among_places() -> None:
    tagged = read_tags("@organisation Ministry = Ministry of Waters :2", TEXT)
    assert [TEXT[m["end"] : m["end"] + 1] for m in tagged.mentions] == [","]


def test_source_and_cue_are_those_nearest_to_the_content() -> None:
    tagged = read_tags(
        "a Ruiz | told | “We looked,” || “and ~ nothing.” | direct asserts | Ana Ruiz | Nothing.\n"
        "a She | hopes | to open it | indirect intends | Ana Ruiz | Ana Ruiz will open the dam.",
        TEXT,
    )
    first = tagged.attributions[0]
    assert [words(s) for s in first["content"]] == ["“We looked,”", "“and we found nothing.”"]
    assert TEXT[first["source"][0] - 2] == "”"
    assert words(tagged.attributions[1]["cue"]) == "hopes"


def test_a_nested_attribution_names_its_outer_one() -> None:
    tagged = read_tags(
        "a Critics | deny | that she ~ is safe | indirect denies | unnamed | She knows it.\n"
        "a she | knows | that the dam is safe | indirect believes | Ana Ruiz | It is safe. | ^1",
        TEXT,
    )
    assert [t["parent"] for t in tagged.attributions] == [None, 0]
    assert tagged.attributions[1]["content"][0][0] > TEXT.index("Critics")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("@person Bob", "not in the text"),
        ("@ghost Ana Ruiz", "the type is one of"),
        ("@person Ruiz = Ana Ruiz :9", "only 2 times"),
        ("a Ruiz | told | “We looked,”", "source \\| cue"),
        ("a Ruiz | told | “We looked,” | loudly asserts | Ana Ruiz | X.", "manner and mode"),
        ("a - | - | We flew | direct asserts | - | X.", "not in the text"),
        ("a Critics | deny | it | indirect denies | unnamed | X. | ^4", "no such outer"),
        ("a knows | - | that she knows that | indirect denies | - | X.", "only inside its content"),
        ("Ruiz is a person", "begins with"),
    ],
)
def test_a_line_that_does_not_fit_the_text_is_named(line: str, reason: str) -> None:
    with pytest.raises(TagError, match=f"line 1: .*{reason}"):
        read_tags(line, TEXT)


def test_names_that_were_forgotten_are_pointed_out() -> None:
    tagged = read_tags("@organisation Ministry of Waters", TEXT)
    assert any("Ruiz" in words for words in untagged_names(TEXT, tagged))
