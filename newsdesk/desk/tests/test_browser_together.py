"""Two editors on one story: each sees the other, and nobody is overwritten silently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from annotations import deciding
from annotations.tests.factories import suggest
from articles.models import Article
from articles.tests.factories import editor, make_article
from newsdesk.tests.browsing import context_of, violations

TEXT = "Ana Ruiz opened the bridge in Amaro on Monday.\nBen Oda of the port did not agree."
AT_ONCE = 1000


@pytest.fixture
def story(server: str) -> Article:
    article = make_article(TEXT, title="Bridge opened")
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "entity", "Amaro", type="place")
    suggest(article, "entity", "Ben Oda")
    return article


def opened(browser: Browser, server: str, story: Article, user: Any) -> Iterator[Page]:
    with context_of(browser, server, user, apart=True) as context:
        page = context.new_page()
        page.goto(f"/desk/articles/{story.pk}/")
        page.wait_for_selector("html[data-annotator=ready]")
        yield page


@pytest.fixture
def ada(browser: Browser, server: str, story: Article) -> Iterator[Page]:
    yield from opened(browser, server, story, editor(username="ada"))


@pytest.fixture
def bo_user(server: str) -> Any:
    return editor(username="bo", first_name="Bo", last_name="Lind")


@pytest.fixture
def bo(browser: Browser, server: str, story: Article, bo_user: Any) -> Iterator[Page]:
    yield from opened(browser, server, story, bo_user)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def stored(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")


def statuses(story: Article) -> list[str]:
    return list(story.annotations.order_by("start").values_list("status", flat=True))


def first(page: Page):
    return page.locator("#text mark[tabindex]").first


def unsettled(page: Page):
    return page.locator("[data-key=unsettled]")


def test_each_sees_the_other_and_what_the_other_decides(ada: Page, bo: Page) -> None:
    expect(ada.locator("#here .here")).to_have_text("BL Bo Lind has this story open")
    expect(bo.locator("#here .here")).to_have_attribute("title", "ada has this story open")
    press(bo, "j")
    expect(first(ada)).to_have_attribute("data-here", "BL", timeout=AT_ONCE)
    expect(ada.locator("#here button")).to_have_attribute("title", "Bo Lind is at “Ana Ruiz”")
    before = first(ada).bounding_box()
    press(bo, "a")
    expect(ada.locator("#text mark.is-accepted")).to_have_text("Ana Ruiz", timeout=AT_ONCE)
    assert first(ada).bounding_box() == before
    press(ada, "j", "j", "x")
    expect(bo.locator("#text mark.is-rejected")).to_have_text("Amaro", timeout=AT_ONCE)
    assert violations(ada) == []
    bo.close()
    expect(ada.locator("#here .here")).to_have_count(0)
    expect(ada.locator("#here [aria-live]")).to_have_text("Bo Lind has left.")


def both_decided(ada: Page, bo_user: Any, story: Article) -> None:
    """Ada accepts three without a network, Bo rejects the first two meanwhile."""
    ada.context.set_offline(True)
    press(ada, "j", "a", "a", "a")
    for annotation in story.annotations.order_by("start")[:2]:
        deciding.reject(annotation=annotation, editor=bo_user, seen_version=1)
    ada.context.set_offline(False)
    stored(ada)


def test_who_was_slower_chooses_by_key_and_the_choice_outlives_a_reload(
    ada: Page, bo_user: Any, story: Article
) -> None:
    both_decided(ada, bo_user, story)
    assert statuses(story) == ["rejected", "rejected", "accepted"]
    expect(unsettled(ada)).to_contain_text("2 of your decisions were not stored")
    ada.reload()
    expect(unsettled(ada)).to_contain_text("2 of your decisions were not stored")
    press(ada, "c")
    row = ada.locator(".unsettled-list li").first
    expect(row).to_contain_text("bo: rejected, person, “Ana Ruiz”.")
    expect(row).to_contain_text("You: accepted, person, “Ana Ruiz”.")
    assert violations(ada) == []
    press(ada, "ArrowDown", "1", "2")
    stored(ada)
    expect(unsettled(ada)).to_have_count(0)
    assert statuses(story) == ["accepted", "rejected", "accepted"]
    press(ada, "u")
    stored(ada)
    assert statuses(story) == ["rejected", "rejected", "accepted"]


def test_what_was_decided_on_top_comes_along_with_the_choice(
    ada: Page, bo_user: Any, story: Article
) -> None:
    ada.context.set_offline(True)
    press(ada, "j", "a", "k", "2")
    [mention] = story.annotations.filter(label="Ana Ruiz")
    deciding.reject(annotation=mention, editor=bo_user, seen_version=1)
    ada.context.set_offline(False)
    expect(unsettled(ada)).to_be_visible()
    press(ada, "c", "2")
    expect(unsettled(ada)).to_have_count(0)
    stored(ada)
    mention.refresh_from_db()
    assert (mention.status, mention.type, mention.version) == ("accepted", "organisation", 4)


def test_keys_for_the_choice_wait_until_it_is_there(
    ada: Page, bo_user: Any, story: Article
) -> None:
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    ada.route("**/desk/unsettled.js", hold)
    ada.context.set_offline(True)
    press(ada, "j", "a")
    [mention] = story.annotations.filter(label="Ana Ruiz")
    deciding.reject(annotation=mention, editor=bo_user, seen_version=1)
    ada.context.set_offline(False)
    stored(ada)
    # The second key is for the list that comes with the first: it makes nothing an organisation.
    press(ada, "c", "2")
    while not asked:
        ada.wait_for_timeout(20)
    asked[0].continue_()
    expect(ada.locator("#text mark.is-accepted")).to_have_text("Ana Ruiz")
    stored(ada)
    mention.refresh_from_db()
    assert (mention.status, mention.type, mention.version) == ("accepted", "person", 3)


def test_two_who_decide_alike_have_nothing_to_choose(
    ada: Page, bo_user: Any, story: Article
) -> None:
    ada.context.set_offline(True)
    press(ada, "j", "a")
    [mention] = story.annotations.filter(label="Ana Ruiz")
    deciding.accept(annotation=mention, editor=bo_user, seen_version=1)
    ada.context.set_offline(False)
    stored(ada)
    expect(unsettled(ada)).to_have_count(0)
    assert mention.decisions.count() == 1


def test_undoing_what_a_colleague_changed_since_is_a_choice_too(
    ada: Page, bo: Page, bo_user: Any, story: Article
) -> None:
    press(ada, "j", "a")
    stored(ada)
    expect(first(bo)).to_have_attribute("aria-label", "Entity, person, accepted")
    press(bo, "j", "3")
    expect(first(ada)).to_have_attribute("aria-label", "Entity, place, accepted")
    press(ada, "u")
    expect(unsettled(ada)).to_contain_text("bo: accepted, place, “Ana Ruiz”.")
    assert statuses(story)[0] == "accepted"
    press(ada, "c", "2")
    expect(unsettled(ada)).to_have_count(0)
    stored(ada)
    assert statuses(story)[0] == "suggested"
    press(ada, "Shift+U")
    stored(ada)
    mention = story.annotations.get(label="Ana Ruiz")
    assert (mention.status, mention.type) == ("accepted", "place")
