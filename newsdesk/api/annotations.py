"""Annotations as W3C JSON-LD: read, decide, change, delete."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import deciding
from annotations.formats.contexts import DESK_CONTEXT
from annotations.formats.remains import ANNOTATION
from annotations.importing import body_meant, properties_of, read_on
from annotations.models import Annotation
from annotations.models.annotation import Kind, Status
from articles.addresses import normalised
from articles.changes import recording
from articles.errors import Refused
from articles.models import Article
from articles.roles import sees_all
from newsdesk.api.filters import Filter, between, of_id, some_of, text
from newsdesk.api.paging import Listing
from newsdesk.api.parsing import AnnotationRenderer, JSONLDRenderer, JSONRenderer
from newsdesk.api.presenting import PAGED, as_jsonld, as_page
from newsdesk.api.problems import BadParameter, Gone
from newsdesk.api.resources import Resource, wanted_fields
from newsdesk.api.serializers import (
    AnnotationPageSerializer,
    AnnotationSerializer,
    StatusSerializer,
)
from newsdesk.api.sorting import Logged, Sort
from newsdesk.api.versions import seen_version, versioned

FIELDS = tuple(sorted(ANNOTATION - {"@context", "bodyValue"}))
FILTERS = {
    "kind": some_of("kind", Kind.values),
    "status": some_of("status", Status.values),
    "type": Filter("type", text, "an entity's type or a source's kind"),
    "entity": of_id("entity"),
    "claim": of_id("claim"),
    "source": of_id("source"),
    "suggester": Filter("suggester__name", text),
    "creator": Filter("creator__username", text),
    "q": Filter("label__icontains", text, "part of what the body is called"),
    **between("created", "created_at"),
    **between("modified", "updated_at"),
}
OF_MANY = {
    "article": of_id("article"),
    "outlet": Filter("article__outlet__name__iexact", text, "the outlet's name"),
}
SORTS = {
    "created": Sort(("created_at",)),
    "modified": Sort(("updated_at",), moves=True),
    "position": Sort(("article_id", "start"), moves=True, note="position: article, then place"),
}
LOGGED = Logged("annotation", "uuid")
DECISIONS = {
    "accepted": deciding.accept,
    "rejected": deciding.reject,
    "suggested": deciding.reopen,
}


class JSONLDResource(Resource):
    """Answers in JSON-LD with the profile of the recommendation, or in JSON for who asks for it."""

    renderer_classes: ClassVar[list[Any]] = [JSONLDRenderer, AnnotationRenderer, JSONRenderer]
    types: ClassVar[tuple[str, ...]] = ()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        renderer, media_type = super().perform_content_negotiation(request, force)
        if isinstance(renderer, JSONLDRenderer):
            return AnnotationRenderer(), AnnotationRenderer.media_type
        return renderer, media_type

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        if self.types and final.status_code < 300:
            final["Link"] = ", ".join([f'<{iri}>; rel="type"' for iri in self.types] + self.links())
        return final

    def links(self) -> list[str]:
        """What else the Link header says."""
        return []


class AnnotationList(JSONLDResource):
    listing = Listing({**FILTERS, **OF_MANY}, SORTS, logged=LOGGED, columns=PAGED)
    fields = FIELDS

    @extend_schema(operation_id="annotations_list", responses=AnnotationPageSerializer)
    def get(self, request: Request) -> Response:
        """All annotations that the client may see, oldest first, as an AnnotationPage."""
        page = self.page(Annotation.objects.visible_to(request.user), request)
        return Response(as_page(request, page, partly=wanted_fields(request, FIELDS)))


class AnnotationSearch(JSONLDResource):
    listing = Listing(FILTERS, SORTS, logged=LOGGED, columns=PAGED)
    fields = FIELDS

    def parameters(self, method: str) -> tuple[str, ...]:
        return (*super().parameters(method), "uri")

    @extend_schema(
        operation_id="annotations_search", responses=AnnotationPageSerializer,
        parameters=[OpenApiParameter("uri", OpenApiTypes.STR, required=True, description=(
            "where a story stood first, or its address here; however it is spelled"
        ))],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The annotations on the story that stands at an address, as an AnnotationPage."""
        uri = request.query_params.get("uri", "")
        if not normalised(uri):
            raise BadParameter("uri", "uri is the http or https address of a story.")
        articles = Article.objects.visible_to(request.user).at_address(uri)
        rows = Annotation.objects.visible_to(request.user).filter(article__in=articles)
        page = self.page(rows, request)
        return Response(as_page(request, page, partly=wanted_fields(request, FIELDS)))


