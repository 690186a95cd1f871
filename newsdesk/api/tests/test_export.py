"""Export over HTTP: streamed from the event loop, as it is deployed."""

from __future__ import annotations

import gzip
import io
import json
import threading
import zipfile

import pytest
import requests
import zstandard
from django.db import connection

from annotations import exporting
from annotations.formats.catalogue import FORMATS
from annotations.tests.factories import accept_all, suggest
from articles.tests.factories import make_article
from newsdesk.api.models import make_token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(ada, monkeypatch):
    """Three stories, two of them published, each with an accepted and a suggested mention."""
    monkeypatch.setattr(exporting, "LINES_A_PART", 2)
    monkeypatch.setattr(exporting, "STORIES_A_PART", 1)
    for state in ("published", "published", "in_review"):
        article = make_article(state=state)
        suggest(article, "entity", "Port Amaro", type="place")
        accept_all(article, ada)
        suggest(article, "entity", "Ana Ruiz")


@pytest.fixture
def ask(server, ada):
    session = requests.Session()
    session.headers["Authorization"] = f"Token {make_token(user=ada)}"

    def get(query: str = "", session=session, **options):
        return session.get(f"{server}/api/export/{query}", timeout=20, **options)

    yield get
    session.close()


def lines(answer) -> list[dict]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.content.splitlines()]


def test_an_export_is_a_file_that_says_it_is_whole(desk, ask) -> None:
    answer = ask()
    *items, end = lines(answer)
    assert len(items) == end["total"] == 3
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="newsdesk-w3c-')
    assert answer.headers["Content-Disposition"].endswith('.jsonl"')


def test_strangers_get_what_is_published(desk, ask) -> None:
    assert len(lines(ask(session=requests))) == 3
    assert ask("?status=suggested", session=requests).status_code == 403
    assert len(lines(ask("?status=suggested,accepted"))) == 7
    assert len(lines(ask("?published=true"))) == 3


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_streamed_whole(name, desk, ask) -> None:
    answer = ask(f"?format={name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == FORMATS[name].writer().media_type
    if name == "brat":
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert len([n for n in names if n.endswith(".ann")]) == 3
    elif name == "conll":
        assert answer.content.count(b"B-Place") == 3
    elif name != "claim_review":
        assert answer.content.count(b"Port Amaro") >= 3


@pytest.mark.parametrize(
    ("wish", "encoding", "opened"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("gzip;q=0.5, zstd", "zstd", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
        ("zstd;q=0, *;q=0.1", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("gzip;q=0", None, bytes),
    ],
)  # fmt: skip
def test_an_export_is_compressed_as_asked(wish, encoding, opened, desk, ask) -> None:
    plain = ask(headers={"Accept-Encoding": "identity"}).content
    with ask(headers={"Accept-Encoding": wish}, stream=True) as answer:
        assert answer.headers.get("Content-Encoding") == encoding
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert opened(answer.raw.read()) == plain


def test_a_client_that_was_cut_off_goes_on_where_it_was(desk, ask) -> None:
    whole = lines(ask())[:-1]
    assert lines(ask(f"?after={whole[0]['id']}"))[:-1] == whole[1:]


def test_an_export_that_fails_on_the_way_does_not_look_whole(desk, ask, monkeypatch) -> None:
    def fail(selection, first, last):
        raise RuntimeError("the disk is gone") if first else None

    good = exporting._lines
    monkeypatch.setattr(
        exporting, "_lines", lambda *args: good(*args) if args[1] == 0 else fail(*args)
    )
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask("?status=accepted,suggested")


def test_clients_that_export_at_once_all_get_everything(desk, ask, server) -> None:
    whole, found = ask().content, []

    def export() -> None:
        found.append(requests.get(f"{server}/api/export/?published=true", timeout=20).content)

    threads = [threading.Thread(target=export) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert found[0].count(b"\n") == whole.count(b"\n") - 1
    connection.close()


@pytest.mark.parametrize(
    "query",
    ["format=x", "status=maybe", "kind=mood", "article=-1", "since=soon", "after=x", "published=1",
     "entity=x", "after=%00", "type=%00", "format=csv&after=x", "kind="],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(query, ask) -> None:
    answer = ask(f"?{query}")
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == query.rpartition("&")[2].split("=")[0]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_only_the_head_of_an_export_is_given_when_that_is_asked(desk, server) -> None:
    answer = requests.head(f"{server}/api/export/", timeout=20)
    assert (answer.status_code, answer.content) == (200, b"")
    assert "Content-Length" not in answer.headers
