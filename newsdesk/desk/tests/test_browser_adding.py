"""Adding in the browser: by keyboard, mouse and touch, in every script, and back out of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from annotations.deciding import add, reject
from annotations.tests.factories import suggest
from articles.models import Article
from articles.tests.factories import editor, make_article
from newsdesk.tests.browsing import context_of

TEXT = (
    "Ana Ruiz opened the bridge. Anatol Bern looked on.\n"
    "“It is safe,” Ana Ruiz said, “and it was cheap.” The bridge of Ana Ruiz is new.\n"
    "Later Ana Ruiz’s friends came. Ben went home."
)
CLAIM_PARTS = ["“It is safe,”", "“and it was cheap.”"]


@pytest.fixture
def story(server: str) -> Article:
    article = make_article(TEXT, title="Bridge opened")
    suggest(article, "entity", "Ben", confidence=0.9)
    return article


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Any]:
    """Opens an article for an editor; `options` are the context's."""
    contexts = []
    ada = editor(username="ada")

    def opened(article: Article, **options: Any) -> Page:
        contexts.append(context_of(browser, server, ada, **options))
        page = contexts[-1].new_page()
        page.goto(f"/desk/articles/{article.pk}/")
        page.wait_for_selector("html[data-annotator=ready]")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Any, story: Article) -> Page:
    return open_page(story)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        if key == "n":
            # In a page's first second the part that selects words is still being fetched.
            bar(page).wait_for()


def bar(page: Page) -> Any:
    return page.locator(".tagbar")


def select(page: Page, words: str, to: str = "", occurrence: int = 1) -> None:
    """Select as a mouse does, from the first letter of `words` to the last of `to`."""
    page.evaluate(
        """([words, to, occurrence]) => {
          const root = document.getElementById("text");
          const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
          const nodes = [];
          while (walker.nextNode()) nodes.push(walker.currentNode);
          const whole = nodes.map((node) => node.data).join("");
          let start = -1;
          for (let n = 0; n < occurrence; n += 1) start = whole.indexOf(words, start + 1);
          const end = to ? whole.indexOf(to, start) + to.length : start + words.length;
          const at = (place, last) => {
            for (const node of nodes) {
              if (place < node.length || (last && place === node.length)) return [node, place];
              place -= node.length;
            }
          };
          getSelection().setBaseAndExtent(...at(start, false), ...at(end, true));
        }""",
        [words, to, occurrence],
    )
    expect(bar(page)).to_be_visible()


