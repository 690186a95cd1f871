"""Annotations as W3C JSON-LD: read, decide, change, delete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import deciding, linking, matching
from annotations.formats.w3c import DESK_CONTEXT, annotation_to_jsonld, contexts, read_annotation
from annotations.importing import body_meant
from annotations.models import Annotation, Attribution
from articles.changes import recording
from articles.errors import Refused
from articles.roles import sees_all
from newsdesk.api import filters
from newsdesk.api.paging import Pages
from newsdesk.api.problems import Gone
from newsdesk.api.serializers import AnnotationSerializer, StatusSerializer
from newsdesk.api.versions import seen_version, versioned

FILTERS = {
    "kind": ("kind", filters.one_of(["entity", "claim", "source"])),
    "status": ("status", filters.one_of(["suggested", "accepted", "rejected"])),
    "type": ("type", filters.text),
    "article": ("article", filters.number),
    "entity": ("entity", filters.number),
    "claim": ("claim", filters.number),
    "source": ("source", filters.number),
}
DECISIONS = {
    "accepted": deciding.accept,
    "rejected": deciding.reject,
    "suggested": deciding.reopen,
}


def as_jsonld(request: Request, annotations: Iterable[Annotation]) -> list[dict[str, Any]]:
    """Annotations that came `with_bodies()`, with what else of them the client may see."""
    annotations = list(annotations)
    ties = _ties([a for a in annotations if a.kind == "claim"], request.user)
    candidates = linking.candidates_of(filter(linking.is_open, annotations))
    said = matching.said_before(annotations, user=request.user)
    return [
        annotation_to_jsonld(
            a,
            base=settings.SITE_URL,
            attributions=ties[a.pk],
            candidates=candidates.get(a.pk),
            said=said.get(a.pk, ()),
        )
        for a in annotations
    ]


def _ties(claims: Collection[Annotation], user: Any) -> dict[int, list[Attribution]]:
    """By claim annotation, the ties to its sources that the user may see; no query for no claims."""
    ties: dict[int, list[Attribution]] = defaultdict(list)
    if claims:
        rows = Attribution.objects.visible_to(user).filter(claim__in=claims)
        for tie in rows.select_related("claim__revision", "source", "parent__claim").order_by("pk"):
            ties[tie.claim_id].append(tie)
    return ties


def as_page(request: Request, rows: QuerySet[Annotation]) -> Response:
    """A W3C AnnotationPage's items with the API's paging beside them."""
    pages = Pages()
    page = pages.paginate_queryset(rows.with_bodies(), request)
    answer = pages.get_paginated_response(as_jsonld(request, page or []))
    items = answer.data.pop("results")
    answer.data = {
        "@context": contexts(settings.SITE_URL),
        "id": request.build_absolute_uri(),
        "type": "AnnotationPage",
        **answer.data,
        "items": [{k: v for k, v in item.items() if k != "@context"} for item in items],
    }
    return answer


class AnnotationList(APIView):
    @extend_schema(
        responses=AnnotationSerializer(many=True),
        parameters=[OpenApiParameter(name) for name in (*FILTERS, "page", "page_size")],
    )
    def get(self, request: Request) -> Response:
        """All annotations that the client may see, oldest first."""
        rows = Annotation.objects.visible_to(request.user)
        return as_page(request, filters.filtered(rows, request, FILTERS).order_by("pk"))


class AnnotationDetail(APIView):
    def _get(self, request: Request, uuid: UUID) -> Annotation:
        deleted = Annotation.objects.filter(uuid=uuid, deleted_at__isnull=False)
        if sees_all(request.user) and deleted.exists():
            raise Gone()
        rows = Annotation.objects.visible_to(request.user).with_bodies()
        return get_object_or_404(rows, uuid=uuid)

    def _answer(self, request: Request, annotation: Annotation) -> Response:
        return versioned(request, as_jsonld(request, [annotation])[0], annotation.version)

    @extend_schema(responses=AnnotationSerializer)
    def get(self, request: Request, uuid: UUID) -> Response:
        """One annotation."""
        return self._answer(request, self._get(request, uuid))

    @extend_schema(request=AnnotationSerializer, responses=AnnotationSerializer)
    def put(self, request: Request, uuid: UUID) -> Response:
        """Change body, target or status; with If-Match."""
        annotation = self._get(request, uuid)
        seen = seen_version(request)
        read = read_annotation(request.data, annotation.revision.text)
        if read.kind != annotation.kind:
            raise Refused("The kind of an annotation does not change.", field="kind")
        with recording(actor=request.user):
            if read.status == "accepted":
                changed = deciding.change(
                    annotation=annotation, editor=request.user, seen_version=seen,
                    body=body_meant(read, editor=request.user), spans=read.spans,
                )  # fmt: skip
            else:
                changed = self._decide(annotation, read.status, request.user, seen)
        return self._answer(request, changed)

    @extend_schema(request=StatusSerializer, responses=AnnotationSerializer)
    def patch(self, request: Request, uuid: UUID) -> Response:
        """Accept, reject or reopen: `{"status": "accepted"}`; with If-Match."""
        annotation = self._get(request, uuid)
        seen = seen_version(request)
        checked = StatusSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        status = checked.validated_data["status"]
        return self._answer(request, self._decide(annotation, status, request.user, seen))

    @staticmethod
    def _decide(annotation: Annotation, status: str, editor: Any, seen: int) -> Annotation:
        return DECISIONS[status](annotation=annotation, editor=editor, seen_version=seen)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Delete it; with If-Match. Its history stays."""
        annotation = self._get(request, uuid)
        deciding.delete(
            annotation=annotation, editor=request.user, seen_version=seen_version(request)
        )
        return Response(status=204)


class Context(APIView):
    @extend_schema(responses={(200, "application/ld+json"): dict})
    def get(self, request: Request) -> Response:
        """The JSON-LD context of the desk's own terms."""
        headers = {"Cache-Control": "public, max-age=86400", "Access-Control-Allow-Origin": "*"}
        return Response(DESK_CONTEXT, content_type="application/ld+json", headers=headers)
