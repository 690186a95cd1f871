from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles.ingest.draft import RelatedHeadline, UnreadableText, fingerprint
from articles.ingest.languages import guess_language
from articles.ingest.text import MADE_UP_TITLE, MAX_TEXT, read_text

SEED = Path(__file__).parents[2] / "seeds" / "000_71f4712ea89c3f57.txt"
LEAD = "The mayor of Port Amaro opened the bridge on Monday."
REST = "Ana Ruiz said that it was safe."


def refusal(raw: str | bytes, **options: str) -> UnreadableText:
    with pytest.raises(UnreadableText) as caught:
        read_text(raw, **options)
    return caught.value


# --- the seed story ---


def test_the_seed_story_has_a_title_made_from_its_lead() -> None:
    draft = read_text(SEED.read_bytes())
    assert draft.title_is_made_up
    assert draft.title.startswith("Russian President Vladimir Putin and Kazakh President")
    assert draft.title.endswith("…")
    assert len(draft.title) <= MADE_UP_TITLE


def test_the_seed_story_keeps_its_four_paragraphs_to_the_letter() -> None:
    whole = SEED.read_bytes().decode()
    text = read_text(SEED.read_bytes()).text
    assert text == whole.partition("\nRelated:\n")[0]
    assert len(text.split("\n")) == 4


def test_the_seed_storys_ten_related_headlines_are_rows_and_no_text() -> None:
    draft = read_text(SEED.read_bytes())
    assert len(draft.related) == 10
    assert draft.related[0].title == (
        "Western electronics found in North Korean missiles striking Ukraine"
    )
    assert draft.related[-1].title.startswith("Microchip backalley:")
    assert not any(headline.title in draft.text for headline in draft.related)


# --- titles ---


def test_a_short_first_line_is_the_title_and_leaves_the_text() -> None:
    draft = read_text(f"Mayor opens bridge\n\n{LEAD}\n\n{REST}")
    assert (draft.title, draft.title_is_made_up) == ("Mayor opens bridge", False)
    assert draft.text == f"{LEAD}\n\n{REST}"


@pytest.mark.parametrize(
    "first",
    [
        LEAD,
        "Is the bridge safe?",
        "He said: “It is safe.”",
        "The bridge is safe…",
        "The mayor, who came late,",
        "By Jane Doe",
        "Photo: The bridge at night / Reuters",
        "- The first item",
        "Related:",
        "x" * 121,
    ],
)
def test_a_first_line_of_another_kind_is_no_title(first: str) -> None:
    assert read_text(f"{first}\n\n{LEAD}").title_is_made_up


def test_a_wrapped_first_sentence_is_no_title() -> None:
    draft = read_text("The mayor of Port Amaro\nopened the bridge on Monday.")
    assert draft.title_is_made_up
    assert draft.text == "The mayor of Port Amaro\nopened the bridge on Monday."


def test_a_title_line_is_the_title_whatever_it_ends_with() -> None:
    draft = read_text(f"TITLE: Is the bridge safe?\n{LEAD}")
    assert (draft.title, draft.text) == ("Is the bridge safe?", LEAD)


def test_a_given_title_wins_and_is_not_repeated_in_the_text() -> None:
    draft = read_text(f"Mayor opens bridge\n\n{LEAD}", title="Mayor  opens bridge")
    assert (draft.title, draft.text) == ("Mayor opens bridge", LEAD)
    assert read_text(f"{LEAD}\n\n{REST}", title="Other").text == f"{LEAD}\n\n{REST}"


def test_a_made_up_title_is_the_first_sentence_without_its_full_stop() -> None:
    draft = read_text("Mr. Ruiz of the U.S. embassy left. He came back.")
    assert draft.title == "Mr. Ruiz of the U.S. embassy left"


def test_a_made_up_title_passes_over_a_caption() -> None:
    assert read_text(f"Photo: The bridge / Reuters\n\n{LEAD}").title == LEAD[:-1]


