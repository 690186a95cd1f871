"""An editor's newest steps in an article as the log has them, for the page to undo and redo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from annotations.undoing import OF_ANNOTATION, OF_TIE
from articles.changes import Change
from articles.models import Article

STEPS = 50
# Steps come with what they changed up to so many rows together; of others the page asks.
ROWS = 200
SUBJECTS = {"annotation": "annotation", "attribution": "tie"}
FIELDS = {"annotation": ("name", *OF_ANNOTATION), "attribution": OF_TIE}


def steps_of(*, article: Article, editor: Any) -> list[dict[str, Any]]:
    """The oldest first, each with `step`, `undoes` and `rows` (None where they are many)."""
    mine = Change.objects.filter(article=article, actor=editor, step__isnull=False)
    of_tags = mine.filter(subject_type__in=SUBJECTS).order_by()
    steps = of_tags.values("step", "undoes").annotate(last=Max("seq"), rows=Count("seq"))
    newest = list(steps.order_by("-last")[:STEPS])
    small: list[UUID] = []
    room = ROWS
    for one in newest:
        room -= one["rows"]
        if room < 0:
            break
        small.append(one["step"])
    rows: dict[UUID | None, list[Change]] = {}
    for change in of_tags.filter(step__in=small).order_by("seq"):
        rows.setdefault(change.step, []).append(change)
    return [
        {
            "step": str(one["step"]),
            "undoes": one["undoes"] and str(one["undoes"]),
            "rows": _rows(rows[one["step"]]) if one["step"] in rows else None,
        }
        for one in reversed(newest)
    ]


def rows_of(*, article_id: int, editor: Any, step: UUID) -> list[dict[str, Any]]:
    """What one step of the editor changed; empty if she has none of that name there."""
    changes = Change.objects.of_step(step, actor=editor).filter(article=article_id)
    return _rows(list(changes.filter(subject_type__in=SUBJECTS)))


def _rows(changes: list[Change]) -> list[dict[str, Any]]:
    """Each thing once, the last one first, with what of it was otherwise before the step."""
    firsts: dict[str, Change] = {}
    lasts: dict[str, Change] = {}
    for change in changes:
        firsts.setdefault(change.subject_id, change)
        lasts[change.subject_id] = change
    return [
        {
            "subject": SUBJECTS[first.subject_type],
            "id": key,
            "before": _otherwise(first, lasts[key].after or {}),
        }
        for key, first in reversed(firsts.items())
    ]


def _otherwise(first: Change, after: dict[str, Any]) -> dict[str, Any] | None:
    """None where the step made the thing. Spans of an older text say nothing on this one."""
    before = first.before
    if before is None:
        return None
    moved = before.get("revision") != after.get("revision")
    return {
        name: before.get(name)
        for name in FIELDS[first.subject_type]
        if before.get(name) != after.get(name) and not (moved and name == "spans")
    }
