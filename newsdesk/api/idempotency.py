"""Idempotency keys: a POST that is sent again, as nobody knows whether it arrived, is done once.

The answer is stored in the transaction of the write itself, so that there is never one without
the other. A POST that was refused wrote nothing, and is simply tried anew.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from articles.errors import Refused
from newsdesk.api.models.idempotency import KEPT, GivenAnswer

HEADER = "Idempotency-Key"
LONGEST = 100
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Link", "Vary")

Handler = Callable[..., HttpResponse]


class InProgress(exceptions.APIException):
    status_code = 409
    default_detail = (
        "A request with this key is being done at this moment: ask again for its answer."
    )


def idempotent(handler: Handler) -> Handler:
    """A POST handler that heeds Idempotency-Key, where a client sends one."""

    @functools.wraps(handler)
    def post(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not 0 < len(key) <= LONGEST or not key.isprintable():
            detail = f"A key has 1 to {LONGEST} printable characters."
            raise exceptions.ValidationError({HEADER: [detail]})
        digest = _digest(request)
        with transaction.atomic():
            _hold(request.user, key)
            given = _given(request.user, key, digest)
            if given is None:
                answer = _rendered(view, request, handler(view, request, *args, **kwargs))
                _keep(request.user, key, digest, answer)
                return answer
        return given

    post.idempotent = True  # type: ignore[attr-defined]
    return post


def _digest(request: Request) -> str:
    """The same for the same request, whoever sends it."""
    parts = (request.path.encode(), request.content_type.encode(), request._request.body)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _hold(user: Any, key: str) -> None:
    """Nobody else does what goes by this key until the transaction ends. Raises InProgress."""
    number = int.from_bytes(hashlib.sha256(f"{user.pk} {key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise InProgress()


def _given(user: Any, key: str, digest: str) -> HttpResponse | None:
    GivenAnswer.objects.filter(at__lt=timezone.now() - KEPT).delete()
    given = GivenAnswer.objects.filter(user=user, key=key).first()
    if given is None:
        return None
    if given.request != digest:
        raise Refused("This key was used for another request: take a new one.", field=HEADER)
    return HttpResponse(
        bytes(given.body),
        status=given.status,
        headers={**given.headers, "Idempotent-Replayed": "true"},
    )


def _rendered(view: Any, request: Request, answer: Response) -> Response:
    """The answer with its body, as the client will get it."""
    final = view.finalize_response(request, answer)
    return final.render()


def _keep(user: Any, key: str, digest: str, answer: HttpResponse) -> None:
    GivenAnswer.objects.create(
        user=user, key=key, request=digest, status=answer.status_code, body=answer.content,
        headers={name: answer[name] for name in KEPT_HEADERS if name in answer},
    )  # fmt: skip
