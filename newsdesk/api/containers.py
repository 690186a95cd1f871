"""Each article's annotations as a container of the Web Annotation Protocol: an LDP container, an
AnnotationCollection, its pages."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.formats.contexts import contexts
from annotations.importing import add_annotation
from annotations.models import Annotation
from articles.models import Article
from newsdesk.api.annotations import FIELDS, FILTERS, LOGGED, SORTS, JSONLDResource
from newsdesk.api.filters import number_in
from newsdesk.api.idempotency import idempotent
from newsdesk.api.paging import Listing, Page, page_of, signed_after
from newsdesk.api.parsing import JSON, PROFILED
from newsdesk.api.presenting import PAGED, as_jsonld, as_page
from newsdesk.api.resources import address_with, wanted_fields
from newsdesk.api.serializers import (
    AnnotationCollectionSerializer,
    AnnotationPageSerializer,
    AnnotationSerializer,
)
from newsdesk.api.versions import versioned

LDP, OA = "http://www.w3.org/ns/ldp#", "http://www.w3.org/ns/oa#"
MINIMAL, IRIS = f"{LDP}PreferMinimalContainer", f"{OA}PreferContainedIRIs"
DESCRIPTIONS = f"{OA}PreferContainedDescriptions"
LDP_CONTEXT = "http://www.w3.org/ns/ldp.jsonld"
PROTOCOL = "http://www.w3.org/TR/annotation-protocol/"
ACCEPTED = f"{PROFILED}, application/ld+json, {JSON}"
# Annotations in the page that stands in the collection itself.
FIRST = 100
_PREFER = re.compile(r'return\s*=\s*representation\s*;\s*include\s*=\s*"([^"]*)"', re.IGNORECASE)

HEADERS = [
    OpenApiParameter(
        "Prefer", location=OpenApiParameter.HEADER,
        description=f'`return=representation; include="..."`: {MINIMAL} for no annotations, '
        f"{IRIS} for their IRIs, {DESCRIPTIONS} for all of them",
    ),
    OpenApiParameter("iris", enum=["0", "1"], description="1: a page of IRIs alone"),
]  # fmt: skip
SLUG = OpenApiParameter(
    "Slug", location=OpenApiParameter.HEADER, description="a UUID to be known by, if it is free"
)


class ArticleAnnotations(JSONLDResource):
    """The container itself; asked with page_size, cursor or iris, one of its pages."""

    listing = Listing(FILTERS, SORTS, logged=LOGGED, columns=PAGED)
    fields = FIELDS
    types = (f"{LDP}BasicContainer", f"{OA}AnnotationCollection")

    def parameters(self, method: str) -> tuple[str, ...]:
        return (*super().parameters(method), *(["iris"] if method in ("GET", "HEAD") else []))

    def links(self) -> list[str]:
        return [f'<{PROTOCOL}>; rel="{LDP}constrainedBy"']

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Accept-Post"] = ACCEPTED
        patch_vary_headers(final, ("Accept", "Prefer"))
        return final

    @extend_schema(
        operation_id="article_annotations", parameters=HEADERS,
        responses=PolymorphicProxySerializer(
            "AnnotationContainer", [AnnotationCollectionSerializer, AnnotationPageSerializer],
            resource_type_field_name=None,
        ),
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        """The annotations on the article: the collection with its first page in it, or with
        page_size, cursor or iris one page."""
        articles = Article.objects.visible_to(request.user).only("title", "updated_at")
        article = get_object_or_404(articles, pk=pk)
        rows = Annotation.objects.visible_to(request.user).filter(article=article)
        if request.query_params.keys() & {"page_size", "cursor", "iris"}:
            iris = number_in(request, "iris", default=0, largest=1) == 1
            page = self.page(rows, request)
            partly = wanted_fields(request, FIELDS)
            return Response(as_page(request, page, partly=partly, iris=iris))
        return self._collection(request, article, rows)

    def _collection(
        self, request: Request, article: Article, rows: QuerySet[Annotation]
    ) -> Response:
        wish = preferred(request)
        iris = wish == IRIS
        asked = Asking(request, page_size=str(FIRST), iris="1" if iris else None)
        page = page_of(rows, asked, self.listing)
        collection = {
            "@context": [*contexts(settings.SITE_URL), LDP_CONTEXT],
            "id": address_with(request),
            "type": ["BasicContainer", "AnnotationCollection"],
            "label": article.title,
            "total": page.total,
            "modified": article.updated_at.isoformat(),
        }
        if page.total:
            collection["first"] = self._first(asked, page, wish)
            collection["last"] = _last(asked, page, rows, self.listing)
        headers = {"Preference-Applied": "return=representation"} if wish else {}
        return Response(collection, headers=headers)

    @staticmethod
    def _first(asked: Asking, page: Page, wish: str | None) -> Any:
        if wish == MINIMAL:
            return address_with(asked)
        partly = wanted_fields(asked, FIELDS)
        first = as_page(asked, page, partly=partly, iris=wish == IRIS)
        return {name: value for name, value in first.items() if name not in ("@context", "partOf")}

    @extend_schema(
        operation_id="article_annotations_create", parameters=[SLUG], request=AnnotationSerializer,
        responses={201: AnnotationSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Add a W3C annotation. A quote that does not match its position is refused (422)."""
        articles = Article.objects.visible_to(request.user)
        wish = _slug(request)
        try:
            added = add_annotation(
                article=pk, data=request.data, editor=request.user, uuid=wish, among=articles
            )
        except Article.DoesNotExist:
            raise Http404 from None
        data = as_jsonld(request.user, [added])[0]
        answer = versioned(data, added.version, 201, Location=data["id"])
        self.types = ("http://www.w3.org/ns/ldp#Resource", "http://www.w3.org/ns/oa#Annotation")
        return answer


class Asking:
    """A request as if it had other query parameters: for a page that stands in its collection."""

    def __init__(self, request: Request, **changed: str | None) -> None:
        self._request = request
        self.query_params = request.query_params.copy()
        for name, value in changed.items():
            if value is not None:
                self.query_params[name] = value

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


def _slug(request: Request) -> UUID | None:
    """The id that the client wishes for; any other wish is passed over."""
    try:
        return UUID(request.headers.get("Slug", ""))
    except ValueError:
        return None


def preferred(request: Request) -> str | None:
    """What a Prefer header asks to have in the collection; None without one that is understood."""
    match = _PREFER.search(request.headers.get("Prefer", ""))
    wishes = match.group(1).split() if match else []
    return next((wish for wish in (IRIS, DESCRIPTIONS, MINIMAL) if wish in wishes), None)


def _last(asked: Asking, page: Page, rows: QuerySet[Annotation], listing: Listing) -> str:
    """The address of the last page."""
    if page.next is None:
        return address_with(asked)
    before = (page.total - 1) // FIRST * FIRST
    cursor = signed_after(rows, asked, listing, before, page.total)
    return address_with(asked, cursor=cursor)
