"""The whole path in real Chromium: a story goes in, a worker reads it, an editor decides, a chief
publishes, a reader reads, a client pulls."""

from __future__ import annotations

import requests
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from newsdesk.tests.conftest import Desk

SEED = settings.BASE_DIR / "seeds" / "000_71f4712ea89c3f57.txt"
CLAIM = "This initiative is part of"


def sign_in(browser: Browser, desk: Desk, name: str, address: str = "/desk/") -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(desk.address + address)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(desk.password(name))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    return page


def go_to(page: Page, kind: str, words: str) -> None:
    """Walk with `j` until the current tag is of the kind and has these words."""
    for _ in range(80):
        page.keyboard.press("j")
        card = page.locator("#card")
        text = card.inner_text()
        if words in text and text.lower().startswith(kind):
            return
    raise AssertionError(f"no {kind} with the words {words!r}")


def test_a_story_travels_the_whole_path(browser: Browser, desk: Desk) -> None:
    page = sign_in(browser, desk, "editor")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    # Paste the story, and see the run finish by itself.
    page.get_by_role("link", name="New story").first.click()
    page.locator("textarea[name=text]").fill(SEED.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Store and read").click()
    page.wait_for_url("**/desk/articles/*/")
    expect(page.locator("#reading")).to_have_attribute("data-run-state", "done", timeout=20_000)
    expect(page.locator("#text .tag-entity").first).to_be_visible()
    article = page.url.rstrip("/").rpartition("/")[2]

    # Two entities, a claim and its source, accepted by keyboard; one suggestion rejected.
    for kind, words, key in [
        ("entity", "Vladimir Putin", "a"),
        ("entity", "Astana", "a"),
        ("claim", CLAIM, "a"),
        ("source", "Institute for the Study of War (ISW)", "a"),
        ("claim", "soft power", "x"),
    ]:
        page.keyboard.press("Escape")
        go_to(page, kind, words)
        page.keyboard.press(key)
    accepted = page.locator("details[data-status=accepted] [data-count]")
    expect(accepted).to_have_text("4")
    expect(page.locator("details[data-status=rejected] [data-count]")).to_have_text("1")

    # One added by selecting text.
    page.evaluate(
        """() => {
          const text = document.querySelector("#text");
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          for (let node; (node = walker.nextNode()); ) {
            const from = node.data.indexOf("state-backed newspaper");
            if (from >= 0) { getSelection().setBaseAndExtent(node, from, node, from + 22); return; }
          }
        }"""
    )
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator(".tagbar [data-key='7']")).to_be_visible()
    page.keyboard.press("7")
    expect(accepted).to_have_text("5")
    page.locator("body[data-waiting='0']").wait_for()
    page.reload()
    expect(accepted).to_have_text("5")
    assert errors == []

    # A chief publishes it.
    chief = sign_in(browser, desk, "chief", f"/desk/articles/{article}/")
    chief.get_by_role("button", name="Publish").click()
    expect(chief.get_by_role("link", name="as readers see it")).to_be_visible()
    story = chief.get_by_role("link", name="as readers see it").get_attribute("href")

    # Signed out and without JavaScript it can be read, with who says so.
    reader = browser.new_context(java_script_enabled=False).new_page()
    reader.goto(desk.address + story)
    expect(reader.get_by_role("link", name="Vladimir Putin").first).to_be_visible()
    expect(reader.locator("#claim-1")).to_contain_text("Institute for the Study of War")
    assert "soft power" not in reader.locator("aside").inner_text()
    reader.get_by_role("link", name="Astana").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Astana")

    # And pulled: position and quote agree with the text.
    client = desk.client()
    text = client.get(f"{desk.address}/api/articles/{article}/", timeout=10).json()["text"]
    address = f"{desk.address}/api/articles/{article}/annotations/?page_size=500"
    pulled = client.get(address, timeout=10).json()["items"]
    stranger = requests.get(address, timeout=10).json()["items"]
    assert {item["status"] for item in pulled} == {"suggested", "accepted", "rejected"}
    assert len(stranger) == 5
    for item in pulled:
        for target in item["target"]:
            position, quote = target["selector"]
            assert text[position["start"] : position["end"]] == quote["exact"]
    claim = next(item for item in stranger if item["kind"] == "claim")
    source = next(item for item in stranger if item["kind"] == "source")
    assert claim["attributions"][0]["attributedTo"] == source["id"]
