"""The change log: everything that was written, in order, with nothing left out."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.changes import Change
from newsdesk.api.filters import number_in
from newsdesk.api.paging import LARGEST
from newsdesk.api.permissions import EditorsOnly
from newsdesk.api.serializers import ChangePageSerializer, ChangeSerializer


class ChangeList(APIView):
    permission_classes = [EditorsOnly]

    @extend_schema(
        responses=ChangePageSerializer,
        parameters=[
            OpenApiParameter("after", OpenApiTypes.INT64, description="the last number you have"),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {LARGEST}, else 100"),
        ],
    )
    def get(self, request: Request) -> Response:
        """The changes after a number, oldest first. Numbers have no gaps."""
        after = number_in(request, "after", default=0)
        limit = number_in(request, "limit", default=100, least=1, largest=LARGEST)
        rows = list(Change.objects.after(after).select_related("actor")[:limit])
        results = ChangeSerializer(rows, many=True).data
        return Response({"results": results, "next": rows[-1].seq if rows else after})
