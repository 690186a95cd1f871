"""What reading a file gives: records with the line that each stands in, good or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Unreadable:
    """A record that says nothing that can be understood: why, and which field of it."""

    reason: str
    field: str = ""


@dataclass(frozen=True)
class Record:
    """One record: `line` counts from one; `data` is an annotation's JSON, a Story, or why it could
    not be read. `problems` are parts of it that could not; `place` says where in a file of files."""

    line: int
    data: Any
    problems: tuple[Unreadable, ...] = ()
    place: str = ""
