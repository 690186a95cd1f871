from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from annotations import deciding, merging
from annotations.models import Annotation, Entity
from annotations.tests.factories import EntityFactory, accept_all, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import chief, make_article
from newsdesk.api.models import ApiToken, make_token

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened it. “It is safe 👩‍👩‍👧,” she said."


def client_of(user=None) -> APIClient:
    client = APIClient()
    if user:
        client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=user)}")
    return client


@pytest.fixture
def api(ada) -> APIClient:
    return client_of(ada)


@pytest.fixture
def stranger() -> APIClient:
    return client_of()


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Opened")


def w3c(words: str, body: dict | None = None, text: str = TEXT) -> dict:
    start = text.index(words)
    return {
        "type": "Annotation",
        "body": body or {"type": "Person", "name": words},
        "target": {
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": start + len(words)},
                {"type": "TextQuoteSelector", "exact": words},
            ]
        },
    }


# Tokens


def test_the_token_command_prints_a_token_and_nothing_else(ada) -> None:
    out = io.StringIO()
    call_command("token", "ada", stdout=out)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {out.getvalue().strip()}")
    assert client.get("/api/changes/").status_code == 200


def test_a_token_for_nobody_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="no active user"), redirect_stdout(io.StringIO()):
        call_command("token", "nobody")


def test_a_tokens_key_is_not_stored(ada) -> None:
    key = make_token(user=ada)
    stored = ApiToken.objects.get()
    assert key not in (stored.digest, stored.prefix)


