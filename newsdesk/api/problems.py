"""Every error as a problem detail (RFC 9457) that names the field."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from psycopg2.errors import UniqueViolation
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from articles.errors import Denied, Refused, StaleVersion
from articles.ingest.draft import UnreadableText
from articles.roles import lets
from newsdesk.api.limits import Standing, spend
from newsdesk.api.parsing import JSONRenderer
from newsdesk.api.permissions import InsufficientScope

SAME_MOMENT = "Somebody stored the same at the same moment: ask again to get theirs."
MEDIA_TYPE = "application/problem+json"
REFUSALS = (
    exceptions.NotAuthenticated,
    exceptions.AuthenticationFailed,
    exceptions.PermissionDenied,
)
TITLES = {
    412: "Changed meanwhile",
    422: "Not acceptable as it is",
    428: "If-Match is required",
}


class PreconditionRequired(exceptions.APIException):
    """A write without the version that the client saw."""

    status_code = 428
    default_detail = "Send If-Match with the ETag of the version that you saw."


class Gone(exceptions.APIException):
    status_code = 410
    default_detail = "This was deleted."


class UnreadableType(exceptions.UnsupportedMediaType):
    """A body of a media type that is not read here: says which are."""

    def __init__(self, view: Any) -> None:
        self.readable = [parser.media_type for parser in view.parser_classes]
        exceptions.APIException.__init__(
            self, {"Content-Type": [f"Content-Type is one of {', '.join(self.readable)}."]}
        )


class BadParameter(exceptions.ValidationError):
    """A query parameter that cannot be: names it."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__({name: [detail]})


def problem(
    status: int,
    detail: str,
    *,
    instance: str = "",
    errors: list[dict[str, str]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The body of a problem detail."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    body = {
        "type": f"/api/docs/#problem-{status}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "errors": errors or [],
        **more,
    }
    return {key: value for key, value in body.items() if value not in ("", [])}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's hook: an exception of a view as a problem detail; None for a bug."""
    request = context["request"]
    # Whatever was asked for, a problem is JSON.
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), MEDIA_TYPE
    known = _of_the_desk(error, request.path)
    if known:
        return known
    error = _of_http(error, context)
    answer = exception_handler(error, context)
    if answer is None or not isinstance(error, exceptions.APIException):
        return None
    errors = _errors(error.detail)
    detail = errors[0]["detail"] if errors else str(error.detail)
    more = {"scope": error.scope} if isinstance(error, InsufficientScope) else {}
    answer.data = problem(answer.status_code, detail, instance=request.path, errors=errors, **more)
    answer.content_type = MEDIA_TYPE
    for name, value in _headers(error).items():
        answer[name] = value
    return answer


def _of_the_desk(error: Exception, instance: str) -> Response | None:
    """What the writers refuse, as an answer."""
    if isinstance(error, StaleVersion):
        body = problem(412, str(error), instance=instance, current=error.current.snapshot())
        return _response(412, body)
    if isinstance(error, Refused | UnreadableText):
        errors = [{"field": error.field, "detail": str(error)}]
        extra = getattr(error, "extra", {})
        return _response(422, problem(422, str(error), instance=instance, errors=errors, **extra))
    if isinstance(error, IntegrityError) and isinstance(error.__cause__, UniqueViolation):
        return _response(409, problem(409, SAME_MOMENT, instance=instance))
    return None


def _of_http(error: Exception, context: dict[str, Any]) -> Exception:
    """The error in the words of this API."""
    if isinstance(error, Http404):
        return exceptions.NotFound("There is nothing at this address, or it is not published.")
    if isinstance(error, exceptions.UnsupportedMediaType):
        return UnreadableType(context["view"])
    if isinstance(error, PermissionDenied):
        error = _refusal(error, context["request"].user)
    if isinstance(error, (*REFUSALS, exceptions.NotAcceptable)):
        # The throttles come after these: who is refused all the time must end there too.
        standing = _spent(context["request"], context["view"])
        if standing and standing.exceeded:
            return exceptions.Throttled(standing.seconds_left)
    return error


def _spent(request: Request, view: APIView) -> Standing | None:
    """The request counted, if it was not yet; with a token that is none, as a stranger's."""
    if "RateLimit" in view.headers:
        return None
    try:
        return spend(request, view)
    except exceptions.AuthenticationFailed:
        return spend(request, view)


def _headers(error: Exception) -> dict[str, str]:
    """What an error says in headers."""
    if isinstance(error, InsufficientScope):
        scope = f'Bearer error="insufficient_scope", scope="{error.scope}"'
        return {"WWW-Authenticate": scope}
    if isinstance(error, exceptions.NotAcceptable):
        return {"Vary": "Accept"}
    if isinstance(error, UnreadableType):
        return {"Accept": ", ".join(error.readable)}
    return {}


def _refusal(error: PermissionDenied, user: Any) -> exceptions.PermissionDenied:
    """A writer's refusal; where only the token stands in the way, it says so."""
    if isinstance(error, Denied) and not lets(user, error.scope):
        return InsufficientScope(error.scope)
    return exceptions.PermissionDenied(str(error) or None)


def _response(status: int, body: dict[str, Any]) -> Response:
    return Response(body, status=status, content_type=MEDIA_TYPE)


def _errors(detail: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [
            e for name, part in detail.items() for e in _errors(part, f"{field}.{name}".strip("."))
        ]
    if isinstance(detail, list):
        return [e for part in detail for e in _errors(part, field)]
    return [{"field": field, "detail": str(detail)}] if field else []
