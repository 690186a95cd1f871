"""The change log: everything that was written, in order, with nothing left out.

It may be asked for page by page, waited for, or listened to as server-sent events. Who waits or
listens holds neither a thread nor a database connection meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from articles import following
from articles.following import Bell, Filter, Page, event
from newsdesk.api.filters import number, number_in
from newsdesk.api.permissions import EditorsOnly
from newsdesk.api.problems import BadParameter
from newsdesk.api.serializers import ChangePageSerializer

# The types of thing that the log tells of.
SUBJECTS = (
    "article", "revision", "annotation", "attribution", "entity", "claim", "claim_link",
    "claim_review", "source", "run",
)  # fmt: skip
LARGEST = 1000
LONGEST_WAIT = 60
# Seconds between two looks where Redis rings no bell, and between two signs of life.
LOOK = 2.0
SILENCE = 15.0
# A listener comes back by itself after this; by then its token may have been revoked.
LONGEST_LISTENING = 600.0
JSON = "application/json"


class EventStreamRenderer(JSONRenderer):
    """Lets clients ask for server-sent events; a refusal is JSON for them as well."""

    media_type = "text/event-stream"
    format = "events"


@dataclass(frozen=True)
class Asked:
    """What a client asks of the log."""

    wanted: Filter
    after: int
    limit: int
    wait: int

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Raises BadParameter, naming it, for a value that cannot be."""
        return cls(
            wanted=Filter(_types(request), _article(request)),
            after=number_in(request, "after", default=_last_event(request)),
            limit=number_in(request, "limit", default=100, least=1, largest=LARGEST),
            wait=number_in(request, "wait", default=0, largest=LONGEST_WAIT),
        )

    def page(self) -> Page:
        return following.page(self.wanted, self.after, self.limit)


def _types(request: Request) -> tuple[str, ...]:
    given = ",".join(request.query_params.getlist("type"))
    names = tuple(dict.fromkeys(filter(None, given.split(","))))
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown or (given and not names):
        raise BadParameter("type", f"type is one or more of {', '.join(SUBJECTS)}.")
    return names


def _article(request: Request) -> int | None:
    return number_in(request, "article", default=0) if "article" in request.query_params else None


def _last_event(request: Request) -> int:
    """Where a browser left off; what no server of ours gave counts as nothing."""
    try:
        return number(request.headers.get("Last-Event-ID", "").strip())
    except ValueError:
        return 0


class ChangeList(APIView):
    permission_classes = [EditorsOnly]
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer, EventStreamRenderer]

    @extend_schema(
        responses={
            (200, JSON): ChangePageSerializer,
            (200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR, "`change` events"),
        },
        parameters=[
            OpenApiParameter("after", OpenApiTypes.INT64, description="the last number you have"),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {LARGEST}, else 100"),
            OpenApiParameter("type", description=f"one or more of {', '.join(SUBJECTS)}"),
            OpenApiParameter("article", OpenApiTypes.INT64, description="changes of this one only"),
            OpenApiParameter(
                "wait", OpenApiTypes.INT,
                description=f"seconds to wait where nothing is new, up to {LONGEST_WAIT}",
            ),
            OpenApiParameter(
                "Last-Event-ID", OpenApiTypes.STR, OpenApiParameter.HEADER,
                description="as `after`, sent by clients of server-sent events",
            ),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """The changes after a number, oldest first. Numbers have no gaps, deletions and merges
        are changes like all others. With `Accept: text/event-stream` they keep coming."""
        asked = Asked.of(request)
        if isinstance(request.accepted_renderer, EventStreamRenderer):
            return _streamed(events(asked), "text/event-stream; charset=utf-8")
        page = asked.page()
        if page.changes or not asked.wait:
            return HttpResponse(page.json(), content_type=JSON)
        return _streamed(later(asked), JSON)


_page = ChangeList.as_view()


@csrf_exempt
async def change_list(request: HttpRequest) -> HttpResponse:
    """`ChangeList` as a coroutine, which tells the server that its answer may stay open."""
    return await sync_to_async(_page)(request)


# By these the schema finds its view.
change_list.cls, change_list.initkwargs = ChangeList, {}  # type: ignore[attr-defined]


def _streamed(parts: AsyncIterator[str], content_type: str) -> StreamingHttpResponse:
    # Django would give it back at the end of the answer, which may be long from now.
    connection.close()
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(parts, content_type=content_type, headers=headers)


def _look(asked: Asked, after: int) -> Page:
    """A page, read in a thread of the common pool, which keeps its connection for the next."""
    close_old_connections()
    try:
        return following.page(asked.wanted, after, asked.limit)
    finally:
        close_old_connections()


async def later(asked: Asked) -> AsyncIterator[str]:
    """One page, once there is something in it or the time is up."""
    let_thread_go()
    looking = sync_to_async(_look, thread_sensitive=False)
    loop = asyncio.get_running_loop()
    until = loop.time() + asked.wait
    async with Bell(asked.wanted.article) as bell:
        page = await looking(asked, asked.after)
        while not page.changes and (left := until - loop.time()) > 0:
            await bell.wait(min(LOOK, left))
            page = await looking(asked, asked.after)
    yield page.json()


async def events(asked: Asked) -> AsyncIterator[str]:
    """Each change as an event `change` with its number as id; the number alone, for the client to
    come back with, where nothing that it wants has happened for a while."""
    let_thread_go()
    looking = sync_to_async(_look, thread_sensitive=False)
    loop = asyncio.get_running_loop()
    began = spoke = loop.time()
    after = asked.after
    yield "retry: 1000\n: here\n\n"
    async with Bell(asked.wanted.article) as bell:
        while loop.time() - began < LONGEST_LISTENING:
            page = await looking(asked, after)
            after = page.next
            if page.changes:
                yield "".join(event("change", text, number=seq) for seq, text in page.changes)
            if page.changes or loop.time() - spoke > SILENCE:
                spoke = loop.time()
                yield f"id: {after}\n\n"
            if not page.has_more:
                await bell.wait(LOOK)


def let_thread_go() -> None:
    """End the thread that Django keeps for as long as an answer is under way."""
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = context and SyncToAsync.context_to_thread_executor.pop(context, None)
    if executor:
        executor.shutdown(wait=False)
