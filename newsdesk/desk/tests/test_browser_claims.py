"""Entities, claims and sources in real Chromium: attached, tied, described."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from annotations.deciding import accept
from annotations.models import Annotation, Attribution, Entity
from annotations.tests.factories import ClaimFactory, EntityFactory, span_of, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import editor, make_article
from newsdesk.desk.tests.conftest import TEXT
from newsdesk.tests.browsing import context_of


@pytest.fixture
def eve(server: str) -> User:
    return editor(username="eve")


@pytest.fixture
def story(eve: User) -> Article:
    """A story with a name, a claim, two sources and no tie."""
    article = make_article(TEXT, title="Bridge opened")
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "claim", "The bridge is safe")
    suggest(article, "source", "the ministry", label="the ministry")
    suggest(article, "source", "An official", type="unnamed", label="an official")
    return article


@pytest.fixture
def page(browser: Browser, server: str, eve: User, story: Article) -> Iterator[Page]:
    with context_of(browser, server, eve) as context:
        page = context.new_page()
        page.goto(f"/desk/articles/{story.pk}/")
        page.locator("[data-annotator=ready]").wait_for()
        yield page


def go_to(page: Page, words: str) -> None:
    page.locator("#text mark", has_text=words).last.click()
    expect(page.locator("#card")).to_contain_text(words)


def stored(page: Page) -> None:
    """Wait until the server has all."""
    page.locator("body[data-waiting='0']").wait_for()


def of(story: Article, kind: str, words: str) -> Annotation:
    return story.annotations.get(kind=kind, spans=[span_of(story, words)])


def test_a_claim_is_tied_to_the_nearest_source_by_two_keys_and_a_line_shows_it(
    page: Page, story: Article
) -> None:
    go_to(page, "The bridge is safe")
    page.keyboard.press("t")
    expect(page.locator("#card [role=combobox]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_contain_text("the ministry")
    expect(page.locator(".bracket path")).to_have_count(1)
    stored(page)
    tie = Attribution.objects.get()
    assert (tie.claim, tie.source, tie.status) == (
        of(story, "claim", "The bridge is safe"),
        of(story, "source", "the ministry"),
        "accepted",
    )


def test_shift_and_a_click_on_a_source_tie_the_current_claim_to_it(
    page: Page, story: Article
) -> None:
    go_to(page, "The bridge is safe")
    page.locator("#text mark", has_text="An official").click(modifiers=["Shift"])
    expect(page.locator("#card")).to_contain_text("an official")
    stored(page)
    assert Attribution.objects.get().source == of(story, "source", "An official")


def test_a_claim_may_be_the_outlets_own(page: Page) -> None:
    go_to(page, "The bridge is safe")
    page.keyboard.press("t")
    page.get_by_role("option", name="The outlet itself").click()
    expect(page.locator("#card")).to_contain_text("the outlet itself")
    stored(page)
    tie = Attribution.objects.get()
    assert (tie.source, tie.by_outlet) == (None, True)


def test_marks_say_in_words_who_makes_a_claim(page: Page, story: Article) -> None:
    mark = page.locator("#text mark[tabindex]", has_text="The bridge is safe")
    expect(mark).to_have_attribute("aria-label", "Claim, suggested")
    go_to(page, "The bridge is safe")
    page.keyboard.press("t")
    expect(page.locator("#card [role=combobox]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(mark).to_have_attribute("aria-label", "Claim, suggested, said by the ministry")
    stored(page)
    page.reload()
    expect(mark).to_have_attribute("aria-label", "Claim, suggested, said by the ministry")


def test_selected_words_become_the_cue_of_the_current_claim(page: Page, story: Article) -> None:
    claim = of(story, "claim", "The bridge is safe")
    suggest_tie(claim, of(story, "source", "the ministry"))
    page.reload()
    go_to(page, "The bridge is safe")
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode()); ) {
            const at = node.data.indexOf("according to");
            if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + 12);
          }
        }"""
    )
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.press("q")
    expect(page.locator("#card .cue")).to_contain_text("according to")
    stored(page)
    assert Attribution.objects.get().cue == [span_of(story, "according to")]


def test_the_sentence_of_a_claim_is_edited_in_place(page: Page, story: Article) -> None:
    go_to(page, "The bridge is safe")
    page.keyboard.press("s")
    page.get_by_label("The claim in one sentence").fill("The new bridge of Port Amaro is safe.")
    page.keyboard.press("Enter")
    stored(page)
    claim = of(story, "claim", "The bridge is safe")
    assert (claim.status, str(claim.claim)) == ("accepted", "The new bridge of Port Amaro is safe.")