def test_a_made_up_title_is_cut_between_words() -> None:
    title = read_text("word " * 40).title
    assert title.removesuffix("…").split() == ["word"] * (len(title) // 5)
    assert MADE_UP_TITLE - 5 <= len(title) <= MADE_UP_TITLE


def test_a_made_up_title_does_not_tear_an_emoji_family() -> None:
    family = "👩‍👩‍👧‍👦"
    title = read_text("x" + family * 30).title
    assert set(title.removesuffix("…").removeprefix("x").split(family)) == {""}


# --- header and byline ---


def test_a_header_block_under_a_title_line_is_read() -> None:
    draft = read_text(
        "Title: Mayor opens bridge\nBy Jane Doe and Ali van Dam\nDate: 27 November 2024\n"
        f"Source: Amaro Times\nURL: https://amaro.example/bridge\n\n{LEAD}"
    )
    assert draft.byline == "Jane Doe and Ali van Dam"
    assert draft.dated == datetime(2024, 11, 27, tzinfo=UTC)
    assert (draft.outlet, draft.url) == ("Amaro Times", "https://amaro.example/bridge")
    assert draft.text == LEAD


@pytest.mark.parametrize(
    "written", ["2024-11-27", "November 27, 2024", "27.11.2024", "Wed, 27 Nov 2024 00:00:00 +0000"]
)
def test_a_date_may_be_written_in_several_ways(written: str) -> None:
    draft = read_text(f"Title: Bridge\nDate: {written}\n\n{LEAD}")
    assert draft.dated == datetime(2024, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize("line", ["Date: last Tuesday", "URL: amaro.example", "By: " + "x" * 301])
def test_a_header_line_that_cannot_be_read_is_named(line: str) -> None:
    field = {"D": "dated", "U": "url", "B": "byline"}[line[0]]
    assert refusal(f"Title: Bridge\n{line}\n\n{LEAD}").field == field


def test_a_byline_under_a_title_is_taken_out_of_the_text() -> None:
    draft = read_text(f"Mayor opens bridge\n\nBy Jane Doe, Amaro Times\n\n{LEAD}")
    assert (draft.byline, draft.text) == ("Jane Doe, Amaro Times", LEAD)


def test_a_line_of_prose_that_starts_with_by_stays_in_the_text() -> None:
    prose = "By Monday the rain had stopped and the river fell"
    draft = read_text(f"Mayor opens bridge\n\n{prose}\n\n{LEAD}")
    assert (draft.byline, draft.text) == ("", f"{prose}\n\n{LEAD}")


# --- related headlines ---


@pytest.mark.parametrize(
    "opening",
    ["Related:", "related stories", "READ ALSO:", "Read more:", "See also", "À lire aussi :",
     "Lesen Sie auch:", "Lea también:", "Читайте також:", "Читайте также"],
)  # fmt: skip
@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "1.", "2)"])
def test_a_closing_list_is_cut_however_it_is_opened_and_marked(opening: str, mark: str) -> None:
    draft = read_text(f"{LEAD}\n\n{opening}\n{mark} One\n\n{mark}  Two\n")
    assert [headline.title for headline in draft.related] == ["One", "Two"]
    assert draft.text == LEAD


def test_plain_lines_under_an_opening_with_a_colon_are_headlines() -> None:
    draft = read_text(f"{LEAD}\nRelated:\nOne\nIs it two?")
    assert draft.related == (RelatedHeadline("One"), RelatedHeadline("Is it two?"))


@pytest.mark.parametrize(
    "item",
    ["- [One](https://a.example/1)", "- One - https://a.example/1", "- One (https://a.example/1)",
     "* One: https://a.example/1", "One https://a.example/1", "- One\n  https://a.example/1"],
)  # fmt: skip
def test_a_link_of_a_related_headline_goes_to_its_url(item: str) -> None:
    draft = read_text(f"{LEAD}\n\nRelated:\n{item}")
    assert draft.related == (RelatedHeadline("One", "https://a.example/1"),)


@pytest.mark.parametrize(
    "tail",
    [f"Related:\n- One\n- Two\n\n{REST}", f"Related:\n{REST}", "Related:\nOne\n\nTwo", "Related:"],
)
def test_what_is_followed_by_paragraphs_is_no_closing_list(tail: str) -> None:
    draft = read_text(f"{LEAD}\n\n{tail}")
    assert (draft.related, draft.text) == ((), f"{LEAD}\n\n{tail}")


def test_two_closing_lists_are_both_cut_in_their_order() -> None:
    draft = read_text(f"{LEAD}\n\nRelated:\n- One\nRead also:\n- Two\n- Three")
    assert [headline.title for headline in draft.related] == ["One", "Two", "Three"]


# --- characters ---


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\u2028", "\x85"])
def test_newlines_become_one_kind(newline: str) -> None:
    draft = read_text(newline.join(["Bridge", "", LEAD, "", REST]))
    assert draft.text == f"{LEAD}\n\n{REST}"


def test_decomposed_accents_are_composed() -> None:
    draft = read_text("Cafe\u0301\n\nJose\u0301 came.")
    assert (draft.title, draft.text) == ("Café", "José came.")


