"""Entities."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import knowledge, merging
from annotations.models import Alias, Annotation, Entity
from annotations.models.entity import EntityType
from articles.changes import recording
from newsdesk.api.filters import Filter, number, some_of, text
from newsdesk.api.idempotency import idempotent
from newsdesk.api.knowledge import BY_NAME, TIMES, KnowledgeView, folded
from newsdesk.api.paging import Listing
from newsdesk.api.schema import MOVED, pages_of
from newsdesk.api.serializers import EntityChangesSerializer, EntitySerializer, MergeSerializer
from newsdesk.api.sorting import Logged
from newsdesk.api.versions import seen_version


def _called(words: str, _: Any) -> Q:
    aliases = Alias.objects.filter(folded__contains=words)
    return Q(folded_name__contains=words) | Q(pk__in=aliases.values("entity"))


def _named_in(article: int, user: Any) -> Q:
    rows = Annotation.objects.visible_to(user).filter(article=article)
    return Q(pk__in=rows.values("entity"))


FILTERS = {
    "q": Filter(_called, folded, "part of its name or of an alias"),
    "type": some_of("type", EntityType.values),
    "wikidata_id": Filter("wikidata_id", text),
    "article": Filter(_named_in, number, "it is named in this article", OpenApiTypes.INT64),
    **TIMES,
}


class EntityView(KnowledgeView):
    shown, taken, address = EntitySerializer, EntityChangesSerializer, "entities"
    fields = tuple(EntitySerializer.Meta.fields)

    def rows(self, request: Request) -> QuerySet[Entity]:
        return Entity.objects.visible_to(request.user).prefetch_related("aliases")


class EntityList(EntityView):
    listing = Listing(FILTERS, BY_NAME, logged=Logged("entity"))

    @extend_schema(operation_id="entities_list", responses=pages_of(EntitySerializer))
    def get(self, request: Request) -> Response:
        """The entities: those named in what is published, and for editors all."""
        return self.listed(request)

    @extend_schema(
        operation_id="entities_create", request=EntityChangesSerializer,
        responses={201: EntitySerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Make an entity."""
        made = knowledge.create_entity(actor=request.user, **self.checked(request))
        return self.made(request, made)


class EntityDetail(EntityView):
    @extend_schema(operation_id="entity", responses={200: EntitySerializer, **MOVED})
    def get(self, request: Request, pk: int) -> Response:
        """One entity; a merged one redirects to where it went."""
        return self.one(request, pk)

    @extend_schema(
        operation_id="entity_change", request=EntityChangesSerializer(partial=True),
        responses={200: EntitySerializer, **MOVED},
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        """Change it; with If-Match."""
        entity = self.one_of(request, pk)
        knowledge.change_entity(
            entity=entity, actor=request.user, seen_version=seen_version(request),
            **self.checked(request, partial=True),
        )  # fmt: skip
        return self.one(request, pk)


class EntityMerge(EntityView):
    fields = ()

    @extend_schema(
        operation_id="entity_merge", request=MergeSerializer, responses={200: EntitySerializer}
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Make it one with another, which gets its mentions and names; with If-Match. Its address
        then redirects. The answer is the other."""
        entity, seen = self.one_of(request, pk), seen_version(request)
        given = MergeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with recording(actor=request.user):
            knowledge.lock_version(Entity, entity.pk, seen)
            winner = merging.merge_entities(
                loser=entity, winner=given.validated_data["into"], actor=request.user
            )
        return self.made(request, winner, status=200)
