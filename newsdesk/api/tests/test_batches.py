from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from annotations.models import Annotation, Attribution, Decision, Entity
from annotations.tests.factories import EntityFactory, suggest, suggest_tie
from articles.models import Article, Change
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened the bridge in Astana. “It is safe,” she said, Ana Ruiz."


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Opened")


def w3c(words: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    start = TEXT.index(words)
    position = {"type": "TextPositionSelector", "start": start, "end": start + len(words)}
    return {"body": body or {"type": "Person", "name": words}, "target": {"selector": position}}


def batch(api: APIClient, *operations: dict[str, Any], **more: Any) -> Any:
    return api.post("/api/annotations/batch/", {"operations": list(operations), **more})


def create(article: Article, words: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"do": "create", "article": article.pk, "annotation": w3c(words, body)}


def test_annotations_are_created_with_a_result_each(api, article) -> None:
    answer = batch(
        api,
        create(article, "Ana Ruiz"),
        create(article, "Astana", {"type": "Place", "name": "Astana"}),
        create(article, "It is safe", {"type": "Claim", "text": "It is safe."}),
        create(article, "she", {"type": "Source", "sourceKind": "person", "name": "Ana Ruiz"}),
    )
    assert answer.status_code == 200
    assert [r["status"] for r in answer.json()["results"]] == [201] * 4
    for result in answer.json()["results"]:
        shown = api.get(result["id"].removeprefix("http://127.0.0.1:8000")).json()
        assert (shown["status"], shown["version"]) == ("accepted", result["version"])
    assert Decision.objects.filter(action="add").count() == 4


def test_a_batch_leaves_what_the_single_requests_leave(api, ada) -> None:
    one, other = make_article(TEXT), make_article("Again. " + TEXT)
    operations = [create(one, words, body) for words, body in [
        ("Ana Ruiz", None), ("Astana", {"type": "Place", "name": "The Astana"}),
        ("It is safe", {"type": "Claim", "text": "It is safe."}),
        ("she", {"type": "Source", "sourceKind": "person", "name": "Ana Ruiz"}),
    ]]  # fmt: skip
    assert batch(api, *operations).json()["refused"] == 0
    for operation in operations:
        data = operation["annotation"]
        selector = data["target"]["selector"]
        moved = {**selector, "start": selector["start"] + 7, "end": selector["end"] + 7}
        data["target"] = {"selector": moved}
        answer = api.post(f"/api/articles/{other.pk}/annotations/", data)
        assert answer.status_code == 201, answer.content
    columns = ("kind", "type", "label", "status", "version", "entity", "claim", "source", "creator")
    first, second = (
        list(article.annotations.order_by("start").values_list(*columns))
        for article in (one, other)
    )
    assert first == second


def test_decisions_of_all_kinds_are_taken_in_order(api, article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz", label="Ana Ruiz")
    place = suggest(article, "entity", "Astana", type="place", label="Astana")
    claim = suggest(article, "claim", "It is safe", label="It is safe.")
    answer = batch(
        api,
        {"do": "accept", "id": str(mention.uuid), "version": 1},
        {"do": "reject", "id": str(place.uuid), "version": '"1-0123abcd"'},
        {"do": "reopen", "id": str(place.uuid), "version": 2},
        {"do": "delete", "id": f"http://desk/api/annotations/{claim.uuid}/", "version": 1},
        {"do": "change", "id": str(mention.uuid), "version": 2,
         "annotation": w3c("Ana", {"type": "Person", "name": "Ana Ruiz"})},
    )  # fmt: skip
    assert [r["status"] for r in answer.json()["results"]] == [200, 200, 200, 204, 200]
    mention.refresh_from_db()
    assert (mention.words(), mention.version, mention.status) == (["Ana"], 3, "accepted")
    place.refresh_from_db()
    assert (place.status, place.version) == ("suggested", 3)
    claim.refresh_from_db()
    assert claim.deleted_at is not None
    history = Change.objects.of(mention).values_list("action", "after__version")
    assert list(history) == [("accept", 2), ("change", 3)]


def test_one_by_one_a_refused_operation_keeps_no_other_from_being_done(api, article) -> None:
    mention = suggest(article, "entity", "Astana", type="place")
    answer = batch(
        api,
        create(article, "Ana Ruiz"),
        create(article, "Ana Ruiz"),
        {"do": "accept", "id": str(mention.uuid), "version": 7},
        {"do": "accept", "id": str(mention.uuid)},
        {"do": "accept", "id": "00000000-0000-4000-8000-000000000000", "version": 1},
        {"do": "create", "article": 10**9, "annotation": w3c("Ana")},
        {"do": "dance"},
        {"do": "create", "article": article.pk, "annotation": {"body": 7}},
        create(article, "opened", {"type": "Event", "name": "The opening"}),
    )
    statuses = [r["status"] for r in answer.json()["results"]]
    assert statuses == [201, 422, 412, 428, 404, 404, 422, 422, 201]
    assert answer.json()["results"][2]["problem"]["current"]["version"] == 1
    assert Annotation.objects.filter(status="accepted").count() == 2


def test_all_or_nothing_writes_nothing_where_one_is_refused(api, article) -> None:
    before = Change.objects.count()
    answer = batch(
        api, create(article, "Ana Ruiz"), create(article, "Ana Ruiz"), all_or_nothing=True
    )
    assert answer.status_code == 422
    assert [r["status"] for r in answer.json()["results"]] == [424, 422]
    assert not Annotation.objects.exists()
    assert not Entity.objects.exists()
    assert Change.objects.count() == before


def test_an_annotation_whose_change_was_refused_is_as_it_was(api, article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    suggest(article, "entity", "Astana", type="place")
    taken = {"do": "change", "id": str(mention.uuid), "version": 1, "annotation": w3c("Astana")}
    accepted = {"do": "accept", "id": str(mention.uuid), "version": 1}
    answer = batch(api, taken, accepted)
    assert [r["status"] for r in answer.json()["results"]] == [422, 200]
    mention.refresh_from_db()
    assert mention.words() == ["Ana Ruiz"]


def test_a_claim_comes_with_its_attribution_to_a_source_of_the_same_batch(api, article) -> None:
    source = create(article, "she", {"type": "Source", "sourceKind": "person", "name": "Ana Ruiz"})
    source["annotation"]["id"] = "urn:uuid:6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    claim = create(article, "It is safe", {"type": "Claim", "text": "It is safe."})
    claim["annotation"]["attributions"] = [
        {"attributedTo": source["annotation"]["id"], "manner": "direct"}
    ]
    assert batch(api, source, claim).json()["refused"] == 0
    tie = Attribution.objects.get()
    assert (tie.manner, tie.source.words()) == ("direct", ["she"])


def test_a_claim_whose_attribution_is_refused_is_not_created(api, article) -> None:
    there = suggest(article, "source", "she", type="person", label="Ana Ruiz")
    elsewhere = suggest(make_article("She spoke."), "source", "She", type="person", label="She")
    claims = []
    for source in (there, elsewhere, there, there):
        claim = create(article, "It is safe", {"type": "Claim", "text": "It is safe."})
        tie = {"attributedTo": f"urn:uuid:{source.uuid}"}
        claim["annotation"]["attributions"] = [tie]
        claims.append(claim)
    claims[0]["annotation"]["attributions"].append({"manner": "sung"})
    claims[2]["annotation"]["attributions"].append({"byOutlet": True})
    answer = batch(api, *claims)
    assert [r["status"] for r in answer.json()["results"]] == [422, 422, 201, 422]
    assert Annotation.objects.filter(kind="claim").count() == 1
    assert set(Attribution.objects.values_list("source", "by_outlet", "version")) == {
        (there.pk, False, 1), (None, True, 1),
    }  # fmt: skip
    assert Change.objects.filter(subject_type="attribution").count() == 2


def test_suggested_ties_are_accepted_with_their_ends(api, article) -> None:
    claim = suggest(article, "claim", "It is safe", label="It is safe.")
    source = suggest(article, "source", "she", type="person", label="Ana Ruiz")
    suggest_tie(claim, source)
    batch(api, *({"do": "accept", "id": str(a.uuid), "version": 1} for a in (claim, source)))
    assert Attribution.objects.get().status == "accepted"


def test_a_place_that_an_operation_frees_is_free_for_the_next(api, article) -> None:
    gone = suggest(article, "entity", "Astana", type="place")
    moved = suggest(article, "entity", "Ana Ruiz")
    answer = batch(
        api,
        {"do": "delete", "id": str(gone.uuid), "version": 1},
        create(article, "Astana", {"type": "Place", "name": "Astana"}),
        {"do": "change", "id": str(moved.uuid), "version": 1,
         "annotation": w3c("Ana", {"type": "Person", "name": "Ana Ruiz"})},
        create(article, "Ana Ruiz"),
        create(article, "Ana Ruiz"),
    )  # fmt: skip
    assert [r["status"] for r in answer.json()["results"]] == [204, 201, 200, 201, 422]
    kept = article.annotations.kept().filter(kind="entity").order_by("start", "-end")
    assert [a.words() for a in kept] == [["Ana Ruiz"], ["Ana"], ["Astana"]]


def test_what_one_operation_makes_and_learns_is_there_for_the_next(api, article) -> None:
    entity = EntityFactory(name="Ana Ruiz Gil")
    body = {"id": f"http://127.0.0.1:8000{entity.get_absolute_url()}", "type": "Person"}
    astana = {"type": "Place", "name": "Astana"}
    answer = batch(
        api, create(article, "Ana Ruiz", body),
        create(article, "she", {"type": "Person", "name": "Ana Ruiz"}),
        create(article, "Astana", astana), create(article, "bridge", astana),
    )  # fmt: skip
    assert answer.json()["refused"] == 0
    assert set(Entity.objects.values_list("name", flat=True)) == {"Ana Ruiz Gil", "Astana"}
    learned = Change.objects.filter(action="learn").values_list("before__aliases", "after__aliases")
    assert list(learned) == [([], ["Ana Ruiz"])]


def test_names_are_learned_from_a_batch(api, article) -> None:
    entity = EntityFactory(name="Ana Ruiz Gil")
    body = {"id": f"http://127.0.0.1:8000{entity.get_absolute_url()}", "type": "Person"}
    assert batch(api, create(article, "Ana Ruiz", body)).json()["refused"] == 0
    assert [alias.text for alias in entity.aliases.all()] == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("data", "field"),
    [([], "operations"), ({"operations": []}, "operations"), ({"operations": {}}, "operations"),
     ({"operations": [{}] * 5001}, "operations"),
     ({"operations": [{}], "all_or_nothing": 1}, "all_or_nothing")],
)  # fmt: skip
def test_a_batch_that_is_none_is_refused_by_field(api, data, field) -> None:
    answer = api.post("/api/annotations/batch/", data)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("rows", [5, 50])
def test_a_batch_costs_a_fixed_number_of_queries(api, rows, django_assert_max_num_queries) -> None:
    entity = EntityFactory(name="Word", type="place")
    text = " ".join(f"Word{n}" for n in range(rows))
    article = make_article(text)
    body = {"id": f"http://127.0.0.1:8000{entity.get_absolute_url()}", "type": "Place"}
    operations = [
        {"do": "create", "article": article.pk, "annotation": {
            "body": body, "target": {"selector": {
                "type": "TextQuoteSelector", "exact": f"Word{n}", "suffix": " " if n < rows - 1 else ""}}}}
        for n in range(rows)
    ]  # fmt: skip
    with django_assert_max_num_queries(20):
        assert batch(api, *operations).json()["refused"] == 0


def test_claims_with_attributions_cost_a_fixed_number_of_queries(api) -> None:
    costs = []
    for rows in (5, 50):
        article = make_article(" ".join(f"Word{n}of{rows}" for n in range(rows)) + " she said.")
        source = suggest(article, "source", "she", type="person", label="She")
        body = {"type": "Claim", "text": "It is safe."}
        operations = [
            {"do": "create", "article": article.pk, "annotation": {
                "body": body, "attributions": [{"attributedTo": f"urn:uuid:{source.uuid}"}],
                "target": {"selector": {"type": "TextQuoteSelector", "exact": f"Word{n}of{rows}"}}}}
            for n in range(rows)
        ]  # fmt: skip
        batch(api, create(make_article(f"{TEXT} {rows}"), "It is safe", body))
        with CaptureQueriesContext(connection) as queries:
            assert batch(api, *operations).json()["refused"] == 0
        assert Attribution.objects.filter(source=source).count() == rows
        costs.append(len(queries))
    assert costs[0] == costs[1]
