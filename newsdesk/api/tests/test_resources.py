"""What all lists and all resources have in common, and the resources that only clients use."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone
from rest_framework.test import APIClient

from annotations.models import Attribution, Claim, ClaimReview, Run
from annotations.tests.factories import (
    ClaimFactory,
    EntityFactory,
    SourceFactory,
    accept_all,
    suggest,
    suggest_tie,
)
from articles.models import Article, Change
from articles.revising import revise
from articles.tests.factories import chief, make_article
from newsdesk.api.models import GivenAnswer, make_token

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened it. “It is safe,” she said."


def client_of(user: Any = None) -> APIClient:
    client = APIClient()
    if user:
        client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=user)}")
    return client


@pytest.fixture
def api(ada) -> APIClient:
    return client_of(ada)


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Opened")


def walk(client: APIClient, address: str, between: Any = None) -> list[dict[str, Any]]:
    """All rows of a list, page after page; something may happen in between."""
    rows: list[dict[str, Any]] = []
    while address:
        page = client.get(address).json()
        rows += page.get("results") or page["items"]
        address = (page.get("next") or "").removeprefix("http://127.0.0.1:8000")
        if between:
            between()
    return rows


# Lists


LISTS = ["articles", "annotations", "attributions", "entities", "claims", "sources", "runs"]


@pytest.mark.parametrize("name", LISTS)
def test_a_parameter_that_is_not_there_is_refused_by_name(api, name) -> None:
    answer = api.get(f"/api/{name}/?page=2")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "page"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("query", "field"),
    [("sort=colour", "sort"), ("fields=id,colour", "fields"),
     ("cursor=x", "cursor"), ("cursor=", "cursor"), ("page_size=0", "page_size")],
)  # fmt: skip
def test_a_list_asked_for_what_it_has_not_says_which_parameter(api, name, query, field) -> None:
    answer = api.get(f"/api/{name}/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("sort", ["id", "-id", "created", "-created", "modified"])
def test_a_list_is_complete_while_others_write(api, sort) -> None:
    there = {EntityFactory().pk for _ in range(12)}
    renamed = iter(sorted(there))

    def somebody_writes() -> None:
        EntityFactory()
        pk = next(renamed)
        api.patch(f"/api/entities/{pk}/", {"name": f"Renamed {pk}"}, HTTP_IF_MATCH='"1"')

    rows = walk(api, f"/api/entities/?page_size=5&sort={sort}", somebody_writes)
    ids = [row["id"] for row in rows]
    assert there <= set(ids)
    if sort != "modified":
        assert len(ids) == len(set(ids))


def test_a_row_that_is_deleted_takes_no_other_with_it(api, article) -> None:
    mentions = [suggest(article, "entity", word) for word in ("Ana", "Ruiz", "opened", "safe")]
    first = api.get("/api/annotations/?page_size=2").json()
    api.delete(f"/api/annotations/{mentions[0].uuid}/", HTTP_IF_MATCH='"1"')
    rest = walk(api, first["next"].removeprefix("http://127.0.0.1:8000"))
    assert [row["id"][-37:-1] for row in rest] == [str(m.uuid) for m in mentions[2:]]


def test_the_total_agrees_with_the_rows(api) -> None:
    for number in range(7):
        EntityFactory(type=("person", "place")[number % 2])
    page = api.get("/api/entities/?type=person&page_size=2").json()
    assert page["count"] == len(walk(api, "/api/entities/?type=person&page_size=2")) == 4


def test_a_cursor_of_another_list_is_refused(api) -> None:
    for _ in range(3):
        EntityFactory()
    following = api.get("/api/entities/?page_size=1").json()["next"]
    cursor = following.partition("cursor=")[2]
    assert api.get(f"/api/entities/?cursor={cursor}&sort=-id").status_code == 400
    assert api.get(f"/api/claims/?cursor={cursor}").status_code == 400
    assert api.get(f"/api/entities/?cursor={cursor}x").status_code == 400


@pytest.mark.parametrize("name", LISTS)
def test_a_list_read_again_unchanged_is_304(api, article, name) -> None:
    first = api.get(f"/api/{name}/")
    assert api.get(f"/api/{name}/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_only_the_fields_asked_for_are_given(api, article) -> None:
    suggest(article, "entity", "Ana Ruiz")
    rows = api.get("/api/articles/?fields=id,text").json()["results"]
    assert rows == [{"id": article.pk, "text": article.text}]
    (item,) = api.get("/api/annotations/?fields=kind,status").json()["items"]
    assert item == {"kind": "entity", "status": "suggested"}
    assert api.get(f"/api/articles/{article.pk}/?fields=title").json() == {"title": "Opened"}


@pytest.mark.parametrize(
    ("query", "found"),
    [("status=suggested", 2), ("status=suggested,accepted", 3), ("kind=claim", 1), ("type=person", 2),
     ("q=ruiz", 1), ("suggester=test", 3), ("suggester=x", 0), ("created_before=2000-01-01", 0),
     ("created_from=2000-01-01", 3), ("modified_from=2000-01-01T00:00:00Z", 3), ("outlet=the post", 3),
     ("outlet=x", 0)],
)  # fmt: skip
def test_annotations_are_filtered(api, ada, query, found) -> None:
    article = make_article(TEXT, title="Opened", outlet="The Post")
    suggest(article, "entity", "Ana Ruiz", label="Ana Ruiz")
    suggest(article, "source", "she", type="person", label="She")
    claim = suggest(article, "claim", "It is safe", label="It is safe.")
    api.patch(f"/api/annotations/{claim.uuid}/", {"status": "accepted"}, HTTP_IF_MATCH='"1"')
    assert api.get(f"/api/annotations/?{query}").json()["partOf"]["total"] == found


def test_articles_are_filtered_by_what_is_tagged_in_them(api, ada) -> None:
    one, _ = make_article(TEXT, title="Opened", outlet="The Post"), make_article()
    entity, claim, source = EntityFactory(), ClaimFactory(), SourceFactory()
    suggest(one, "entity", "Ana Ruiz", entity=entity)
    suggest(one, "claim", "It is safe", claim=claim)
    suggest(one, "source", "she", source=source)
    for query in (f"entity={entity.pk}", f"claim={claim.pk}", f"source={source.pk}", "q=she said",
                  "outlet=the post", "state=in_review&q=opened it"):  # fmt: skip
        rows = api.get(f"/api/articles/?{query}").json()["results"]
        assert [row["id"] for row in rows] == [one.pk], query


@pytest.mark.parametrize(
    "value", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31T23:59:59-14:00"]
)
def test_a_date_that_is_none_is_refused(api, value) -> None:
    answer = api.get("/api/articles/", {"created_from": value})
    assert answer.status_code == 400


# Revisions and runs


def test_editors_read_all_revisions_and_readers_the_one_they_see(api, ada) -> None:
    article = make_article(TEXT, state="published")
    revise(article=article, text=TEXT + " It rained.", actor=ada, seen_version=1)
    rows = api.get(f"/api/articles/{article.pk}/revisions/").json()["results"]
    assert [row["number"] for row in rows] == [1, 2]
    one = api.get(f"/api/articles/{article.pk}/revisions/1/").json()
    assert (one["text"], one["zones"][0]["start"]) == (TEXT, 0)
    reader = client_of()
    assert reader.get(f"/api/articles/{article.pk}/revisions/").json()["count"] == 1
    assert reader.get(f"/api/articles/{article.pk}/revisions/1/").status_code == 404
    assert reader.get(f"/api/articles/{article.pk}/revisions/2/").status_code == 200


def test_runs_are_listed_and_read(api, article) -> None:
    run = Run.objects.get()
    assert api.get("/api/runs/?state=queued").json()["results"][0]["article"] == article.pk
    assert api.get(f"/api/runs/{run.uuid}/").json()["id"] == str(run.uuid)
    assert client_of().get("/api/runs/").status_code == 401


# Attributions


@pytest.fixture
def tie(article) -> Attribution:
    claim = suggest(article, "claim", "It is safe", label="It is safe.")
    source = suggest(article, "source", "she", type="person", label="Ana Ruiz")
    return suggest_tie(claim, source)


def test_an_attribution_is_corrected_with_the_version_that_was_seen(api, tie) -> None:
    address = f"/api/attributions/{tie.uuid}/"
    assert api.get(address).json()["status"] == "suggested"
    assert api.patch(address, {"manner": "direct"}).status_code == 428
    said = TEXT.index("said")
    done = api.patch(address, {"manner": "direct", "cue": [[said, said + 4]]}, HTTP_IF_MATCH='"1"')
    assert (done.status_code, done.json()["status"], done.json()["version"]) == (200, "accepted", 2)
    assert done.json()["cue"] == [[said, said + 4]]
    assert api.patch(address, {"mode": "denies"}, HTTP_IF_MATCH='"1"').status_code == 412
    gone = api.patch(address, {"status": "rejected"}, HTTP_IF_MATCH=done["ETag"])
    assert gone.json()["status"] == "rejected"


def test_an_attribution_is_made(api, article) -> None:
    claim = suggest(article, "claim", "It is safe", label="It is safe.")
    source = suggest(article, "source", "she", type="person", label="Ana Ruiz")
    wish = {"claim": str(claim.uuid), "source": str(source.uuid), "mode": "denies"}
    made = api.post("/api/attributions/", wish)
    assert (made.status_code, made.json()["mode"]) == (201, "denies")
    assert api.get(made["Location"]).json() == made.json()
    wish["source"] = str(claim.uuid)
    assert api.post("/api/attributions/", wish).status_code == 422


# Claims


def test_a_claim_is_reviewed_and_a_review_superseded_once(api) -> None:
    claim = ClaimFactory()
    address = f"/api/claims/{claim.pk}/reviews/"
    wish = {
        "rating": "False",
        "rating_value": 1,
        "reviewer": "The Post",
        "reviewed_on": "2026-11-01",
    }
    tag = api.get(f"/api/claims/{claim.pk}/")["ETag"]
    first = api.post(address, wish)
    assert first.status_code == 201
    assert api.get(f"/api/claims/{claim.pk}/", HTTP_IF_NONE_MATCH=tag).status_code == 200
    newer = api.post(address, wish | {"rating": "True", "supersedes": first.json()["id"]})
    assert newer.status_code == 201
    again = api.post(address, wish | {"supersedes": first.json()["id"]})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "supersedes")
    assert ClaimReview.objects.count() == 2
    assert [row["rating"] for row in api.get(address).json()["results"]] == ["True", "False"]
    assert Change.objects.filter(action="review").count() == 2


def test_claims_are_linked_and_unlinked(api) -> None:
    one, other = ClaimFactory(), ClaimFactory()
    wish = {"other": other.pk, "kind": "contradicts"}
    made = api.post(f"/api/claims/{one.pk}/links/", wish)
    assert made.status_code == 201
    assert api.post(f"/api/claims/{one.pk}/links/", wish).json()["id"] == made.json()["id"]
    assert api.get(f"/api/claims/{other.pk}/links/").json()["count"] == 1
    assert api.post(f"/api/claims/{one.pk}/links/", wish | {"other": one.pk}).status_code == 422
    assert api.delete(made["Location"]).status_code == 204
    assert api.get(made["Location"]).status_code == 404


def test_readers_do_not_see_links_to_what_is_not_published(api, ada) -> None:
    article = make_article(TEXT, state="published")
    shown, hidden = ClaimFactory(), ClaimFactory()
    suggest(article, "claim", "It is safe", claim=shown, label=shown.text)
    accept_all(article, ada)
    api.post(f"/api/claims/{shown.pk}/links/", {"other": hidden.pk, "kind": "same"})
    assert client_of().get(f"/api/claims/{shown.pk}/links/").json()["count"] == 0


@pytest.mark.parametrize("reviewed", ["true", "false"])
def test_claims_are_filtered_by_whether_they_were_rated(api, reviewed) -> None:
    rated, other = ClaimFactory(), ClaimFactory()
    ClaimReview.objects.create(
        claim=rated, rating="False", reviewer="x", reviewed_on=timezone.now().date()
    )
    rows = api.get(f"/api/claims/?reviewed={reviewed}").json()["results"]
    assert [row["id"] for row in rows] == [rated.pk if reviewed == "true" else other.pk]


# Entities and sources


def test_entities_are_merged_with_the_version_that_was_seen(api) -> None:
    loser, winner = EntityFactory(), EntityFactory()
    address = f"/api/entities/{loser.pk}/merge/"
    assert api.post(address, {"into": winner.pk}).status_code == 428
    assert api.post(address, {"into": winner.pk}, HTTP_IF_MATCH='"9"').status_code == 412
    done = api.post(address, {"into": winner.pk}, HTTP_IF_MATCH='"1"')
    assert (done.status_code, done.json()["id"]) == (200, winner.pk)
    assert done.json()["aliases"] == [loser.name]
    assert api.get(f"/api/entities/{loser.pk}/").status_code == 301


def test_a_source_is_changed(api) -> None:
    source, entity = SourceFactory(), EntityFactory(type="organisation")
    address = f"/api/sources/{source.pk}/"
    done = api.patch(address, {"entity": entity.pk, "affiliation": "UN"}, HTTP_IF_MATCH='"1"')
    assert (done.status_code, done.json()["entity"], done.json()["affiliation"]) == (
        200,
        entity.pk,
        "UN",
    )
    unnamed = api.patch(address, {"kind": "unnamed"}, HTTP_IF_MATCH=done["ETag"])
    assert (unnamed.status_code, unnamed.json()["errors"][0]["field"]) == (422, "entity")


# Idempotency keys


def test_the_same_key_gets_the_first_answer_again(api) -> None:
    wish = {"name": "Ana Ruiz", "type": "person"}
    first = api.post("/api/entities/", wish, HTTP_IDEMPOTENCY_KEY="k1")
    again = api.post("/api/entities/", wish, HTTP_IDEMPOTENCY_KEY="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotent-Replayed"] == "true"
    assert api.get("/api/entities/").json()["count"] == 1


def test_the_same_key_with_another_body_is_refused(api) -> None:
    api.post("/api/entities/", {"name": "Ana", "type": "person"}, HTTP_IDEMPOTENCY_KEY="k1")
    other = api.post("/api/entities/", {"name": "Bea", "type": "person"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_a_key_is_each_persons_own(api) -> None:
    wish = {"name": "Ana Ruiz", "type": "person"}
    one = api.post("/api/entities/", wish, HTTP_IDEMPOTENCY_KEY="k1")
    other = client_of(chief()).post("/api/entities/", wish, HTTP_IDEMPOTENCY_KEY="k1")
    assert one.json()["id"] != other.json()["id"]


def test_what_was_refused_is_tried_anew(api) -> None:
    for _ in range(2):
        answer = api.post("/api/claims/", {"text": " "}, HTTP_IDEMPOTENCY_KEY="k1")
        assert answer.status_code == 400
    assert not GivenAnswer.objects.exists()


def test_an_answer_is_forgotten_after_a_day(api) -> None:
    wish = {"name": "Ana Ruiz", "type": "person"}
    api.post("/api/entities/", wish, HTTP_IDEMPOTENCY_KEY="k1")
    GivenAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    api.post("/api/entities/", wish, HTTP_IDEMPOTENCY_KEY="k1")
    assert api.get("/api/entities/").json()["count"] == 2


@pytest.mark.parametrize("key", ["", "x" * 101, "a\tb"])
def test_a_key_that_is_none_is_refused(api, key) -> None:
    answer = api.post("/api/entities/", {}, HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Idempotency-Key")


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_in_use_at_this_moment_gets_409(api, ada) -> None:
    from newsdesk.api import idempotency

    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic():
            idempotency._hold(ada, "k1")
            held.set()
            done.wait(10)
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(10)
    answer = api.post("/api/claims/", {"text": "It is safe."}, HTTP_IDEMPOTENCY_KEY="k1")
    done.set()
    other.join()
    assert answer.status_code == 409
    assert not Claim.objects.exists()
    assert connection.in_atomic_block is False
