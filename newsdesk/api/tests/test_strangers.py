"""What somebody who guesses is told by tokens, webhooks, changes and export: which part is wrong, and
what there is instead."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.changes import last_seq
from articles.tests.factories import chief, make_article
from newsdesk.api.models import ApiToken, Webhook, make_token

pytestmark = pytest.mark.django_db

HOOK = {"url": "https://8.8.8.8/"}


@pytest.fixture
def client() -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=chief())}")
    return client


def refused(answer: Any) -> dict[str, str]:
    """The fields of a refusal, each with what is said of it."""
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"
    return {error["field"]: error["detail"] for error in answer.json().get("errors", [])}


@pytest.mark.parametrize(
    ("address", "body", "field", "said"),
    [
        ("tokens", {"name": "x", "scopes": ["god"]}, "scopes.0", "read_all, annotate"),
        ("tokens", {"name": "x", "expires": "2030-01-01"}, "expires", "name, scopes, expires_at"),
        ("tokens", {"name": "x", "expires_at": "soon"}, "expires_at", "YYYY-MM-DD"),
        ("tokens", {"name": "a\x00b"}, "name", "NUL"),
        ("tokens", ["x"], "non_field_errors", "Expected a dictionary"),
        ("webhooks", {**HOOK, "action": ["accept"]}, "action", "types, actions, article, outlet"),
        ("webhooks", {**HOOK, "a" * 99: 1}, "a" * 60, "no such member"),
        ("webhooks", {**HOOK, "article": "x"}, "article", "the number of a story"),
        ("webhooks", {**HOOK, "types": "run"}, "types", "Expected a list"),
        ("entities", {"name": "Ana", "type": "god"}, "type", "person, organisation, place"),
        ("sources", {"name": "Ana", "kind": "god"}, "kind", "document, post, unnamed"),
    ],
)
def test_a_body_that_cannot_be_is_refused_with_what_may_stand_there(
    address, body, field, said, client
) -> None:
    before = ApiToken.objects.count()
    assert said in refused(client.post(f"/api/{address}/", body))[field]
    assert ApiToken.objects.count() == before
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"name":' * 5000, b"\xff\xfe", b'{"name": NaN}']
)
@pytest.mark.parametrize("address", ["tokens", "webhooks", "entities"])
def test_what_is_no_json_is_refused(address, body, client) -> None:
    answer = client.generic("POST", f"/api/{address}/", body, "application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error")


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("after=-1", "after", "whole number"),
        ("after=%00", "after", "whole number"),
        ("after=" + "9" * 30, "after", "whole number"),
        ("type=", "type", "article, revision, annotation"),
        ("type=run,", "type", "article, revision, annotation"),
        ("action=", "action", "create, correct"),
        ("wait=1.5", "wait", "from 0 to 60"),
    ],
)
def test_the_log_says_what_it_may_be_asked(query, field, said, client) -> None:
    assert said in refused(client.get(f"/api/changes/?{query}"))[field]


@pytest.mark.parametrize("given", ["rubbish", "-1", "0x10", "1,2", "9" * 30, "١"])
def test_a_last_event_that_is_none_is_refused_rather_than_all_told_again(given, client) -> None:
    headers = {"accept": "text/event-stream", "last-event-id": given}
    answer = client.get("/api/changes/", headers=headers)
    assert "whole number" in refused(answer)["Last-Event-ID"]


@pytest.mark.parametrize(
    ("after", "last_event", "told_from"), [(0, 2, 3), (2, 1, 3), (2, None, 3), (None, 1, 2)]
)
def test_a_browser_that_comes_back_to_its_address_goes_on(
    after, last_event, told_from, client
) -> None:
    make_article()
    assert last_seq() >= 3
    headers = {} if last_event is None else {"last-event-id": str(last_event)}
    query = {} if after is None else {"after": after}
    page = client.get("/api/changes/", query, headers=headers).json()
    assert page["results"][0]["seq"] == told_from


@pytest.mark.parametrize(
    ("query", "field"),
    [("format=xml", "format"), ("compression=gzip", "compression"), ("after=x", "after"),
     ("format=csv&after=-1", "after"), ("type=%00", "type"), ("status=accepted,", "status")],
)  # fmt: skip
def test_export_says_what_it_may_be_asked(query, field, client) -> None:
    assert field in refused(client.get(f"/api/export/?{query}"))


def test_a_text_with_nul_is_told_from_one_that_is_too_long(client) -> None:
    assert "NUL" in refused(client.get("/api/articles/?q=%00"))["q"]
    assert "200 characters" in refused(client.get(f"/api/articles/?q={'a' * 201}"))["q"]


def test_a_type_that_is_said_twice_is_kept_once(client) -> None:
    made = client.post("/api/webhooks/", {**HOOK, "types": ["run", "run"]})
    assert made.json()["types"] == ["run"]
