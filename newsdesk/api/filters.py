"""Filters of lists by query parameters: a value that cannot be is refused, naming the parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from newsdesk.api.problems import BadParameter

EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def text(value: str) -> str:
    """Any text that PostgreSQL can hold."""
    if "\x00" in value:
        raise ValueError("holds a character that no text has (NUL)")
    if len(value) > 200:
        raise ValueError("is a text of at most 200 characters")
    return value


def number(value: str, least: int = 0, largest: int = 10**18) -> int:
    if value.isascii() and value.isdigit():
        digits = value.lstrip("0") or "0"
        if len(digits) <= len(str(largest)) and least <= int(digits) <= largest:
            return int(digits)
    raise ValueError(f"is a whole number from {least} to {largest}")


def number_in(
    request: Request, name: str, *, default: int, least: int = 0, largest: int = 10**18
) -> int:
    """A number from the query. Raises BadParameter, naming it."""
    try:
        return number(request.query_params.get(name, str(default)), least, largest)
    except ValueError as error:
        raise BadParameter(name, f"{name} {error}.") from error


def moment(value: str) -> datetime:
    """A date, which begins at midnight UTC, or a date with time and offset."""
    try:
        read = parse_datetime(value)
        day = None if read else parse_date(value)
    except ValueError:
        read = day = None
    if day:
        read = datetime.combine(day, time.min)
    if read is None:
        raise ValueError("is a date, such as 2026-11-25, or a date and time in ISO 8601")
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    if not EARLIEST <= read <= LATEST:
        raise ValueError("is a date of this calendar")
    return read


@dataclass(frozen=True)
class Filter:
    """What one query parameter lets through: `lookup` names a field and how it is compared, or
    makes a condition of the value that `check` read and of who asks. `values` are all there are,
    where they are few."""

    lookup: str | Callable[[Any, Any], Q]
    check: Callable[[str], Any] = text
    help: str = ""
    schema: Any = OpenApiTypes.STR
    values: Sequence[str] = ()

    def condition(self, value: Any, user: Any) -> Q:
        return self.lookup(value, user) if callable(self.lookup) else Q(**{self.lookup: value})


def some_of(lookup: str, values: Sequence[str]) -> Filter:
    """One or more of a few values, with commas between."""

    def check(given: str) -> list[str]:
        chosen = given.split(",")
        if any(value not in values for value in chosen):
            raise ValueError(f"is one or more of {', '.join(values)}")
        return chosen

    return Filter(f"{lookup}__in", check, "one or more of them, with commas between", values=values)


def of_id(lookup: str, help: str = "") -> Filter:
    return Filter(lookup, number, help, OpenApiTypes.INT64)


def between(name: str, field: str) -> dict[str, Filter]:
    """`<name>_from` and `<name>_before`: together a half-open span of time."""
    note = "a date (midnight UTC) or a date and time"
    return {
        f"{name}_from": Filter(f"{field}__gte", moment, note),
        f"{name}_before": Filter(f"{field}__lt", moment, note),
    }


def filtered(rows: QuerySet[Any], request: Request, filters: Mapping[str, Filter]) -> QuerySet[Any]:
    """The rows that every filter in the query lets through. Raises BadParameter."""
    for name, each in filters.items():
        if name not in request.query_params:
            continue
        try:
            value = each.check(request.query_params[name])
        except ValueError as error:
            raise BadParameter(name, f"{name} {error}.") from error
        rows = rows.filter(each.condition(value, request.user))
    return rows
