"""The examples of the docs page are run as they stand there, each guide from its first to its last."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests

from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import chief, make_article
from newsdesk.api.hooks import delivering, managing
from newsdesk.api.models import Webhook, make_token
from newsdesk.api.tests.receiving import Receiver, receiver
from newsdesk.tests.browsing import context_of, violations

pytestmark = pytest.mark.django_db(transaction=True)

# What somebody who reads the guide puts in place of it.
THEIR_ADDRESS = "https://cms.example.org/hook"
GUIDES = ["fact-checkers", "search-engines", "researchers", "newsrooms"]
RUN = {
    "curl": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-c"],
}


class Examples(HTMLParser):
    """The examples of a page: by guide and language, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.guide = ""
        self.language: str | None = None
        self.found: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self.guide = given["aria-labelledby"]
        if tag == "pre" and given.get("class") == "example":
            self.language = given["data-language"]
            self.found[self.guide, self.language].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self.language = None

    def handle_data(self, data: str) -> None:
        if self.language:
            self.found[self.guide, self.language][-1] += data


@pytest.fixture
def head():
    return chief(username="head")


@pytest.fixture
def story(head) -> Article:
    """Something published to read, as the guides speak of it."""
    article = make_article(
        "Ana Ruiz opened the bridge on Monday. The bridge is safe, the ministry said.",
        title="Bridge opened", state="published", url="https://post.example.org/2026/116",
    )  # fmt: skip
    suggest(article, "entity", "Ana Ruiz")
    claim = suggest(article, "claim", "The bridge is safe", label="The bridge is safe.")
    source = suggest(article, "source", "the ministry", label="The ministry")
    suggest_tie(claim, source)
    accept_all(article, head)
    return article


@pytest.fixture
def there(settings) -> Iterator[Receiver]:
    settings.PRIVATE_WEBHOOKS = True
    with receiver() as running:
        yield running


@pytest.fixture
def examples(server, settings, story) -> dict[tuple[str, str], list[str]]:
    settings.SITE_URL = server
    return Examples(requests.get(f"{server}/api/docs/", timeout=60).text).found


def run(language: str, script: str, head: Any, folder: Path) -> str:
    environment = os.environ | {"TOKEN": make_token(user=head)}
    done = subprocess.run(
        [*RUN[language], script], env=environment, cwd=folder, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_examples_of_every_guide_do_what_they_say(examples, head, tmp_path) -> None:
    said = {
        (guide, language): run(language, "\n".join(examples[guide, language]), head, tmp_path)
        for guide in GUIDES
        for language in ("curl", "python")
    }
    for (guide, language), expected in {
        ("fact-checkers", "curl"): ["Mostly true", "ClaimReview"],
        ("fact-checkers", "python"): ["The bridge is safe. -- "],
        ("search-engines", "curl"): ["AnnotationPage", "event: change", "Bridge opened"],
        ("search-engines", "python"): ["things after change"],
        ("researchers", "python"): ["Ana Ruiz"],
        ("newsrooms", "curl"): ["New bridge opened", '"queued"'],
        ("newsrooms", "python"): ["tagged: http", "published: http"],
    }.items():
        for words in expected:
            assert words in said[guide, language], (guide, language, said[guide, language])
    for name in ("newsdesk.conll", "newsdesk-brat.zip", "newsdesk.jsonl", "entities.csv"):
        assert (tmp_path / name).stat().st_size > 50, name
    assert Article.objects.filter(title="New school", state="published").exists()


def test_a_webhook_made_by_the_guide_is_checked_by_the_guide(
    examples, head, there, tmp_path
) -> None:
    (make,) = examples["webhooks", "curl"]
    run("curl", make.replace(THEIR_ADDRESS, there.url), head, tmp_path)
    webhook = Webhook.objects.get()
    assert webhook.actions == ["accept", "publish"]
    accept_all(tagged(), head)
    delivering.deliver(webhook.pk, wake=lambda _: None)
    message = there.got[0]
    theirs: dict[str, Any] = {}
    (check,) = examples["webhooks", "python"]
    exec(check, theirs)
    is_ours = theirs["is_ours"]
    assert is_ours(webhook.secret, message.headers, message.body)
    rotated = managing.rotate_secret(webhook=webhook)
    assert not is_ours(rotated.secret, message.headers, message.body)
    assert not is_ours(webhook.secret, message.headers, message.body + b" ")
    late = {**message.headers, "webhook-timestamp": "1600000000"}
    assert not is_ours(webhook.secret, late, message.body)


def tagged() -> Article:
    article = make_article("Bo Lund spoke.")
    suggest(article, "entity", "Bo Lund")
    return article


def test_the_docs_keep_to_wcag_and_to_the_screen(browser, server, story) -> None:
    context = context_of(browser, server, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto("/api/docs/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The list of operations is long and alike: one of them stands for all.
    page.evaluate("document.querySelectorAll('#operations ~ section:not(:nth-last-of-type(1))')"
                  ".forEach(section => section.remove())")  # fmt: skip
    assert violations(page) == []
    context.close()


def test_a_desk_without_a_story_has_docs_too(client) -> None:
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert b'id="problem-412"' in page.content
