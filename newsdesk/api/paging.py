"""Pages by number, up to 500 rows each."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from newsdesk.api.problems import BadParameter

LARGEST = 500


class Pages(PageNumberPagination):
    """`page` and `page_size` (1 to 500); a size that cannot be is refused, not clipped."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST

    def get_page_size(self, request: Request) -> int:
        size = request.query_params.get("page_size", str(self.page_size))
        if not size.isascii() or not size.isdigit() or not 1 <= int(size[:9]) <= LARGEST:
            raise BadParameter("page_size", f"page_size is a whole number from 1 to {LARGEST}.")
        return int(size)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        page = request.query_params.get("page", "1")
        if not page.isascii() or not page.isdigit() or int(page[:9]) < 1 or len(page) > 9:
            raise BadParameter("page", "page is a whole number from 1.")
        return super().paginate_queryset(queryset, request, view)
