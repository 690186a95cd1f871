"""Pages by number, up to 500 rows each."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from newsdesk.api.filters import number_in

LARGEST = 500


class Pages(PageNumberPagination):
    """`page` and `page_size` (1 to 500); a size that cannot be is refused, not clipped."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST

    def get_page_size(self, request: Request) -> int:
        return number_in(
            request, "page_size", default=self.page_size, least=1, largest=self.max_page_size
        )

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return number_in(request, "page", default=1, least=1, largest=10**9)
