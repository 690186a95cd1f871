"""The story's page in Chromium, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from annotations import deciding
from annotations.deciding import Body
from annotations.models import Claim, Entity
from annotations.tests.factories import span_of
from articles.models import Article
from newsdesk.site.tests.builders import rate, story
from newsdesk.tests.browsing import context_of

TEXT = (
    "Ana Ruiz  opened the 🌉 bridge.\nShe waved.\n\n"
    "The bridge is safe & sound, Ruiz said. Others doubt it."
)
COPIED = "getSelection().selectAllChildren(document.querySelector('.story-text')), getSelection().toString()"


@pytest.fixture
def article(server: str, ada) -> Article:
    """A story in which a name stands within a claim, and a name and a source on the same words."""
    article = story(ada, TEXT)
    for words, occurrence, label in (("bridge", 2, "The Bridge"), ("Ruiz", 2, "Ana Ruiz")):
        spans = [span_of(article, words, occurrence)]
        body = Body(type="place" if label == "The Bridge" else "person", label=label)
        deciding.add(article=article, editor=ada, kind="entity", spans=spans, body=body)
    rate(Claim.objects.get(), "Half true", rating_value=3)
    return article


@pytest.fixture
def page(browser: Browser, server: str, article: Article) -> Iterator[Page]:
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto(article.get_absolute_url())
        yield page


@pytest.fixture
def still(browser: Browser, server: str, article: Article) -> Iterator[Page]:
    """The same without JavaScript."""
    with context_of(browser, server, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(article.get_absolute_url())
        yield page


def lines_below(page: Page, selector: str) -> str:
    """The lines that a mark's words have, as the browser draws them."""
    return page.locator(selector).first.evaluate(
        "e => getComputedStyle(e).textDecorationLine + ' ' + getComputedStyle(e).borderBottomStyle"
    )


def test_the_text_copied_is_the_plain_text(page: Page) -> None:
    assert page.evaluate(COPIED) == TEXT


def test_a_text_of_lines_is_copied_as_lines(browser: Browser, server: str, ada) -> None:
    text = TEXT.replace("\n\n", "\n")
    article = story(ada, text, title="Lines")
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto(article.get_absolute_url())
        assert page.evaluate(COPIED) == text


def test_a_pointer_on_a_claim_shows_what_it_is_and_who_says_so(page: Page) -> None:
    page.locator(".story-text a.tag-claim", has_text="is safe & sound").hover()
    card = page.locator("#card")
    card.wait_for(state="visible")
    assert "The bridge is safe." in card.inner_text()
    assert "Ana Ruiz says so (as reported)" in card.inner_text()
    assert "Rated Half true by Fact Bureau" in card.inner_text()
    # It stays while the pointer is on it, and goes with Escape.
    card.get_by_role("link", name="The bridge is safe.").hover()
    page.wait_for_timeout(300)
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert card.is_hidden()


def test_the_card_of_a_name_in_a_claim_tells_of_both_the_name_first(page: Page) -> None:
    page.locator(".story-text a.tag-entity", has_text="bridge").hover()
    page.locator("#card").wait_for(state="visible")
    assert page.locator("#card .told").first.inner_text().startswith("The Bridge")
    assert "The bridge is safe." in page.locator("#card .told").nth(1).inner_text()


def test_the_keyboard_opens_the_card_which_describes_the_link(page: Page) -> None:
    page.locator(".layers input").last.focus()
    page.keyboard.press("Tab")
    card = page.locator("#card")
    assert card.is_visible()
    assert "Person" in card.inner_text()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "card"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{Entity.objects.get(name='Ana Ruiz').get_absolute_url()}")


def test_a_claim_in_pieces_takes_one_press_of_tab(page: Page) -> None:
    stops = page.locator(".story-text a:not([tabindex='-1'])")
    marks = page.locator(".story-text a.tag-claim:not(.tag-entity):not([tabindex='-1'])")
    assert marks.count() == 1
    assert stops.count() == 5


def test_a_tap_opens_the_card_and_a_second_one_follows_the_link(
    browser: Browser, server: str, article: Article
) -> None:
    size = {"width": 390, "height": 844}
    with context_of(browser, server, viewport=size, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(article.get_absolute_url())
        name = page.locator(".story-text a.tag-entity", has_text="Ana Ruiz")
        name.tap()
        card = page.locator("#card")
        card.wait_for(state="visible")
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        name.tap()
        page.wait_for_url("**/entities/ana-ruiz/")


@pytest.mark.parametrize("kind", ["entity", "claim", "source"])
def test_a_layer_is_switched_off_without_javascript(still: Page, kind: str) -> None:
    selector = f".story-text .tag-{kind}"
    before = lines_below(still, selector)
    still.locator(f"#show-{kind}").uncheck()
    assert before != "none none"
    assert kind == "source" or lines_below(still, selector) == "none none"
    if kind == "source":
        assert "dotted" in before
        assert "dotted" not in lines_below(still, selector)


def test_what_cards_say_is_on_the_page_without_javascript(still: Page, article: Article) -> None:
    assert still.locator(".story-text a.tag-claim").first.get_attribute("title") == "Claim 1"
    still.locator(".who").click()
    assert still.url.endswith("#claim-1")
    assert "Ana Ruiz says so" in still.locator("#claim-1").inner_text()
    still.locator("#claim-1 .number").click()
    assert still.url.endswith("#mark-1")


def test_with_names_off_a_claims_words_all_lead_to_the_claim(page: Page, article: Article) -> None:
    claim = Claim.objects.get().get_absolute_url()
    name = page.locator(".story-text a.tag-claim", has_text="bridge")
    assert name.get_attribute("href") == Entity.objects.get(name="The Bridge").get_absolute_url()
    page.locator("#show-entity").uncheck()
    assert name.get_attribute("href") == claim
    page.reload()
    assert not page.locator("#show-entity").is_checked()
    assert name.get_attribute("href") == claim
    page.locator("#show-entity").check()
    assert name.get_attribute("href") != claim


def test_on_paper_the_text_and_its_claims_stay(page: Page) -> None:
    page.emulate_media(media="print")
    for selector in (".layers", ".find", ".masthead nav"):
        assert page.locator(selector).is_hidden()
    assert page.locator("#claims").is_visible()
    assert page.locator(".story-text").is_visible()


def test_the_page_weighs_little_and_no_script_holds_it_up(page: Page, reader) -> None:
    weight = page.evaluate(
        "performance.getEntries().reduce((n, e) => n + (e.encodedBodySize ?? 0), 0)"
    )
    assert weight < 50_000
    blocking = "[...document.scripts].filter(s => s.src && s.type !== 'module' && !s.defer).length"
    assert page.evaluate(blocking) == 0