class AnnotationDetail(JSONLDResource):
    fields = FIELDS
    types = ("http://www.w3.org/ns/ldp#Resource", "http://www.w3.org/ns/oa#Annotation")

    def _get(self, request: Request, uuid: UUID) -> Annotation:
        deleted = Annotation.objects.filter(uuid=uuid, deleted_at__isnull=False)
        if sees_all(request.user) and deleted.exists():
            raise Gone()
        rows = Annotation.objects.visible_to(request.user).with_bodies()
        return get_object_or_404(rows, uuid=uuid)

    @staticmethod
    def _answer(request: Request, annotation: Annotation) -> Response:
        return versioned(as_jsonld(request.user, [annotation])[0], annotation.version)

    @extend_schema(operation_id="annotation", responses=AnnotationSerializer)
    def get(self, request: Request, uuid: UUID) -> Response:
        """One annotation."""
        annotation, wanted = self._get(request, uuid), wanted_fields(request, FIELDS)
        data = as_jsonld(request.user, [annotation])[0]
        shown = data if wanted is None else {n: data[n] for n in data if n in wanted}
        return versioned(shown, annotation.version)

    @extend_schema(
        operation_id="annotation_put", request=AnnotationSerializer, responses=AnnotationSerializer
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        """Change body, target or status; with If-Match. Properties of your own are kept as sent."""
        annotation, seen = self._get(request, uuid), seen_version(request)
        read = read_on(annotation.article, request.data, annotation.revision.text)
        if read.kind != annotation.kind:
            raise Refused("The kind of an annotation does not change.", field="kind")
        if read.revision not in (None, annotation.revision.number):
            raise Refused("The text was revised since: load it again.", field="revision")
        with recording(actor=request.user):
            if read.status == "accepted":
                body = body_meant(read, editor=request.user)
                changed = deciding.change(
                    annotation=annotation, editor=request.user, seen_version=seen, body=body,
                    spans=read.spans, extra=properties_of(read, body, before=annotation.extra),
                )  # fmt: skip
            else:
                meant = deciding.Body(entity=annotation.entity)
                extra = properties_of(read, meant, before=annotation.extra)
                changed = DECISIONS[read.status](
                    annotation=annotation, editor=request.user, seen_version=seen, extra=extra
                )
        return self._answer(request, changed)

    @extend_schema(
        operation_id="annotation_decide", request=StatusSerializer, responses=AnnotationSerializer
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        """Accept, reject or reopen: `{"status": "accepted"}`; with If-Match."""
        annotation, seen = self._get(request, uuid), seen_version(request)
        checked = StatusSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        status = checked.validated_data["status"]
        decided = DECISIONS[status](annotation=annotation, editor=request.user, seen_version=seen)
        return self._answer(request, decided)

    @extend_schema(operation_id="annotation_delete", responses={204: None})
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Delete it; with If-Match. Its history stays."""
        annotation = self._get(request, uuid)
        deciding.delete(
            annotation=annotation, editor=request.user, seen_version=seen_version(request)
        )
        return Response(status=204)


class Context(Resource):
    renderer_classes: ClassVar[list[Any]] = [JSONLDRenderer, JSONRenderer]

    @extend_schema(operation_id="context", responses={(200, "application/ld+json"): dict})
    def get(self, request: Request) -> Response:
        """The JSON-LD context of the desk's own terms."""
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(DESK_CONTEXT, content_type="application/ld+json", headers=headers)