def test_a_claim_that_was_said_before_is_taken_by_one_key(
    page: Page, story: Article, eve: User
) -> None:
    known = ClaimFactory(text="The bridge of Port Amaro is safe.")
    earlier = make_article("It is safe.", title="Earlier story")
    one = suggest(earlier, "claim", "It is safe.", label=known.text)
    accept(annotation=one, editor=eve, seen_version=1)
    claim = of(story, "claim", "The bridge is safe")
    claim.proposal = {"said_before": [{"claim": known.pk, "similarity": 0.91}]}
    claim.save()
    page.reload()
    go_to(page, "The bridge is safe")
    said = page.locator("[data-said-before]")
    expect(said).to_contain_text("Earlier story")
    page.keyboard.press("b")
    expect(page.locator("#card .card-name")).to_have_text(known.text)
    stored(page)
    claim.refresh_from_db()
    assert (claim.claim, claim.status) == (known, "accepted")


def test_an_unnamed_source_is_described(page: Page, story: Article) -> None:
    go_to(page, "An official")
    page.keyboard.press("a")
    go_to(page, "An official")
    page.keyboard.press("i")
    page.get_by_label("Speaks for").fill("the ministry")
    page.get_by_label("Not named because").fill("fear for the post")
    page.keyboard.press("Enter")
    expect(page.locator("#card")).to_contain_text("Speaks for: the ministry.")
    stored(page)
    source = of(story, "source", "An official").source
    assert (source.affiliation, source.unnamed_reason) == ("the ministry", "fear for the post")
    page.reload()
    go_to(page, "An official")
    expect(page.locator("#card")).to_contain_text("Not named because: fear for the post")


def test_an_entity_is_searched_by_its_other_names_and_attached(page: Page, story: Article) -> None:
    known = EntityFactory(name="Ana María Ruiz", description="mayor of Port Amaro")
    known.aliases.create(text="The Bridge Mayor")
    go_to(page, "Ana Ruiz")
    page.keyboard.press("e")
    page.locator("#card [role=combobox]").fill("bridge mayor")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("mayor of Port Amaro")
    expect(option).to_contain_text("Person")
    page.keyboard.press("Enter")
    stored(page)
    mention = of(story, "entity", "Ana Ruiz")
    assert (mention.entity, mention.status) == (known, "accepted")
    assert known.aliases.filter(text="Ana Ruiz", origin="learned").exists()


def test_an_entity_is_made_in_place(page: Page, story: Article) -> None:
    go_to(page, "Ana Ruiz")
    page.keyboard.press("e")
    page.locator("#card [role=combobox]").fill("Ana Ruiz Solar")
    expect(page.get_by_role("option", name="Create “Ana Ruiz Solar”")).to_be_visible()
    page.keyboard.press("Enter")
    stored(page)
    assert of(story, "entity", "Ana Ruiz").entity.name == "Ana Ruiz Solar"


def test_a_pasted_wikidata_address_names_the_entity(page: Page, story: Article) -> None:
    go_to(page, "Ana Ruiz")
    page.keyboard.press("e")
    page.locator("#card [role=combobox]").fill("https://www.wikidata.org/wiki/Q42")
    expect(page.get_by_role("option", name="Give “Ana Ruiz” the Wikidata id Q42")).to_be_visible()
    page.keyboard.press("Enter")
    stored(page)
    assert of(story, "entity", "Ana Ruiz").entity == Entity.objects.get(wikidata_id="Q42")


def test_a_pasted_wikidata_address_finds_the_entity_that_has_it(page: Page, story: Article) -> None:
    known = EntityFactory(name="Somebody Else", wikidata_id="Q42")
    go_to(page, "Ana Ruiz")
    page.keyboard.press("e")
    page.locator("#card [role=combobox]").fill("q42")
    expect(page.get_by_role("option", name="Somebody Else")).to_be_visible()
    page.keyboard.press("Enter")
    stored(page)
    assert of(story, "entity", "Ana Ruiz").entity == known


def test_hovering_over_a_mark_shows_what_it_is_how_sure_and_why(page: Page) -> None:
    mark = page.locator("#text mark[tabindex]", has_text="Ana Ruiz")
    # The part that says so comes when the page is ready.
    for _ in range(50):
        page.mouse.move(0, 0)
        mark.hover()
        if mark.get_attribute("title"):
            break
    words = "Entity, person, suggested: Ana Ruiz\n80 % sure, by test 1: the test says so"
    expect(mark).to_have_attribute("title", words)
