"""The OpenAPI schema is true: whatever it lets clients send, no answer is one that it does not tell
of, and none is a fault of ours. Bounded: a few requests an operation, with a token and without."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annotations.models import Attribution, Run
from annotations.tests.factories import (
    ClaimFactory,
    SourceFactory,
    accept_all,
    suggest,
    suggest_tie,
)
from articles.tests.factories import chief, make_article
from newsdesk.api.models import make_token
from newsdesk.tests.once import made_once

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
# Answers that stay open have tests of their own.
EXAMPLES = 6
TEXT = "Ana Ruiz opened it in Astana. “It is safe,” she said."


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests leave the test's connection open, as they do for Django's own test client."""
    for told in (request_started, request_finished):
        told.disconnect(close_old_connections)
    yield
    for told in (request_started, request_finished):
        told.connect(close_old_connections)


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A desk with one of each thing, so that addresses lead somewhere; their path parameters.

    Made once: each test's own changes are taken back after it.
    """
    with made_once(django_db_blocker, one_of_each) as made:
        yield made


def one_of_each() -> dict[str, Any]:
    head = chief(username="ada")
    article = make_article(TEXT, title="Opened", state="published")
    claim, source = ClaimFactory(text="It is safe."), SourceFactory()
    mention = suggest(article, "entity", "Ana Ruiz", label="Ana Ruiz")
    said = suggest(article, "claim", "It is safe", claim=claim, label=claim.text)
    speaker = suggest(article, "source", "she", source=source, label=source.name)
    suggest_tie(said, speaker)
    accept_all(article, head)
    suggest(article, "entity", "Astana", type="place", label="Astana")
    mention.refresh_from_db()
    return {
        "head": head, "articles": article.pk, "annotations": mention.uuid,
        "attributions": Attribution.objects.get().uuid, "entities": mention.entity_id,
        "claims": claim.pk, "sources": source.pk, "runs": Run.objects.get().uuid,
    }  # fmt: skip


def operations() -> list[Any]:
    """All that the schema tells of."""
    loaded = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    loaded.app = get_wsgi_application()
    return [found.ok() for found in loaded.get_all_operations()]


BOUNDED = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
# It gives its connection back between two parts, and with it the test's transaction.
STREAMED = {"GET /api/export/"}
OPERATIONS = {one.label: one for one in operations() if one.label not in STREAMED}


def ask(case: Any, rows: dict[str, Any], headers: dict[str, str]) -> None:
    """One request; of its addresses most lead to what is there."""
    collection = case.path.split("/")[2]
    chance = random.Random(repr((case.path_parameters, case.query, case.body)))
    for name in case.path_parameters or {}:
        if name in ("id", "uuid") and collection in rows and chance.random() < 0.7:
            case.path_parameters[name] = str(rows[collection])
    if case.method in ("PUT", "PATCH", "DELETE") and chance.random() < 0.5:
        headers = headers | {"If-Match": f'"{chance.randint(1, 3)}"'}
    case.call_and_validate(checks=CHECKS, headers=headers)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("with_token", [True, False], ids=["with a token", "without"])
def test_every_answer_is_one_that_the_schema_tells_of(name, with_token, rows) -> None:
    headers = {"Authorization": f"Token {make_token(user=rows['head'])}"} if with_token else {}

    @BOUNDED
    @given(case=OPERATIONS[name].as_strategy())
    def asked(case: Any) -> None:
        ask(case, rows, headers)

    asked()


def test_every_address_of_the_api_is_in_the_schema() -> None:
    """But those of pages and of what is no operation."""
    from newsdesk.api.urls import urlpatterns

    told = {one.path for one in operations()}
    names = {pattern.name for pattern in urlpatterns if pattern.name} - {"docs"}
    assert len(told) >= len(names) - 1
