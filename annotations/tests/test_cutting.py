from __future__ import annotations

import pytest

from annotations.cutting import APART, apart, asked, folded, for_index, runs_of


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("東京都", "東京 京都 都"),
        ("水。", "水"),
        ("スーパー", "スー ーパ パー ー"),
        ("ที่นี่", "ที่นี่ นี่"),
        ("ខ្មែរ", "ខ្មែ មែរ រ"),
        ("ລາວ", "ລາ າວ ວ"),
        ("iPhone手机", "iPhone 手机 机"),
        ("𠮷野家", "𠮷野 野家 家"),
        ("ＡＢＣ１２", "ABC12"),
        ("ｶﾞｽ", "ガス ス"),
        ("か\u3099", "が"),
        ("葛\U000e0100城", "葛城 城"),
        ("“Bridge” — now…", "Bridge now"),
        ("bridge😀", "bridge"),
        ("한국어를", "한국어를"),
        ("\u1112\u1161\u11ab", "한"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("cafe\u0301", "caf\u00e9"),
        ("plain, old-fashioned text", "plain, old-fashioned text"),
    ],
)
def test_a_text_is_cut(text: str, cut: str) -> None:
    assert " ".join(for_index(text).split()) == cut


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("東京", "'東京':*"),
        ("東京都", "'東京' <-> '京都':*"),
        ("水", "'水':*"),
        ("iPhone手机", "'iPhone' <-> '手机':*"),
        ("手机iPhone", "'手机' <-> '机' <-> 'iPhone'"),
        ("５G", "'5G'"),
        ("'); drop", "'drop'"),
        ("。", ""),
        ("\ud800", ""),
    ],
)
def test_what_is_asked_for_is_cut_by_the_same_rules(text: str, query: str) -> None:
    assert asked(text) == query


def test_the_last_word_may_go_on() -> None:
    assert asked("old brid", beginning=True) == "'old' <-> 'brid':*"


def test_letters_are_asked_for_as_they_stand_apart() -> None:
    assert asked("東京", by_letters=True) == "'東' <-> '京'"
    assert apart("東京!").split(APART) == ["", "東", "京", "!"]


def test_nothing_but_forms_is_lost_where_letters_stand_apart() -> None:
    text = "ＡＢ社は“𠮷野家”で、ที่นี่ 😀 cafe\u0301"
    assert apart(text).replace(APART, "") == folded(text)


def test_runs_are_found_in_what_is_asked_for() -> None:
    assert runs_of("iPhone手机 水") == ["手机", "水"]


def test_a_text_of_one_run_is_cut_in_time_that_grows_with_it() -> None:
    assert len(for_index("東京" * 100_000).split()) == 50_000
