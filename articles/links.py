"""Addresses of pages, many at once: a page of annotations has hundreds of them."""

from __future__ import annotations

from functools import cache

from django.urls import reverse


def address_of(view: str, key: str | int) -> str:
    """The path of the page of one thing, told by its slug or number."""
    before, after = _around(view)
    return f"{before}{key}{after}"


@cache
def _around(view: str) -> tuple[str, str]:
    before, _, after = reverse(view, args=["0"]).partition("0")
    return before, after
