"""Addresses of pages, remembered: a page of a story has a hundred of them."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=20_000)
def address(name: str, key: str | int) -> str:
    """The address with this name and one argument."""
    return reverse(name, args=[key])
