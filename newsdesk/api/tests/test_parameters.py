"""Query parameters: each address knows its own, each once, and says of any other that it is none."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from articles.tests.factories import chief
from newsdesk.api import urls
from newsdesk.api.models import make_token
from newsdesk.api.tests.test_permissions import TABLE, address_of, named

pytestmark = pytest.mark.django_db

# A page for people, where what is not known is passed over.
PAGES = {"docs"}
ASKED = [(name, method) for name, rules in TABLE.items() for method in rules if name not in PAGES]


@pytest.fixture
def client() -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=chief())}")
    return client


def asked(client: APIClient, name: str, method: str, query: str) -> Any:
    address = address_of("api", named(urls.urlpatterns)[name]).partition("?")[0]
    headers = {"HTTP_IF_MATCH": '"1"'}
    return client.generic(method, f"{address}?{query}", "{}", "application/json", **headers)


def test_no_address_takes_a_parameter_that_it_does_not_know(client) -> None:
    wrong = []
    for name, method in ASKED:
        answer = asked(client, name, method, "colour=red")
        if answer.status_code != 400 or answer.json()["errors"][0]["field"] != "colour":
            wrong.append(f"{method} {name}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "parameter"),
    [("changes", "after"), ("changes", "wait"), ("export", "format"), ("search", "uri"),
     ("entities", "sort"), ("entities", "cursor"), ("articles", "state"), ("deliveries", "limit"),
     ("import", "after")],
)  # fmt: skip
def test_a_parameter_comes_once(client, name, parameter) -> None:
    answer = asked(client, name, "GET", f"{parameter}=1&{parameter}=2")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error == {"field": parameter, "detail": f"{parameter} may be given once."}


def test_a_refusal_says_what_there_is(client) -> None:
    told = asked(client, "changes", "GET", "since=1").json()["detail"]
    assert told == (
        "There is no such parameter here. It takes after, limit, type, action, article, wait."
    )
    assert asked(client, "tokens", "GET", "a=1").json()["detail"].endswith("It takes none.")
