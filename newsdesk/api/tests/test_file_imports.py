"""Files sent over HTTP to be imported."""

from __future__ import annotations

import json

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from annotations import imports
from annotations.models import Annotation, Import
from articles.models import Article
from articles.tests.factories import chief, editor, make_article
from newsdesk.api import file_imports
from newsdesk.api.models import make_token

pytestmark = pytest.mark.django_db
LINE = json.dumps(
    {"text": "Ana Ruiz left.", "label": [[0, 8, "PER"], [0, 99, "PER"], [9, 13, "X"]]}
)


def client_of(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=user)}")
    return client


@pytest.fixture
def api() -> APIClient:
    return client_of(editor(username="ada"))


def send(client, data=LINE, query="format=doccano&name=mine.jsonl", type="application/x-ndjson"):
    return client.generic("POST", f"/api/import/?{query}", data, type)


def test_a_file_is_stored_taken_in_and_told_about(api) -> None:
    sent = send(api)
    assert sent.status_code == 202
    assert sent.json() | {"id": "", "queued_at": ""} == {
        "id": "", "format": "doccano", "name": "mine.jsonl", "size": len(LINE), "state": "queued",
        "progress": 0, "counts": {}, "error": "", "queued_at": "", "started_at": None,
        "finished_at": None,
    }  # fmt: skip
    imports.take_in(Import.objects.get().pk)
    told = api.get(sent["Location"]).json()
    assert (told["state"], told["progress"]) == ("done", 100)
    assert told["counts"] == {"stories": 1, "added": 1, "refused": 2}
    assert [p["line"] for p in told["problems"]] == [1, 1]
    assert "“X” means nothing here" in told["problems"][0]["reason"]
    assert told["next"] is None
    assert Annotation.objects.get().creator.username == "ada"


def test_a_file_may_come_in_a_form(api) -> None:
    file = SimpleUploadedFile("theirs.jsonl", LINE.encode())
    sent = api.post("/api/import/?format=doccano", {"file": file}, format="multipart")
    assert sent.status_code == 202, sent.json()
    assert sent.json()["name"] == "theirs.jsonl"


def test_many_problems_are_told_in_pages(api, monkeypatch) -> None:
    monkeypatch.setattr(file_imports, "PROBLEMS", 2)
    sent = send(api, "x\n" * 5)
    imports.take_in(Import.objects.get().pk)
    address, lines = sent["Location"], []
    while address:
        page = api.get(address).json()
        lines += [problem["line"] for problem in page["problems"]]
        address = page["next"]
    assert lines == [1, 2, 3, 4, 5]


def test_imports_are_seen_by_who_sent_them_and_by_chiefs(api) -> None:
    sent = send(api)
    other, boss = client_of(editor()), client_of(chief())
    assert [c.get(sent["Location"]).status_code for c in (api, other, boss)] == [200, 404, 200]
    counts = [c.get("/api/import/").json()["count"] for c in (api, other, boss)]
    assert counts == [1, 0, 1]


@pytest.mark.parametrize(
    ("data", "query", "field", "status"),
    [
        ("", "", "file", 400), (LINE, "format=claim_review", "format", 400),
        (LINE, "format=x", "format", 400), (LINE, "name=%00", "name", 400),
        (LINE, "colour=red", "colour", 400), ("x" * 300, "", None, 413),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_refused_by_name(
    data, query, field, status, api, settings
) -> None:
    settings.IMPORT_BYTES = 200
    answer = send(api, data, query)
    assert answer.status_code == status
    if field:
        assert answer.json()["errors"][0]["field"] == field
    else:
        assert "at most 200 bytes" in answer.json()["detail"]
    assert not Import.objects.exists()


def test_a_form_without_a_file_is_refused(api) -> None:
    answer = api.post("/api/import/", {"file": "no"}, format="multipart")
    assert answer.json()["errors"][0]["field"] == "file"


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(api, settings) -> None:
    settings.IMPORT_BYTES = 1
    answer = api.post("/api/import/", "x" * 200_000, content_type="application/octet-stream")
    assert answer.status_code == 413


@pytest.mark.django_db(transaction=True)
def test_an_export_of_one_story_is_imported_over_http(server, settings) -> None:
    make_article("Ana Ruiz left.", title="Left")
    headers = {"Authorization": f"Token {make_token(user=editor())}"}
    file = requests.get(f"{server}/api/export/?format=brat", headers=headers, timeout=20).content
    sent = requests.post(
        f"{server}/api/import/?format=brat", data=file, headers=headers, timeout=20
    )
    assert sent.status_code == 202, sent.text
    imports.take_in(Import.objects.get().pk)
    told = requests.get(f"{server}{sent.headers['Location']}", headers=headers, timeout=20).json()
    assert told["counts"] == {"stories_known": 1}
    assert Article.objects.count() == 1
