"""What the resources of the knowledge base share."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.models.fields import fold
from newsdesk.api.filters import between, text
from newsdesk.api.resources import Resource, paged, wanted_fields
from newsdesk.api.sorting import Sort
from newsdesk.api.versions import versioned

SORTS = {"created": Sort(("created_at",)), "modified": Sort(("updated_at",), moves=True)}
BY_NAME = {**SORTS, "name": Sort(("folded_name",), moves=True, note="name: without regard to case")}
TIMES = {**between("created", "created_at"), **between("modified", "updated_at")}


def folded(value: str) -> str:
    """Text in the form in which names are compared. Raises ValueError."""
    return fold(text(value))


class KnowledgeView(Resource):
    """One kind of thing: how it is shown, how it is taken in, which rows a client may see."""

    shown: ClassVar[Any]
    taken: ClassVar[type[serializers.Serializer]]
    address: ClassVar[str]

    def rows(self, request: Request) -> QuerySet[Any]:
        raise NotImplementedError

    def one_of(self, request: Request, pk: int) -> Any:
        return get_object_or_404(self.rows(request), pk=pk)

    def checked(self, request: Request, *, partial: bool = False) -> dict[str, Any]:
        data = self.taken(data=request.data, partial=partial)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def listed(self, request: Request) -> Response:
        page = self.page(self.rows(request).filter(merged_into=None), request)
        wanted = wanted_fields(request, self.fields)
        return paged(request, page, self.shown(page.rows, many=True, only=wanted).data)

    def one(self, request: Request, pk: int) -> Response:
        """The thing; a merged one redirects to what it is now."""
        merged = self.shown.Meta.model.objects.filter(pk=pk, merged_into__isnull=False).first()
        if merged and self.rows(request).filter(pk=merged.merged_into_id).exists():
            address = f"/api/{self.address}/{merged.merged_into_id}/"
            return Response(status=301, headers={"Location": address})
        thing = self.one_of(request, pk)
        wanted = wanted_fields(request, self.fields) if request.method in ("GET", "HEAD") else None
        return versioned(self.shown(thing, only=wanted).data, thing.version)

    def made(self, request: Request, thing: Any, status: int = 201) -> Response:
        thing = self.shown.Meta.model.objects.get(pk=thing.pk)
        location = f"/api/{self.address}/{thing.pk}/"
        return versioned(self.shown(thing).data, thing.version, status, Location=location)
