"""What every answer says, whatever it is: how often a client may ask, and that pages of other sites
may read it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from articles.models import Article
from articles.tests.factories import chief, make_article
from newsdesk.api import limits, urls
from newsdesk.api.models import make_token
from newsdesk.api.tests.test_permissions import TABLE, address_of, named

pytestmark = pytest.mark.django_db

SITE = {"HTTP_ORIGIN": "https://example.org"}
# A page for people, which counts nobody.
PAGES = {"docs"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture(autouse=True)
def counted(settings, monkeypatch) -> None:
    """Nobody has asked before, and all are counted."""
    monkeypatch.setattr(limits, "_alone_until", 0.0)
    limits._client(settings.REDIS_URL).flushdb()


@pytest.fixture
def client() -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=chief())}", **SITE)
    return client


@pytest.fixture
def article() -> Article:
    return make_article("Ana Ruiz opened it.", state="published")


def is_complete(answer: Any) -> bool:
    told = re.fullmatch(r'"(token|address)";r=\d+;t=\d+', answer.headers.get("RateLimit", ""))
    open_to_all = answer.headers.get("Access-Control-Allow-Origin") == "*"
    return bool(told) and "RateLimit-Policy" in answer and open_to_all


@pytest.mark.parametrize("who", ["stranger", "chief"])
def test_every_answer_of_every_address_says_it(who, client) -> None:
    asking = client if who == "chief" else APIClient(**SITE)
    wrong = []
    for name, pattern in named(urls.urlpatterns).items():
        if name in PAGES:
            continue
        for method in METHODS:
            answer = asking.generic(method, address_of("api", pattern), "{}", "application/json")
            if not is_complete(answer):
                wrong.append(f"{method} {name}: {answer.status_code}")
    assert wrong == []
    assert set(TABLE) >= PAGES


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", "/api/nowhere/", {}, 404),
        ("POST", "/api/nowhere/", {"HTTP_ACCEPT": "image/png"}, 404),
        ("GET", "/api/articles/", {"HTTP_ACCEPT": "image/png"}, 406),
        (
            "GET", "/api/articles/", {"HTTP_ACCEPT": "image/png", "HTTP_AUTHORIZATION": "Token x"},
            406,
        ),
        ("GET", "/api/articles/", {"HTTP_AUTHORIZATION": "Token x"}, 401),
        ("GET", "/api/articles/?colour=red", {}, 400),
        ("GET", "/api/export/?format=none", {}, 400),
        ("GET", "/api/export/", {"HTTP_ACCEPT": "image/png"}, 406),
        ("POST", "/api/entities/", {"CONTENT_TYPE": "text/xml"}, 415),
        ("PATCH", "/api/articles/1/", {}, 404),
    ],
)  # fmt: skip
def test_refusals_say_it_too(method, address, headers, status, client) -> None:
    asked = dict(headers)
    content_type = asked.pop("CONTENT_TYPE", "application/json")
    asking = APIClient(**SITE) if "HTTP_AUTHORIZATION" in asked else client
    answer = asking.generic(method, address, "{}", content_type, **asked)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert is_complete(answer)


def test_an_answer_that_is_known_already_says_it_too(client, article) -> None:
    for address in ("/api/articles/", f"/api/articles/{article.pk}/", "/api/tokens/"):
        first = client.get(address)
        again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        assert again.status_code == 304
        assert is_complete(again)
        assert again["RateLimit"] != first["RateLimit"]


def test_a_request_counts_once_whatever_comes_of_it(client) -> None:
    def left(**headers: str) -> int:
        answer = client.get("/api/export/", {"format": "csv"}, **headers)
        return int(re.search(r"r=(\d+)", answer["RateLimit"])[1])

    whole = left(HTTP_ACCEPT="image/png")
    assert left(HTTP_ACCEPT="image/gif") == whole - 1


def test_who_asks_for_nothing_that_is_there_is_limited_too(settings) -> None:
    settings.STRANGERS_REQUESTS_A_MINUTE = 1
    for address, headers in (
        ("/api/nowhere/", {}),
        ("/api/articles/", {"HTTP_ACCEPT": "image/png"}),
    ):
        limits._client(settings.REDIS_URL).flushdb()
        first, second = (APIClient(**SITE).get(address, **headers) for _ in range(2))
        assert (first.status_code, second.status_code) == (first.status_code, 429)
        assert first.status_code in (404, 406)
        assert 1 <= int(second["Retry-After"]) <= limits.WINDOW
        assert is_complete(second)


# Preflights


@pytest.mark.parametrize("address", ["/api/articles/", "/api/export/", "/api/annotations/search"])
def test_a_page_of_another_site_may_ask_with_the_headers_of_reading(address) -> None:
    answer = Client().options(
        address,
        headers={
            "origin": "https://example.org",
            "access-control-request-method": "GET",
            "access-control-request-headers": "if-none-match, prefer",
        },
    )
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "HEAD"} <= set(answer["Access-Control-Allow-Methods"].split(", "))
    allowed = answer["Access-Control-Allow-Headers"].split(", ")
    assert {"accept", "if-none-match", "prefer"} <= set(allowed)


def test_a_page_of_another_site_may_read_how_often_it_may_ask(client, article) -> None:
    for answer in (client.get("/api/articles/"), client.get("/api/nowhere/")):
        exposed = answer["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)
