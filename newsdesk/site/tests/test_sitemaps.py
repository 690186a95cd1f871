from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from annotations.models import Claim
from annotations.tests.factories import accept_all, suggest
from articles.models import Article
from articles.tests.factories import editor, make_article, put_into
from newsdesk.site import sitemaps

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened the bridge.\n\nThe bridge is safe, Ruiz said."
SITE = settings.SITE_URL


@pytest.fixture
def reader() -> Client:
    return Client()


def story(title: str = "Bridge & all", text: str = TEXT, state: str = "published") -> Article:
    article = make_article(text, title=title, state=state, outlet="The Amaro Post")
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "claim", "The bridge is safe", label="The bridge is safe.")
    suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    accept_all(article, editor())
    return article


def locations(reader: Client, path: str) -> list[str]:
    answer = reader.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    found = ET.fromstring(answer.content).iter(f"{{{sitemaps.NAMESPACE}}}loc")
    return [(element.text or "").removeprefix(SITE) for element in found]


def everything(reader: Client) -> set[str]:
    return {
        place for part in locations(reader, "/sitemap.xml") for place in locations(reader, part)
    }


def test_all_that_is_shown_is_in_the_sitemap_and_each_address_answers(reader) -> None:
    article = story()
    found = everything(reader)
    assert found >= {
        "/", "/entities/", "/search/", article.get_absolute_url(), "/entities/ana-ruiz/",
        "/sources/ana-ruiz/", Claim.objects.get().get_absolute_url(), "/outlets/the-amaro-post/",
    }  # fmt: skip
    assert {reader.get(path).status_code for path in found} == {200}


def test_what_was_taken_back_is_not_in_it(reader) -> None:
    article = story()
    put_into(article, "archived")
    story("Draft", "Ana Ruiz said that the bridge is safe. The bridge is safe, Ruiz said.", "draft")
    assert len(everything(reader)) == len(sitemaps.PAGES)


def test_a_long_sitemap_comes_in_parts(reader, monkeypatch) -> None:
    monkeypatch.setattr(sitemaps, "A_PART", 1)
    one, other = story(), story("Other", TEXT + " Again.")
    parts = [part for part in locations(reader, "/sitemap.xml") if "stories" in part]
    assert [locations(reader, part) for part in parts] == [
        [one.get_absolute_url()], [other.get_absolute_url()],
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["stories-7", "nothing-0", "pages-1", f"claims-{10**20}"])
def test_a_part_that_is_none_is_not_there(reader, part) -> None:
    assert reader.get(f"/sitemaps/{part}.xml").status_code == 404


def test_the_news_are_those_of_two_days(reader) -> None:
    story()
    old = make_article("An old story.", title="Old")
    old.published_at = timezone.now() - timedelta(days=3)
    put_into(old, "published")
    answer = reader.get("/sitemap-news.xml")
    root = ET.fromstring(answer.content)
    news = {"n": sitemaps.NEWS_NAMESPACE}
    assert [e.text for e in root.findall(".//n:title", news)] == ["Bridge & all"]
    assert [e.text for e in root.findall(".//n:name", news)] == ["The Amaro Post"]
    assert [e.text for e in root.findall(".//n:language", news)] == ["en"]
    assert len(root.findall(".//n:publication_date", news)) == 1


def test_crawlers_are_told_where_the_sitemaps_are_and_what_is_not_for_them(reader) -> None:
    text = reader.get("/robots.txt").content.decode()
    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert f"Sitemap: {SITE}/sitemap-news.xml" in text
    assert "Disallow: /desk/" in text
