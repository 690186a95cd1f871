"""The OpenAPI schema is true of answers that are streamed, too: export, and the log as a page, waited
for and listened to. The application is called in this process, on an event loop that ends with the
test, and an answer without an end is hung up on once its first part is there."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
import schemathesis
from django.core.asgi import get_asgi_application
from django.db import connection
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annotations.tests.factories import accept_all, suggest
from articles.tests.factories import chief, make_article
from newsdesk.api.models import make_token

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
BOUNDED = settings(
    max_examples=12, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
BASE = "http://127.0.0.1:8000"
# Nothing that ends by itself takes longer.
PATIENCE = 20.0
EVENTS, PAGE = "text/event-stream", "application/json"


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    """Those whose answers are streamed, as the schema tells of them."""
    loaded = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    return {
        found.ok().label: found.ok()
        for found in loaded.get_all_operations()
        if found.ok().label in ("GET /api/export/", "GET /api/changes/")
    }


@pytest.fixture
def headers() -> dict[str, str]:
    """A chief's, of a desk with a story."""
    head = chief()
    article = make_article("Ana Ruiz opened it. “It is safe,” she said.", state="published")
    suggest(article, "entity", "Ana Ruiz", label="Ana Ruiz")
    suggest(article, "claim", "It is safe", label="It is safe.")
    accept_all(article, head)
    return {"Authorization": f"Token {make_token(user=head)}"}


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    """An event loop that leaves neither threads nor connections behind."""
    before, open_before = threading.active_count(), connections()
    with asyncio.Runner() as runner:
        yield runner
    assert threading.active_count() <= before
    # PostgreSQL takes a moment to see that one was closed.
    end = time.monotonic() + 5
    while connections() > open_before and time.monotonic() < end:
        time.sleep(0.02)
    assert connections() <= open_before


def connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


class Exchange:
    """One request to the application, and what came back of it."""

    def __init__(self, request: requests.PreparedRequest) -> None:
        self.request = request
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self._asked = False
        self._enough = asyncio.Event()

    async def run(self, application: Any) -> Response:
        async with asyncio.timeout(PATIENCE):
            await application(self._scope(), self._receive, self._send)
        return self._response()

    def _scope(self) -> dict[str, Any]:
        parts = urlsplit(self.request.url)
        given = {"host": parts.netloc, **self.request.headers}
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
            "method": self.request.method, "path": unquote(parts.path),
            "raw_path": parts.path.encode(), "query_string": parts.query.encode(),
            "headers": [
                (name.lower().encode(), value.encode("utf-8") if isinstance(value, str) else value)
                for name, value in given.items()
            ],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        }  # fmt: skip

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._enough.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
            return
        self.body += message.get("body", b"")
        if self.body and self._is_endless():
            self._enough.set()

    def _is_endless(self) -> bool:
        types = [value for name, value in self.headers if name.lower() == b"content-type"]
        return any(value.startswith(EVENTS.encode()) for value in types)

    def _response(self) -> Response:
        headers: dict[str, list[str]] = {}
        for name, value in self.headers:
            headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
        return Response(
            self.status, headers, self.body, self.request, elapsed=0.0, verify=False,
            stream_cut_short=self._enough.is_set(),
        )  # fmt: skip


def asked(case: Any, headers: dict[str, str], loop: asyncio.Runner) -> Response:
    """The answer to a case, held to the schema."""
    wait = (case.query or {}).get("wait")
    if isinstance(wait, int) and 1 < wait <= 60:
        case.query["wait"] = 1
    sent = case.as_transport_kwargs(base_url=BASE, headers=headers)
    known = {"method", "url", "headers", "params", "data", "json", "files", "cookies"}
    request = requests.Request(**{n: v for n, v in sent.items() if n in known}).prepare()
    answer = loop.run(Exchange(request).run(get_asgi_application()))
    # A stream has no schema of its own as a whole: what its events hold is tested elsewhere.
    endless = sent["headers"]["Accept"] == EVENTS
    checks = [check for check in CHECKS if not endless or check is not response_schema_conformance]
    case.validate_response(answer, checks=checks)
    return answer


@pytest.mark.parametrize("with_token", [True, False], ids=["with a token", "without"])
@pytest.mark.parametrize(
    ("name", "accept"),
    [("GET /api/export/", "*/*"), ("GET /api/changes/", PAGE), ("GET /api/changes/", EVENTS)],
)
def test_every_streamed_answer_is_one_that_the_schema_tells_of(
    name, accept, with_token, operations, headers, loop
) -> None:
    sent = {"Accept": accept, **(headers if with_token else {})}
    statuses = set()

    @BOUNDED
    @given(case=operations[name].as_strategy())
    def ask(case: Any) -> None:
        statuses.add(asked(case, sent, loop).status_code)

    ask()
    plain = operations[name].Case()
    statuses.add(asked(plain, sent, loop).status_code)
    expected = 200 if with_token or "export" in name else 401
    assert expected in statuses