def stored(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-waiting", "0")


def words_of(article: Article, **which: Any) -> list[list[str]]:
    tags = article.annotations.kept().filter(**{"status": "accepted"} | which)
    return [tag.words() for tag in tags.order_by("start")]


def test_words_are_selected_and_tagged_by_keyboard_alone(page: Page, story: Article) -> None:
    press(page, "n", "Shift+ArrowRight", "1")
    expect(page.locator(".card-words")).to_have_text("“Ana Ruiz”")
    stored(page)
    assert words_of(story) == [["Ana Ruiz"]]


def test_keys_walk_by_word_and_sentence_and_extend(page: Page) -> None:
    press(page, "n", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowLeft")
    expect(bar(page).locator("p")).to_have_text("“Anatol Bern”")
    press(page, "ArrowDown", "Shift+ArrowDown")
    expect(bar(page).locator("p")).to_contain_text("It is safe")
    press(page, "Escape")
    expect(bar(page)).to_be_hidden()


def test_a_part_of_a_word_becomes_the_word_unless_the_letters_are_meant(
    page: Page, story: Article
) -> None:
    select(page, "natol B")
    expect(bar(page).locator("p")).to_have_text("“Anatol Bern”")
    press(page, ".")
    expect(bar(page).locator("p")).to_have_text("“natol B”")
    press(page, ".", "1")
    stored(page)
    assert words_of(story) == [["Anatol Bern"]]


def test_alt_with_the_mouse_takes_the_letters_as_they_are(page: Page, story: Article) -> None:
    box = page.evaluate("""() => {
      const range = document.createRange();
      const node = document.querySelector("#text p").firstChild;
      range.setStart(node, 28); range.setEnd(node, 32);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { left, right, y: (top + bottom) / 2 };
    }""")
    page.keyboard.down("Alt")
    page.mouse.move(box["left"] + 1, box["y"])
    page.mouse.down()
    page.mouse.move(box["right"], box["y"], steps=4)
    page.mouse.up()
    page.keyboard.up("Alt")
    expect(bar(page).locator("p")).to_have_text("“Anat”")


def test_a_double_click_selects_a_word(page: Page, story: Article) -> None:
    page.locator("#text p").last.dblclick(position={"x": 8, "y": 12})
    expect(bar(page).locator("p")).to_have_text("“Later”")
    press(page, "e", "4")
    stored(page)
    assert words_of(story, type="event") == [["Later"]]


def test_a_broken_quotation_is_one_claim_of_two_parts(page: Page, story: Article) -> None:
    select(page, "“It is safe,”")
    press(page, "+")
    expect(bar(page)).to_be_visible()
    select(page, "“and it was cheap.”")
    expect(bar(page).locator("p")).to_contain_text("“It is safe,” … “and it was cheap.”")
    press(page, "c")
    stored(page)
    assert words_of(story) == [CLAIM_PARTS]
    expect(page.locator("#text mark.tag-claim")).to_have_text(CLAIM_PARTS)


def test_parts_are_kept_by_keyboard_too(page: Page, story: Article) -> None:
    press(page, "n", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight", "+")
    press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight")
    press(page, "Shift+ArrowRight", "Shift+ArrowRight", "c")
    stored(page)
    assert words_of(story) == [CLAIM_PARTS]


def test_a_part_is_added_to_a_tag_that_stands(page: Page, story: Article) -> None:
    select(page, "“It is safe,”")
    press(page, "c")
    select(page, "“and it was cheap.”")
    press(page, "p")
    stored(page)
    assert words_of(story) == [CLAIM_PARTS]
    press(page, "u")
    stored(page)
    assert words_of(story) == [CLAIM_PARTS[:1]]


def test_a_tag_is_put_on_other_words_with_one_key(page: Page, story: Article) -> None:
    press(page, "j")
    select(page, "Ben went home")
    press(page, "w")
    stored(page)
    assert words_of(story) == [["Ben went home"]]


def test_tags_nest_and_overlap(page: Page, story: Article) -> None:
    for words, key in (("The bridge of Ana Ruiz is new", "c"), ("Ana Ruiz is", "s")):
        select(page, words)
        press(page, *([key, "1"] if key == "s" else [key]))
        stored(page)
    select(page, "said, “and", "cheap")
    press(page, "c")
    stored(page)
    shown = page.locator("#text").evaluate("(text) => text.innerText")
    assert "The bridge of Ana Ruiz is new." in shown
    assert words_of(story, kind="source") == [["Ana Ruiz is"]]
    assert len(words_of(story, kind="claim")) == 2


def test_the_same_words_elsewhere_are_offered_and_tagged_with_one_key(
    page: Page, story: Article
) -> None:
    select(page, "Ana Ruiz")
    press(page, "1")
    offer = page.locator(".offer")
    expect(offer.locator("li")).to_have_count(3)
    expect(offer.locator("input:checked")).to_have_count(3)
    press(page, "m")
    expect(offer).to_be_hidden()
    stored(page)
    assert words_of(story) == [["Ana Ruiz"]] * 4
    assert len(set(story.annotations.filter(status="accepted").values_list("entity"))) == 1
    press(page, "u")
    stored(page)
    assert words_of(story) == [["Ana Ruiz"]]


def test_places_are_left_out_by_keyboard(page: Page, story: Article) -> None:
    select(page, "Ana Ruiz")
    press(page, "1")
    expect(page.locator(".offer")).to_be_visible()
    press(page, "Shift+M", "ArrowDown", " ")
    expect(page.locator("[data-command=tagSame]")).to_contain_text("Tag 2 too")
    press(page, "Enter")
    stored(page)
    tags = story.annotations.filter(status="accepted").order_by("start")
    before = [TEXT[max(0, tag.start - 6) : tag.start] for tag in tags]
    assert before == ["", "afe,” ", "Later "]


def test_what_stands_or_was_rejected_elsewhere_is_not_offered(
    open_page: Any, story: Article
) -> None:
    here = suggest(story, "entity", "Ana Ruiz", occurrence=2)
    reject(annotation=here, editor=editor(username="bo"), seen_version=1)
    suggest(story, "entity", "Ana Ruiz", occurrence=3)
    page = open_page(story)
    select(page, "Ana Ruiz")
    press(page, "1")
    expect(page.locator(".offer li")).to_have_count(1)


def test_accepting_offers_the_same_words_too(open_page: Any, story: Article) -> None:
    suggest(story, "entity", "Ana Ruiz")
    page = open_page(story)
    press(page, "j", "a")
    expect(page.locator(".offer [role=status]")).to_contain_text("3 more places")
    press(page, "Escape")
    expect(page.locator(".offer")).to_be_hidden()


def warning(page: Page) -> Any:
    return page.locator(".notice.is-warning span")


def test_a_selection_outside_the_text_does_nothing_and_says_why(page: Page, story: Article) -> None:
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    press(page, "c")
    expect(warning(page)).to_contain_text("not in the story’s text")
    assert words_of(story) == []


def test_a_selection_over_the_end_of_the_story_does_nothing_and_says_why(
    open_page: Any, server: str
) -> None:
    article = make_article("Bridge\n\nIt opened.\n\nRelated:\n- Tolls rise again")
    page = open_page(article)
    page.evaluate("""() => getSelection().setBaseAndExtent(
      document.querySelector("#text p").firstChild, 0,
      document.querySelector(".related li").firstChild, 5)""")
    expect(bar(page)).to_contain_text("reaches beyond the story’s text")
    press(page, "c")
    expect(warning(page)).to_contain_text("reaches beyond")
    assert words_of(article) == []


def test_spaces_alone_do_nothing_and_say_why(page: Page, story: Article) -> None:
    select(page, " ")
    press(page, "e", "1")
    expect(warning(page)).to_contain_text("spaces and signs alone")
    assert words_of(story) == []


SCRIPTS = {
    "The 👩‍👩‍👧 family 🇺🇦 met Zoë 🎉 today.": "Zoë",
    "Then R\u030ajo Q\u0307uez spoke.": "R\u030ajo Q\u0307uez",
    "🎉 قالت آنا رويز إن الجسر آمن.": "آنا رويز",
    "🎉我们在北京见面了。": "北京",
}


def test_marks_stand_on_the_right_characters_and_come_back_out_of_the_api(
    open_page: Any, server: str
) -> None:
    article = make_article("\n".join(SCRIPTS), title="Scripts")
    page = open_page(article)
    for words in SCRIPTS.values():
        select(page, words)
        press(page, "1")
        stored(page)
    expect(page.locator("#text mark")).to_have_text(list(SCRIPTS.values()))
    page.reload()
    expect(page.locator("#text mark")).to_have_text(list(SCRIPTS.values()))
    answer = page.request.get(f"/api/articles/{article.pk}/annotations/").json()
    items = answer["first"]["items"] if "first" in answer else answer["items"]
    assert [_quote(item) for item in items] == list(SCRIPTS.values())


def _quote(item: dict[str, Any]) -> str:
    target = item["target"][0] if isinstance(item["target"], list) else item["target"]
    return next(one["exact"] for one in target["selector"] if "exact" in one)


def test_right_to_left_the_left_arrow_leads_on(open_page: Any, server: str) -> None:
    article = make_article("قالت آنا رويز إن الجسر آمن.", title="Arabic")
    page = open_page(article)
    press(page, "n", "ArrowLeft", "Shift+ArrowLeft")
    expect(bar(page).locator("p")).to_have_text("“آنا رويز”")


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_on_a_phone_all_is_done_by_touch(open_page: Any, story: Article) -> None:
    page = open_page(story, **PHONE)
    select(page, "Ana Ruiz")
    place = bar(page).bounding_box()
    assert place["y"] + place["height"] == pytest.approx(844, abs=1)
    assert all(one["height"] >= 44 for one in _boxes(bar(page).locator("button")))
    bar(page).get_by_text("Entity").tap()
    bar(page).get_by_text("Person").tap()
    stored(page)
    assert words_of(story) == [["Ana Ruiz"]]
    page.locator("[data-command=tagSame]").tap()
    stored(page)
    assert words_of(story) == [["Ana Ruiz"]] * 4


def test_a_phone_that_lets_go_of_the_selection_on_a_tap_still_tags(
    open_page: Any, story: Article
) -> None:
    page = open_page(story, **PHONE)
    select(page, "Anatol Bern")
    claim = bar(page).get_by_text("Claim")
    claim.dispatch_event("pointerdown")
    page.evaluate("getSelection().removeAllRanges()")
    claim.dispatch_event("click")
    stored(page)
    assert words_of(story) == [["Anatol Bern"]]


def _boxes(locator: Any) -> list[Any]:
    return [one.bounding_box() for one in locator.all()]


def test_a_selection_outlives_what_a_colleague_adds_beside_it(page: Page, story: Article) -> None:
    select(page, "Anatol Bern")
    add(
        article=story, editor=editor(username="bo"), kind="claim",
        spans=[[0, 27]], revision=1,
    )  # fmt: skip
    expect(page.locator("#text mark.tag-claim")).to_be_visible()
    expect(bar(page).locator("p")).to_have_text("“Anatol Bern”")
