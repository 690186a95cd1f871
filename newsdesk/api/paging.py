"""Lists in pages that follow each other by a cursor.

A cursor says after which row to go on: by the row's key and not by its place. So a row that was
there when the first page was asked for, and is not deleted, comes, whoever writes meanwhile and
however long the list is; and it comes once, unless it was changed after it had come and the list
is sorted by what a change may change: then it comes again at the end, as it is now (see
`sorting.py`).

How many rows there are is counted for the first page and kept in the cursors. Cursors are signed
and belong to their query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import QuerySet
from rest_framework.request import Request

from articles.models import Change
from newsdesk.api.filters import Filter, filtered, number_in
from newsdesk.api.problems import BadParameter
from newsdesk.api.sorting import BY_ID, Logged, Place, Sort, Walk

LARGEST = 500
USUAL = 50
SALT = "newsdesk.api.paging.2"
PAGING = ("page_size", "cursor")


@dataclass(frozen=True)
class Listing:
    """What a list may be asked: its filters, and what it may be sorted by, by public name; `id` is
    always among that. Where a key may change, `logged` says as what the log tells of the rows.
    With `columns`, a page's rows are not whole, but tuples of these and of what it is sorted by."""

    filters: Mapping[str, Filter] = field(default_factory=dict)
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    sort: str = "id"
    logged: Logged | None = None
    columns: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        return (*self.filters, "sort", *PAGING)

    @property
    def orders(self) -> list[str]:
        """The values of `sort`."""
        return [f"{sign}{name}" for name in ("id", *self.sorts) for sign in ("", "-")]

    def walk(self, rows: QuerySet[Any], order: str, since: int) -> Walk:
        sort = self.sorts.get(order.removeprefix("-"), BY_ID)
        down = order.startswith("-")
        return Walk(rows, sort, down=down, logged=self.logged, since=since, columns=self.columns)

    def began(self, order: str) -> int:
        """Where the log stands for whoever begins to read the list in an order."""
        moves = self.sorts.get(order.removeprefix("-"), BY_ID).moves
        return Change.objects.last_of_type(self.logged.type) if moves and self.logged else 0


@dataclass(frozen=True)
class Page:
    """Some rows of a list, how many rows it has in all, and the cursor of the next page."""

    rows: list[Any]
    total: int
    next: str | None


class Cursor(NamedTuple):
    """Where a client is in a list: its order, how many rows it had and where the log stood when
    the walk began, and the place after which to go on."""

    order: str
    query: str
    total: int
    since: int
    place: Place = Place()

    def signed(self, place: Place) -> str:
        """As the client gets it, to go on after a place."""
        key = place.key and [_written(value) for value in place.key]
        return signing.dumps([*self[:4], place.part, key], salt=SALT, compress=True)


def page_of(rows: QuerySet[Any], request: Request, listing: Listing) -> Page:
    """The page that the query asks for. Raises BadParameter, naming what is wrong in it."""
    rows = filtered(rows, request, listing.filters)
    size = number_in(request, "page_size", default=USUAL, least=1, largest=LARGEST)
    cursor = _cursor(rows, request, listing)
    walk = listing.walk(rows, cursor.order, cursor.since)
    found = walk.after(cursor.place, size + 1)
    rest = found[size - 1].place if len(found) > size else walk.rest
    following = cursor.signed(rest) if rest else None
    return Page([each.row for each in found[:size]], cursor.total, following)


def _cursor(rows: QuerySet[Any], request: Request, listing: Listing) -> Cursor:
    """That of the query, or one of the list's beginning."""
    order, query = _order(request, listing), _query(request)
    given = request.query_params.get("cursor")
    if given is not None:
        return _opened(given, order, query)
    # Before the rows are read: what is written after is told by later numbers.
    since = listing.began(order)
    return Cursor(order, query, rows.order_by().count(), since)


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
        if name not in (*PAGING, "fields", "iris", "sort")
        for value in values
    )
    return hashlib.sha256(f"{request.path} {rest}".encode()).hexdigest()[:12]


def signed_after(
    rows: QuerySet[Any], request: Request, listing: Listing, places: int, total: int
) -> str:
    """The cursor of what comes after so many rows of the list that a request asks for."""
    order = _order(request, listing)
    cursor = Cursor(order, _query(request), total, listing.began(order))
    walk = listing.walk(filtered(rows, request, listing.filters), order, cursor.since)
    return cursor.signed(walk.nth(places))


def _opened(given: str, order: str, query: str) -> Cursor:
    """The cursor that a client sent. Raises BadParameter where it is none, or another list's."""
    try:
        of, digest, total, since, part, key = signing.loads(given, salt=SALT)
    except signing.BadSignature:
        raise BadParameter("cursor", "cursor is one that `next` gave, as it is.") from None
    if of != order:
        raise BadParameter(
            "cursor", f"This cursor belongs to sort={of}, not to sort={order}: begin without one."
        )
    if digest != query:
        raise BadParameter("cursor", "This cursor belongs to a list with other filters.")
    values = key and tuple(_read(value) for value in key)
    return Cursor(order, query, total, since, Place(part, values))


def _written(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _read(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
