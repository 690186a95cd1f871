"""Lists in pages that follow each other by a cursor.

A cursor says after which row to go on: by the row's key, which never changes, and not by its
place. So a row that was there when the first page was asked for, and is not deleted, comes exactly
once, whoever writes meanwhile and however long the list is. Sorted by the time of change, rows
that change meanwhile come again, later; nothing is left out.

How many rows there are is counted for the first page and kept in the cursors. Cursors are signed
and belong to their query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.request import Request

from newsdesk.api.filters import Filter, filtered, number_in
from newsdesk.api.problems import BadParameter

LARGEST = 500
USUAL = 50
SALT = "newsdesk.api.paging"
PAGING = ("page_size", "cursor")


@dataclass(frozen=True)
class Listing:
    """What a list may be asked: its filters, and the fields it may be sorted by, by public name.

    A field is one whose value no row changes once the row is there, except `modified`, which only
    grows: see above. `id` is always among them. With `columns`, a page's rows are not whole, but
    tuples of these and of what the list is sorted by.
    """

    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)
    sort: str = "id"
    columns: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        return (*self.filters, "sort", *PAGING)

    @property
    def orders(self) -> list[str]:
        """The values of `sort`. What is sorted by the time of change is never sorted backwards:
        rows that change would move to where the client has been."""
        ascending = ["id", *self.sorts]
        return ascending + [f"-{name}" for name in ascending if name != "modified"]


@dataclass(frozen=True)
class Page:
    """Some rows of a list, how many rows it has in all, and the cursor of the next page."""

    rows: list[Any]
    total: int
    next: str | None


def page_of(rows: QuerySet[Any], request: Request, listing: Listing) -> Page:
    """The page that the query asks for. Raises BadParameter, naming what is wrong in it."""
    rows = filtered(rows, request, listing.filters)
    size = number_in(request, "page_size", default=USUAL, least=1, largest=LARGEST)
    order = _order(request, listing)
    key = listing.sorts.get(order.lstrip("-"), "pk")
    query = _query(request)
    given = request.query_params.get("cursor")
    after, total = _opened(given, query) if given is not None else (None, rows.order_by().count())
    rows = _after(rows, key, order.startswith("-"), after)
    if listing.columns:
        rows = rows.values_list(*dict.fromkeys((*listing.columns, key)), named=True)
    found = list(rows[: size + 1])
    following = None
    if len(found) > size:
        following = signed(found[size - 1], key, total, query)
    return Page(found[:size], total, following)


def _order(request: Request, listing: Listing) -> str:
    order = request.query_params.get("sort", listing.sort)
    if order not in listing.orders:
        raise BadParameter("sort", f"sort is one of {', '.join(listing.orders)}.")
    return order


def _query(request: Request) -> str:
    """What a cursor must be asked with again: all but itself and what shapes the page."""
    rest = sorted(
        (name, value)
        for name, values in request.query_params.lists()
        if name not in (*PAGING, "fields", "iris")
        for value in values
    )
    return hashlib.sha256(f"{request.path} {rest}".encode()).hexdigest()[:12]


def signed(row: Any, key: str, total: int, query: str) -> str:
    """The cursor of what comes after a row."""
    value = getattr(row, key) if key != "pk" else None
    value = value.isoformat() if isinstance(value, datetime) else value
    return signing.dumps([row.pk, value, total, query], salt=SALT)


def signed_after(
    rows: QuerySet[Any], request: Request, listing: Listing, places: int, total: int
) -> str:
    """The cursor of what comes after so many rows of the list that a request asks for."""
    order = _order(request, listing)
    key = listing.sorts.get(order.lstrip("-"), "pk")
    filtered_rows = filtered(rows, request, listing.filters)
    row = _after(filtered_rows, key, order.startswith("-"), None)[places - 1]
    return signed(row, key, total, _query(request))


def _opened(cursor: str, query: str) -> tuple[tuple[int, Any], int]:
    try:
        pk, value, total, of = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        raise BadParameter("cursor", "cursor is one that `next` gave.") from None
    if of != query:
        raise BadParameter("cursor", "This cursor belongs to a list with other filters or order.")
    return (pk, value), total


def _after(
    rows: QuerySet[Any], key: str, down: bool, after: tuple[int, Any] | None
) -> QuerySet[Any]:
    compare = "lt" if down else "gt"
    if after is not None:
        pk, value = after
        if key == "pk":
            rows = rows.filter(**{f"pk__{compare}": pk})
        else:
            value = parse_datetime(value) if isinstance(value, str) else value
            beyond = Q(**{f"{key}__{compare}": value})
            level = Q(**{key: value, f"pk__{compare}": pk})
            # Said once more in a form that an index can follow.
            rows = rows.filter(Q(**{f"{key}__{compare}e": value}), beyond | level)
    columns = ["pk"] if key == "pk" else [key, "pk"]
    return rows.order_by(*(F(name).desc() if down else F(name).asc() for name in columns))
