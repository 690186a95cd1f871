"""Bulk export over HTTP: streamed, so that memory does not grow with it, and compressed when asked.

PostgreSQL works on the next parts while one is sent; a client that reads slowly holds neither a
thread nor a connection.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from typing import Any, ClassVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from annotations import exporting
from annotations.exporting import Job, Selection
from annotations.formats.catalogue import FORMATS, Format
from annotations.models.annotation import Kind, Status
from articles.errors import Refused
from articles.following import in_thread
from newsdesk.api import filters
from newsdesk.api.changes import let_thread_go
from newsdesk.api.compressing import Squeezer, chosen, squeezer
from newsdesk.api.negotiating import NotAcceptable, best
from newsdesk.api.problems import BadParameter
from newsdesk.api.resources import Resource

# Parts that are made while one is sent: a core makes one, another the next.
AHEAD = 2
# What goes to the socket at once: a whole part would stand in memory twice.
PIECE = 1 << 18

FILTERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "type": ("type", filters.text),
    "entity": ("entity", filters.number),
    "claim": ("claim", filters.number),
    "source": ("source", filters.number),
}
# By their names, without charset: what Accept may ask for.
MEDIA_TYPES = {
    name: format.writer().media_type.partition(";")[0] for name, format in FORMATS.items()
}
NUMBER = {"type": "integer", "minimum": 0, "maximum": 10**18}
PARAMETERS = [
    OpenApiParameter(
        "format",
        enum=list(FORMATS),
        description="else the first whose media type Accept takes: "
        + ", ".join(f"{name} ({media_type})" for name, media_type in MEDIA_TYPES.items()),
    ),
    OpenApiParameter(
        "status",
        description=f"one or more of {', '.join(Status.values)}, else accepted; only editors get "
        "what is not accepted",
    ),
    OpenApiParameter("kind", description=f"one or more of {', '.join(Kind.values)}"),
    OpenApiParameter("type", description="of entities their type, of sources their kind"),
    *(OpenApiParameter(name, NUMBER) for name in ("article", "entity", "claim", "source")),
    OpenApiParameter(
        "published", enum=["true", "false"], description="true: for editors, too, only what is"
    ),
    OpenApiParameter(
        "since",
        description="a date or a date and time: annotations that changed since, or their "
        "attributions; of formats with texts, whole stories in which something did",
    ),
    OpenApiParameter(
        "after",
        description="the cursor to go on from: of w3c the id of the last annotation you have, of "
        "claim_review the last identifier, of other formats the last story's number",
    ),
    OpenApiParameter(
        "Accept-Encoding", location=OpenApiParameter.HEADER, description="zstd or gzip, if wanted"
    ),
]


class Export(Resource):
    # What changes as it is sent has no ETag.
    conditional = False
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """The format is chosen with the other parameters; here, what a refusal is written by."""
        return JSONRenderer(), JSONRenderer.media_type

    def parameters(self, method: str) -> tuple[str, ...]:
        return tuple(p.name for p in PARAMETERS if p.location == OpenApiParameter.QUERY)

    @extend_schema(
        parameters=PARAMETERS,
        responses={
            (200, format.writer().media_type): OpenApiResponse(
                OpenApiTypes.BINARY, ", ".join(FORMATS)
            )
            for format in FORMATS.values()
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """All that the client may see, in one of the field's formats. Every format says at its
        end that it is whole (w3c by a last line with the total, csv and doccano by `last`, conll
        by `# end`, the others by their syntax): what was cut short can be told, and gone on with
        by `after`."""
        format = _format(request)
        selection = _selection(request)
        jobs = _jobs(selection, format)
        encoding = chosen(request.headers.get("Accept-Encoding", ""))
        headers = _headers(format, encoding)
        media_type = format.writer().media_type
        if request.method == "HEAD":
            # A stream, as the answer to GET is: it has no length that could be told.
            return StreamingHttpResponse(nothing(), content_type=media_type, headers=headers)
        # Django would give it back at the end of the answer, which may be long from now.
        connection.close()
        return StreamingHttpResponse(
            pieces(jobs, format, squeezer(encoding)), content_type=media_type, headers=headers
        )


_view = Export.as_view()


@csrf_exempt
async def export(request: HttpRequest) -> HttpResponseBase:
    """`Export` as a coroutine, which tells the server that its answer may stay open."""
    return await sync_to_async(_view)(request)


# By these the schema finds its view.
export.cls, export.initkwargs = Export, {}  # type: ignore[attr-defined]


def _format(request: Request) -> Format:
    """The one that the query names, which Accept must take; else the first that it takes."""
    name = request.query_params.get("format")
    if name is not None and name not in FORMATS:
        raise BadParameter("format", f"format is one of {', '.join(FORMATS)}.")
    offered = tuple(MEDIA_TYPES.values()) if name is None else (MEDIA_TYPES[name],)
    liked = best(request.headers.get("Accept", ""), offered)
    if liked is None:
        raise NotAcceptable(offered)
    return FORMATS[name or next(n for n, media_type in MEDIA_TYPES.items() if media_type == liked)]


def _jobs(selection: Selection, format: Format) -> Iterator[Job]:
    """The parts to be made. Raises BadParameter for a cursor that the format did not give."""
    try:
        return exporting.jobs(selection, format)
    except Refused as refused:
        raise BadParameter(refused.field, str(refused)) from refused


def _selection(request: Request) -> Selection:
    where = {lookup: _read(request, name, check) for name, (lookup, check) in FILTERS.items()}
    where["kind__in"] = _some(request, "kind", Kind.values)
    return Selection(
        user=request.user,
        base=settings.SITE_URL,
        statuses=_some(request, "status", Status.values) or (Status.ACCEPTED,),
        published_only=_read(request, "published", _flag) or False,
        article=_read(request, "article", filters.number),
        since=_read(request, "since", filters.moment),
        where={lookup: value for lookup, value in where.items() if value is not None},
        after=_read(request, "after", filters.text) or "",
    )


def _read(request: Request, name: str, check: Callable[[str], Any]) -> Any:
    """A parameter's value, None where it is not given. Raises BadParameter, naming it."""
    if name not in request.query_params:
        return None
    try:
        return check(request.query_params[name])
    except ValueError as error:
        raise BadParameter(name, f"{name} {error}.") from error


