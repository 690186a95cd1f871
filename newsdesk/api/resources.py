"""What all resources of the API share: which query parameters they take, sparse fields, ETags."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from newsdesk.api.paging import Listing, Page, page_of
from newsdesk.api.problems import BadParameter

# What an answer of 304 says as the whole one would.
SAID_AGAIN = (
    "ETag", "Vary", "Link", "Cache-Control", "Content-Location", "RateLimit", "RateLimit-Policy",
)  # fmt: skip


class Resource(APIView):
    """A view that names its query parameters: any other is refused.

    `listing` is what GET takes where it is a list, `fields` the names that GET can be limited to,
    `repeatable` the parameters that may come more than once. Answers to GET carry an ETag, and are
    304 for whoever has them, unless they are not `conditional`.
    """

    conditional: ClassVar[bool] = True
    repeatable: ClassVar[tuple[str, ...]] = ()

    listing: ClassVar[Listing | None] = None
    fields: ClassVar[tuple[str, ...]] = ()

    def parameters(self, method: str) -> tuple[str, ...]:
        """The query parameters that a request with this method may have."""
        if method not in ("GET", "HEAD"):
            return ()
        listed = self.listing.parameters if self.listing else ()
        return (*listed, *(["fields"] if self.fields else []))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.parameters(request.method or "")
        for name, values in request.query_params.lists():
            if name in known and len(values) > 1 and name not in self.repeatable:
                raise BadParameter(name, f"{name} may be given once.")
            if name not in known:
                takes = f"It takes {', '.join(known)}." if known else "It takes none."
                shown = name[:60].encode("ascii", "backslashreplace").decode()
                raise BadParameter(shown, f"There is no such parameter here. {takes}")

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            patch_vary_headers(final, ("Authorization",))
            rendered = hasattr(final, "add_post_render_callback")
            if self.conditional and rendered and final.status_code == 200:
                known = request.META.get("HTTP_IF_NONE_MATCH", "")
                final.add_post_render_callback(lambda answer: _conditional(answer, known))
        return final

    def page(self, rows: QuerySet[Any], request: Request) -> Page:
        assert self.listing
        return page_of(rows, request, self.listing)


def _conditional(answer: HttpResponse, known: str) -> HttpResponse:
    """The answer with an ETag of what it says; 304 for whoever has it already."""
    if "ETag" not in answer:
        digest = hashlib.md5(answer.content, usedforsecurity=False).hexdigest()
        answer["ETag"] = f'"{digest}"'
    if not known or not matches(answer["ETag"], known):
        return answer
    short = HttpResponse(status=304)
    for name in SAID_AGAIN:
        if name in answer:
            short[name] = answer[name]
    del short["Content-Type"]
    return short


def matches(tag: str, header: str) -> bool:
    """Whether an If-None-Match names this ETag, by the weak comparison that reading takes."""
    given = parse_etags(header)
    return given == ["*"] or tag.removeprefix("W/") in [one.removeprefix("W/") for one in given]


def wanted_fields(request: Request, names: Iterable[str]) -> list[str] | None:
    """The names that `fields` lists, in the order of `names`; None where it is not given."""
    if "fields" not in request.query_params:
        return None
    names = list(names)
    wanted = request.query_params["fields"].split(",")
    for name in wanted:
        if name not in names:
            raise BadParameter("fields", f"fields is one or more of {', '.join(names)}.")
    return [name for name in names if name in wanted]


def sparse(data: Mapping[str, Any], wanted: list[str] | None) -> dict[str, Any]:
    """`data` with no more than the wanted fields."""
    return dict(data) if wanted is None else {n: data[n] for n in wanted if n in data}


def address_with(request: Request, **changed: Any) -> str:
    """The address of this request at the desk's public one, with other query parameters."""
    query = {**request.query_params.dict(), **changed}
    said = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{settings.SITE_URL}{request.path}" + (f"?{said}" if said else "")


def paged(request: Request, page: Page, results: list[dict[str, Any]]) -> Response:
    """A page's rows as they are shown, the total, and the address of the next page."""
    following = address_with(request, cursor=page.next) if page.next else None
    return Response({"count": page.total, "next": following, "results": results})
