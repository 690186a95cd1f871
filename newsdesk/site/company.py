"""Whom an entity appears with: a list, and a picture of who is named with whom. Pure.

The picture is an arc diagram: names one below the other, which are as readable on a phone as on
a desk, and an arc between each two that share stories, the thicker the more they share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

MOST = 10
# So many of the newest stories are looked at.
STORIES = 200
ROW, TOP, SPINE, WIDTH = 30, 20, 130, 420
THINNEST, THICKEST = 1.0, 5.0
# Of the ties among the others only the strongest, or the picture is a tangle.
MOST_TIES = 12


@dataclass(frozen=True)
class Arc:
    """An arc from one row to another, as SVG's path, its width, and whether it is to the first."""

    path: str
    width: float
    is_own: bool


@dataclass(frozen=True)
class Row:
    """A name's place in the picture. `together` is in how many stories both are."""

    key: int
    y: int
    together: int


@dataclass(frozen=True)
class Company:
    """The rows, the entity itself first, the arcs, and the picture's size."""

    rows: list[Row]
    arcs: list[Arc]
    width: int
    height: int


def company_of(entity: int, stories: Iterable[Iterable[int]]) -> Company:
    """Of the entities of each story; stories that do not have `entity` tell nothing."""
    sets = [keys for keys in map(set, stories) if entity in keys]
    together = Counter(key for keys in sets for key in keys if key != entity)
    best = sorted(together, key=lambda key: (-together[key], key))[:MOST]
    rows = [
        Row(key, TOP + ROW * number, together.get(key, len(sets)))
        for number, key in enumerate([entity, *best])
    ]
    height = TOP * 2 + ROW * (len(rows) - 1)
    return Company(rows, _arcs(rows, together, sets, set(best)), WIDTH, height)


def _arcs(
    rows: list[Row], together: Counter[int], sets: list[set[int]], best: set[int]
) -> list[Arc]:
    places = {row.key: row.y for row in rows}
    first = rows[0].y
    pairs: Counter[tuple[int, int]] = Counter(
        pair for keys in sets for pair in combinations(sorted(keys & best), 2)
    )
    most = max(together.values(), default=1)
    others = [
        _arc(places[a], places[b], shared / most, is_own=False)
        for (a, b), shared in pairs.most_common(MOST_TIES)
    ]
    own = [_arc(first, row.y, row.together / most, is_own=True) for row in rows[1:]]
    return others + own


def _arc(a: int, b: int, share: float, *, is_own: bool) -> Arc:
    top, bottom = sorted((a, b))
    height = (bottom - top) // 2
    # An ellipse that never leaves the picture, however far apart the two are.
    width = min(height, SPINE - 10)
    path = f"M{SPINE} {top}A{width} {height} 0 0 0 {SPINE} {bottom}"
    return Arc(path, round(THINNEST + (THICKEST - THINNEST) * min(share, 1), 1), is_own)
