"""The live stream of an open article page."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    StreamingHttpResponse,
)

from articles.changes import last_seq
from articles.models import Article
from newsdesk.desk import watching
from newsdesk.desk.gate import json_refusal
from newsdesk.desk.given import number_in


async def live(request: HttpRequest, pk: int) -> HttpResponse:
    """Server-sent events after `Last-Event-ID`, or `?after=`, or from now on."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    began = await sync_to_async(_begin)(request, pk)
    if isinstance(began, HttpResponse):
        return began
    response = StreamingHttpResponse(
        watching.events(pk, began), content_type="text/event-stream; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _begin(request: HttpRequest, pk: int) -> JsonResponse | int:
    """The number of the change to go on after; or why there is no stream."""
    refusal = json_refusal(request.user)
    if refusal is not None:
        return refusal
    if not Article.objects.visible_to(request.user).filter(pk=pk).exists():
        return JsonResponse({"detail": "There is no such article."}, status=404)
    asked = (request.headers.get("Last-Event-ID"), request.GET.get("after"))
    after = next((number for text in asked if (number := number_in(text)) is not None), None)
    began = last_seq() if after is None else after
    # Django would close it at the end of the answer, which is when the page is closed.
    connection.close()
    return began
