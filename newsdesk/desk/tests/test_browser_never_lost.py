"""Nothing that an editor decides is lost: by a network, a tab, a session, a reload."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from annotations.models import Annotation, Entity
from annotations.tests.factories import suggest
from articles.changes import Change
from articles.models import Article
from articles.revising import revise
from articles.tests.factories import PASSWORD, UserFactory, chief, editor, make_article
from newsdesk.tests.browsing import context_of, violations

TEXT = "Ana Ruiz opened the bridge in Amaro on Monday.\nBen Oda of the port did not agree."


@pytest.fixture
def story(server: str) -> Article:
    article = make_article(TEXT, title="Bridge opened")
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "entity", "Amaro", type="place")
    suggest(article, "entity", "Ben Oda")
    return article


@pytest.fixture
def ada(server: str) -> User:
    return editor(username="ada")


@pytest.fixture
def context(browser: Browser, server: str, ada: User) -> Iterator[BrowserContext]:
    with context_of(browser, server, ada, apart=True) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, story: Article) -> Page:
    return opened(context, story)


def opened(context: BrowserContext, story: Article) -> Page:
    page = context.new_page()
    page.goto(f"/desk/articles/{story.pk}/")
    page.wait_for_selector("html[data-annotator=ready]")
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def waits(page: Page, number: int) -> None:
    expect(page.locator("body")).to_have_attribute("data-waiting", str(number))


def statuses(story: Article) -> list[str]:
    rows = story.annotations.filter(deleted_at=None).order_by("start")
    return list(rows.values_list("status", flat=True))


def marks(page: Page) -> list[str]:
    classes = page.locator("#text mark[tabindex]").evaluate_all("all => all.map(m => m.className)")
    return [re.search(r"is-(suggested|accepted|rejected)", one)[1] for one in classes]


def trouble(page: Page):
    return page.locator("[data-key=trouble]")


def test_what_is_decided_without_a_network_waits_and_is_sent_in_order(
    context: BrowserContext, page: Page, story: Article
) -> None:
    context.set_offline(True)
    press(page, "j", "a", "x")
    expect(trouble(page)).to_contain_text("No connection: 2 decisions wait in this browser")
    expect(page.locator("#text mark.is-waiting")).to_have_count(2)
    assert marks(page) == ["accepted", "rejected", "suggested"]
    context.set_offline(False)
    waits(page, 0)
    expect(trouble(page)).to_have_count(0)
    expect(page.locator(".is-waiting")).to_have_count(0)
    assert statuses(story) == ["accepted", "rejected", "suggested"]


def test_what_waits_outlives_the_tab_and_the_queue_says_where_it_is(
    context: BrowserContext, page: Page, story: Article
) -> None:
    context.set_offline(True)
    press(page, "j", "a", "x")
    waits(page, 2)
    page.close()
    context.set_offline(False)
    queue = context.new_page()
    queue.goto("/desk/")
    expect(queue.locator("#waits li")).to_have_text("Bridge opened: 2 decisions wait to be sent.")
    queue.locator("#waits a").click()
    queue.wait_for_selector("html[data-annotator=ready]")
    waits(queue, 0)
    assert marks(queue) == ["accepted", "rejected", "suggested"]
    assert statuses(story) == ["accepted", "rejected", "suggested"]
    queue.goto("/desk/")
    expect(queue.locator("#waits")).to_be_hidden()


def test_another_open_tab_sends_what_a_closed_one_left(
    context: BrowserContext, page: Page, story: Article
) -> None:
    other = opened(context, story)
    context.set_offline(True)
    press(page, "j", "a")
    waits(page, 1)
    page.close()
    context.set_offline(False)
    expect(other.locator("#text mark.is-accepted")).to_have_count(1)
    waits(other, 0)
    assert statuses(story)[0] == "accepted"


def lost_after_it_was_done(route: Route) -> None:
    route.fetch()
    route.abort()


def test_an_answer_that_is_lost_changes_nothing_when_the_step_is_sent_again(
    page: Page, story: Article, ada: User
) -> None:
    page.route("**/decisions", lost_after_it_was_done)
    press(page, "j", "a")
    expect(trouble(page)).to_contain_text("No connection")
    before = Change.objects.filter(actor=ada).count()
    assert statuses(story)[0] == "accepted"
    page.unroute("**/decisions")
    trouble(page).get_by_role("button", name="Try now").click()
    waits(page, 0)
    assert Change.objects.filter(actor=ada).count() == before
    press(page, "u")
    waits(page, 0)
    assert statuses(story)[0] == "suggested"


def test_a_page_that_is_loaded_again_knows_what_was_done_though_the_answer_was_lost(
    page: Page, story: Article, ada: User
) -> None:
    page.route("**/decisions", lost_after_it_was_done)
    press(page, "j", "a")
    expect(trouble(page)).to_contain_text("No connection")
    page.unroute("**/decisions")
    page.reload()
    page.wait_for_selector("html[data-annotator=ready]")
    waits(page, 0)
    tags = Change.objects.filter(actor=ada, subject_type="annotation")
    assert tags.count() == 1
    assert marks(page)[0] == "accepted"


def test_undo_and_redo_go_on_after_a_reload(page: Page, story: Article) -> None:
    press(page, "j", "a", "x")
    waits(page, 0)
    page.reload()
    page.wait_for_selector("html[data-annotator=ready]")
    press(page, "u")
    assert marks(page) == ["accepted", "suggested", "suggested"]
    press(page, "u")
    waits(page, 0)
    assert statuses(story) == ["suggested"] * 3
    assert not Entity.objects.exists()
    page.reload()
    page.wait_for_selector("html[data-annotator=ready]")
    press(page, "Shift+U", "Control+Shift+z")
    waits(page, 0)
    assert statuses(story) == ["accepted", "rejected", "suggested"]
    press(page, "Control+z")
    waits(page, 0)
    assert statuses(story) == ["accepted", "suggested", "suggested"]


def test_undoing_without_a_network_waits_too(
    context: BrowserContext, page: Page, story: Article
) -> None:
    context.set_offline(True)
    press(page, "j", "a", "x", "u", "u", "Shift+U")
    assert marks(page) == ["accepted", "suggested", "suggested"]
    waits(page, 5)
    context.set_offline(False)
    waits(page, 0)
    assert statuses(story) == ["accepted", "suggested", "suggested"]


def sign_in(page: Page, name: str) -> None:
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_session_that_ran_out_asks_to_sign_in_and_goes_on(page: Page, story: Article) -> None:
    Session.objects.all().delete()
    press(page, "j", "a", "x")
    expect(trouble(page)).to_contain_text("You are signed out: 2 decisions wait")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_label("Name")).to_have_value("ada")
    expect(dialog.get_by_label("Password")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type("wrong")
    press(page, "Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("correct username and password")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(dialog).to_be_hidden()
    waits(page, 0)
    expect(trouble(page)).to_have_count(0)
    assert statuses(story) == ["accepted", "rejected", "suggested"]
    press(page, "a")
    waits(page, 0)
    assert statuses(story)[2] == "accepted"
    page.get_by_role("button", name="Make a draft").click()
    page.wait_for_selector("html[data-annotator=ready]")
    story.refresh_from_db()
    assert story.state == "draft"


def test_a_search_for_entities_without_a_session_asks_to_sign_in(page: Page) -> None:
    Session.objects.all().delete()
    press(page, "j", "e")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect(trouble(page)).to_contain_text("You are signed out.")
    dialog.get_by_label("Password").fill(PASSWORD)
    press(page, "Enter")
    expect(dialog).to_be_hidden()
    expect(trouble(page)).to_have_count(0)
    page.locator(".chooser input").fill("Ana")
    expect(page.locator(".chooser [role=option]").first).to_be_visible()


def test_who_signs_in_instead_sends_nothing_under_her_name(page: Page, story: Article) -> None:
    UserFactory(username="rita")
    Session.objects.all().delete()
    press(page, "j", "a")
    dialog = page.get_by_role("dialog", name="Sign in again")
    for name in ("rita", "ada"):
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_label("Password").fill(PASSWORD)
        press(page, "Enter")
        if name == "rita":
            expect(dialog.get_by_role("alert")).to_contain_text("as rita now. What waits is ada’s")
            expect(trouble(page)).to_contain_text("signed in as rita: 1 decision of ada waits")
            assert statuses(story) == ["suggested"] * 3
    waits(page, 0)
    assert statuses(story)[0] == "accepted"


def test_decisions_of_one_are_not_sent_in_the_name_of_another(
    context: BrowserContext, page: Page, story: Article
) -> None:
    chief(username="bo")
    Session.objects.all().delete()
    press(page, "j", "a")
    expect(trouble(page)).to_contain_text("You are signed out")
    other = context.new_page()
    other.goto("/desk/sign-in/?next=/desk/")
    sign_in(other, "bo")
    expect(other.locator("#waits")).to_contain_text("These are ada’s: sign in as ada to send them.")
    page.get_by_role("dialog", name="Sign in again").wait_for()
    press(page, "Escape")
    trouble(page).get_by_role("button", name="Try now").click()
    expect(trouble(page)).to_contain_text("You are signed in as bo: 1 decision of ada waits")
    page.reload()
    page.wait_for_selector("html[data-annotator=ready]")
    waits(page, 0)
    assert marks(page) == statuses(story) == ["suggested"] * 3
    page.goto("/desk/sign-in/?next=/desk/")
    sign_in(page, "ada")
    page.locator("#waits a").click()
    page.wait_for_selector("html[data-annotator=ready]")
    waits(page, 0)
    assert statuses(story)[0] == "accepted"


def test_a_browser_that_keeps_nothing_says_so(context: BrowserContext, story: Article) -> None:
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    page = opened(context, story)
    press(page, "j", "a")
    expect(page.locator("[data-key=unkept]")).to_contain_text("do not close the page")
    waits(page, 0)
    assert statuses(story)[0] == "accepted"


def test_a_decision_for_an_older_text_is_carried_to_the_newest(
    context: BrowserContext, page: Page, story: Article, ada: User
) -> None:
    context.set_offline(True)
    press(page, "j", "a", "w", "ArrowRight")
    waits(page, 1)
    page.close()
    revise(article=story, text=f"It was cold. {TEXT}", actor=ada, seen_version=1)
    context.set_offline(False)
    page = opened(context, story)
    waits(page, 0)
    mention = Annotation.objects.get(status="accepted")
    assert (mention.revision.number, mention.words()) == (2, ["Ana Ruiz"])
    assert marks(page)[0] == "accepted"


def kept(page: Page, story: Article, start: int) -> None:
    """Put an addition for revision 1 where a closed tab would have left it."""
    page.evaluate(
        """([article, start]) => localStorage.setItem(
            `newsdesk/step/ada/${article}/gone/1-000001`,
            JSON.stringify({id: "00000000-0000-4000-8000-000000000001", undoes: null, revision: 1,
              title: "Bridge opened", pairs: [["annotation", {
                request: {action: "add", id: "00000000-0000-4000-8000-000000000002",
                  kind: "entity", type: "work", spans: [[start, start + 6]], label: "The Bridge"},
                seems: {id: "00000000-0000-4000-8000-000000000002", kind: "entity", name: "The Bridge",
                  type: "work", status: "accepted", spans: [[start, start + 6]]}}]]}))""",
        [story.pk, start],
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [(f"It was cold. {TEXT}", 1), ("All is different now.", 0)],
    ids=["carried", "nowhere"],
)
def test_an_addition_for_an_older_text_is_carried_or_kept_with_the_reason(
    text: str, found: int, page: Page, story: Article, ada: User
) -> None:
    kept(page, story, TEXT.index("bridge"))
    revise(article=story, text=text, actor=ada, seen_version=1)
    page.reload()
    page.wait_for_selector("html[data-annotator=ready]")
    if found:
        expect(page.locator("#text mark.is-accepted")).to_have_text("bridge")
        return
    for _ in range(2):
        expect(page.locator("[data-key=unsettled]")).to_contain_text(
            "“bridge” has no certain place in it any more"
        )
        page.reload()
    page.wait_for_selector("[data-key=unsettled]")
    press(page, "c")
    expect(page.locator("dialog.unsettled")).to_contain_text("accepted, work, “The Bridge”")
    press(page, "1")
    expect(page.locator("[data-key=unsettled]")).to_have_count(0)