@pytest.mark.parametrize("header", ["Token wrong", "Token", "Token a b", "Bearer \x00"])
def test_a_token_that_is_none_gets_401_with_the_scheme(stranger, header) -> None:
    answer = stranger.get("/api/articles/", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
    assert answer["Content-Type"] == "application/problem+json"


def test_an_expired_token_is_none(ada) -> None:
    client = client_of(ada)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get("/api/articles/").status_code == 401


# What strangers see


def test_strangers_read_what_is_published_and_nothing_else(stranger, article) -> None:
    shown = make_article(state="published")
    rows = stranger.get("/api/articles/").json()
    assert [row["id"] for row in rows["results"]] == [shown.pk]
    assert rows["count"] == 1
    assert stranger.get(f"/api/articles/{article.pk}/").status_code == 404
    assert stranger.get(f"/api/articles/{article.pk}/annotations/").status_code == 404


def test_strangers_see_accepted_annotations_only(stranger, ada) -> None:
    article = make_article(TEXT, title="Opened", state="published")
    suggest(article, "entity", "Ana Ruiz")
    seen = suggest(article, "claim", "“It is safe 👩‍👩‍👧,”", label="It is safe.")
    deciding.accept(annotation=seen, editor=ada, seen_version=1)
    items = stranger.get(f"/api/articles/{article.pk}/annotations/").json()["first"]["items"]
    assert [item["kind"] for item in items] == ["claim"]
    hidden = Annotation.objects.get(kind="entity")
    assert stranger.get(f"/api/annotations/{hidden.uuid}/").status_code == 404


def test_strangers_see_no_entity_that_no_story_shows(stranger) -> None:
    entity = EntityFactory()
    assert stranger.get("/api/entities/").json()["count"] == 0
    assert stranger.get(f"/api/entities/{entity.pk}/").status_code == 404


WRITES = [
    ("post", "/api/articles/"), ("patch", "/api/articles/{pk}/"), ("get", "/api/changes/"),
    ("get", "/api/articles/{pk}/runs/"), ("post", "/api/articles/{pk}/runs/"),
    ("post", "/api/articles/{pk}/annotations/"), ("post", "/api/entities/"),
    ("post", "/api/claims/"), ("post", "/api/sources/"),
]  # fmt: skip


@pytest.mark.parametrize("method, address", WRITES)
def test_strangers_write_nothing(stranger, method, address) -> None:
    article = make_article(state="published")
    answer = getattr(stranger, method)(address.format(pk=article.pk), {})
    assert answer.status_code == 401
    assert answer.json()["status"] == 401


# Articles


def test_a_story_is_stored_and_told_where(api) -> None:
    answer = api.post("/api/articles/", {"text": TEXT, "title": "Opened", "outlet": "The Post"})
    assert answer.status_code == 201
    article = Article.objects.get()
    assert answer["Location"] == f"/api/articles/{article.pk}/"
    assert answer.json()["outlet"] == "The Post"


def test_the_same_story_again_is_found_not_stored(api) -> None:
    first = api.post("/api/articles/", {"text": TEXT})
    again = api.post("/api/articles/", {"text": TEXT})
    assert (again.status_code, again.json()["already_stored"]) == (200, True)
    assert again.json()["id"] == first.json()["id"]


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", None, 7, ["x"]])
def test_a_text_that_is_none_is_refused_naming_the_field(api, text) -> None:
    answer = api.post("/api/articles/", {"text": text})
    assert answer.status_code in (400, 422) or text == 7
    if text != 7:
        assert answer.json()["errors"][0]["field"] == "text"
        assert not Article.objects.exists()


def test_a_correction_needs_the_version_that_was_seen(api, article) -> None:
    address = f"/api/articles/{article.pk}/"
    assert api.patch(address, {"title": "New"}).status_code == 428
    assert api.patch(address, {"title": "New"}, HTTP_IF_MATCH='"9"').status_code == 412
    assert api.patch(address, {"title": "New"}, HTTP_IF_MATCH='"x"').status_code == 400
    done = api.patch(address, {"title": "New"}, HTTP_IF_MATCH='"1"')
    assert (done.status_code, done.json()["version"], done.json()["title"]) == (200, 2, "New")
    assert done["ETag"].startswith('"2-')


def test_a_stale_write_gets_the_current_state(api, article) -> None:
    api.patch(f"/api/articles/{article.pk}/", {"title": "New"}, HTTP_IF_MATCH='"1"')
    stale = api.patch(f"/api/articles/{article.pk}/", {"title": "Other"}, HTTP_IF_MATCH='"1"')
    assert stale.status_code == 412
    assert stale.json()["current"]["title"] == "New"


def test_an_editor_does_not_publish_and_a_chief_does(api, article) -> None:
    address, body = f"/api/articles/{article.pk}/", {"state": "published"}
    assert api.patch(address, body, HTTP_IF_MATCH='"1"').status_code == 403
    assert client_of(chief()).patch(address, body, HTTP_IF_MATCH='"1"').status_code == 200


def test_a_reader_who_has_this_version_gets_304(api, article) -> None:
    first = api.get(f"/api/articles/{article.pk}/")
    again = api.get(f"/api/articles/{article.pk}/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again["ETag"], again.content) == (304, first["ETag"], b"")


@pytest.mark.parametrize(
    "query, field",
    [("page_size=501", "page_size"), ("page_size=x", "page_size"), ("page=0", "page"),
     ("page=²", "page"), ("state=lost", "state"), ("q=%00", "q")],
)  # fmt: skip
def test_a_parameter_that_cannot_be_is_refused_by_name(api, query, field) -> None:
    answer = api.get(f"/api/articles/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_pages_hold_up_to_500_rows(api) -> None:
    for _ in range(3):
        make_article()
    page = api.get("/api/articles/?page_size=2").json()
    assert (len(page["results"]), page["count"]) == (2, 3)
    assert len(api.get("/api/articles/?page_size=500").json()["results"]) == 3


# Annotations


def test_an_annotation_is_added_and_read_back_by_position_and_quote(api, article) -> None:
    answer = api.post(f"/api/articles/{article.pk}/annotations/", w3c("👩‍👩‍👧,”"))
    assert answer.status_code == 201
    selector = api.get(answer["Location"]).json()["target"][0]["selector"]
    start, end = selector[0]["start"], selector[0]["end"]
    assert TEXT[start:end] == selector[1]["exact"] == "👩‍👩‍👧,”"


def test_a_quote_that_is_not_at_its_position_is_refused_with_both(api, article) -> None:
    data = w3c("Ana Ruiz")
    data["target"]["selector"][0] = {"type": "TextPositionSelector", "start": 1, "end": 9}
    answer = api.post(f"/api/articles/{article.pk}/annotations/", data)
    assert answer.status_code == 422
    body = answer.json()
    assert (body["quote"], body["at_position"]) == ("Ana Ruiz", "na Ruiz ")


def test_a_suggestion_is_accepted_with_if_match_and_refused_without(api, article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    address = f"/api/annotations/{mention.uuid}/"
    assert api.patch(address, {"status": "accepted"}).status_code == 428
    done = api.patch(address, {"status": "accepted"}, HTTP_IF_MATCH='"1"')
    assert (done.status_code, done["ETag"][:3], done.json()["status"]) == (200, '"2-', "accepted")
    assert api.patch(address, {"status": "rejected"}, HTTP_IF_MATCH='"1"').status_code == 412


def test_an_annotation_can_be_put_elsewhere(api, article) -> None:
    mention = suggest(article, "entity", "Ana")
    answer = api.put(f"/api/annotations/{mention.uuid}/", w3c("Ana Ruiz"), HTTP_IF_MATCH='"1"')
    assert answer.status_code == 200
    mention.refresh_from_db()
    assert mention.words() == ["Ana Ruiz"]


def test_a_deleted_annotation_is_gone(api, stranger, article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    address = f"/api/annotations/{mention.uuid}/"
    assert api.delete(address, HTTP_IF_MATCH='"1"').status_code == 204
    assert api.get(address).status_code == 410
    assert stranger.get(address).status_code == 404


def test_a_claim_carries_its_attributions(api, article, ada) -> None:
    claim = suggest(article, "claim", "“It is safe 👩‍👩‍👧,”", label="It is safe.")
    source = suggest(article, "source", "she", type="person", label="Ana Ruiz")
    suggest_tie(claim, source, cue=[[TEXT.index("said"), TEXT.index("said") + 4]])
    accept_all(article, ada)
    (tie,) = api.get(f"/api/annotations/{claim.uuid}/").json()["attributions"]
    assert tie["attributedTo"].endswith(f"/{source.uuid}/")
    assert tie["cue"][0][1]["exact"] == "said"
    assert tie["status"] == "accepted"


@pytest.mark.parametrize("rows", [5, 50])
def test_a_page_of_annotations_costs_a_fixed_number_of_queries(
    api, ada, rows, django_assert_max_num_queries
) -> None:
    article = make_article(" ".join(f"word{n}" for n in range(rows)), title="Many")
    for number in range(rows):
        kind = ("entity", "claim", "source")[number % 3]
        suggest(article, kind, f"word{number}", occurrence=1, label=f"Word {number}")
    claims = article.annotations.filter(kind="claim")
    sources = article.annotations.filter(kind="source")
    for claim, source in zip(claims, sources, strict=False):
        suggest_tie(claim, source)
    api.get("/api/")
    with django_assert_max_num_queries(10):
        answer = api.get(f"/api/articles/{article.pk}/annotations/?page_size=500")
    assert len(answer.json()["items"]) == rows


# The knowledge base


def test_an_entity_is_made_found_and_changed(api) -> None:
    made = api.post("/api/entities/", {"name": "Ana Ruiz", "type": "person", "aliases": ["A. R."]})
    assert made.status_code == 201
    address = made["Location"]
    found = api.get("/api/entities/?q=RUIZ&type=person").json()["results"]
    assert found[0]["aliases"] == ["A. R."]
    changed = api.patch(address, {"description": "Mayor"}, HTTP_IF_MATCH=made["ETag"])
    assert changed.json()["description"] == "Mayor"


def test_a_merged_entity_redirects(api, ada) -> None:
    loser, winner = EntityFactory(), EntityFactory()
    merging.merge_entities(loser=loser, winner=winner, actor=ada)
    answer = api.get(f"/api/entities/{loser.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/api/entities/{winner.pk}/")


def test_a_claim_and_a_source_are_made(api) -> None:
    assert api.post("/api/claims/", {"text": "It is safe."}).status_code == 201
    entity = EntityFactory()
    made = api.post("/api/sources/", {"name": "Ana", "kind": "person", "entity": entity.pk})
    assert (made.status_code, made.json()["entity"]) == (201, entity.pk)


# Changes


def test_changes_are_paged_without_gaps(api) -> None:
    for _ in range(4):
        make_article()
    after, seen = 0, []
    while page := api.get(f"/api/changes/?after={after}&limit=3").json()["results"]:
        seen += [row["seq"] for row in page]
        after = seen[-1]
    assert seen == list(range(1, len(seen) + 1))
    end = {"results": [], "next": after, "last": after}
    assert api.get(f"/api/changes/?after={after}").json() == end


# Bad input


NONSENSE = [None, [], "x", 7, {}, {"text": {}}, {"body": [[]]}, {"name": "\x00", "type": "person"},
            {"name": "a" * 9999, "type": "person"}, {"status": "\ud800"}, {"type": ["person"]},
            {"target": {"selector": [{"type": "TextPositionSelector", "start": 10**30, "end": 1e99}]},
             "body": {"type": "Person", "name": "\x00"}},
            {"body": {"type": "Person", "name": "\x00"}, "target": {"selector": [
                {"type": "TextPositionSelector", "start": 0, "end": 3}]}}]  # fmt: skip
PLACES = ["/api/articles/", "/api/articles/{pk}/annotations/", "/api/entities/", "/api/claims/",
          "/api/sources/"]  # fmt: skip


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.parametrize("data", NONSENSE, ids=lambda data: ascii(data)[:40])
def test_nonsense_gets_a_problem_and_never_a_500(api, article, address, data) -> None:
    body = json.dumps(data)
    answer = api.post(address.format(pk=article.pk), body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"
    assert not Entity.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1,", b"NaN"])
def test_what_is_no_json_gets_400(api, body) -> None:
    answer = api.post("/api/entities/", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("address", ["/api/nothing/", "/api/articles/999999/", "/api/entities/x/"])
def test_an_address_that_is_none_gets_a_problem(api, address) -> None:
    answer = api.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_is_not_there_gets_405(api) -> None:
    assert api.delete("/api/articles/").status_code == 405


# Docs


def test_the_schema_is_valid_openapi_without_warnings(capsys) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")


def test_the_docs_page_lists_each_operation(stranger) -> None:
    page = stranger.get("/api/docs/").content.decode()
    assert "/api/articles/{id}/annotations/" in page
    assert "PATCH" in page


def test_the_context_explains_the_desks_terms(stranger) -> None:
    answer = stranger.get("/api/context.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    assert answer.json()["@context"]["Claim"] == "schema:Claim"
