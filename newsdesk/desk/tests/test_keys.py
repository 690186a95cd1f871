"""Each editor's own keys: kept, given back, and refused where they would not do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from articles.tests.factories import make_article
from newsdesk.desk.models import KeyPreference, keys_of

pytestmark = pytest.mark.django_db

OWN = {"tags": {"accept": ["f", "ArrowRight"]}, "words": {"claim": [" "]}}


def put(client: Any, keys: object) -> Any:
    data = keys if isinstance(keys, bytes) else json.dumps(keys)
    return client.put("/desk/keys", data, content_type="application/json")


def test_keys_are_kept_and_given_to_the_page(ada, as_ada) -> None:
    assert put(as_ada, {"keys": OWN}).json() == {"keys": OWN}
    assert keys_of(ada) == OWN
    page = as_ada.get(f"/desk/articles/{make_article().pk}/")
    assert page.context["state"]["keys"] == OWN


def test_keys_are_each_editors_own(ada, bo, as_ada) -> None:
    put(as_ada, {"keys": OWN})
    assert keys_of(bo) == {}


def test_new_keys_stand_in_place_of_those_before(ada, as_ada) -> None:
    for keys in (OWN, {}):
        assert put(as_ada, {"keys": keys}).status_code == 200
    assert (keys_of(ada), KeyPreference.objects.count()) == ({}, 1)


@pytest.mark.parametrize(
    "keys",
    [
        None,
        [],
        "a",
        {"elsewhere": {}},
        {"tags": []},
        {"tags": {"accept": "a"}},
        {"tags": {"accept": [1]}},
        {"tags": {"accept": [""]}},
        {"tags": {"accept": ["a\u0000"]}},
        {"tags": {"accept": ["\ud800"]}},
        {"tags": {"accept": ["a" * 31]}},
        {"tags": {"accept": ["a", "b", "c", "d", "e", "f"]}},
        {"tags": {"not a command": ["a"]}},
        {"tags": {"accept": ["a"], "reject": ["a"]}},
        {"tags": {f"command{chr(97 + n % 26)}{chr(97 + n // 26)}": [] for n in range(101)}},
    ],
)
def test_what_are_no_keys_is_refused_with_the_reason(keys, ada, as_ada) -> None:
    put(as_ada, {"keys": OWN})
    answer = put(as_ada, {"keys": keys})
    assert (answer.status_code, answer.json()["field"]) == (422, "keys")
    assert answer.json()["detail"]
    assert keys_of(ada) == OWN


@pytest.mark.parametrize(
    ("sent", "status"), [(b"{", 400), (b"\xff", 400), ([], 422), (b"[" * 99999, 400)]
)
def test_what_is_no_object_is_refused(sent, status, as_ada) -> None:
    answer = put(as_ada, sent)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_who_is_no_editor_keeps_no_keys(client) -> None:
    assert put(client, {"keys": OWN}).status_code == 401
    assert KeyPreference.objects.count() == 0


def test_keys_are_only_put(as_ada) -> None:
    assert as_ada.get("/desk/keys").status_code == 405
