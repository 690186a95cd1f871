"""Webhooks over the API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from articles.changes import last_seq
from articles.tests.factories import chief, make_article
from newsdesk.api.hooks import delivering, managing
from newsdesk.api.models import Webhook, make_token
from newsdesk.api.tests.receiving import Receiver, receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=chief(username='head'))}")
    return client


@pytest.fixture
def there(settings) -> Iterator[Receiver]:
    settings.PRIVATE_WEBHOOKS = True
    with receiver() as running:
        yield running


@pytest.fixture
def made(api, there) -> dict:
    return api.post("/api/webhooks/", {"url": there.url}).json()


def address(made: dict, *parts: str) -> str:
    return "/".join(["/api/webhooks", made["id"], *parts, ""])


def deliver() -> None:
    delivering.deliver(Webhook.objects.get().pk, wake=lambda _: None)


def test_a_chief_makes_a_webhook_and_sees_its_secret_once(api, there) -> None:
    article = make_article(outlet="Amaro Post")
    wish = {
        "url": there.url, "description": "CMS", "types": ["annotation"], "actions": ["accept"],
        "article": article.pk, "outlet": "Amaro Post",
    }  # fmt: skip
    answer = api.post("/api/webhooks/", wish)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    data = answer.json()
    assert data["secret"].startswith("whsec_")
    assert {name: data[name] for name in wish} == wish
    assert data["seen"] == last_seq()
    shown = api.get(answer["Location"])
    assert "secret" not in shown.json()
    assert shown["ETag"] == '"1"'
    assert api.get("/api/webhooks/").json()["results"] == [shown.json()]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "url"),
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": ["x"]}, "url"),
        ({"url": "https://8.8.8.8/", "types": ["ghost"]}, "types.0"),
        ({"url": "https://8.8.8.8/", "actions": ["Accept!"]}, "actions.0"),
        ({"url": "https://8.8.8.8/", "actions": ["bless"]}, "actions.0"),
        ({"url": "https://8.8.8.8/", "actions": [["accept"]]}, "actions.0"),
        ({"url": "https://8.8.8.8/", "actions": ["a\x00"]}, "actions"),
        ({"url": "https://8.8.8.8/", "actions": ["accept"], "types": ["run"]}, "actions"),
        ({"url": "https://8.8.8.8/", "article": 10**30}, "article"),
        ({"url": "https://8.8.8.8/", "article": True}, "article"),
        ({"url": "https://8.8.8.8/", "outlet": "nobody"}, "outlet"),
        ({"url": "https://8.8.8.8/", "outlet": {"a": 1}}, "outlet"),
        ({"url": "https://8.8.8.8/", "after": 10**9}, "after"),
        ({"url": "https://8.8.8.8/", "after": -1}, "after"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_by_field(wish, field, api) -> None:
    answer = api.post("/api/webhooks/", wish)
    assert answer.status_code in (400, 422), answer.content
    assert answer.json()["errors"][0]["field"] == field
    assert not Webhook.objects.exists()


def test_a_word_that_is_none_is_refused_with_those_that_are(api) -> None:
    wish = {"url": "https://8.8.8.8/", "actions": ["bless"], "types": ["ghost"]}
    types, actions = api.post("/api/webhooks/", wish).json()["errors"]
    assert types["detail"].startswith("“ghost” is none of article, revision, annotation")
    assert actions["detail"].startswith("“bless” is none of create, correct, revise")


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"article": 987654}, "There is no article 987654."),
        ({"outlet": "X"}, "There is no outlet X."),
    ],
)
def test_what_is_not_there_is_no_filter(wish, said, api) -> None:
    answer = api.post("/api/webhooks/", {"url": "https://8.8.8.8/", **wish})
    assert answer.status_code == 400
    assert answer.json()["detail"] == said


def test_types_are_not_changed_so_that_nothing_would_be_sent(api, made) -> None:
    changed = api.patch(address(made), {"actions": ["accept"]}, HTTP_IF_MATCH='"1"')
    refused = api.patch(address(made), {"types": ["run"]}, HTTP_IF_MATCH=changed["ETag"])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "actions"
    assert Webhook.objects.get().types == []


def test_it_is_changed_with_the_version_that_was_seen(api, made) -> None:
    changed = api.patch(address(made), {"types": ["claim"]}, HTTP_IF_MATCH='"1"')
    assert changed.json()["types"] == ["claim"]
    assert changed["ETag"] == '"2"'
    assert api.patch(address(made), {"types": []}, HTTP_IF_MATCH='"1"').status_code == 412
    assert api.patch(address(made), {"types": []}).status_code == 428
    assert api.delete(address(made)).status_code == 428


def test_it_is_paused_and_goes_on(api, made) -> None:
    paused = api.patch(address(made), {"state": "paused"}, HTTP_IF_MATCH='"1"')
    assert paused.json()["state"] == "paused"
    assert paused.json()["paused_because"] == "head paused it."
    active = api.patch(address(made), {"state": "active"}, HTTP_IF_MATCH=paused["ETag"])
    assert (active.json()["state"], active.json()["paused_at"]) == ("active", None)


@pytest.mark.parametrize("data", [{}, {"state": "paused", "url": "https://8.8.8.8/"}])
def test_state_and_the_rest_are_not_changed_at_once(data, api, made) -> None:
    answer = api.patch(address(made), data, HTTP_IF_MATCH='"1"')
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "state"


def test_what_somebody_else_changed_is_shown_as_it_is(api, made) -> None:
    answer = api.patch(address(made), {"types": []}, HTTP_IF_MATCH='"9"')
    assert answer.status_code == 412
    assert answer.json()["current"]["version"] == 1
    assert "secret" not in json.dumps(answer.json())


def test_a_secret_is_rotated(api, made) -> None:
    answer = api.post(address(made, "secret"))
    assert answer.status_code == 200
    assert answer.json()["secret"] not in ("", made["secret"])
    assert answer.json()["former_secret_until"]


def test_it_is_deleted_with_its_deliveries(api, made) -> None:
    make_article()
    deliver()
    assert api.delete(address(made), HTTP_IF_MATCH='"1"').status_code == 204
    assert api.get(address(made)).status_code == 404


def test_deliveries_are_listed_newest_first_and_by_state(api, made, there) -> None:
    make_article()
    there.answers = [204, 500]
    deliver()
    page = api.get(address(made, "deliveries") + "?limit=2").json()
    assert [row["seq"] for row in page["results"]] == [last_seq(), last_seq() - 1]
    rest = api.get(address(made, "deliveries") + f"?before={page['next']}").json()
    assert [row["seq"] for row in rest["results"]] == [1]
    assert rest["next"] is None
    failed = rest["results"][0] if rest["results"][0]["attempts"] else None
    assert failed["message"].startswith("msg_")
    waiting = api.get(address(made, "deliveries") + "?state=pending").json()["results"]
    assert waiting[-1]["status_code"] == 500
    assert api.get(address(made, "deliveries") + "?state=ghost").status_code == 400


def test_a_delivery_is_sent_again(api, made, there) -> None:
    make_article()
    deliver()
    row = api.get(address(made, "deliveries")).json()["results"][0]
    answer = api.post(address(made, "deliveries", row["id"], "again"))
    assert answer.status_code == 202
    assert answer.json()["state"] == "pending"
    deliver()
    assert there.got[-1].id == row["message"]
    assert api.post(address(made, "deliveries", made["id"], "again")).status_code == 404


def test_what_waits_for_its_turn_is_not_sent_out_of_turn(api, made, there) -> None:
    make_article()
    delivering.plan(Webhook.objects.get())
    row = api.get(address(made, "deliveries")).json()["results"][0]
    answer = api.post(address(made, "deliveries", row["id"], "again"))
    assert answer.status_code == 422


def test_there_are_no_more_webhooks_than_can_be_looked_after(api, made, there, monkeypatch) -> None:
    monkeypatch.setattr(managing, "MOST", 1)
    assert api.post("/api/webhooks/", {"url": there.url}).status_code == 422
