"""The pages' structured data, field by field, as a machine that knows schema.org reads it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from annotations.models import Claim, Entity, Source
from annotations.tests.factories import accept_all, suggest
from articles.tests.factories import make_article
from newsdesk.site.tests.builders import claiming, naming, rate, story
from newsdesk.site.tests.pages import get, graph, node

pytestmark = pytest.mark.django_db


def at(thing) -> str:
    return settings.SITE_URL + thing.get_absolute_url()


def test_a_story_is_a_news_article(ada, reader) -> None:
    article = story(
        ada, outlet="The Courier", byline="Bo Lund", url="https://news.example/1", language="en"
    )
    data = node(get(reader, article.get_absolute_url()), "NewsArticle")
    assert data["@id"] == data["url"] == data["mainEntityOfPage"] == at(article)
    assert data["headline"] == "Bridge"
    assert data["datePublished"] == article.published_at.isoformat()
    assert data["dateModified"] == article.revision.created_at.isoformat()
    assert data["inLanguage"] == "en"
    assert data["author"] == {"@type": "Person", "name": "Bo Lund"}
    assert data["publisher"] == {"@type": "NewsMediaOrganization", "name": "The Courier"}
    assert data["isBasedOn"] == "https://news.example/1"


def test_a_story_mentions_its_entities_and_cites_its_sources(ada, reader) -> None:
    article = story(ada)
    entity, source, claim = Entity.objects.get(), Source.objects.get(), Claim.objects.get()
    data = node(get(reader, article.get_absolute_url()), "NewsArticle")
    (mention,) = data["mentions"]
    assert mention == {
        "@type": "Person", "@id": at(entity) + "#it", "name": "Ana Ruiz", "url": at(entity),
    }  # fmt: skip
    (citation,) = data["citation"]
    assert citation == {
        "@type": "Person", "@id": at(source) + "#it", "name": "Ana Ruiz", "url": at(source),
    }  # fmt: skip
    (part,) = data["hasPart"]
    assert part == {
        "@type": "Claim", "@id": at(claim) + "#it", "text": "The bridge is safe.", "url": at(claim),
    }  # fmt: skip


def test_each_page_says_where_it_stands(ada, reader) -> None:
    article = story(ada)
    trail = node(get(reader, article.get_absolute_url()), "BreadcrumbList")["itemListElement"]
    assert [(item["position"], item["name"]) for item in trail] == [(1, "Stories"), (2, "Bridge")]
    assert trail[1]["item"] == at(article)
    for address in ("/entities/", Entity.objects.get().get_absolute_url(), "/claims/"):
        assert node(get(reader, address), "BreadcrumbList")["itemListElement"]


@pytest.mark.parametrize(
    ("type", "schema"),
    [("person", "Person"), ("organisation", "Organization"), ("place", "Place"), ("event", "Event"),
     ("work", "CreativeWork"), ("product", "Thing"), ("group", "Thing")],
)  # fmt: skip
def test_an_entity_is_what_its_type_says(ada, reader, type, schema) -> None:
    article = make_article("Ana spoke.", title="Ana", state="published")
    suggest(article, "entity", "Ana", type=type)
    accept_all(article, ada)
    entity = Entity.objects.get()
    Entity.objects.update(wikidata_id="Q42", description="Somebody")
    entity.aliases.create(text="Anna")
    data = node(get(reader, entity.get_absolute_url()), schema)
    assert data["name"] == "Ana"
    assert data["alternateName"] == ["Anna"]
    assert data["description"] == "Somebody"
    assert data["sameAs"] == "https://www.wikidata.org/entity/Q42"


def test_a_claim_tells_who_makes_it_and_where_it_appears(ada, reader) -> None:
    annotation = claiming(ada, "The dam is safe.", "One")
    data = node(get(reader, annotation.claim.get_absolute_url()), "Claim")
    assert data["text"] == "The dam is safe."
    assert [author["name"] for author in data["author"]] == ["Ana Ruiz"]
    assert [place["url"] for place in data["appearance"]] == [at(annotation.article)]
    assert data["appearance"][0]["@type"] == "NewsArticle"


def test_a_review_is_a_claim_review_with_its_rating(ada, reader) -> None:
    claim = claiming(ada, "The dam is safe.", "One").claim
    old = rate(claim, "Unproven")
    review = rate(claim, "False", supersedes=old, url="https://facts.example/1", evidence="See.")
    data = node(get(reader, claim.get_absolute_url()), "ClaimReview")
    assert data["claimReviewed"] == "The dam is safe."
    assert data["itemReviewed"] == {"@id": at(claim) + "#it"}
    assert data["author"] == {"@type": "Organization", "name": "Fact Bureau"}
    assert data["datePublished"] == "2026-05-03"
    assert data["url"] == "https://facts.example/1"
    assert data["reviewBody"] == "See."
    assert data["@id"].endswith(f"#review-{review.pk}")
    assert data["reviewRating"] == {
        "@type": "Rating", "alternateName": "False", "ratingValue": 1, "worstRating": 1,
        "bestRating": 5,
    }  # fmt: skip


def test_a_rating_in_words_alone_claims_no_number(ada, reader) -> None:
    claim = claiming(ada, "The dam is safe.", "One").claim
    rate(claim, "Lacks context", rating_value=None)
    data = node(get(reader, claim.get_absolute_url()), "ClaimReview")
    assert data["reviewRating"] == {"@type": "Rating", "alternateName": "Lacks context"}


def test_a_source_is_the_same_as_its_entity(ada, reader) -> None:
    story(ada)
    data = node(get(reader, Source.objects.get().get_absolute_url()), "Person")
    assert data["sameAs"] == at(Entity.objects.get()) + "#it"


def test_the_start_page_says_how_to_search(reader) -> None:
    action = node(get(reader, "/"), "WebSite")["potentialAction"]
    assert action["target"]["urlTemplate"].endswith("/search/?q={search_term_string}")


def test_what_users_write_cannot_end_the_script(ada, reader) -> None:
    nasty = "</script><!-- <script>alert(1)</script> & \u2028"
    article = naming(ada, "Ana Ruiz", [], "One", byline=nasty)
    html = get(reader, article.get_absolute_url())
    assert node(html, "NewsArticle")["author"]["name"] == nasty
    assert "<script>alert" not in html


def test_no_node_has_an_empty_field(ada, reader) -> None:
    article = story(ada)
    pages = [article, Entity.objects.get(), Claim.objects.get(), Source.objects.get()]
    for thing in pages:
        for data in graph(get(reader, thing.get_absolute_url())):
            assert all(value not in ("", None, []) for value in data.values()), data


def test_each_page_names_its_one_true_address_and_is_described(ada, reader) -> None:
    article = story(ada)
    for thing in (article, Entity.objects.get(), Claim.objects.get(), Source.objects.get()):
        html = get(reader, thing.get_absolute_url() + "?before=x")
        assert f'<link rel="canonical" href="{at(thing)}">' in html
        assert f'<meta property="og:url" content="{at(thing)}">' in html
        assert re.search(r'<meta name="description" content="[^"]{20,160}">', html)
        assert re.search(r'<meta property="og:title" content="[^"]+">', html)
    html = get(reader, article.get_absolute_url())
    assert '<meta property="og:type" content="article">' in html
    assert f'content="{article.published_at.isoformat()}"' in html
