"""What is given is what the client likes best of what there is; else it is told what there is."""

from __future__ import annotations

import gzip
import json

import pytest
import requests
from django.test import Client

from annotations.tests.factories import accept_all, suggest
from articles.tests.factories import make_article
from newsdesk.api.negotiating import best

JSON, LD, YAML = "application/json", "application/ld+json", "application/yaml"
PROFILED = f'{LD}; profile="http://www.w3.org/ns/anno.jsonld"'


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", LD),
        ("*/*", LD),
        (JSON, JSON),
        ("Application/JSON", JSON),
        (f"{JSON}; charset=utf-8", JSON),
        (f"{LD};q=0.5, {JSON}", JSON),
        (f"{JSON};q=0.5, {LD};q=0.5", LD),
        (f"{LD};q=0, */*;q=0.1", JSON),
        (f"{JSON}, */*", JSON),
        (PROFILED, PROFILED),
        (f'{LD}; profile="urn:other"', LD),
        ("application/*", LD),
        ("text/html, */*;q=0.1", LD),
        (f"{JSON};q=0", None),
        ("text/html", None),
        ("*/*;q=0", None),
        (f"{JSON};q=nan", None),
        ("nonsense", None),
        (",;,", None),
        ("application/json; x*=nope'en'y", None),
        (JSON + "," * 5000, None),
    ],
)
def test_the_best_of_what_is_offered_is_chosen(accept, chosen) -> None:
    assert best(accept, (LD, PROFILED, JSON)) == chosen


@pytest.mark.django_db
class TestOverTheApi:
    def test_who_takes_nothing_is_told_what_there_is(self, client) -> None:
        for path, there_is in (
            ("articles/", JSON),
            ("annotations/", PROFILED),
            ("schema/", YAML),
            ("export/", "text/csv"),
            ("changes/", "text/event-stream"),
        ):
            answer = client.get(f"/api/{path}", headers={"accept": "image/png"})
            assert answer.status_code == 406, path
            assert answer["Content-Type"] == "application/problem+json"
            (error,) = answer.json()["errors"]
            assert error["field"] == "Accept"
            assert there_is in error["detail"]

    def test_a_problem_is_json_whatever_was_asked_for(self) -> None:
        for path in ("schema/", "annotations/", "context.jsonld"):
            answer = Client().get(f"/api/{path}", headers={"authorization": "Token none"})
            assert answer.status_code == 401
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["status"] == 401

    def test_a_body_that_is_not_read_is_told_what_is(self, api) -> None:
        answer = api.post("/api/articles/", "words", content_type="text/plain")
        assert answer.status_code == 415
        assert answer["Accept"] == f"{JSON}, {LD}"
        assert answer.json()["errors"] == [
            {"field": "Content-Type", "detail": f"Content-Type is one of {JSON}, {LD}."}
        ]

    def test_a_compressed_body_is_refused_as_such(self, api) -> None:
        body = gzip.compress(json.dumps({"text": "One. Two."}).encode())
        answer = api.post(
            "/api/articles/", body, content_type=JSON, headers={"content-encoding": "gzip"}
        )
        assert answer.status_code == 415
        assert answer.json()["errors"][0]["field"] == "Content-Encoding"

    def test_the_schema_comes_as_json_or_as_yaml(self, client) -> None:
        as_json = client.get("/api/schema/", headers={"accept": JSON})
        assert as_json["Content-Type"] == JSON
        assert as_json.json()["openapi"] == "3.1.0"
        assert client.get("/api/schema/")["Content-Type"].startswith("application/vnd.oai.openapi")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("query", "accept", "given"),
    [
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("", "text/csv;q=0.5, application/zip", "application/zip"),
        ("", LD, LD),
        ("", JSON, JSON),
        ("", "text/html, */*;q=0.8", "application/x-ndjson"),
        ("?format=conll", "text/*", "text/plain; charset=utf-8"),
        ("?format=conll", JSON, None),
    ],
)
def test_an_export_is_in_the_format_that_is_accepted(query, accept, given, server, ada) -> None:
    article = make_article(state="published")
    suggest(article, "entity", "Port Amaro", type="place")
    accept_all(article, ada)
    answer = requests.get(f"{server}/api/export/{query}", headers={"Accept": accept}, timeout=20)
    assert "Accept" in answer.headers["Vary"]
    if given is None:
        assert answer.status_code == 406
        assert answer.json()["errors"][0]["detail"].endswith("here: text/plain.")
    else:
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, given)
