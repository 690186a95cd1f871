"""What reading a file gives: records with the line that each stands in, good or not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

DEEPEST = 50
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Unreadable:
    """A record that says nothing that can be understood: why, and which field of it."""

    reason: str
    field: str = ""


@dataclass(frozen=True)
class Record:
    """One record: `line` counts from one; `data` is an annotation's JSON, a Story, or why it could
    not be read. `problems` are parts of it that could not; `place` is the file in a zip."""

    line: int
    data: Any
    problems: tuple[Unreadable, ...] = ()
    place: str = ""


def unstorable(data: Any) -> str | None:
    """The field that PostgreSQL could not store, or that is nested too deep; None where all is
    well."""
    return None if _is_storable(data) else next(_unstorable(data, "", 0), None)


def _is_storable(data: Any) -> bool:
    """Whether all is well: of thousands of records few are not, and only those need a field."""
    layer, depth = [data], 0
    while layer and depth <= DEEPEST:
        if not all(map(_is_storable_itself, layer)):
            return False
        layer, depth = [part for whole in layer for part in _parts(whole)], depth + 1
    return not layer


def _is_storable_itself(data: Any) -> bool:
    if isinstance(data, str):
        return not _UNSTORABLE.search(data)
    return not isinstance(data, float) or math.isfinite(data)


def _parts(data: Any) -> Iterable[Any]:
    if isinstance(data, dict):
        return [*data, *data.values()]
    return data if isinstance(data, list | tuple) else ()


def _unstorable(data: Any, field: str, depth: int) -> Iterator[str]:
    if not _is_storable_itself(data) or depth > DEEPEST:
        yield field
    elif isinstance(data, dict):
        for name, part in data.items():
            yield from _unstorable(name, field, depth)
            yield from _unstorable(part, f"{field}.{name}".strip("."), depth + 1)
    elif isinstance(data, list | tuple):
        for part in data:
            yield from _unstorable(part, field, depth + 1)
