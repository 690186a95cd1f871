"""Filters of lists by query parameters: a value that cannot be is refused, naming the parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from newsdesk.api.problems import BadParameter


def text(value: str) -> str:
    """Any text that PostgreSQL can hold."""
    if "\x00" in value or len(value) > 200:
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


def one_of(choices: list[str]) -> Any:
    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(f"is one of {', '.join(choices)}")
        return value

    return check


def filtered(
    rows: QuerySet[Any], request: Request, filters: Mapping[str, tuple[str, Any]]
) -> QuerySet[Any]:
    """`filters` maps a parameter to its lookup and the function that checks its value."""
    for name, (lookup, check) in filters.items():
        if name not in request.query_params:
            continue
        try:
            value = check(request.query_params[name])
        except ValueError as error:
            raise BadParameter(name, f"{name} {error}.") from error
        rows = rows.filter(**{lookup: value})
    return rows
