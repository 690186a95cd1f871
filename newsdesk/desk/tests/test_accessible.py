"""Every desk page as axe-core sees it, wide and narrow, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from annotations.tests.factories import (
    ClaimFactory,
    EntityFactory,
    SourceFactory,
    accept_all,
    suggest,
    suggest_tie,
)
from articles.models import Article
from articles.tests.factories import editor, make_article
from newsdesk.desk.tests.conftest import TEXT
from newsdesk.tests.browsing import context_of, violations

LOOKS = [
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True},
]
# A window of 1280 by 900 pixels with the page at 200 %.
TWICE = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
# Whether the middle of the current tag's first line is what one sees there.
TOPMOST = """() => {
  const mark = document.querySelector("#text mark.is-current");
  const { left, width, top, height } = mark.getClientRects()[0];
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return mark === there || mark.contains(there) || there?.contains(mark) && there.tagName === "MARK";
}"""


def tagged() -> Article:
    article = make_article(TEXT, title="Bridge opened")
    suggest(article, "entity", "Ana Ruiz")
    claim = suggest(article, "claim", "The bridge is safe")
    suggest_tie(claim, suggest(article, "source", "the ministry"))
    return article


def addresses() -> list[str]:
    """One of each page of the desk."""
    entity, twin = EntityFactory.create_batch(2, name="Ana Ruiz")
    claim, source = ClaimFactory(), SourceFactory()
    decided = tagged()
    accept_all(decided, editor(username="eve"))
    article = f"/desk/articles/{decided.pk}/"
    return [
        "/desk/",
        "/desk/?state=published",
        "/desk/articles/new/",
        article,
        f"{article}edit/",
        f"{article}history/",
        "/desk/entities/",
        "/desk/entities/new/",
        f"/desk/entities/{entity.pk}/",
        f"/desk/entities/{entity.pk}/merge?q=ana",
        f"/desk/entities/{entity.pk}/merge?into={twin.pk}",
        "/desk/claims/",
        f"/desk/claims/{claim.pk}/",
        "/desk/sources/?q=nobody",
        f"/desk/sources/{source.pk}/",
    ]


@pytest.mark.parametrize("look", LOOKS, ids=["wide and light", "narrow and dark"])
def test_every_desk_page_is_accessible(browser: Browser, server: str, look: dict) -> None:
    ada = editor(username="ada")
    with context_of(browser, server, ada, **look) as context:
        page = context.new_page()
        found = {}
        for address in addresses():
            page.goto(address)
            found[address] = violations(page)
        assert {address: those for address, those in found.items() if those} == {}


def test_signing_in_is_accessible(browser: Browser, server: str) -> None:
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto("/desk/")
        assert violations(page) == []


@pytest.mark.parametrize("look", LOOKS, ids=["wide and light", "narrow and dark"])
def test_the_annotator_is_accessible_with_each_kind_of_tag(
    browser: Browser, server: str, look: dict
) -> None:
    article = tagged()
    with context_of(browser, server, editor(username="ada"), **look) as context:
        page = context.new_page()
        page.goto(f"/desk/articles/{article.pk}/")
        page.locator("[data-annotator=ready]").wait_for()
        found = [violations(page)]
        for _ in range(3):
            page.keyboard.press("j")
            found.append(violations(page))
        page.keyboard.press("?")
        found.append(violations(page))
        assert [those for those in found if those] == []


def test_at_twice_the_size_the_current_tag_is_never_covered(browser: Browser, server: str) -> None:
    article = tagged()
    with context_of(browser, server, editor(username="ada"), **TWICE) as context:
        page = context.new_page()
        page.goto(f"/desk/articles/{article.pk}/")
        page.locator("[data-annotator=ready]").wait_for()
        seen = []
        for _ in range(3):
            page.keyboard.press("j")
            page.locator("#text mark.is-current").first.wait_for()
            seen.append(page.evaluate(TOPMOST))
        assert seen == [True] * 3


@pytest.mark.parametrize("look", [*LOOKS, TWICE], ids=["wide", "narrow", "at twice the size"])
def test_no_desk_page_scrolls_sideways(browser: Browser, server: str, look: dict) -> None:
    with context_of(browser, server, editor(username="ada"), **look) as context:
        page = context.new_page()
        wide = []
        for address in addresses():
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(address)
        assert wide == []


def test_on_a_phone_what_the_page_says_stands_below_its_head(browser: Browser, server: str) -> None:
    article = tagged()
    with context_of(browser, server, editor(username="ada"), **LOOKS[1]) as context:
        page = context.new_page()
        page.goto(f"/desk/articles/{article.pk}/")
        page.wait_for_selector("html[data-annotator=ready]")
        page.keyboard.press("u")
        notice = page.locator(".notice")
        notice.wait_for()
        head = page.locator(".article-head").bounding_box()
        assert notice.bounding_box()["y"] >= head["y"] + head["height"]
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        assert 0 <= notice.bounding_box()["y"] < 20


def test_where_the_system_gives_the_colours_the_current_tag_has_a_line_around(
    browser: Browser, server: str
) -> None:
    article = tagged()
    with context_of(browser, server, editor(username="ada"), forced_colors="active") as context:
        page = context.new_page()
        page.goto(f"/desk/articles/{article.pk}/")
        page.wait_for_selector("html[data-annotator=ready]")
        page.keyboard.press("j")
        look = "(mark) => { const s = getComputedStyle(mark); return [s.outlineStyle, s.outlineWidth]; }"
        assert page.locator("#text mark.is-current").first.evaluate(look) == ["solid", "3px"]
        tagged_words = page.locator("#text mark.tag-entity").last
        assert tagged_words.evaluate("(mark) => getComputedStyle(mark).borderBottomStyle") != "none"
