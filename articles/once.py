"""What several may make at one moment is made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError

Row = TypeVar("Row")


def made_or_found(make: Callable[[], Row], find: Callable[[], Row | None]) -> Row:
    """What is made, by a transaction or savepoint of its own; where somebody else made the same at
    this moment, what is found then. Raises IntegrityError where nothing is."""
    try:
        return make()
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found
