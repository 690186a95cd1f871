"""In what orders lists come, and the rows that follow a place in one.

The place is a row's key, compared by the database, and then its id. Where the key may change
under a client's feet, as names and times of change do, the rows that were changed since its walk
began are left out on the way and come at the end, in the order of their last change: the log says
which they are. So no row moves from what is still to come into what has been, and none is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from articles.models import Change

# Changes of the log that are looked at together, and how often for one page: where most of them
# are of rows that the list does not have, the page ends early.
CHUNK, CHUNKS = 500, 20


@dataclass(frozen=True)
class Sort:
    """What a list is sorted by: fields or expressions, and then the id. Rows without the first of
    them come last, in either direction.

    `moves`: the key may change while the row is there.
    """

    keys: tuple[Any, ...] = ()
    moves: bool = False
    is_nullable: bool = False
    note: str = ""


BY_ID = Sort()
CHANGED = 2


class Logged(NamedTuple):
    """As what the log tells of a list's rows: the type, and the field that it calls them by."""

    type: str
    field: str = "pk"


class Place(NamedTuple):
    """After which row of which part of a list to go on; its key's values, then its id."""

    part: int = 0
    key: tuple[Any, ...] | None = None


class Found(NamedTuple):
    row: Any
    place: Place


class Walk:
    """A list in one order, as it stands for who began to read it when the log was at `since`."""

    def __init__(
        self, rows: QuerySet[Any], sort: Sort, *, down: bool, logged: Logged | None, since: int,
        columns: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._rows, self._sort, self._down = rows, sort, down
        self._logged = logged if sort.moves else None
        self._since = since
        self._columns = columns
        # Where to go on though a page is not full; None at the end of the list.
        self.rest: Place | None = None

    def after(self, place: Place, most: int) -> list[Found]:
        """At most so many rows that follow."""
        return list(islice(self._following(place, most), most))

    def nth(self, number: int) -> Place:
        """The place of one of the rows that have the key, by its number; where there are not so
        many any more, the beginning."""
        found = islice(self._with_key(None, most=number, first=number - 1), 1)
        return next((Place(0, key) for _, key in found), Place())

    def _following(self, place: Place, most: int) -> Iterator[Found]:
        parts = (self._with_key, self._without_key, self._changed)  # this one is CHANGED
        for number, part in enumerate(parts[place.part :], start=place.part):
            after = place.key if number == place.part else None
            for row, key in part(after, most):
                yield Found(row, Place(number, key))

    def _with_key(
        self, after: tuple[Any, ...] | None, most: int, first: int = 0
    ) -> Iterator[tuple[Any, Any]]:
        rows, sort = self._unchanged(), self._sort
        names = [f"sort_{number}" for number in range(len(sort.keys))]
        fields = [F(key) if isinstance(key, str) else key for key in sort.keys]
        rows = rows.annotate(**dict(zip(names, fields, strict=True)))
        if sort.is_nullable:
            rows = rows.filter(**{f"{names[0]}__isnull": False})
        return self._in_order(rows, [*names, "pk"], after, slice(first, most))

    def _without_key(self, after: tuple[Any, ...] | None, most: int) -> Iterator[tuple[Any, Any]]:
        if self._sort.is_nullable:
            first = self._sort.keys[0]
            rows = self._unchanged().filter(**{f"{first}__isnull": True})
            yield from self._in_order(rows, ["pk"], after, slice(most))

    def _in_order(
        self, rows: QuerySet[Any], names: list[str], after: tuple[Any, ...] | None, wanted: slice
    ) -> Iterator[tuple[Any, Any]]:
        if after is not None:
            rows = rows.filter(*_beyond(names, after, "lt" if self._down else "gt"))
        order = (F(name).desc() if self._down else F(name).asc() for name in names)
        for row in self._with_columns(rows, names).order_by(*order)[wanted]:
            yield row, tuple(getattr(row, name) for name in names)

    def _with_columns(self, rows: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
        """The rows whole, or tuples of the columns and of these fields."""
        if not self._columns:
            return rows
        return rows.values_list(*dict.fromkeys((*self._columns, *names)), named=True)

    def _unchanged(self) -> QuerySet[Any]:
        """The rows that were not written since the walk began."""
        logged = self._logged
        if logged is None or Change.objects.last_of_type(logged.type) == self._since:
            return self._rows
        written = Change.objects.filter(
            subject_type=logged.type, seq__gt=self._since,
            subject_id=Cast(OuterRef(logged.field), CharField()),
        )  # fmt: skip
        return self._rows.filter(~Exists(written))

    def _changed(self, after: tuple[Any, ...] | None, most: int) -> Iterator[tuple[Any, Any]]:
        """The rows that were, in the order of their last change."""
        logged = self._logged
        if logged is None:
            return
        # Each chunk begins where the one before ended.
        (seq,) = after or (self._since,)
        for _ in range(CHUNKS):
            names = dict(Change.objects.newest_of_type(logged.type, after=seq, most=CHUNK))
            if not names:
                return
            rows = self._rows.filter(**{f"{logged.field}__in": list(names.values())}).order_by()
            rows = self._with_columns(rows, [logged.field])
            by_name = {str(getattr(row, logged.field)): row for row in rows}
            for seq, name in names.items():
                if name in by_name:
                    yield by_name[name], (seq,)
        self.rest = Place(CHANGED, (seq,))


def _beyond(names: list[str], values: tuple[Any, ...], compare: str) -> list[Q]:
    """The rows whose key, taken from the left, is past the values."""
    condition = Q(**{f"{names[-1]}__{compare}": values[-1]})
    for name, value in zip(names[-2::-1], values[-2::-1], strict=True):
        condition = Q(**{f"{name}__{compare}": value}) | Q(**{name: value}) & condition
    if len(names) == 1:
        return [condition]
    # Said once more in a form that an index can follow.
    return [Q(**{f"{names[0]}__{compare}e": values[0]}), condition]
