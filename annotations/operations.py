"""Many decisions in one transaction: what `annotations/deciding.py` does one by one, in
as few statements as there are kinds of rows.

Every article that is concerned is locked, in the order of their numbers, and what is there is read
once; each operation is then decided in memory, in the order given, against what those before it
made; the rows are written together, and the log comes last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from annotations import deciding, importing, knowledge
from annotations.bodies import NOTHING, Body, check_entity_type, set_body, text_of
from annotations.formats.w3c import ReadAnnotation
from annotations.models import Alias, Annotation, Attribution, Decision, Entity
from annotations.models.annotation import Kind, Status
from annotations.models.decision import Action
from annotations.spans import checked_spans
from articles.bulk import insert_all
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article

MOST = 5000
A_STATEMENT = 250
CHANGED = (
    "status", "spans", "start", "end", "type", "label", "entity", "claim", "source", "proposal",
    "extra", "version", "updated_at", "deleted_at",
)  # fmt: skip

Place = tuple[int, str, tuple[tuple[int, ...], ...]]


class Standing(NamedTuple):
    """What stands at a place."""

    uuid: UUID
    kind: str
    status: str


class Missing(Exception):
    """There is no such article or annotation, or it was deleted."""


@dataclass(frozen=True)
class Operation:
    """One thing to do. `action` is create, accept, reject, reopen, change or delete: create takes
    the number of an article and a W3C annotation, change a W3C annotation; all but create take an
    annotation and the version that was seen."""

    action: str
    article: int | None = None
    data: Any = None
    uuid: UUID | None = None
    seen: int | None = None


@dataclass
class Outcome:
    """What became of an operation: the annotation as it is then, or why it was refused."""

    annotation: Annotation | None = None
    error: Exception | None = None


class NotAll(Exception):
    """One of the operations was refused, so that none was done."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__("One of the operations was refused, so that none was done.")
        self.outcomes = outcomes


def perform(
    *, operations: Sequence[Operation], editor: Any, articles: Any, all_or_nothing: bool
) -> list[Outcome]:
    """Do the operations in order; an outcome for each.

    `articles` are those that the editor may work on. Raises NotAll, with nothing written, where one
    is refused and it is to be all or nothing.
    """
    knowledge.require_editor(editor)
    with recording(actor=editor) as log:
        batch = _Batch(operations, editor, articles, log)
        outcomes = [batch.outcome(operation) for operation in operations]
        if all_or_nothing and any(outcome.error for outcome in outcomes):
            raise NotAll(outcomes)
        batch.write()
    return outcomes


