"""What the desk's memory adds to suggested annotations."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from annotations import deciding
from annotations.models import Annotation, Claim
from annotations.tests.factories import ClaimFactory, EntityFactory, suggest
from articles.models import Article
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def article() -> Article:
    return make_article("Jordan said that the bridge is safe.", title="Bridge")


def shown(api: APIClient, annotation: Annotation) -> dict:
    return api.get(f"/api/annotations/{annotation.uuid}/").json()


def said_in(story: Article, claim: Claim, ada) -> None:
    one = suggest(story, "claim", story.text, label=claim.text)
    deciding.accept(annotation=one, editor=ada, seen_version=1)


def suggested_claim(article: Article, claim: Claim) -> Annotation:
    said = [{"claim": claim.pk, "similarity": 0.91}]
    return suggest(article, "claim", "the bridge is safe", proposal={"said_before": said})


def test_the_candidates_of_a_mention_are_told_best_first(api, article) -> None:
    player = EntityFactory(name="Jordan", description="Basketball player", wikidata_id="Q41421")
    banker = EntityFactory(name="Jordan")
    proposal = {"candidates": [banker.pk, player.pk]}
    data = shown(api, suggest(article, "entity", "Jordan", proposal=proposal))
    iri = SITE + "/entities/"
    assert data["candidates"] == [
        {"id": f"{iri}{banker.slug}/", "type": "Person", "name": "Jordan"},
        {
            "id": f"{iri}{player.slug}/",
            "type": "Person",
            "name": "Jordan",
            "description": "Basketball player",
            "sameAs": ["http://www.wikidata.org/entity/Q41421"],
        },
    ]


def test_a_mention_of_somebody_new_has_no_candidates(api, article) -> None:
    data = shown(api, suggest(article, "entity", "Jordan", proposal={"new": True}))
    assert data["candidates"] == []


def test_of_a_mention_that_nobody_looked_up_nothing_is_told(api, article) -> None:
    assert "candidates" not in shown(api, suggest(article, "entity", "Jordan"))


def test_once_it_is_decided_no_candidates_are_told(api, ada, article) -> None:
    player = EntityFactory(name="Jordan")
    one = suggest(article, "entity", "Jordan", proposal={"candidates": [player.pk]})
    deciding.accept(annotation=one, editor=ada, seen_version=1)
    assert "candidates" not in shown(api, one)


def test_what_was_said_before_is_told_with_its_stories(api, ada, article) -> None:
    claim = ClaimFactory(text="The bridge is safe.")
    story = make_article("It is safe.", title="Earlier")
    said_in(story, claim, ada)
    assert shown(api, suggested_claim(article, claim))["saidBefore"] == [
        {
            "id": f"{SITE}/claims/{claim.pk}/",
            "type": "Claim",
            "text": "The bridge is safe.",
            "similarity": 0.91,
            "stories": [
                {
                    "id": f"{SITE}/stories/{story.slug}/",
                    "title": "Earlier",
                    "date": story.created_at.isoformat(),
                }
            ],
        }
    ]


def test_what_was_said_before_is_not_told_to_strangers(ada, article) -> None:
    article.state, article.published_at = "published", article.created_at
    article.save()
    one = suggested_claim(article, ClaimFactory())
    deciding.accept(annotation=one, editor=ada, seen_version=1)
    answer = APIClient().get(f"/api/articles/{article.pk}/annotations/").json()["first"]
    assert [item["kind"] for item in answer["items"]] == ["claim"]
    assert "saidBefore" not in answer["items"][0]


def test_what_was_told_may_be_sent_back_and_is_not_kept(api, article) -> None:
    one = suggested_claim(article, ClaimFactory())
    answer = api.get(f"/api/annotations/{one.uuid}/")
    data = {**answer.json(), "candidates": []}
    put = api.put(f"/api/annotations/{one.uuid}/", data, HTTP_IF_MATCH=answer["ETag"])
    assert put.status_code == 200, put.content
    one.refresh_from_db()
    assert one.extra == {}


def test_the_schema_names_both(api) -> None:
    schema = api.get("/api/schema/", HTTP_ACCEPT="application/json").json()["components"]["schemas"]
    assert {"candidates", "saidBefore"} <= schema["Annotation"]["properties"].keys()


def test_the_context_knows_every_term(api) -> None:
    terms = api.get("/api/context.jsonld").json()["@context"]
    wanted = {"candidates", "saidBefore", "similarity", "stories", "title", "date", "description"}
    assert wanted <= terms.keys()


@pytest.mark.parametrize("rows", [5, 50])
def test_a_page_costs_the_same_however_much_is_remembered(
    rows, api, django_assert_num_queries
) -> None:
    words = [f"Name{number:02}" for number in range(rows)]
    article = make_article(" ".join(f"{word} spoke." for word in words))
    for word in words:
        entity, claim = EntityFactory(name=word), ClaimFactory()
        suggest(article, "entity", word, proposal={"candidates": [entity.pk]})
        said = [{"claim": claim.pk, "similarity": 0.8}]
        suggest(article, "claim", f"{word} spoke", proposal={"said_before": said})
    # Token, its use, article, count, annotations, proposals, the open ones, ties; candidates,
    # claims twice, stories.
    with django_assert_num_queries(12):
        api.get(f"/api/articles/{article.pk}/annotations/?page_size=200")
