"""Entities, claims and sources."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import knowledge
from annotations.models import Claim, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.fields import fold
from annotations.models.source import SourceKind
from newsdesk.api import filters
from newsdesk.api.paging import Pages
from newsdesk.api.serializers import (
    ClaimChangesSerializer,
    ClaimSerializer,
    EntityChangesSerializer,
    EntitySerializer,
    SourceChangesSerializer,
    SourceSerializer,
)
from newsdesk.api.versions import etag, seen_version, versioned


def folded(value: str) -> str:
    return fold(filters.text(value))


class KnowledgeView(APIView):
    """What the lists and the single things of the knowledge base share."""

    shown: ClassVar[type[serializers.Serializer]]
    taken: ClassVar[type[serializers.Serializer]]
    filters: ClassVar[dict[str, Any]] = {}
    address: ClassVar[str]

    def rows(self, request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def checked(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        data = self.taken(data=request.data, partial=partial)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def listed(self, request: Request) -> Response:
        rows = filters.filtered(self.rows(request).filter(merged_into=None), request, self.filters)
        pages = Pages()
        page = pages.paginate_queryset(rows.order_by("pk"), request)
        return pages.get_paginated_response(self.shown(page, many=True).data)

    def one(self, request: Request, pk: int) -> Response:
        merged = self.shown.Meta.model.objects.filter(pk=pk, merged_into__isnull=False).first()
        if merged and self.rows(request).filter(pk=merged.merged_into_id).exists():
            address = f"/api/{self.address}/{merged.merged_into_id}/"
            return Response(status=301, headers={"Location": address})
        thing = get_object_or_404(self.rows(request), pk=pk)
        return versioned(request, self.shown(thing).data, thing.version)

    def made(self, thing: Any) -> Response:
        headers = {"Location": f"/api/{self.address}/{thing.pk}/", "ETag": etag(thing.version)}
        return Response(self.shown(thing).data, status=201, headers=headers)


def _parameters(names: dict[str, Any]) -> list[OpenApiParameter]:
    return [OpenApiParameter(name) for name in (*names, "page", "page_size")]


class EntityView(KnowledgeView):
    shown, taken, address = EntitySerializer, EntityChangesSerializer, "entities"
    filters: ClassVar[dict[str, Any]] = {
        "q": ("folded_name__contains", folded),
        "type": ("type", filters.one_of(EntityType.values)),
    }

    def rows(self, request: Request) -> QuerySet[Entity]:
        return Entity.objects.visible_to(request.user).prefetch_related("aliases")


class EntityList(EntityView):
    @extend_schema(
        responses=EntitySerializer(many=True), parameters=_parameters(EntityView.filters)
    )
    def get(self, request: Request) -> Response:
        """The entities: those named in what is published, and for editors all."""
        return self.listed(request)

    @extend_schema(request=EntityChangesSerializer, responses={201: EntitySerializer})
    def post(self, request: Request) -> Response:
        """Make an entity."""
        return self.made(knowledge.create_entity(actor=request.user, **self.checked(request)))


class EntityDetail(EntityView):
    @extend_schema(responses=EntitySerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One entity; a merged one redirects to where it went."""
        return self.one(request, pk)

    @extend_schema(request=EntityChangesSerializer(partial=True), responses=EntitySerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change it; with If-Match."""
        entity = get_object_or_404(self.rows(request), pk=pk)
        knowledge.change_entity(
            entity=entity, actor=request.user, seen_version=seen_version(request),
            **self.checked(request, partial=True),
        )  # fmt: skip
        return self.one(request, pk)


class ClaimView(KnowledgeView):
    shown, taken, address = ClaimSerializer, ClaimChangesSerializer, "claims"
    filters: ClassVar[dict[str, Any]] = {"q": ("folded_text__contains", folded)}

    def rows(self, request: Request) -> QuerySet[Claim]:
        return Claim.objects.visible_to(request.user)


class ClaimList(ClaimView):
    @extend_schema(responses=ClaimSerializer(many=True), parameters=_parameters(ClaimView.filters))
    def get(self, request: Request) -> Response:
        """The claims: those made in what is published, and for editors all."""
        return self.listed(request)

    @extend_schema(request=ClaimChangesSerializer, responses={201: ClaimSerializer})
    def post(self, request: Request) -> Response:
        """Make a claim, or get the one that has this sentence."""
        return self.made(
            knowledge.find_or_create_claim(actor=request.user, **self.checked(request))
        )


class ClaimDetail(ClaimView):
    @extend_schema(responses=ClaimSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One claim."""
        return self.one(request, pk)

    @extend_schema(request=ClaimChangesSerializer, responses=ClaimSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Correct its sentence; with If-Match."""
        claim = get_object_or_404(self.rows(request), pk=pk)
        text = self.checked(request)["text"]
        knowledge.change_claim(
            claim=claim, text=text, actor=request.user, seen_version=seen_version(request)
        )
        return self.one(request, pk)


class SourceView(KnowledgeView):
    shown, taken, address = SourceSerializer, SourceChangesSerializer, "sources"
    filters: ClassVar[dict[str, Any]] = {
        "q": ("folded_name__contains", folded),
        "kind": ("kind", filters.one_of(SourceKind.values)),
    }

    def rows(self, request: Request) -> QuerySet[Source]:
        return Source.objects.visible_to(request.user).select_related("entity")


class SourceList(SourceView):
    @extend_schema(
        responses=SourceSerializer(many=True), parameters=_parameters(SourceView.filters)
    )
    def get(self, request: Request) -> Response:
        """The sources: those who speak in what is published, and for editors all."""
        return self.listed(request)

    @extend_schema(request=SourceChangesSerializer, responses={201: SourceSerializer})
    def post(self, request: Request) -> Response:
        """Make a source; an entity that speaks already is given back."""
        data = self.checked(request)
        entity = data.get("entity")
        if entity:
            made = knowledge.source_of_entity(entity=entity, kind=data["kind"], actor=request.user)
        else:
            made = knowledge.create_source(actor=request.user, **data)
        return self.made(made)


class SourceDetail(SourceView):
    @extend_schema(responses=SourceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One source."""
        return self.one(request, pk)