class _Batch:
    """The state that the operations work on, and the rows that they leave to be written."""

    def __init__(
        self, operations: Sequence[Operation], editor: Any, articles: Any, log: Recorder
    ) -> None:
        self.editor = editor
        self.log = log
        self.articles = _locked_articles(operations, articles)
        wanted = [o.uuid for o in operations if o.uuid]
        found = Annotation.objects.filter(uuid__in=wanted, article__in=self.articles)
        self.annotations = {a.uuid: a for a in found.locked()} if wanted else {}
        self.places = self._places()
        self.meanings = _Meanings(operations, editor)
        self.taken_uuids = _taken_uuids(operations)
        self._new: list[Annotation] = []
        self._changed: dict[int, Annotation] = {}
        self._decisions: list[Decision] = []
        self._accepted: list[Annotation] = []

    def _places(self) -> dict[Place, Standing]:
        """What stands where on the articles, so that no place is taken twice."""
        revisions = [article.revision_id for article in self.articles.values()]
        rows = Annotation.objects.kept().filter(revision__in=revisions)
        columns = ("revision_id", "kind", "spans", "uuid", "status")
        return {
            (revision, kind, tuple(map(tuple, spans))): Standing(uuid, kind, status)
            for revision, kind, spans, uuid, status in rows.values_list(*columns).iterator()
        }

    def outcome(self, operation: Operation) -> Outcome:
        """Do one operation, or say why not; an annotation is then as it was."""
        known = self.annotations.get(operation.uuid) if operation.uuid else None
        held = _held(known)
        try:
            return Outcome(self._DO[operation.action](self, operation))
        except (Refused, StaleVersion, Missing) as error:
            if known is not None and held is not None:
                known.__dict__.update(held[0])
                known._state.fields_cache = held[1]
            return Outcome(error=error)

    # What there is to do

    def _create(self, operation: Operation) -> Annotation:
        article = self.articles.get(operation.article or 0)
        if article is None or article.revision is None:
            raise Missing("There is no such article.")
        if isinstance(operation.data, dict) and operation.data.get("attributions"):
            return self._create_with_ties(article, operation.data)
        read = importing.read_on(article, operation.data, article.text)
        if read.revision not in (None, article.revision.number):
            raise Refused("The text was revised since: load it again.", field="revision")
        annotation = Annotation(
            article=article, revision=article.revision, kind=read.kind, creator=self.editor,
            version=0, updated_at=timezone.now(),
        )  # fmt: skip
        annotation.put_at(checked_spans(read.spans, article.text))
        self._refuse_taken(annotation)
        body = self.meanings.of(read)
        self._settle(annotation, body, read.status)
        annotation.extra = importing.extra_of(read, body)
        annotation.uuid = self._free_uuid(read) or annotation.uuid
        self._new.append(annotation)
        self.places[_place(annotation)] = _standing(annotation)
        self.annotations[annotation.uuid] = annotation
        self._note(annotation, Action.ADD, annotation.spans, before=None)
        return annotation

    def _create_with_ties(self, article: Article, data: Any) -> Annotation:
        """By the writer for one: its ties name annotations, which must be stored before."""
        self.write()
        annotation = importing.add_annotation(article=article, data=data, editor=self.editor)
        self.places[_place(annotation)] = _standing(annotation)
        self.annotations[annotation.uuid] = annotation
        return annotation

    def _accept(self, operation: Operation) -> Annotation:
        annotation = self._seen(operation)
        before, spans = annotation.snapshot(), annotation.spans
        set_body(annotation, NOTHING, self.editor, settle=True)
        return self._decided(annotation, Status.ACCEPTED, Action.ACCEPT, spans, before)

    def _reject(self, operation: Operation) -> Annotation:
        annotation = self._seen(operation)
        before, spans = annotation.snapshot(), annotation.spans
        return self._decided(annotation, Status.REJECTED, Action.REJECT, spans, before)

    def _reopen(self, operation: Operation) -> Annotation:
        annotation = self._seen(operation)
        before, spans = annotation.snapshot(), annotation.spans
        return self._decided(annotation, Status.SUGGESTED, Action.REOPEN, spans, before)

    def _change(self, operation: Operation) -> Annotation:
        annotation = self._seen(operation)
        text = annotation.revision.text
        read = importing.read_on(annotation.article, operation.data, text)
        if read.kind != annotation.kind:
            raise Refused("The kind of an annotation does not change.", field="kind")
        before, seen_spans, old_place = annotation.snapshot(), annotation.spans, _place(annotation)
        annotation.put_at(checked_spans(read.spans, annotation.revision.text))
        self._refuse_taken(annotation)
        body = self.meanings.of(read)
        self._settle(annotation, body, Status.ACCEPTED)
        annotation.extra = importing.properties_of(read, body, before=annotation.extra)
        self.places.pop(old_place, None)
        self.places[_place(annotation)] = _standing(annotation)
        return self._decided(annotation, Status.ACCEPTED, Action.CHANGE, seen_spans, before)

    def _delete(self, operation: Operation) -> Annotation:
        annotation = self._seen(operation)
        before = annotation.snapshot()
        annotation.deleted_at = timezone.now()
        self.places.pop(_place(annotation), None)
        self._changed_now(annotation)
        self._note(annotation, Action.DELETE, annotation.spans, before)
        return annotation

    _DO: dict[str, Callable[[_Batch, Operation], Annotation]] = {
        "create": _create,
        "accept": _accept,
        "reject": _reject,
        "reopen": _reopen,
        "change": _change,
        "delete": _delete,
    }

    # What they have in common

    def _seen(self, operation: Operation) -> Annotation:
        annotation = self.annotations.get(operation.uuid) if operation.uuid else None
        if annotation is None or annotation.deleted_at:
            raise Missing("There is no such annotation.")
        if annotation.version != operation.seen:
            raise StaleVersion(annotation, operation.seen or 0)
        return annotation

    def _settle(self, annotation: Annotation, body: Body, status: str) -> None:
        set_body(annotation, body, self.editor, settle=status == Status.ACCEPTED)
        annotation.status = status

    def _decided(
        self, annotation: Annotation, status: str, action: Action, spans: Any, before: Any
    ) -> Annotation:
        annotation.status = status
        self._changed_now(annotation)
        self._note(annotation, action, spans, before)
        return annotation

    def _changed_now(self, annotation: Annotation) -> None:
        annotation.updated_at = timezone.now()
        if annotation.pk:
            self._changed[annotation.pk] = annotation

    def _note(self, annotation: Annotation, action: Action, spans: Any, before: Any) -> None:
        annotation.version += 1
        self._decisions.append(
            Decision(
                annotation=annotation, version=annotation.version, editor=self.editor,
                action=action, revision=annotation.revision, spans=spans,
            )
        )  # fmt: skip
        self.log.add(action, annotation, before=before)
        if annotation.status == Status.ACCEPTED and action is not Action.DELETE:
            self._accepted.append(annotation)

    def _refuse_taken(self, annotation: Annotation) -> None:
        there = self.places.get(_place(annotation))
        if there is not None and there.uuid != annotation.uuid:
            deciding.refuse_taken(*there)

    def _free_uuid(self, read: ReadAnnotation) -> UUID | None:
        uuid = importing.uuid_in(read.id)
        if uuid is None or uuid in self.taken_uuids or uuid in self.annotations:
            return None
        return uuid

    # Writing

    def write(self) -> None:
        """Store what was decided so far."""
        insert_all(self._new)
        Annotation.objects.bulk_update(self._changed.values(), CHANGED, batch_size=A_STATEMENT)
        for decision in self._decisions:
            decision.annotation_id = decision.annotation.pk
        insert_all(self._decisions)
        accepted = [a for a in self._accepted if a.status == Status.ACCEPTED and not a.deleted_at]
        self._learn(a for a in accepted if a.entity_id)
        self._accept_ties([a.pk for a in accepted if a.kind != Kind.ENTITY])
        self._new, self._changed, self._decisions, self._accepted = [], {}, [], []

    def _learn(self, mentions: Iterable[Annotation]) -> None:
        said: dict[tuple[int, str], Entity] = {
            (a.entity.pk, words): a.entity
            for a in mentions
            if a.entity and (words := text_of(a)) != a.entity.name
        }
        rows = Alias.objects.filter(entity__in={pk for pk, _ in said})
        known = set(rows.values_list("entity_id", "text"))
        for (pk, words), entity in said.items():
            if (pk, " ".join(words.split())) not in known:
                knowledge.learn_alias(entity, words, actor=self.editor)

    def _accept_ties(self, ends: list[int]) -> None:
        if ends:
            rows = Attribution.objects.with_ends().filter(status=Status.SUGGESTED)
            ties = [*rows.filter(claim__in=ends), *rows.filter(source__in=ends)]
            deciding.accept_ties({tie.pk: tie for tie in ties}.values(), self.log)