def _some(request: Request, name: str, values: list[str]) -> tuple[str, ...] | None:
    def check(given: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(given.split(",")))
        if any(value not in values for value in chosen):
            raise ValueError(f"is one or more of {', '.join(values)}")
        return chosen

    return _read(request, name, check)


def _flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("is true or false")
    return value == "true"


def _headers(format: Format, encoding: str) -> dict[str, str]:
    name = f"newsdesk-{format.name}-{date.today():%Y-%m-%d}.{format.writer().extension}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept, Accept-Encoding, Authorization, Cookie",
        "X-Accel-Buffering": "no",
    }
    return headers | ({"Content-Encoding": encoding} if encoding else {})


async def pieces(jobs: Iterator[Job], format: Format, squeezer: Squeezer) -> AsyncIterator[bytes]:
    """The whole export, in pieces. What fails on the way ends the answer without its end."""
    let_thread_go()
    writer = format.writer()
    yield squeezer.compress(writer.begin())
    async for part in _made(jobs):
        data = await in_thread(lambda part=part: squeezer.compress(writer.add(part)))
        for place in range(0, len(data), PIECE):
            yield data[place : place + PIECE]
    yield squeezer.compress(writer.end()) + squeezer.flush()


async def nothing() -> AsyncIterator[bytes]:
    """An empty stream."""
    for piece in ():
        yield piece


async def _made(jobs: Iterator[Job]) -> AsyncIterator[Any]:
    """What the jobs give, in order; the next ones are under way meanwhile."""
    under_way: deque[asyncio.Task[Any]] = deque()
    more = True
    try:
        while more or under_way:
            while more and len(under_way) < AHEAD:
                job = await in_thread(lambda: next(jobs, None))
                more = job is not None
                if job is not None:
                    under_way.append(asyncio.create_task(in_thread(job)))
            if under_way:
                yield await under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()
