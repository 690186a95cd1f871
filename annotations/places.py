"""Places of annotations (revision, kind, spans), each of which holds one at most: which are taken,
for whoever decides many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from annotations import deciding
from annotations.lookups import Lookup
from annotations.models import Annotation

# Each place is found in the index that holds places to be taken once.
FIND = """
SELECT there.revision_id, there.kind, wanted.spans, there.uuid, there.status
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS wanted (revision, kind, spans)
JOIN annotations_annotation there ON there.revision_id = wanted.revision
    AND there.kind = wanted.kind AND there.spans = wanted.spans::int[]
WHERE there.deleted_at IS NULL
"""


class Place(NamedTuple):
    revision: int
    kind: str
    # As PostgreSQL writes it: "{{0,5},{9,12}}".
    spans: str


class Standing(NamedTuple):
    """What stands at a place."""

    uuid: UUID
    kind: str
    status: str


def place(revision: int, kind: str, spans: Iterable[Any]) -> Place:
    pairs = ",".join(f"{{{start},{end}}}" for start, end in spans)
    return Place(revision, kind, f"{{{pairs}}}")


def place_of(annotation: Annotation) -> Place:
    return place(annotation.revision_id, annotation.kind, annotation.spans)


class Places:
    """What stands where: as the database has it, and as what was decided since leaves it."""

    def __init__(self) -> None:
        self._there: Lookup[Place, Standing] = Lookup(_found)

    def look_up(self, places: Iterable[Place]) -> None:
        """Ask for many at once."""
        self._there.ask(places)

    def at(self, place: Place) -> Standing | None:
        return self._there.get(place)

    def put(self, annotation: Annotation) -> None:
        """Note that it stands where it says."""
        standing = Standing(annotation.uuid, annotation.kind, annotation.status)
        self._there.put(place_of(annotation), standing)

    def free(self, place: Place) -> None:
        """Note that nothing stands there any more."""
        self._there.put(place, None)

    def refuse_taken(self, annotation: Annotation) -> None:
        """Raise Refused if another one stands where it is to stand."""
        there = self.at(place_of(annotation))
        if there is not None and there.uuid != annotation.uuid:
            deciding.refuse_taken(*there)


def _found(places: Collection[Place]) -> dict[Place, Standing]:
    columns = [list(column) for column in zip(*places, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(FIND, columns)
        return {Place(*row[:3]): Standing(row[3], row[1], row[4]) for row in cursor.fetchall()}
