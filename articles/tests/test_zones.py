from __future__ import annotations

import random
from itertools import pairwise
from unicodedata import normalize

import pytest

from articles.ingest.draft import UnreadableText
from articles.ingest.text import read_text
from articles.ingest.zones import find_zones

LEAD = "The mayor of Port Amaro opened the bridge on Monday."


def kinds(text: str) -> list[tuple[str, str]]:
    return [(zone.kind, text[zone.start : zone.end]) for zone in find_zones(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Taiwan halts exports",
        "READ MORE | Bridge closed again",
        "Read more",
        "Читайте також: Міст закрито",
        "Sign up for our weekly newsletter.",
        "Subscribe to our Telegram channel",
        "Follow us on X and Facebook",
        "Follow Jane Doe on Bluesky.",
        "© 2024 Amaro Times",
        "Copyright 2024 Amaro Times. All rights reserved.",
        "Amaro Times. All rights reserved.",
        "(Reporting by Jane Doe in Amaro; Editing by John Roe)",
        "Reporting by Jane Doe; Additional reporting by Ali Khan; Editing by John Roe",
        "Our Standards: The Thomson Reuters Trust Principles.",
        "This story was first published by the Amaro Times.",
        "Advertisement",
        "Support our journalism with a small gift",
    ],
)
def test_a_line_that_comes_with_every_story_is_boilerplate(line: str) -> None:
    assert kinds(f"{LEAD}\n\n{line}\n\n{LEAD}") == [
        ("body", LEAD),
        ("boilerplate", line),
        ("body", LEAD),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Jane Doe / Reuters",
        "Image: The bridge at night / Reuters",
        "Photo by Jane Doe: The bridge at night",
        "File photo of the mayor in 2020.",
        "FILE - The mayor speaks in Port Amaro on May 3, 2023. (AP Photo/Jane Doe)",
        "The mayor speaks in Port Amaro. (Photo by Jane Doe / AFP)",
        "The mayor in Port Amaro | Getty Images",
        "Фото: Міст уночі",
    ],
)
def test_a_line_that_describes_a_picture_is_a_caption(line: str) -> None:
    assert kinds(f"{line}\n{LEAD}") == [("caption", line), ("body", LEAD)]


@pytest.mark.parametrize(
    "line",
    [
        "Read more books, the minister told pupils.",
        "Reporting by the newspaper showed that the bridge was unsafe.",
        "Photos of the bridge show cracks, Ana Ruiz said.",
        "She posted a picture of the bridge (photo left).",
        "Follow the money, she said, and you will find the mayor.",
        "Related documents were burnt in 2019.",
        "Copyright law must change, the party says.",
        "This story was told to her by her mother.",
        "Sign up for the army, the poster says.",
        "He said all rights reserved for citizens must be kept.",
        "Related: " + "x" * 400,
    ],
)
def test_a_doubtful_line_is_body(line: str) -> None:
    assert kinds(line) == [("body", line)]


def test_a_list_of_other_stories_in_mid_text_is_boilerplate() -> None:
    listed = "Related stories\n- Bridge closed\n\n- Bridge opened"
    assert kinds(f"{LEAD}\n{listed}\n{LEAD}")[1] == ("boilerplate", listed)


def test_neighbours_of_one_kind_are_one_zone() -> None:
    foot = "Read also: Bridge closed\n\nFollow us on X\n© 2024 Amaro Times"
    assert kinds(f"{LEAD}\n\n{LEAD}\n\n{foot}") == [
        ("body", f"{LEAD}\n\n{LEAD}"),
        ("boilerplate", foot),
    ]


def test_a_text_of_nothing_has_no_zones() -> None:
    assert find_zones("") == find_zones(" \n\t\n ") == ()


def test_zones_count_code_points() -> None:
    text = "👩‍👩‍👧‍👦 came.\nPhoto: José / Reuters"
    assert kinds(text) == [("body", "👩‍👩‍👧‍👦 came."), ("caption", "Photo: José / Reuters")]


PIECES = [
    *("\n", "\n", "\n\n", "\r\n", "\u2028", " ", "  ", "\u00a0", "\t"),
    *("- ", "• ", "1. ", ": ", ".", "a", LEAD, "שלום", "e\u0301", "👩‍👩‍👧‍👦"),
    *("Related:", "Related", "Read also: x", "Photo: x", "© 2024", "Title: x", "By Jane Doe"),
]


def random_texts() -> list[str]:
    chance = random.Random(20241127)
    return ["".join(chance.choices(PIECES, k=chance.randrange(40))) for _ in range(3000)]


def test_zones_of_any_text_are_sorted_whole_lines_that_cover_all_ink() -> None:
    for text in random_texts():
        zones = find_zones(text)
        covered = {place for zone in zones for place in range(zone.start, zone.end)}
        assert all(one.end <= other.start for one, other in pairwise(zones)), text
        assert all(one.kind != other.kind for one, other in pairwise(zones)), text
        assert all(zone.start < zone.end <= len(text) for zone in zones), text
        assert all(zone.start == 0 or text[zone.start - 1] == "\n" for zone in zones), text
        assert all(zone.end == len(text) or text[zone.end] == "\n" for zone in zones), text
        assert all(place in covered for place, c in enumerate(text) if not c.isspace()), text


def test_what_is_read_is_an_unbroken_part_of_what_came_and_zones_fit_it() -> None:
    read = 0
    for raw in random_texts():
        try:
            draft = read_text(raw)
        except UnreadableText:
            continue
        read += 1
        came = normalize("NFC", raw.replace("\r\n", "\n").replace("\u2028", "\n"))
        assert draft.text in came, raw
        assert draft.text == draft.text.strip() != "", raw
        assert draft.title, raw
        assert draft.zones == find_zones(draft.text), raw
    assert read > 1000
