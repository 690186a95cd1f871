"""Attributions: the ties from claims' words to sources' words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import deciding
from annotations.models import Annotation, Attribution
from annotations.models.annotation import Status
from annotations.models.attribution import Manner, Mode
from articles.changes import recording
from articles.errors import Refused
from newsdesk.api.articles import checked
from newsdesk.api.filters import Filter, between, of_id, some_of, text
from newsdesk.api.given import WordField
from newsdesk.api.idempotency import idempotent
from newsdesk.api.paging import Listing
from newsdesk.api.problems import BadParameter
from newsdesk.api.resources import Resource, paged, wanted_fields
from newsdesk.api.schema import pages_of
from newsdesk.api.serializers import Sparse
from newsdesk.api.sorting import Logged, Sort
from newsdesk.api.versions import seen_version, versioned

SPANS = serializers.ListField(
    child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
)


class AttributionSerializer(Sparse, serializers.ModelSerializer):
    """Who makes a claim, and how. No source: the text names none, or the outlet makes it itself."""

    id = serializers.UUIDField(source="uuid")
    article = serializers.IntegerField(source="claim.article_id")
    claim = serializers.UUIDField(source="claim.uuid", help_text="The claim's annotation")
    source = serializers.UUIDField(source="source.uuid", default=None, allow_null=True,
                                   help_text="The source's annotation")  # fmt: skip
    parent = serializers.UUIDField(source="parent.uuid", default=None, allow_null=True)
    cue = serializers.SerializerMethodField(help_text="Spans of the words that say it")

    class Meta:
        model = Attribution
        fields = [
            "id", "article", "claim", "source", "cue", "manner", "mode", "by_outlet", "parent",
            "status", "confidence", "version", "created_at", "updated_at",
        ]  # fmt: skip

    @extend_schema_field(SPANS)
    def get_cue(self, tie: Attribution) -> list[list[int]]:
        return tie.cue


class AttributionChangesSerializer(serializers.Serializer):
    """What may be changed; `status` alone, or the rest, which accepts it."""

    cue = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=2**31 - 1),
            min_length=2, max_length=2,
        ),
        required=False, max_length=20,
    )  # fmt: skip
    manner = WordField(Manner.choices, required=False)
    mode = WordField(Mode.choices, required=False)
    by_outlet = serializers.BooleanField(required=False)
    parent = serializers.UUIDField(required=False, allow_null=True)
    status = WordField([Status.ACCEPTED, Status.REJECTED], required=False)


class NewAttributionSerializer(AttributionChangesSerializer):
    claim = serializers.UUIDField(help_text="An annotation of a claim")
    source = serializers.UUIDField(
        required=False, allow_null=True, help_text="An annotation of a source in the same text"
    )
    status = None


FIELDS = tuple(AttributionSerializer.Meta.fields)
ENDS = ("claim", "source", "parent")


def visible(request: Request) -> QuerySet[Attribution]:
    return Attribution.objects.visible_to(request.user).select_related(*ENDS)


def shown(tie: Attribution, status: int = 200, **headers: str) -> Response:
    return versioned(AttributionSerializer(tie).data, tie.version, status, **headers)


def annotation_of(request: Request, uuid: UUID | None, field: str) -> Annotation | None:
    """The annotation of that id. Raises Refused where the client sees none."""
    if uuid is None:
        return None
    rows = Annotation.objects.visible_to(request.user).with_bodies()
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise Refused("There is no such annotation.", field=field)
    return found


def parent_of(request: Request, uuid: UUID | None) -> Attribution | None:
    if uuid is None:
        return None
    found = Attribution.objects.visible_to(request.user).select_related("claim")
    parent = found.filter(uuid=uuid).first()
    if parent is None:
        raise Refused("There is no such attribution.", field="parent")
    return parent


class AttributionList(Resource):
    fields = FIELDS
    listing = Listing(
        {
            "article": of_id("claim__article"),
            "claim": of_id("claim__claim", "attributions of this claim"),
            "source": of_id("source__source", "what this source claims"),
            "outlet": Filter("claim__article__outlet__name__iexact", text, "the outlet's name"),
            "status": some_of("status", Status.values),
            "manner": some_of("manner", Manner.values),
            "mode": some_of("mode", Mode.values),
            **between("created", "created_at"),
            **between("modified", "updated_at"),
        },
        {"created": Sort(("created_at",)), "modified": Sort(("updated_at",), moves=True)},
        logged=Logged("attribution", "uuid"),
    )

    @extend_schema(operation_id="attributions_list", responses=pages_of(AttributionSerializer))
    def get(self, request: Request) -> Response:
        """The attributions: those that readers see, and for editors all."""
        page = self.page(visible(request), request)
        wanted = wanted_fields(request, FIELDS)
        return paged(request, page, AttributionSerializer(page.rows, many=True, only=wanted).data)

    @extend_schema(
        operation_id="attributions_create", request=NewAttributionSerializer,
        responses={201: AttributionSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Attribute a claim's words to a source's; a tie of the two that is there is changed."""
        given = checked(NewAttributionSerializer, request)
        claim = annotation_of(request, given.pop("claim"), "claim")
        source = annotation_of(request, given.pop("source", None), "source")
        parent = parent_of(request, given.pop("parent", None))
        tie = deciding.tie(
            claim=claim, source=source, parent=parent, editor=request.user, **given
        )  # fmt: skip
        tie = visible(request).get(pk=tie.pk)
        return shown(tie, 201, Location=f"/api/attributions/{tie.uuid}/")


class AttributionDetail(Resource):
    fields = FIELDS

    @extend_schema(operation_id="attribution", responses=AttributionSerializer)
    def get(self, request: Request, uuid: UUID) -> Response:
        """One attribution."""
        tie = get_object_or_404(visible(request), uuid=uuid)
        wanted = wanted_fields(request, FIELDS)
        return versioned(AttributionSerializer(tie, only=wanted).data, tie.version)

    @extend_schema(
        operation_id="attribution_change", request=AttributionChangesSerializer,
        responses=AttributionSerializer,
    )  # fmt: skip
    def patch(self, request: Request, uuid: UUID) -> Response:
        """Correct it, which accepts it, or say that it is wrong (`{"status": "rejected"}`); with
        If-Match."""
        tie, seen = get_object_or_404(visible(request), uuid=uuid), seen_version(request)
        given = checked(AttributionChangesSerializer, request)
        if given.get("status") == Status.REJECTED:
            if len(given) > 1:
                raise BadParameter("status", "To reject it, send the status alone.")
            deciding.untie(attribution=tie, editor=request.user, seen_version=seen)
        else:
            self._correct(request, tie, seen, given)
        return shown(visible(request).get(pk=tie.pk))

    @staticmethod
    def _correct(request: Request, tie: Attribution, seen: int, given: dict[str, Any]) -> None:
        given.pop("status", None)
        parent = parent_of(request, given.pop("parent")) if "parent" in given else tie.parent
        kept = {"manner": tie.manner, "mode": tie.mode, "by_outlet": tie.by_outlet}
        with recording(actor=request.user):
            claim = annotation_of(request, tie.claim.uuid, "claim")
            source = annotation_of(request, tie.source.uuid if tie.source else None, "source")
            deciding.tie(
                claim=claim, source=source, editor=request.user, parent=parent, seen_version=seen,
                **{**kept, **given},
            )  # fmt: skip
