"""What a client gets when no view could answer: a problem detail under /api/, a page elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from newsdesk.api.problems import MEDIA_TYPE, problem


def _answer(
    request: HttpRequest, status: int, detail: str, page: Callable[[], HttpResponse]
) -> HttpResponse:
    if not request.path.startswith("/api/"):
        return page()
    body = problem(status, detail, instance=request.path)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        detail = "The body is too large: at most 10 MB."
        return _answer(request, 413, detail, lambda: defaults.bad_request(request, exception))
    detail = "The request could not be understood."
    return _answer(request, 400, detail, lambda: defaults.bad_request(request, exception))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = str(exception) or "This is not allowed."
    return _answer(request, 403, detail, lambda: defaults.permission_denied(request, exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = "There is nothing at this address."
    return _answer(request, 404, detail, lambda: defaults.page_not_found(request, exception))


def server_error(request: HttpRequest, *_: Any) -> HttpResponse:
    detail = "Something went wrong here; it was noted in the log. Nothing was stored."
    return _answer(request, 500, detail, lambda: defaults.server_error(request))
