"""How often clients may ask, and what pages of other sites may read."""

from __future__ import annotations

import re

import pytest
from rest_framework.test import APIClient

from articles.tests.factories import editor, make_article
from newsdesk.api import limits
from newsdesk.api.models import make_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten(settings, monkeypatch) -> None:
    """Nobody has asked before: each test counts in a window of its own."""
    monkeypatch.setattr(limits, "_alone_until", 0.0)
    limits._client(settings.REDIS_URL).flushdb()


def client_of(user=None, **meta: str) -> APIClient:
    client = APIClient(**meta)
    if user:
        client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=user)}")
    return client


def test_every_answer_tells_the_limit_and_what_is_left(settings) -> None:
    settings.STRANGERS_REQUESTS_A_MINUTE = 5
    for left in (4, 3):
        answer = client_of().get("/api/articles/")
        assert answer["RateLimit-Policy"] == '"address";q=5;w=60'
        assert re.fullmatch(rf'"address";r={left};t=\d+', answer["RateLimit"])


def test_who_asks_too_often_is_told_when_to_come_back(settings) -> None:
    settings.STRANGERS_REQUESTS_A_MINUTE = 1
    client = client_of()
    assert client.get("/api/articles/").status_code == 200
    answer = client.get("/api/articles/")
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["RateLimit"].startswith('"address";r=0;')


def test_each_token_has_a_limit_of_its_own(settings) -> None:
    settings.REQUESTS_A_MINUTE = 1
    ada = editor()
    for client in (client_of(ada), client_of(ada)):
        assert client.get("/api/articles/").status_code == 200
        assert client.get("/api/articles/").status_code == 429


def test_who_tries_keys_counts_as_the_stranger_that_they_are(settings) -> None:
    settings.STRANGERS_REQUESTS_A_MINUTE = 2
    client = APIClient()
    statuses = []
    for number in range(3):
        client.credentials(HTTP_AUTHORIZATION=f"Token nd_{number}")
        statuses.append(client.get("/api/articles/").status_code)
    assert statuses == [401, 401, 429]


def test_who_is_refused_all_the_time_is_limited_too(settings) -> None:
    settings.STRANGERS_REQUESTS_A_MINUTE = 1
    assert [client_of().get("/api/changes/").status_code for _ in range(2)] == [401, 429]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "unix:", True),
    ],
)
def test_a_stranger_is_an_ipv4_address_or_an_ipv6_network(one, other, same) -> None:
    assert (limits.network_of(one) == limits.network_of(other)) is same


def test_without_redis_everything_passes(settings) -> None:
    settings.STRANGERS_REQUESTS_A_MINUTE = 1
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answers = [client_of().get("/api/articles/") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0]


def test_a_limit_of_nought_is_none(settings) -> None:
    settings.STRANGERS_REQUESTS_A_MINUTE = 0
    assert "RateLimit" not in client_of().get("/api/articles/")


# Pages of other sites


def test_a_page_of_another_site_may_read_what_is_published() -> None:
    make_article(state="published")
    answer = client_of().get("/api/articles/", headers={"origin": "https://example.org"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "RateLimit" in answer["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("wanted", ["authorization", "x-csrftoken"])
def test_a_page_of_another_site_may_neither_write_nor_send_a_token(wanted) -> None:
    answer = client_of().options(
        "/api/articles/",
        headers={
            "origin": "https://example.org",
            "access-control-request-method": "POST",
            "access-control-request-headers": wanted,
        },
    )
    assert "POST" not in answer["Access-Control-Allow-Methods"]
    assert wanted not in answer["Access-Control-Allow-Headers"]


def test_the_desk_is_for_no_other_site() -> None:
    answer = client_of().get("/desk/", headers={"origin": "https://example.org"})
    assert "Access-Control-Allow-Origin" not in answer
