"""The writer for many decisions at once: the rules of `annotations/deciding.py`, in few queries.

What one wish is refused for is its own: the others are done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import Case, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from annotations import knowledge
from annotations.bodies import NOTHING, Body, set_body, text_of
from annotations.deciding import settle_ties
from annotations.knowledge import require_editor
from annotations.models import Alias, Annotation, Decision, Entity, Source
from annotations.models.annotation import Kind, Status
from annotations.models.decision import Action
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article, Revision
from articles.revising import lock_article

STATUS = {
    Action.ACCEPT: Status.ACCEPTED,
    Action.REJECT: Status.REJECTED,
    Action.REOPEN: Status.SUGGESTED,
}
# What wishes alter, but for those that move an annotation.
FIELDS = (
    "type", "label", "proposal", "entity_id", "claim_id", "source_id", "status", "extra",
    "deleted_at",
)  # fmt: skip

# As many rows as one statement writes.
AT_ONCE = 500

Outcome = Annotation | Refused | StaleVersion


class Wish(Protocol):
    """What an editor wants of an annotation that is there."""

    @property
    def uuid(self) -> UUID: ...

    @property
    def places(self) -> bool:
        """Whether it puts the annotation where another one may be."""

    def settles(self, annotation: Annotation) -> bool:
        """Whether it looks up, or makes, what the annotation is about."""

    def apply(self, annotation: Annotation, editor: Any) -> tuple[Action, str]:
        """Alter the annotation, unsaved; the decision that it is, and its name in the log.

        Raises Refused or StaleVersion."""


@dataclass(frozen=True)
class Deciding:
    """Accept, reject, reopen or delete what was seen at a version."""

    uuid: UUID
    seen_version: int
    action: Action
    body: Body = NOTHING
    places = False

    def settles(self, annotation: Annotation) -> bool:
        return self.action == Action.ACCEPT and (self.body != NOTHING or not annotation.body)

    def apply(self, annotation: Annotation, editor: Any) -> tuple[Action, str]:
        if annotation.version != self.seen_version or annotation.deleted_at:
            raise StaleVersion(annotation, self.seen_version)
        if self.action == Action.ACCEPT:
            set_body(annotation, self.body, editor, settle=True)
        if self.action == Action.DELETE:
            annotation.deleted_at = timezone.now()
        else:
            annotation.status = STATUS[self.action]
        return self.action, self.action


def decide_many(*, article: Article, editor: Any, wishes: Sequence[Wish]) -> list[Outcome]:
    """Do what is wished, each annotation at most once, in one transaction.

    Gives for each wish the annotation as it stands, or why it was refused.
    """
    require_editor(editor)
    with recording(actor=editor) as log:
        locked = lock_article(pk=article.pk)
        rows = _locked_rows(locked, [wish.uuid for wish in wishes])
        many = _Many(editor, log)
        outcomes = [many.decide(rows.get(wish.uuid), wish) for wish in wishes]
        many.store()
    return outcomes


def _locked_rows(article: Article, uuids: Sequence[UUID]) -> dict[UUID, Annotation]:
    """The annotations, locked, without the text in each of them."""
    rows = (
        Annotation.objects.filter(article=article, uuid__in=uuids)
        .select_related("entity", "claim", "source__entity", "suggester", "creator")
        .select_for_update(of=("self",), no_key=True)
    )
    texts: dict[int, Revision] = {}
    for row in rows:
        if row.revision_id not in texts:
            texts[row.revision_id] = row.revision
        row.revision, row.article = texts[row.revision_id], article
    return {row.uuid: row for row in rows}


class _Done(NamedTuple):
    annotation: Annotation
    before: dict[str, Any]
    seen_spans: list[list[int]]
    action: Action
    logged: str


class _Many:
    """Collects what was decided and stores it together."""

    def __init__(self, editor: Any, log: Recorder) -> None:
        self.editor = editor
        self.log = log
        self.done: list[_Done] = []
        self.altered: set[str] = set()
        self.met: dict[tuple[str, ...], Entity | Source | None] = {}

    def decide(self, annotation: Annotation | None, wish: Wish) -> Outcome:
        if annotation is None:
            return Refused("There is no such annotation in this article.", field="id")
        if wish.places:
            self.store()
        before, seen_spans = annotation.snapshot(), annotation.spans
        was = [getattr(annotation, name) for name in FIELDS]
        try:
            action, logged = self._apply(annotation, wish)
        except (Refused, StaleVersion) as refusal:
            return refusal
        self.altered |= {
            name for name, old in zip(FIELDS, was, strict=True) if getattr(annotation, name) != old
        }
        annotation.version += 1
        self.done.append(_Done(annotation, before, seen_spans, action, logged))
        if wish.places:
            self.store()
        return annotation

    def _apply(self, annotation: Annotation, wish: Wish) -> tuple[Action, str]:
        if not wish.settles(annotation):
            return wish.apply(annotation, self.editor)
        key = _asked(annotation, wish)
        if key and self.met.get(key):
            setattr(annotation, annotation.kind, self.met[key])
        # What was made for it goes with it when it is refused.
        with recording():
            done = wish.apply(annotation, self.editor)
        if key:
            self.met[key] = annotation.entity or annotation.source
        return done

    def store(self) -> None:
        """Write what was decided since the last time."""
        done, self.done = self.done, []
        rows = [one.annotation for one in done]
        if len(rows) == 1:
            rows[0].save()
        else:
            self._update(rows)
        Decision.objects.bulk_create(
            (
                Decision(
                    annotation=one.annotation,
                    version=one.annotation.version,
                    editor=self.editor,
                    action=one.action,
                    revision=one.annotation.revision,
                    spans=one.seen_spans,
                )
                for one in done
            ),
            batch_size=1000,
        )
        for one in done:
            self.log.add(one.logged, one.annotation, before=one.before)
        accepted = [row for row in rows if row.status == Status.ACCEPTED and not row.deleted_at]
        self._learn({(row.entity, text_of(row)) for row in accepted if row.entity})
        settle_ties([row for row in accepted if row.kind != Kind.ENTITY], self.log)

    def _update(self, rows: Sequence[Annotation]) -> None:
        names = ["version", *sorted(self.altered)]
        self.altered = set()
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            values = {name.removesuffix("_id"): _value(name, some) for name in names}
            ours = Annotation.objects.filter(pk__in=[row.pk for row in some])
            ours.update(**values, updated_at=timezone.now())

    def _learn(self, names: set[tuple[Entity, str]]) -> None:
        known = Alias.objects.filter(entity__in={entity for entity, _ in names})
        taken = set(known.values_list("entity", "text"))
        for entity, words in sorted(names, key=lambda name: (name[0].pk, name[1])):
            if (entity.pk, words) not in taken:
                knowledge.learn_alias(entity, words, actor=self.editor)


def _value(name: str, rows: Sequence[Annotation]) -> Any:
    """What a column gets. Most often all rows get the same: that is said once, which
    `bulk_update` does not."""
    field: Any = Annotation._meta.get_field(name.removesuffix("_id"))
    field = getattr(field, "target_field", field)
    wanted = [getattr(row, name) for row in rows]
    if all(value == wanted[0] for value in wanted):
        return Value(wanted[0], output_field=field)
    cases = [
        When(pk=row.pk, then=Value(value, output_field=field))
        for row, value in zip(rows, wanted, strict=True)
    ]
    return Cast(Case(*cases), output_field=field)


def _asked(annotation: Annotation, wish: Wish) -> tuple[str, ...] | None:
    """Two acceptances with the same key are about the same thing: it is looked up once."""
    plain = isinstance(wish, Deciding) and wish.body == NOTHING
    if not plain or annotation.kind == Kind.CLAIM:
        return None
    return annotation.kind, annotation.type, annotation.label, str(annotation.proposal)
