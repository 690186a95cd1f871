from __future__ import annotations

from datetime import datetime

import feedparser
import pytest
from django.conf import settings
from django.test import Client

from annotations import knowledge, merging
from annotations.models import Claim, Entity, Source
from annotations.tests.factories import EntityFactory, accept_all, suggest
from articles.models import Article
from articles.revising import correct
from articles.tests.factories import editor, make_article, put_into

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened the bridge & left.\n\nThe bridge is safe, Ruiz said."
SITE = settings.SITE_URL


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def reader() -> Client:
    return Client()


def story(ada, title: str = "Bridge <opens> & all", text: str = TEXT, **fields) -> Article:
    article = make_article(
        text, title=title, state="published", outlet="The Amaro Post", byline="Ida Lund", **fields
    )
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "claim", "The bridge is safe", label="The bridge is safe.")
    suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    accept_all(article, ada)
    return article


def every_feed(article: Article) -> list[str]:
    """The addresses of all feeds in which the story is, without their format."""
    return [
        "/feeds/stories.", "/feeds/entities/ana-ruiz.", "/feeds/sources/ana-ruiz.",
        f"/feeds/claims/{Claim.objects.get().pk}.", f"/feeds/outlets/{article.outlet.slug}.",
        "/feeds/search.{}?q=bridge", "/feeds/search.{}?entity=ana-ruiz",
    ]  # fmt: skip


def address(feed: str, format: str) -> str:
    return feed.format(format) if "{}" in feed else feed + format


@pytest.mark.parametrize("format", ["atom", "rss"])
def test_each_feed_is_parsed_without_complaint(ada, reader, format) -> None:
    article = story(ada)
    for feed in every_feed(article):
        answer = reader.get(address(feed, format))
        headers = {name.lower(): value for name, value in answer.headers.items()}
        parsed = feedparser.parse(answer.content, response_headers=headers)
        assert not parsed.bozo, (feed, parsed.get("bozo_exception"))
        assert parsed.version == {"atom": "atom10", "rss": "rss20"}[format]
        (entry,) = parsed.entries
        assert entry.title == "Bridge <opens> & all"
        assert entry.link == SITE + article.get_absolute_url()
        assert entry.id == f"urn:uuid:{article.uuid}"
        assert entry.author == "Ida Lund"
        assert [tag.term for tag in entry.tags] == ["Ana Ruiz"]
        assert entry.summary.startswith("Ana Ruiz opened the bridge & left.")
        assert entry.published_parsed[:3] == article.published_at.timetuple()[:3]


def test_each_feed_keeps_to_the_rules_of_json_feed(ada, reader) -> None:
    article = story(ada)
    for feed in every_feed(article):
        answer = reader.get(address(feed, "json"))
        assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
        body = answer.json()
        assert body["version"] == "https://jsonfeed.org/version/1.1"
        assert body["feed_url"] == SITE + address(feed, "json")
        assert body["title"]
        assert body["home_page_url"].startswith(SITE)
        (item,) = body["items"]
        assert item["id"] == f"urn:uuid:{article.uuid}"
        assert item["url"] == SITE + article.get_absolute_url()
        assert item["content_text"]
        assert item["authors"] == [{"name": "Ida Lund"}]
        assert item["language"] == "en"
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo is not None


def test_an_empty_desk_has_valid_feeds(reader) -> None:
    assert reader.get("/feeds/stories.json").json()["items"] == []
    for format in ("atom", "rss"):
        assert not feedparser.parse(reader.get(f"/feeds/stories.{format}").content.decode()).bozo


def test_the_page_of_a_feed_and_the_feeds_own_address_are_told(ada, reader) -> None:
    story(ada)
    parsed = feedparser.parse(reader.get("/feeds/entities/ana-ruiz.atom").content).feed
    links = {link.rel: link.href for link in parsed.links}
    assert links == {
        "alternate": f"{SITE}/entities/ana-ruiz/",
        "self": f"{SITE}/feeds/entities/ana-ruiz.atom",
    }