class _Meanings:
    """What bodies mean in this desk, each looked up once; entities by address all at once."""

    def __init__(self, operations: Sequence[Operation], editor: Any) -> None:
        self._editor = editor
        self._known: dict[str, Body] = {}
        bodies = [body for o in operations if (body := _entity_body(o.data)) is not None]
        entities = importing.entities_at([body["id"] for body in bodies])
        for body in bodies:
            if body["id"] in entities:
                self._known[_key("entity", body)] = Body(entity=entities[body["id"]])

    def of(self, read: ReadAnnotation) -> Body:
        """Raises Refused, naming the field."""
        key = _key(read.kind, read.body)
        if key not in self._known:
            body = importing.body_meant(read, editor=self._editor)
            if not body.entity and not body.source and not body.claim:
                body = self._named(read, body)
            self._known[key] = body
        return self._known[key]

    def _named(self, read: ReadAnnotation, body: Body) -> Body:
        """A mention that is accepted means the entity of that name; others of it need not look."""
        if read.kind != "entity" or read.status != Status.ACCEPTED or not body.label:
            return body
        check_entity_type(body.type)
        entity = knowledge.find_or_create_entity(
            name=body.label, type=body.type, actor=self._editor
        )
        return Body(entity=entity) if entity else body


def _key(kind: str, body: dict[str, Any]) -> str:
    return kind + json.dumps(body, sort_keys=True)


def _entity_body(data: Any) -> dict[str, Any] | None:
    body = data.get("body") if isinstance(data, dict) else None
    body = body[0] if isinstance(body, list) and len(body) == 1 else body
    return body if isinstance(body, dict) and isinstance(body.get("id"), str) else None


def _held(annotation: Annotation | None) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """How it stands, to be put back."""
    if annotation is None:
        return None
    return dict(annotation.__dict__), dict(annotation._state.fields_cache)


def _place(annotation: Annotation) -> Place:
    spans = tuple(tuple(span) for span in annotation.spans)
    return annotation.revision_id, annotation.kind, spans


def _standing(annotation: Annotation) -> Standing:
    return Standing(annotation.uuid, annotation.kind, annotation.status)


def _locked_articles(operations: Sequence[Operation], articles: Any) -> dict[int, Article]:
    """By number, the articles that the operations are about, locked in that order."""
    wanted = {operation.article for operation in operations if operation.article}
    uuids = [operation.uuid for operation in operations if operation.uuid]
    if uuids:
        rows = Annotation.objects.filter(uuid__in=uuids)
        wanted |= set(rows.values_list("article_id", flat=True))
    locked = articles.filter(pk__in=wanted).order_by("pk")
    found = locked.select_for_update(of=("self",), no_key=True)
    pks = list(found.values_list("pk", flat=True))
    return {article.pk: article for article in Article.objects.with_text().filter(pk__in=pks)}


def _taken_uuids(operations: Sequence[Operation]) -> set[UUID]:
    given = (importing.uuid_in(o.data.get("id")) for o in operations if isinstance(o.data, dict))
    wanted = {uuid for uuid in given if uuid}
    if not wanted:
        return set()
    return set(Annotation.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
