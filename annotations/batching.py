"""The writer for many decisions at once: the rules of `annotations/deciding.py`, in few queries.

Each creation or decision is done in memory, in the order given, against what those before it made;
the rows are written together, and the log comes last. What one is refused for is its own: the
annotation is then as it was, and the others are done. Whoever uses it has locked the articles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone

from annotations import knowledge, names
from annotations.bodies import NOTHING, Body, set_body, text_of
from annotations.deciding import settle_ties
from annotations.formats.w3c import ReadAnnotation
from annotations.importing import extra_of
from annotations.knowledge import require_editor
from annotations.meanings import Meanings
from annotations.models import Annotation, Decision, Entity
from annotations.models.annotation import Kind, Status
from annotations.models.decision import Action
from annotations.places import Place, Places, place_of
from annotations.settling import Settling
from articles.bulk import insert_all, update_all
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article, Revision
from articles.revising import lock_article

STATUS = {
    Action.ACCEPT: Status.ACCEPTED,
    Action.REJECT: Status.REJECTED,
    Action.REOPEN: Status.SUGGESTED,
}
# What decisions alter.
FIELDS = (
    "type", "label", "proposal", "entity_id", "claim_id", "source_id", "status", "deleted_at",
    "revision_id", "spans", "start", "end", "extra",
)  # fmt: skip

# What it is about, as the desk says it or as a W3C annotation does.
About = Body | ReadAnnotation
Outcome = Annotation | Refused | StaleVersion


class Wish(Protocol):
    """What an editor wants of an annotation that is there."""

    @property
    def places(self) -> bool:
        """Whether it puts the annotation where another one may be."""

    def apply(self, annotation: Annotation, batch: Batch) -> tuple[Action, str]:
        """Alter the annotation, unsaved; the decision that it is, and its name in the log.

        Raises Refused or StaleVersion."""


class WishOf(Wish, Protocol):
    @property
    def uuid(self) -> UUID: ...


@dataclass(frozen=True)
class Deciding:
    """Accept, reject, reopen or delete what was seen at a version."""

    uuid: UUID
    seen_version: int
    action: Action
    about: About = NOTHING
    places = False

    def apply(self, annotation: Annotation, batch: Batch) -> tuple[Action, str]:
        if annotation.version != self.seen_version or annotation.deleted_at:
            raise StaleVersion(annotation, self.seen_version)
        if self.action == Action.ACCEPT:
            batch.say(annotation, self.about, settle=True)
        if self.action == Action.DELETE:
            annotation.deleted_at = timezone.now()
        else:
            annotation.status = STATUS[self.action]
        return self.action, self.action


def decide_many(*, article: Article, editor: Any, wishes: Sequence[WishOf]) -> list[Outcome]:
    """Do what is wished, each annotation at most once, in one transaction.

    Gives for each wish the annotation as it stands, or why it was refused.
    """
    require_editor(editor)
    with recording(actor=editor) as log:
        locked = lock_article(pk=article.pk)
        rows = locked_rows([wish.uuid for wish in wishes], {locked.pk: locked})
        batch = Batch(editor, log)
        _look_up(batch, [(rows[wish.uuid], wish) for wish in wishes if wish.uuid in rows])
        outcomes = [_outcome(batch, rows.get(wish.uuid), wish) for wish in wishes]
        batch.store()
    return outcomes


def _look_up(batch: Batch, wishes: Sequence[tuple[Annotation, Wish]]) -> None:
    batch.places.look_up(place_of(row) for row, wish in wishes if wish.places)
    batch.look_up_names(
        (row.kind, row.label)
        for row, wish in wishes
        if isinstance(wish, Deciding) and wish.action == Action.ACCEPT and not row.body
    )


def _outcome(batch: Batch, annotation: Annotation | None, wish: Wish) -> Outcome:
    if annotation is None:
        return Refused("There is no such annotation in this article.", field="id")
    try:
        return batch.decide(annotation, wish)
    except (Refused, StaleVersion) as refusal:
        return refusal


def locked_rows(uuids: Collection[UUID], articles: Mapping[int, Article]) -> dict[UUID, Annotation]:
    """Those of the annotations that are on the articles, locked, without a text in each of them."""
    ours = Annotation.objects.filter(uuid__in=uuids, article__in=articles).order_by("pk")
    keys = list(ours.select_for_update(no_key=True).values_list("pk", flat=True))
    # A statement of its own: what a row was joined to is not read anew after waiting for it.
    rows = Annotation.objects.filter(pk__in=keys).select_related(
        "entity", "claim", "source__entity", "suggester", "creator"
    )
    texts = {a.revision_id: a.revision for a in articles.values() if a.revision}
    older = {row.revision_id for row in rows} - texts.keys()
    texts.update(Revision.objects.in_bulk(older) if older else {})
    for row in rows:
        row.article = articles[row.article_id]
        row.revision = texts[row.revision_id]
    return {row.uuid: row for row in rows}


class Batch:
    """What was decided and is not stored yet, and what it was decided against."""

    def __init__(self, editor: Any, log: Recorder) -> None:
        self.editor = editor
        self.places = Places()
        self.meanings = Meanings(editor)
        self._settling = Settling()
        self._log = log
        self._new: list[Annotation] = []
        self._changed: dict[int, Annotation] = {}
        self._altered: set[str] = set()
        self._decisions: list[tuple[Annotation, Decision]] = []
        self._accepted: list[Annotation] = []
        self._freed: set[Place] = set()

    def look_up(self, reads: Collection[ReadAnnotation]) -> None:
        """Read together what these will be held against and may mean."""
        self.meanings.look_up([read.body for read in reads])
        accepted = [read for read in reads if read.status == Status.ACCEPTED]
        self.look_up_names((read.kind, self._label_in(read)) for read in accepted)

    def _label_in(self, read: ReadAnnotation) -> str:
        """What is to be looked up by its name; empty where an address says what is meant."""
        try:
            body = self.meanings.known(read)
        except Refused:
            return ""
        return body.label if body else ""

    def look_up_names(self, called: Iterable[tuple[str, str]]) -> None:
        """Read together what things are called so: pairs of a kind and a name, or a sentence."""
        self._settling.look_up(pair for pair in called if pair[1])

    def add(self, annotation: Annotation, about: About, status: str) -> Annotation:
        """Store a new one, which has its place. Raises Refused, with nothing kept of it."""
        if self._freed and place_of(annotation) in self._freed:
            self.store()
        self.places.refuse_taken(annotation)
        body = self.say(annotation, about, settle=status == Status.ACCEPTED)
        if isinstance(about, ReadAnnotation):
            annotation.extra = extra_of(about, body)
        annotation.status = status
        self._new.append(annotation)
        self.places.put(annotation)
        self._note(annotation, Action.ADD, "add", annotation.spans, before=None)
        return annotation

    def decide(self, annotation: Annotation, wish: Wish) -> Annotation:
        """Do what is wished of a locked one. Raises Refused or StaleVersion; it is then as it
        was."""
        if self._freed and wish.places:
            self.store()
        held = dict(annotation.__dict__), dict(annotation._state.fields_cache)
        before, spans = annotation.snapshot(), annotation.spans
        place, was = place_of(annotation), [getattr(annotation, name) for name in FIELDS]
        try:
            action, logged = wish.apply(annotation, self)
        except (Refused, StaleVersion):
            annotation.__dict__.update(held[0])
            annotation._state.fields_cache = held[1]
            raise
        self._altered |= {
            name for name, old in zip(FIELDS, was, strict=True) if getattr(annotation, name) != old
        }
        self._stands(annotation, place, before["deleted"])
        if annotation.pk:
            self._changed[annotation.pk] = annotation
        self._note(annotation, action, logged, spans, before)
        return annotation

    def _stands(self, annotation: Annotation, place: Place, was_deleted: bool) -> None:
        if not was_deleted and (annotation.deleted_at or place_of(annotation) != place):
            self.places.free(place)
            self._freed.add(place)
        if not annotation.deleted_at:
            self.places.put(annotation)

    def say(self, annotation: Annotation, about: About, *, settle: bool) -> Body:
        """Apply what it is about, which is given back; with `settle`, find or make that. What was
        made for it goes with it when it is refused; where all is there already, no savepoint is
        needed."""
        meant = self.meanings.known(about) if isinstance(about, ReadAnnotation) else about
        is_set = meant is not None and not _writes(annotation, meant)
        if meant is not None and is_set:
            set_body(annotation, meant, self.editor, settle=False)
            if not settle or self._settling.settle(annotation):
                return meant
            if annotation.kind == Kind.ENTITY:
                # Nobody is called so. It is made whole or not at all by itself.
                annotation.entity = knowledge.create_entity(
                    name=annotation.label, type=annotation.type, actor=self.editor
                )
                self._settling.note(annotation.entity, annotation.label)
                return meant
        if annotation.kind == Kind.SOURCE and self._settling.has_noted(annotation.label):
            # Whoever it is may have got this name from a mention before it.
            self._learn_all()
        with recording():
            if meant is None:
                assert isinstance(about, ReadAnnotation)
                meant = self.meanings.of(about)
            set_body(annotation, NOTHING if is_set else meant, self.editor, settle=settle)
        self._settling.remember(annotation)
        return meant

    def _note(
        self, annotation: Annotation, action: Action, logged: str, spans: Any, before: Any
    ) -> None:
        annotation.version += 1
        annotation.updated_at = timezone.now()
        decision = Decision(
            version=annotation.version, editor_id=self.editor.pk, action=action,
            revision_id=annotation.revision_id, spans=spans,
        )  # fmt: skip
        self._decisions.append((annotation, decision))
        self._log.add(logged, annotation, before=before)
        if annotation.status == Status.ACCEPTED and not annotation.deleted_at:
            self._accepted.append(annotation)
            if annotation.entity:
                self._note_name(annotation.entity, text_of(annotation))

    def _note_name(self, entity: Entity, words: str) -> None:
        if name := names.learnable(entity, words):
            self._settling.note(entity, name)

    def _learn_all(self) -> None:
        mentions = [(a.entity, text_of(a)) for a in self._accepted if a.entity and _is_accepted(a)]
        names.learn(mentions, self._log)

    def store(self) -> None:
        """Write what was decided since the last time."""
        insert_all(self._new)
        update_all(list(self._changed.values()), ["version", "updated_at", *sorted(self._altered)])
        for annotation, decision in self._decisions:
            decision.annotation_id = annotation.pk
        insert_all([decision for _, decision in self._decisions])
        self._learn_all()
        ends = [a for a in self._accepted if a.kind != Kind.ENTITY and _is_accepted(a)]
        if ends:
            settle_ties(ends, self._log)
        self._new, self._changed, self._altered = [], {}, set()
        self._decisions, self._accepted, self._freed = [], [], set()


def _is_accepted(annotation: Annotation) -> bool:
    return annotation.status == Status.ACCEPTED and not annotation.deleted_at


def _writes(annotation: Annotation, body: Body) -> bool:
    """Whether to apply it may make or change what the desk knows."""
    return bool(body.wikidata_id or (annotation.kind == Kind.SOURCE and body.entity))