@pytest.mark.parametrize(
    "text",
    [
        "The family 👩‍👩‍👧‍👦 came with 🇺🇦 and ❤️.",
        "Two  spaces,\u00a0a hard one\tand a tab.",
        "قال رئيس البلدية\u200f إن الجسر آمن (PM).",
        "A zero\u200bwidth and a soft\u00adhyphen.",
        "First.\n\n\n  Second, indented.",
    ],
)
def test_everything_else_in_the_text_is_kept_as_it_came(text: str) -> None:
    assert read_text(text).text == text
    assert read_text(text.encode()).text == text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_bytes_are_read_with_and_without_a_byte_order_mark(codec: str) -> None:
    assert read_text("José 👍 came.".encode(codec)).text == "José 👍 came."


def test_a_byte_order_mark_in_pasted_text_is_dropped() -> None:
    assert read_text("\ufeff" + LEAD).text == LEAD


def test_bytes_that_are_not_utf_8_are_refused_with_the_byte_and_its_place() -> None:
    message = str(refusal("José came.".encode("latin-1")))
    assert "0xE9" in message
    assert "offset 3" in message
    assert "UTF-8" in message


@pytest.mark.parametrize("raw", [b"PK\x03\x04\x00\x00\xff\xfe", b"a\0b", "a\x07b", "a\x9db"])
def test_binary_files_and_control_characters_are_refused(raw: str | bytes) -> None:
    assert "binary" in str(refusal(raw))


def test_a_lone_surrogate_is_refused_with_its_place() -> None:
    assert "character 3" in str(refusal("ab\ud83d"))


@pytest.mark.parametrize("raw", ["", " \n\t\r\n ", "\ufeff", "\u200b\u200d", b""])
def test_an_empty_text_is_refused(raw: str | bytes) -> None:
    assert "empty" in str(refusal(raw))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Title: Bridge", "title"),
        ("Title: Bridge\nDate: 2024-11-27\n", "title"),
        ("Mayor opens bridge\n\nRelated:\n- One", "title"),
        ("Related:\n- One\n- Two", "related headlines"),
    ],
)
def test_a_title_or_a_list_without_a_story_is_refused(raw: str, words: str) -> None:
    assert f"only a {words}" in str(refusal(raw)).replace("list of ", "")


def test_a_single_line_is_a_story_with_a_made_up_title() -> None:
    draft = read_text("Mayor opens bridge")
    assert (draft.title, draft.title_is_made_up) == ("Mayor opens bridge", True)
    assert draft.text == "Mayor opens bridge"


@pytest.mark.parametrize("raw", ["x" * (MAX_TEXT + 1), b"x" * (MAX_TEXT + 1), b"x" * MAX_TEXT * 5])
def test_an_over_long_text_is_refused_with_limit_and_length(raw: str | bytes) -> None:
    message = str(refusal(raw))
    assert "2,000,000" in message
    assert "too long: 2," in message


def test_a_megabyte_is_read_in_under_a_second() -> None:
    raw = f"Bridge\n\n{LEAD} {REST}\n\n".encode() * 12_000
    assert len(raw) > 1_000_000
    before = time.perf_counter()
    draft = read_text(raw)
    assert time.perf_counter() - before < 1
    assert draft.zones[0].end == len(draft.text)


def test_a_title_that_is_too_long_is_refused_by_name() -> None:
    assert refusal(LEAD, title="x" * 301).field == "title"


# --- language and fingerprint ---


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (LEAD, "en"),
        ("Der Bürgermeister hat die neue Brücke am Montag mit einer Rede eröffnet.", "de"),
        ("Le maire a ouvert le pont lundi, selon un communiqué de la ville.", "fr"),
        ("Міський голова відкрив міст у понеділок, і це було свято для міста.", "uk"),
        ("Мэр открыл мост в понедельник, и это был праздник для города.", "ru"),
        ("رئيس البلدية افتتح الجسر يوم الاثنين", "ar"),
        ("市長は月曜日に橋を開いた。", "ja"),
        ("市长星期一为大桥揭幕。", "zh"),
        ("Putin, Tokayev, Astana", "en"),
        ("123 🙂", "en"),
    ],
)
def test_a_language_is_guessed_and_english_where_nothing_speaks(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_a_given_language_wins_and_must_be_a_tag() -> None:
    assert read_text(LEAD, language="pt-BR").language == "pt-BR"
    assert refusal(LEAD, language="English!").field == "language"


def test_a_fingerprint_sees_through_line_ends_and_composition() -> None:
    assert fingerprint("Jose\u0301\r\n\r\ncame  by") == fingerprint("José\ncame by")
    assert fingerprint("José came by") != fingerprint("Jose came by")
