"""Each kind of the readers' pages as axe-core sees it, and its HTML as html5lib parses it."""

from __future__ import annotations

import html5lib
import pytest
from django.test import Client
from playwright.sync_api import Browser

from annotations.models import Entity, Source
from articles.models import Article
from articles.revising import revise
from newsdesk.site.tests.builders import TEXT, claiming, link, naming, rate, story
from newsdesk.site.tests.pages import get
from newsdesk.tests.browsing import context_of, violations


def addresses(ada) -> list[str]:
    """One address of each kind of page, with everything that such a page may show."""
    claim = claiming(ada, "The dam is safe.", "First").claim
    claiming(ada, "The dam is safe.", "Second", who="Bo Lund", mode="denies")
    link(claiming(ada, "The dam has cracks.", "Third").claim, claim)
    rate(claim, "Half true", rating_value=3, supersedes=rate(claim, "Unproven", evidence="None."))
    naming(ada, "Ana Ruiz", ["Bo Lund", "Cy Dahl"], "Fourth", outlet="The Courier")
    text = f"{TEXT}\n\nRelated:\n- First\n- Elsewhere\n"
    article = story(ada, text, url="https://news.example/1", outlet="The Courier")
    corrected = article.text.replace("Others", "Some")
    revise(article=article, text=corrected, actor=ada, seen_version=article.version, note="Fewer")
    article = Article.objects.select_related("outlet").get(pk=article.pk)
    things = [article, Entity.objects.get(name="Ana Ruiz"), claim, article.outlet]
    source = Source.objects.get(name="Ana Ruiz")
    indexes = ["/", "/entities/?type=person", "/claims/", "/sources/", "/outlets/", "/nothing/"]
    return [*indexes, *(thing.get_absolute_url() for thing in [*things, source])]


# Contrast depends on the colours, all else on the size: two of the four say it all.
@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (390, "dark")])
def test_every_page_is_accessible_in_both_sizes_and_colours(
    browser: Browser, server: str, ada, width: int, colours: str
) -> None:
    size = {"width": width, "height": 844}
    with context_of(browser, server, viewport=size, color_scheme=colours) as context:
        page = context.new_page()
        for address in addresses(ada):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert violations(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_card_is_accessible_while_it_is_open(browser: Browser, server: str, ada) -> None:
    article = story(ada)
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto(article.get_absolute_url())
        page.locator(".story-text a.tag-claim").hover()
        page.locator("#card").wait_for(state="visible")
        assert violations(page) == []


def test_an_empty_start_page_is_accessible(browser: Browser, server: str) -> None:
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto("/")
        assert violations(page) == []


@pytest.mark.django_db
def test_every_pages_html_is_valid(ada, reader: Client) -> None:
    for address in addresses(ada):
        html = reader.get(address).content.decode()
        parser = html5lib.HTMLParser(strict=True)
        parser.parse(html)
        assert len(ids(html)) == len(set(ids(html))), address


def ids(html: str) -> list[str]:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]


@pytest.mark.django_db
def test_an_empty_desks_html_is_valid(reader: Client) -> None:
    for address in ("/", "/entities/", "/claims/", "/sources/", "/outlets/"):
        html5lib.HTMLParser(strict=True).parse(get(reader, address))
