"""Many decisions of an API's client in one transaction: its operations, read all together and then
done in order, by `annotations/batching.py`.

Every article that is concerned is locked, in the order of their numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from annotations import deciding, importing, knowledge
from annotations.batching import Batch, Deciding, locked_rows
from annotations.formats.uuids import uuid_in
from annotations.formats.w3c import ReadAnnotation, ReadAttribution
from annotations.lookups import Lookup
from annotations.models import Annotation, Attribution
from annotations.models.annotation import Status
from annotations.models.decision import Action
from annotations.places import place
from annotations.spans import checked_spans
from annotations.tying import Ties
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article
from articles.revising import lock_articles

MOST = 5000
DECISIONS = ("accept", "reject", "reopen", "delete")


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
        performance = _Performance(operations, editor, articles, log)
        outcomes = performance.outcomes(operations)
        if all_or_nothing and any(outcome.error for outcome in outcomes):
            raise NotAll(outcomes)
        performance.store()
    return outcomes


@dataclass(frozen=True)
class Changing:
    """Make an annotation what a W3C annotation says: what a person corrected is accepted."""

    read: ReadAnnotation
    places = True

    def apply(self, annotation: Annotation, batch: Batch) -> tuple[Action, str]:
        if self.read.kind != annotation.kind:
            raise Refused("The kind of an annotation does not change.", field="kind")
        annotation.put_at(self.read.spans)
        batch.places.refuse_taken(annotation)
        body = batch.say(annotation, self.read, settle=True)
        annotation.status = Status.ACCEPTED
        annotation.extra = importing.properties_of(self.read, body, before=annotation.extra)
        return Action.CHANGE, Action.CHANGE


class _Performance:
    """The articles and annotations that the operations are about."""

    def __init__(
        self, operations: Sequence[Operation], editor: Any, articles: Any, log: Recorder
    ) -> None:
        self.editor = editor
        self.articles = _locked_articles(operations, articles)
        wanted = [operation.uuid for operation in operations if operation.uuid]
        self.annotations = locked_rows(wanted, self.articles) if wanted else {}
        self.batch, self.ties = Batch(editor, log), Ties(log)
        self.sources: Lookup[UUID, Annotation] = Lookup(_kept)
        self.taken_uuids = _taken_uuids(operations)

    def outcomes(self, operations: Sequence[Operation]) -> list[Outcome]:
        read = [self._read(operation) for operation in operations]
        good = [one for one in read if isinstance(one, tuple)]
        self.batch.look_up([one for _, one in good])
        self.batch.places.look_up(place(pk, one.kind, one.spans) for pk, one in good)
        self.sources.ask(
            uuid for _, one in good for tie in one.attributions if (uuid := _source_of(tie))
        )
        return [
            self._outcome(operation, one) for operation, one in zip(operations, read, strict=True)
        ]

    def store(self) -> None:
        self.batch.store()
        self.ties.store()

    # Reading, which needs no more than the texts

    def _read(self, operation: Operation) -> tuple[int, ReadAnnotation] | Exception | None:
        """The annotation that came with it and the revision that it counts in, or what is wrong
        with it; None where none has to be read, or not here."""
        try:
            if operation.action == "create":
                return self._read_new(operation)
            known = self.annotations.get(operation.uuid) if operation.uuid else None
            if operation.action != "change" or known is None:
                return None
            return self._read_for(known, operation.data)
        except (Refused, Missing) as error:
            return error

    def _read_new(self, operation: Operation) -> tuple[int, ReadAnnotation] | None:
        article = self._article(operation)
        assert article.revision is not None
        read = importing.read_on(article, operation.data, article.text)
        is_older = read.revision not in (None, article.revision.number)
        if read.attributions and (is_older or any(tie.parent for tie in read.attributions)):
            return None
        if is_older:
            raise Refused("The text was revised since: load it again.", field="revision")
        return article.revision.pk, replace(read, spans=checked_spans(read.spans, article.text))

    def _read_for(self, annotation: Annotation, data: Any) -> tuple[int, ReadAnnotation]:
        text = annotation.revision.text
        read = importing.read_on(annotation.article, data, text)
        return annotation.revision_id, replace(read, spans=checked_spans(read.spans, text))

    def _article(self, operation: Operation) -> Article:
        article = self.articles.get(operation.article or 0)
        if article is None or article.revision is None:
            raise Missing("There is no such article.")
        return article

    # Doing

    def _outcome(self, operation: Operation, read: Any) -> Outcome:
        try:
            if operation.action == "create":
                return Outcome(self._create(operation, read))
            return Outcome(self._decide(operation, read))
        except (Refused, StaleVersion, Missing) as error:
            return Outcome(error=error)

    def _create(self, operation: Operation, read: Any) -> Annotation:
        if isinstance(read, Exception):
            raise read
        article = self._article(operation)
        if read is None:
            annotation = self._create_alone(article, operation.data)
        else:
            annotation = self._new(article, read[1])
            ties = self._tied(annotation, read[1])
            self.batch.add(annotation, read[1], read[1].status)
            self.ties.keep(ties)
        self.annotations[annotation.uuid] = annotation
        return annotation

    def _tied(self, claim: Annotation, read: ReadAnnotation) -> list[Attribution]:
        """The ties that come with it. Raises Refused."""
        made: dict[UUID | None, Attribution] = {}
        for tie in read.attributions:
            source = self._source(claim.article_id, tie) if tie.source else None
            key = source.uuid if source else None
            made[key] = deciding.tied(
                made.get(key), claim=claim, source=source, parent=None, uuid=None, cue=tie.cue,
                manner=tie.manner, mode=tie.mode, by_outlet=tie.by_outlet, status=Status.ACCEPTED,
            )  # fmt: skip
        return list(made.values())

    def _source(self, article: int, tie: ReadAttribution) -> Annotation:
        uuid = _source_of(tie)
        there = uuid and (self.annotations.get(uuid) or self.sources.get(uuid))
        if not there or there.article_id != article or there.deleted_at:
            told = "It is attributed to an annotation that is not here."
            raise Refused(told, field="attributions")
        return there

    def _new(self, article: Article, read: ReadAnnotation) -> Annotation:
        annotation = Annotation(
            article=article, revision=article.revision, kind=read.kind, creator=self.editor,
            version=0,
        )  # fmt: skip
        annotation.put_at(read.spans)
        uuid = uuid_in(read.id)
        if uuid and uuid not in self.taken_uuids and uuid not in self.annotations:
            annotation.uuid = uuid
        return annotation

    def _create_alone(self, article: Article, data: Any) -> Annotation:
        """By the writer for one: its ties stand in others, or it is carried to a newer text."""
        self.store()
        annotation = importing.add_annotation(article=article.pk, data=data, editor=self.editor)
        self.batch.places.put(annotation)
        return annotation

    def _decide(self, operation: Operation, read: Any) -> Annotation:
        annotation = self.annotations.get(operation.uuid) if operation.uuid else None
        if annotation is None or annotation.deleted_at:
            raise Missing("There is no such annotation.")
        seen = operation.seen or 0
        if annotation.version != seen:
            raise StaleVersion(annotation, seen)
        if operation.action in DECISIONS:
            wish = Deciding(annotation.uuid, seen, Action(operation.action))
            return self.batch.decide(annotation, wish)
        if isinstance(read, Exception):
            raise read
        _, read = read or self._read_for(annotation, operation.data)
        return self.batch.decide(annotation, Changing(read))


def _source_of(tie: ReadAttribution) -> UUID | None:
    return uuid_in(tie.source)


def _kept(uuids: Collection[UUID]) -> dict[UUID, Annotation]:
    rows = Annotation.objects.kept().filter(uuid__in=uuids)
    return {row.uuid: row for row in rows}


def _locked_articles(operations: Sequence[Operation], articles: Any) -> dict[int, Article]:
    """By number, the articles that the operations are about, locked in that order."""
    wanted = {operation.article for operation in operations if operation.article}
    uuids = [operation.uuid for operation in operations if operation.uuid]
    if uuids:
        rows = Annotation.objects.filter(uuid__in=uuids)
        wanted |= set(rows.values_list("article_id", flat=True))
    return lock_articles(articles.filter(pk__in=wanted))


def _taken_uuids(operations: Sequence[Operation]) -> set[UUID]:
    given = (uuid_in(o.data.get("id")) for o in operations if isinstance(o.data, dict))
    wanted = {uuid for uuid in given if uuid}
    if not wanted:
        return set()
    return set(Annotation.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
