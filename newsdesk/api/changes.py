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
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from articles import following
from articles.actions import TYPES, actions_of
from articles.following import Bell, Filter, Page, event, in_thread
from articles.models import Article
from newsdesk.api.admission import Admission
from newsdesk.api.filters import number, number_in
from newsdesk.api.permissions import EditorsOnly
from newsdesk.api.problems import BadParameter
from newsdesk.api.resources import Resource
from newsdesk.api.serializers import ChangePageSerializer

LARGEST = 1000
LONGEST_WAIT = 60
# Seconds between two looks where Redis rings no bell, and between two signs of life.
LOOK = 2.0
SILENCE = 15.0
# A listener comes back by itself after this.
LONGEST_LISTENING = 600.0
JSON = "application/json"


class EventStreamRenderer(JSONRenderer):
    """Lets clients ask for server-sent events; a refusal is JSON for them as well."""

    media_type = "text/event-stream"
    format = "events"


def some_of(name: str, known: tuple[str, ...], help: str) -> OpenApiParameter:
    """A parameter of one or more of a few words, with commas between."""
    return OpenApiParameter(
        name, {"type": "array", "items": {"type": "string", "enum": list(known)}},
        description=help, style="form", explode=False,
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a client asks of the log."""

    wanted: Filter
    after: int
    limit: int
    wait: int
    admission: Admission

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Raises BadParameter, naming it, for a value that cannot be."""
        return cls(
            wanted=_wanted(request),
            # An address with `after` stays as it is when a browser comes back to it.
            after=max(number_in(request, "after", default=0), _last_event(request)),
            limit=number_in(request, "limit", default=100, least=1, largest=LARGEST),
            wait=number_in(request, "wait", default=0, largest=LONGEST_WAIT),
            admission=Admission(request, EditorsOnly.reads),
        )

    def page(self) -> Page:
        return following.page(self.wanted, self.after, self.limit)


def _wanted(request: Request) -> Filter:
    types = _some(request, "type", TYPES)
    return Filter(types, _article(request), _some(request, "action", actions_of(types)))


def _some(request: Request, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """One or more of a few words, with commas between or each by itself."""
    given = request.query_params.getlist(name)
    words = tuple(dict.fromkeys(word for part in given for word in part.split(",")))
    if any(word not in known for word in words):
        raise BadParameter(name, f"{name} is one or more of {', '.join(known)}.")
    return words


def _article(request: Request) -> int | None:
    if "article" not in request.query_params:
        return None
    article = number_in(request, "article", default=0)
    if not Article.objects.filter(pk=article).exists():
        raise BadParameter("article", f"There is no article {article}.")
    return article


def _last_event(request: Request) -> int:
    """Where a browser left off. Raises BadParameter for what no event of ours had as its id: else
    the whole log would be told again."""
    given = request.headers.get("Last-Event-ID", "").strip()
    try:
        return number(given) if given else 0
    except ValueError as error:
        raise BadParameter("Last-Event-ID", f"Last-Event-ID {error}.") from error


class ChangeList(Resource):
    # The log grows all the time: an ETag would help nobody.
    conditional = False
    repeatable = ("type", "action")
    permission_classes = [EditorsOnly]
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer, EventStreamRenderer]

    def parameters(self, method: str) -> tuple[str, ...]:
        names = ("after", "limit", "type", "action", "article", "wait")
        return names if method in ("GET", "HEAD") else ()

    @extend_schema(
        responses={
            (200, JSON): ChangePageSerializer,
            (200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR, "`change` events"),
        },
        parameters=[
            OpenApiParameter("after", OpenApiTypes.INT64, description="the last number you have"),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {LARGEST}, else 100"),
            some_of("type", TYPES, "of these types of thing"),
            some_of("action", actions_of(), "where this was done; each type has some of these"),
            OpenApiParameter("article", OpenApiTypes.INT64, description="changes of this one only"),
            OpenApiParameter(
                "wait", OpenApiTypes.INT,
                description=f"seconds to wait where nothing is new, up to {LONGEST_WAIT}",
            ),
            OpenApiParameter(
                "Last-Event-ID", OpenApiTypes.STR, OpenApiParameter.HEADER,
                description="as `after`, sent by clients of server-sent events; the larger counts",
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


def _look(asked: Asked, after: int) -> Page | None:
    """A page; None for who may not see it any more."""
    if not asked.admission.still_holds():
        return None
    return following.page(asked.wanted, after, asked.limit)


async def later(asked: Asked) -> AsyncIterator[str]:
    """One page, once there is something in it, the time is up, or the token was revoked."""
    let_thread_go()
    loop = asyncio.get_running_loop()
    until = loop.time() + asked.wait
    async with Bell(asked.wanted.article) as bell:
        page = await in_thread(_look, asked, asked.after)
        while page and not page.changes and (left := until - loop.time()) > 0:
            await bell.wait(min(LOOK, left))
            page = await in_thread(_look, asked, asked.after)
    yield (page or Page([], asked.after, asked.after, has_more=False)).json()


async def events(asked: Asked) -> AsyncIterator[str]:
    """Each change as an event `change` with its number as id; the number alone, for the client to
    come back with, where nothing that it wants has happened for a while. It ends for who may not
    listen any more."""
    let_thread_go()
    loop = asyncio.get_running_loop()
    began = spoke = loop.time()
    after = asked.after
    yield "retry: 1000\n: here\n\n"
    async with Bell(asked.wanted.article) as bell:
        while loop.time() - began < LONGEST_LISTENING:
            page = await in_thread(_look, asked, after)
            if page is None:
                return
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
