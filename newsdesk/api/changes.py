"""The change log: everything that was written, in order, with nothing left out."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles.changes import Change
from newsdesk.api.filters import number
from newsdesk.api.paging import LARGEST
from newsdesk.api.permissions import EditorsOnly
from newsdesk.api.problems import BadParameter
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
        after = self._number(request, "after", 0, 10**18)
        limit = self._number(request, "limit", 100, LARGEST)
        if limit < 1:
            raise BadParameter("limit", f"limit is a whole number from 1 to {LARGEST}.")
        rows = list(Change.objects.after(after).select_related("actor")[:limit])
        results = ChangeSerializer(rows, many=True).data
        return Response({"results": results, "next": rows[-1].seq if rows else after})

    @staticmethod
    def _number(request: Request, name: str, default: int, largest: int) -> int:
        try:
            value = number(request.query_params.get(name, str(default)))
        except ValueError as error:
            raise BadParameter(name, f"{name} {error}.") from error
        if value > largest:
            raise BadParameter(name, f"{name} is at most {largest}.")
        return value
