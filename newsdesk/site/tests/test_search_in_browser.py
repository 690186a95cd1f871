"""Search as its users have it: with and without JavaScript, by the keys alone, on a phone."""

from __future__ import annotations

import html5lib
import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from annotations.models import Claim, ClaimReview
from newsdesk.site.tests.builders import story
from newsdesk.tests.browsing import context_of, violations

QUERY = "/search/?q=bridge&type=person"


def fields(page: Page) -> tuple[object, object]:
    box = page.get_by_role("combobox")
    return box, page.get_by_role("listbox")


def test_suggestions_are_walked_through_with_the_keys(browser: Browser, server: str, ada) -> None:
    story(ada)
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto("/search/")
        box, options = fields(page)
        box.press_sequentially("ana r")
        expect(options).to_be_visible()
        assert box.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        expect(chosen).to_have_attribute("aria-selected", "true")
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(options).to_be_hidden()
        box.press_sequentially("u")
        expect(options).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/entities/ana-ruiz/")


def test_enter_without_a_choice_searches_for_the_words(browser: Browser, server: str, ada) -> None:
    story(ada)
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto("/")
        box, options = fields(page)
        box.press_sequentially("bridge")
        expect(options).to_be_visible()
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=bridge")
        expect(page.locator(".hits li")).to_have_count(1)


def test_without_javascript_all_of_it_works(browser: Browser, server: str, ada) -> None:
    story(ada)
    with context_of(browser, server, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/search/")
        page.get_by_label("Search").first.fill("bridge")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Person", exact=True).click()
        assert page.url.endswith(QUERY)
        page.get_by_role("link", name="Take away: Person").click()
        assert page.url.endswith("/search/?q=bridge")


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (390, "dark")])
def test_search_and_card_are_accessible(
    browser: Browser, server: str, ada, width: int, colours: str
) -> None:
    story(ada, outlet="The Courier")
    claim = Claim.objects.get()
    ClaimReview.objects.create(
        claim=claim, rating="Half true", reviewer="Desk", reviewed_on="2026-01-01"
    )
    size = {"width": width, "height": 844}
    with context_of(browser, server, viewport=size, color_scheme=colours) as context:
        page = context.new_page()
        for address in (QUERY, "/search/", "/search/?q=zzqqxx", "/search/?type=x",
                        f"/claims/{claim.pk}/card/"):  # fmt: skip
            page.goto(address)
            assert violations(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.django_db
def test_search_and_card_are_valid_html(ada) -> None:
    story(ada)
    card = f"/claims/{Claim.objects.get().pk}/card/"
    for address in (QUERY, "/search/", "/search/?q=%3Cb%3E", "/search/?type=x", card):
        html5lib.HTMLParser(strict=True).parse(Client().get(address).content.decode())
