"""Deciding in the browser: the cursor, the keys, many at once, what is shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from annotations.tests.factories import suggest
from articles.models import Article
from articles.tests.factories import editor, make_article
from newsdesk.tests.browsing import context_of

TEXT = (
    "Ana Ruiz opened the bridge in Amaro on Monday.\n"
    "The bridge is safe, Ana Ruiz said. Ben Oda of the port did not agree.\n"
    "On Tuesday Ana Ruiz went back to Amaro."
)


@pytest.fixture
def story(server: str) -> Article:
    """Six suggestions: Ana three times, Amaro, Ben, and a claim; the claim and Ben are unsure."""
    article = make_article(TEXT, title="Bridge opened")
    for occurrence in (1, 2, 3):
        suggest(article, "entity", "Ana Ruiz", occurrence=occurrence, confidence=0.95)
    suggest(article, "entity", "Amaro", type="place", confidence=0.9)
    suggest(article, "entity", "Ben Oda", confidence=0.7)
    suggest(article, "claim", "The bridge is safe", confidence=0.5)
    return article


@pytest.fixture
def page(browser: Browser, server: str, story: Article) -> Iterator[Page]:
    with context_of(browser, server, editor(username="ada")) as context:
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"/desk/articles/{story.pk}/")
        page.wait_for_selector("html[data-annotator=ready]")
        yield page
        assert problems == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def current(page: Page) -> str:
    return page.locator(".card-words").inner_text()


def left(page: Page) -> dict[str, str]:
    names = ("entity", "claim", "source", "sure", "likely", "unsure")
    return {name: page.locator(f"[data-left={name}]").inner_text() for name in names}


def rows(page: Page, status: str) -> list[str]:
    shown = page.locator(f".group[data-status={status}] .item:not(.is-out) .item-words")
    return shown.all_inner_texts()


def said(page: Page) -> str:
    return page.locator(".notice span").inner_text()


def statuses(story: Article) -> list[str]:
    return sorted(story.annotations.values_list("status", flat=True))


def stored(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")


def test_one_key_decides_and_moves_on(page: Page, story: Article) -> None:
    press(page, "j", "a", "x")
    assert current(page) == "“The bridge is safe”"
    stored(page)
    assert statuses(story) == ["accepted", "rejected"] + ["suggested"] * 4


def test_what_was_skipped_comes_back_at_the_end(page: Page) -> None:
    press(page, "j", " ", "a", "a", "a", "a", "a")
    assert current(page) == "“Ana Ruiz”"
    press(page, "a")
    expect(page.locator("[data-left=entity]")).to_have_text("0")


def test_the_counts_tell_kind_and_confidence(page: Page) -> None:
    assert left(page) == {
        "entity": "5", "claim": "1", "source": "0", "sure": "4", "likely": "1", "unsure": "1",
    }  # fmt: skip
    press(page, "j", "a")
    assert (left(page)["entity"], left(page)["sure"]) == ("4", "3")


def test_the_least_sure_can_come_first(page: Page) -> None:
    press(page, "o")
    assert current(page) == "“The bridge is safe”"
    press(page, "a")
    assert current(page) == "“Ben Oda”"
    assert rows(page, "suggested")[:2] == ["Ben Oda", "Amaro"]
    press(page, "o")
    assert rows(page, "suggested")[0] == "Ana Ruiz"


def test_only_one_kind_can_be_walked(page: Page) -> None:
    page.locator("[data-only=kind][value=claim]").click()
    press(page, "j")
    assert current(page) == "“The bridge is safe”"
    assert rows(page, "suggested") == ["The bridge is safe"]
    expect(page.locator("#text mark.tag-entity").first).to_have_class(
        "tag tag-entity is-suggested is-out"
    )
    page.locator("[data-show-all]").click()
    expect(page.locator("#text mark.is-out")).to_have_count(0)
    assert len(rows(page, "suggested")) == 6


def test_a_confidence_and_a_status_can_be_sifted(page: Page) -> None:
    page.locator("[data-only=band][value=likely]").click()
    press(page, "j", "a")
    page.locator("[data-only=status]").select_option("accepted")
    assert rows(page, "accepted") == ["Ben Oda"]
    assert rows(page, "suggested") == []


def test_all_above_a_confidence_are_accepted_and_undone_as_one(page: Page, story: Article) -> None:
    expect(page.locator("[data-from]")).to_have_text("4")
    press(page, "%", "ArrowRight")
    expect(page.locator("[data-from]")).to_have_text("3")
    press(page, "Enter")
    assert said(page) == "Accepted: 3 entities that were 95 % sure or more"
    stored(page)
    assert statuses(story) == ["accepted"] * 3 + ["suggested"] * 3
    press(page, "u")
    stored(page)
    assert statuses(story) == ["suggested"] * 6


def test_every_place_of_an_entity_is_accepted_with_one_key(page: Page, story: Article) -> None:
    press(page, "j", "Shift+A")
    assert said(page) == "Accepted: 3 entities of “Ana Ruiz”"
    assert current(page) == "“Amaro”"
    stored(page)
    assert statuses(story).count("accepted") == 3
    press(page, "u")
    stored(page)
    assert statuses(story) == ["suggested"] * 6


def test_the_digits_stand_beside_the_types_and_set_them(page: Page, story: Article) -> None:
    press(page, "j")
    assert page.locator(".card-types button").nth(1).inner_text().split() == ["Organisation", "2"]
    press(page, "2")
    stored(page)
    assert story.annotations.order_by("start")[0].type == "organisation"


def test_the_words_of_a_suggestion_are_corrected_by_word_from_either_end(
    page: Page, story: Article
) -> None:
    press(page, "o", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Shift+ArrowRight")
    expect(page.locator("#text mark.tag-claim").first).to_have_text("bridge is safe, ")
    press(page, "a")
    stored(page)
    claim = story.annotations.get(kind="claim")
    assert (claim.words(), claim.status) == (["bridge is safe, Ana Ruiz"], "accepted")
    assert current(page) == "“Ben Oda”"
    press(page, "u")
    stored(page)
    claim.refresh_from_db()
    assert (claim.words(), claim.status) == (["The bridge is safe"], "suggested")


def test_a_correction_is_left_by_escape_and_stored_by_waiting(page: Page, story: Article) -> None:
    press(page, "o", "a", "Shift+ArrowLeft")
    press(page, "Escape")
    expect(page.locator("#text mark.tag-entity", has_text="Ben")).to_have_text("Ben Oda")
    press(page, "ArrowLeft")
    expect(page.locator("#text mark.tag-entity.is-accepted")).to_have_text("Ben")
    stored(page)
    ben = story.annotations.order_by("confidence")[1]
    assert (ben.words(), ben.name) == (["Ben"], "Ben")


def test_one_word_is_the_least(page: Page) -> None:
    press(page, "j", "j", "ArrowLeft")
    assert said(page) == "One word is the least that a tag has."


def test_no_key_is_needed(page: Page, story: Article) -> None:
    page.locator("#list .item-go").first.click()
    page.locator(".card-acts button", has_text="Accept").click()
    page.locator("[data-command=order]").click()
    page.locator("[data-command=acceptFrom]").click()
    stored(page)
    assert statuses(story).count("accepted") == 4


def test_marks_tell_their_kind_and_status_and_decisions_are_said_aloud(page: Page) -> None:
    press(page, "j")
    mark = page.locator("#text mark[aria-current=true]")
    expect(mark).to_have_attribute("aria-label", "Entity, person, suggested")
    expect(mark).to_be_focused()
    press(page, "a", "k")
    expect(mark).to_have_attribute("aria-label", "Entity, person, accepted")
    expect(page.locator("#notices [aria-live=polite]")).to_have_text(
        "Accepted: Ana Ruiz, person. 4 entities, 1 claim left."
    )