@pytest.mark.parametrize("format", ["atom", "rss", "json"])
def test_a_client_that_has_the_feed_gets_no_second_one(ada, reader, format) -> None:
    story(ada)
    first = reader.get(f"/feeds/stories.{format}")
    again = reader.get(f"/feeds/stories.{format}", headers={"if-none-match": first["ETag"]})
    since = reader.get(
        f"/feeds/stories.{format}", headers={"if-modified-since": first["Last-Modified"]}
    )
    assert (again.status_code, since.status_code) == (304, 304)
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_a_changed_feed_is_sent_again(ada, reader) -> None:
    article = story(ada)
    etags = [reader.get("/feeds/stories.atom")["ETag"]]
    correct(article=article, actor=ada, seen_version=1, title="Other")
    etags.append(reader.get("/feeds/stories.atom")["ETag"])
    story(ada, "Second", TEXT + " Again.")
    etags.append(reader.get("/feeds/stories.atom")["ETag"])
    put_into(Article.objects.get(pk=article.pk), "archived")
    etags.append(reader.get("/feeds/stories.atom")["ETag"])
    assert len(set(etags)) == 4


def test_a_feed_has_the_newest_stories_first_and_no_more_than_fifty(reader) -> None:
    for n in range(53):
        make_article(f"Story number {n}.", title=f"Title {n}", state="published")
    items = reader.get("/feeds/stories.json").json()["items"]
    assert [item["title"] for item in items[:2]] == ["Title 52", "Title 51"]
    assert len(items) == 50


def test_nothing_unpublished_is_in_a_feed(ada, reader) -> None:
    article = story(ada)
    put_into(article, "in_review")
    assert reader.get("/feeds/stories.json").json()["items"] == []
    assert reader.get("/feeds/entities/ana-ruiz.atom").status_code == 410


def test_the_feed_of_a_merged_or_renamed_entity_leads_to_where_it_went(ada, reader) -> None:
    story(ada)
    entity = Entity.objects.get()
    knowledge.change_entity(entity=entity, actor=ada, seen_version=entity.version, name="Zoe")
    answer = reader.get("/feeds/entities/ana-ruiz.rss")
    assert (answer.status_code, answer["Location"]) == (301, "/feeds/entities/zoe.rss")
    winner = EntityFactory(slug="winner")
    merging.merge_entities(loser=Entity.objects.get(slug="zoe"), winner=winner, actor=ada)
    answer = reader.get("/feeds/entities/zoe.rss")
    assert (answer.status_code, answer["Location"]) == (301, "/feeds/entities/winner.rss")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/stories.xml", 404), ("/feeds/entities/nobody.atom", 404),
        ("/feeds/claims/99.atom", 404), ("/feeds/search.atom?type=ship", 400),
        ("/feeds/search.atom", 200),
    ],
)  # fmt: skip
def test_what_there_is_no_feed_of_is_refused(reader, path, status) -> None:
    assert reader.get(path).status_code == status


def test_a_feed_is_the_same_for_an_editor(ada, reader) -> None:
    make_article("A draft of a story.", title="Draft")
    reader.force_login(ada)
    answer = reader.get("/feeds/stories.json")
    assert answer.json()["items"] == []
    assert answer["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("number", [2, 9])
def test_a_feed_costs_a_fixed_number_of_queries(
    ada, reader, number, django_assert_num_queries
) -> None:
    for n in range(number):
        story(ada, f"Title {n}", f"{TEXT} Number {n}.")
    assert Source.objects.count() == 1
    for path, queries in (
        ("/feeds/stories.atom", 2), ("/feeds/entities/ana-ruiz.json", 3),
        ("/feeds/search.rss?q=bridge", 6),
    ):  # fmt: skip
        with django_assert_num_queries(queries):
            assert reader.get(path).status_code == 200
