"""The live stream of an open article page, and where its editor is."""

from __future__ import annotations

import json
import re
from functools import partial
from uuid import uuid4

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
from articles.errors import Refused
from articles.models import Article
from articles.roles import is_editor
from articles.sessions import user_of_session
from newsdesk.desk import watching
from newsdesk.desk.gate import json_refusal
from newsdesk.desk.given import Given, number_in
from newsdesk.desk.presence import Here, Person

TAB = re.compile(r"[A-Za-z0-9-]{1,40}")


async def live(request: HttpRequest, pk: int) -> HttpResponse:
    """Server-sent events after `Last-Event-ID`, or `?after=`, or from now on.

    `?tab=` is what the page calls itself: its editor is seen by the others by it.
    """
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    began = await sync_to_async(_begin)(request, pk)
    if isinstance(began, HttpResponse):
        return began
    tab = request.GET.get("tab", "")
    # The user was looked up above; asking for it anew would hold a connection while it streams.
    person = Person.of(request.user, tab if TAB.fullmatch(tab) else str(uuid4()))
    response = StreamingHttpResponse(
        watching.events(pk, began, person, partial(_may, request.session.session_key)),
        content_type="text/event-stream; charset=utf-8",
    )
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def here(request: HttpRequest, pk: int) -> HttpResponse:
    """`tab` is at the annotation `at` (or at none: null). 204; 4xx says what is wrong."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    refusal = await sync_to_async(_refusal)(request, pk)
    if refusal is not None:
        return refusal
    try:
        given = Given(json.loads(request.body))
        tab, at = given.words("tab"), given.key("at")
        if not TAB.fullmatch(tab):
            raise Refused("Say which tab you are in: 1 to 40 letters, digits or -.", field="tab")
    except Refused as refused:
        return JsonResponse({"detail": str(refused), "field": refused.field}, status=422)
    except (ValueError, RecursionError):
        return JsonResponse({"detail": "This is no JSON."}, status=400)
    async with Here(pk) as people:
        await people.say(Person.of(request.user, tab), at=at and str(at))
    return HttpResponse(status=204)


def _may(session: str | None) -> bool:
    """Whether an editor is still signed in by the session."""
    return is_editor(user_of_session(session))


def _refusal(request: HttpRequest, pk: int) -> JsonResponse | None:
    refusal = json_refusal(request.user)
    if refusal is None and not Article.objects.visible_to(request.user).filter(pk=pk).exists():
        return JsonResponse({"detail": "There is no such article."}, status=404)
    return refusal


def _begin(request: HttpRequest, pk: int) -> JsonResponse | int:
    """The number of the change to go on after; or why there is no stream."""
    refusal = _refusal(request, pk)
    if refusal is not None:
        return refusal
    asked = (request.headers.get("Last-Event-ID"), request.GET.get("after"))
    after = next((number for text in asked if (number := number_in(text)) is not None), None)
    began = last_seq() if after is None else after
    # Django would close it at the end of the answer, which is when the page is closed.
    connection.close()
    return began
