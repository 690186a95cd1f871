"""Sources: who claims are attributed to."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import sources
from annotations.models import Source
from annotations.models.source import SourceKind
from annotations.sources import change_source
from newsdesk.api.filters import Filter, of_id, some_of
from newsdesk.api.idempotency import idempotent
from newsdesk.api.knowledge import BY_NAME, TIMES, KnowledgeView, folded
from newsdesk.api.paging import Listing
from newsdesk.api.schema import MOVED, pages_of
from newsdesk.api.serializers import SourceChangesSerializer, SourceSerializer
from newsdesk.api.sorting import Logged
from newsdesk.api.versions import seen_version

FILTERS = {
    "q": Filter("folded_name__contains", folded, "part of its name"),
    "kind": some_of("kind", SourceKind.values),
    "entity": of_id("entity", "it is this entity"),
    **TIMES,
}


class SourceView(KnowledgeView):
    shown, taken, address = SourceSerializer, SourceChangesSerializer, "sources"
    fields = tuple(SourceSerializer.Meta.fields)

    def rows(self, request: Request) -> QuerySet[Source]:
        return Source.objects.visible_to(request.user).select_related("entity")


class SourceList(SourceView):
    listing = Listing(FILTERS, BY_NAME, logged=Logged("source"))

    @extend_schema(operation_id="sources_list", responses=pages_of(SourceSerializer))
    def get(self, request: Request) -> Response:
        """The sources: those who speak in what is published, and for editors all."""
        return self.listed(request)

    @extend_schema(
        operation_id="sources_create", request=SourceChangesSerializer,
        responses={201: SourceSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a source; an entity that speaks already is given back."""
        data = self.checked(request)
        entity = data.get("entity")
        if entity:
            made = sources.source_of_entity(entity=entity, kind=data["kind"], actor=request.user)
        else:
            made = sources.create_source(actor=request.user, **data)
        return self.made(request, made)


class SourceDetail(SourceView):
    @extend_schema(operation_id="source", responses={200: SourceSerializer, **MOVED})
    def get(self, request: Request, pk: int) -> Response:
        """One source; a merged one redirects."""
        return self.one(request, pk)

    @extend_schema(
        operation_id="source_change", request=SourceChangesSerializer(partial=True),
        responses={200: SourceSerializer, **MOVED},
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        """Change it; with If-Match."""
        source = self.one_of(request, pk)
        change_source(
            source=source, actor=request.user, seen_version=seen_version(request),
            **self.checked(request, partial=True),
        )  # fmt: skip
        return self.one(request, pk)
