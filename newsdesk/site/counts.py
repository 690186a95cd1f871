"""Small tables of what was counted: a name, how often, a bar. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# So many rows are seen at once; the others open below them.
ROWS = 12


@dataclass(frozen=True)
class Counted:
    """A row: what, how often, and where it leads."""

    name: str
    times: int
    href: str = ""
    share: int = 0


class Counts:
    """The rows of a table, the most first, each with the length of its bar in per cent."""

    def __init__(self, rows: Sequence[Counted]) -> None:
        most = max((row.times for row in rows), default=1)
        self.rows = [
            Counted(row.name, row.times, row.href, max(1, round(100 * row.times / most)))
            for row in rows
        ]

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def first(self) -> list[Counted]:
        return self.rows[:ROWS]

    @property
    def others(self) -> list[Counted]:
        return self.rows[ROWS:]
