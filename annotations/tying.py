"""Many ties from claims to their sources at once: what `annotations/deciding.py` does for one, in
few queries. Whoever uses it has locked the articles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from annotations import deciding
from annotations.models import Annotation, Attribution
from articles.bulk import insert_all, update_all
from articles.changes import Recorder

CHANGED = (
    "cue", "manner", "mode", "parent_id", "by_outlet", "status", "version", "updated_at",
)  # fmt: skip


class Ties:
    """What was tied and is not stored yet, and what is tied already."""

    def __init__(self, log: Recorder) -> None:
        self._log = log
        self._new: list[Attribution] = []
        self._changed: dict[int, Attribution] = {}
        self._there: dict[tuple[int, int | None], Attribution] = {}
        self._taken: set[UUID] = set()

    def look_up(self, claims: Iterable[Annotation], uuids: Iterable[UUID]) -> None:
        """Read what the claims are tied to already, and which identifiers are somebody's."""
        rows = Attribution.objects.filter(claim__in=claims)
        for tie in rows.select_related("claim", "source", "parent"):
            self._there.setdefault((tie.claim_id, tie.source_id), tie)
        taken = Attribution.objects.filter(uuid__in=uuids)
        self._taken.update(taken.values_list("uuid", flat=True))

    def there(self, claim: Annotation, source: Annotation | None) -> Attribution | None:
        return self._there.get((claim.pk, source.pk if source else None))

    def tie(
        self,
        *,
        claim: Annotation,
        source: Annotation | None,
        parent: Attribution | None,
        uuid: UUID | None = None,
        there: Attribution | None = None,
        **said: Any,
    ) -> Attribution:
        """As `deciding.tie`; `uuid` is a wish. Raises Refused, with nothing kept of it."""
        if parent and not parent.pk:
            self.store()
        before = there.snapshot() if there else None
        uuid = None if uuid in self._taken else uuid
        tie = deciding.tied(there, claim=claim, source=source, parent=parent, uuid=uuid, **said)
        tie.updated_at = timezone.now()
        self._log.add("tie", tie, before=before)
        if tie.pk:
            self._changed[tie.pk] = tie
        elif there is None:
            self._new.append(tie)
            self._taken.add(tie.uuid)
            self._there[claim.pk, source.pk if source else None] = tie
        return tie

    def keep(self, ties: Iterable[Attribution]) -> None:
        """Store new ones, of ends that may be new too and are stored by then."""
        for tie in ties:
            tie.updated_at = timezone.now()
            self._log.add("tie", tie)
            self._new.append(tie)

    def store(self) -> None:
        """Write what was tied since the last time."""
        for tie in self._new:
            tie.claim_id, tie.source_id = tie.claim.pk, tie.source.pk if tie.source else None
        insert_all(self._new)
        update_all(list(self._changed.values()), CHANGED)
        self._new, self._changed = [], {}
