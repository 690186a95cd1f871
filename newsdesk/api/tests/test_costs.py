"""How many queries the most frequent requests take: that many, and not one more."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.models import Annotation, Entity, ShownStory
from annotations.tests.factories import EntityFactory, accept_all, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import make_article, put_into

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(api) -> Article:
    # Its first request notes that the token was used.
    api.get("/api/")
    return make_article("Ana Ruiz told the Post that the bridge is safe.", title="Bridge")


@pytest.fixture
def tagged(article, ada) -> Article:
    suggest(article, "entity", "Ana Ruiz")
    source = suggest(article, "source", "the Post")
    suggest_tie(suggest(article, "claim", "the bridge is safe"), source)
    accept_all(article, ada)
    return article


def test_a_container_page_takes_five_queries(api, tagged, django_assert_num_queries) -> None:
    # Token with roles, article, count, which ones, and what they say.
    with django_assert_num_queries(5):
        answer = api.get(f"/api/articles/{tagged.pk}/annotations/?page_size=200")
    assert len(answer.json()["items"]) == 3


def test_a_page_of_iris_takes_as_many(api, tagged, django_assert_num_queries) -> None:
    with django_assert_num_queries(5):
        answer = api.get(f"/api/articles/{tagged.pk}/annotations/?iris=1")
    ids = {iri.split("/")[-2] for iri in answer.json()["items"]}
    assert ids == {str(uuid) for uuid in Annotation.objects.values_list("uuid", flat=True)}


def mention(entity: Entity, words: str) -> dict[str, Any]:
    return {
        "type": "Annotation",
        "body": {"id": f"https://desk.example/entities/{entity.slug}/", "type": "Person"},
        "target": {"selector": {"type": "TextQuoteSelector", "exact": words}},
    }


def test_an_annotation_is_created_in_few_queries(api, article, django_assert_num_queries) -> None:
    data = mention(EntityFactory(name="Ana Ruiz"), "Ana Ruiz")
    # Token with roles, article, entity, whether the place is free, annotation with its decision,
    # the log's newest number, whether readers are shown the story; the test's own savepoint, begun
    # and ended. What is put into the log is not counted.
    with django_assert_num_queries(9):
        answer = api.post(f"/api/articles/{article.pk}/annotations/", data)
    assert answer.status_code == 201
    assert answer.json()["body"]["name"] == "Ana Ruiz"


@pytest.mark.parametrize(("words", "queries"), [("the Post", 15), ("Ruiz", 12)])
def test_one_that_readers_are_shown_takes_only_what_it_alters(
    api, article, ada, words, queries, django_assert_num_queries
) -> None:
    post, ana = EntityFactory(name="the Post"), EntityFactory(name="Ana Ruiz")
    put_into(article, "published")
    for number, word in enumerate(("Ana", "told", "bridge", "safe")):
        thing = ana if word == "Ana" else EntityFactory(name=f"Thing {number}")
        api.post(f"/api/articles/{article.pk}/annotations/", mention(thing, word))
    data = mention({"Ruiz": ana, "the Post": post}[words], words)
    # As above; the story's marks, its ties and the count of the one thing. Of one that is new to the
    # story also its names: what is needed no more, what is missing, and whether it must be cut.
    with django_assert_num_queries(queries):
        api.post(f"/api/articles/{article.pk}/annotations/", data)
    assert len(ShownStory.objects.get().entities) == 4 + (words == "the Post")


@pytest.mark.parametrize("order", ["id", "-id", "created", "-created", "modified"])
def test_a_page_keeps_the_order_that_was_asked_for(api, tagged, order) -> None:
    field = {"id": "pk", "created": "created_at", "modified": "updated_at"}[order.lstrip("-")]
    rows = Annotation.objects.order_by(f"-{field}" if order[0] == "-" else field)
    address = f"/api/articles/{tagged.pk}/annotations/?sort={order}&page_size=2"
    found = []
    while address:
        page = api.get(address).json()
        found += [item["id"].split("/")[-2] for item in page["items"]]
        address = page.get("next")
    assert found == [str(row.uuid) for row in rows]
