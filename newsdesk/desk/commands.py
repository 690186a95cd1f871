"""What editors' scripts may ask of an article's annotations, and the writer that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.db.models import Q

from annotations import batching, deciding, undoing
from annotations.bodies import DETAILS, Body
from annotations.knowledge import wikidata_id_in
from annotations.models import Annotation, Attribution, Claim, Entity, Source
from annotations.models.annotation import Kind
from annotations.models.attribution import Manner, Mode
from annotations.revising import carried
from articles.changes import Change, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article
from newsdesk.desk.given import Given

ABOUT: dict[str, type[Entity | Claim | Source]] = {
    Kind.ENTITY: Entity,
    Kind.CLAIM: Claim,
    Kind.SOURCE: Source,
}


@dataclass(frozen=True)
class Asked:
    """One thing that one editor asks of one article."""

    article: Article
    editor: Any
    given: Given
    # The number of the revision that its spans count in.
    revision: int | None = None
    # What the step that is undone did, where one is.
    done: dict[tuple[str, str], undoing.Done] = field(default_factory=dict)

    def annotation(self, field: str = "id") -> Annotation:
        """The annotation that the field names, of this article, deleted or not."""
        found = self.annotation_with(self.given.key(field))
        if found is None:
            raise Refused("There is no such annotation in this article.", field=field)
        return found

    def annotation_with(self, key: UUID | None) -> Annotation | None:
        mine = Annotation.objects.with_bodies().filter(article=self.article)
        return mine.filter(uuid=key).first() if key else None

    def attribution(self) -> Attribution:
        """The tie that the field "id" names, of this article."""
        mine = Attribution.objects.with_ends().filter(claim__article=self.article)
        found = mine.filter(uuid=self.given.key("id")).first()
        if found is None:
            raise Refused("There is no such tie in this article.", field="id")
        return found

    def version_of(self, row: Annotation | Attribution) -> int:
        """The version that was seen; the present one, where only a new text moved the tag since,
        or where the editor's own acceptance settled the tie since."""
        seen = self.given.version()
        if seen >= row.version:
            return seen
        kind, key = row.change_subject
        since = Change.objects.filter(subject_type=kind, subject_id=key, after__version__gt=seen)
        harmless = Q(action=undoing.MOVED)
        if kind == "attribution":
            harmless |= Q(actor=self.editor)
        return seen if since.exclude(harmless).exists() or not since.exists() else row.version

    def done_to(self, kind: str) -> undoing.Done:
        """What the step that is undone did to the thing that the field "id" names."""
        done = self.done.get((kind, str(self.given.key("id"))))
        if done is None:
            raise Refused("The step that is undone did nothing to it.", field="id")
        return done

    def body(self, kind: str) -> Body:
        """What the editor says the annotation is about."""
        about = self._thing("body", ABOUT[kind])
        things = {"entity": self._thing("entity", Entity)} | ({kind: about} if about else {})
        return Body(
            type=self.given.words("type"),
            label=self.given.words("label"),
            wikidata_id=self._wikidata_id(),
            **things,
        )

    def _wikidata_id(self) -> str:
        given = self.given.words("wikidata")
        found = wikidata_id_in(given)
        if given and not found:
            raise Refused("This is no Wikidata id: it looks like Q42.", field="wikidata")
        return found

    def _thing(self, field: str, model: Any) -> Any:
        pk = self.given.whole(field)
        if pk is None:
            return None
        thing = model.objects.select_related("merged_into").filter(pk=pk).first()
        if thing is None:
            raise Refused(f"There is no such {model._meta.verbose_name}.", field=field)
        return thing


@dataclass(frozen=True)
class Outcome:
    """How what was asked for stands afterwards, as snapshots."""

    changed: list[dict[str, Any]]
    ties: list[dict[str, Any]]


def perform(*, article: Article, editor: Any, data: Any) -> Outcome:
    """Do the one thing that was asked: `data["action"]` names it, `data["step"]` the act.

    Raises Refused, StaleVersion or PermissionDenied, whatever `data` is.
    """
    given = Given(data)
    command = command_for(given)
    with recording(actor=editor, step=given.key("step") or uuid4()):
        return command(Asked(article, editor, given, given.whole("revision")))


def command_for(given: Given) -> Callable[[Asked], Outcome]:
    """What does what was asked; raises Refused when nothing does."""
    command = COMMANDS.get(given.words("action"))
    if command is None:
        raise Refused(f"The action must be one of {', '.join(COMMANDS)}.", field="action")
    return command


def _decided(annotation: Annotation) -> Outcome:
    """The annotation and every tie that it is an end of: accepting it may have settled them."""
    ties = Attribution.objects.kept().with_ends().filter(Q(claim=annotation) | Q(source=annotation))
    return Outcome([annotation.snapshot()], [tie.snapshot() for tie in ties])


def _accept(asked: Asked) -> Outcome:
    annotation = asked.annotation()
    return _decided(
        deciding.accept(
            annotation=annotation,
            editor=asked.editor,
            seen_version=asked.version_of(annotation),
            body=asked.body(annotation.kind),
        )
    )


def _change(asked: Asked) -> Outcome:
    annotation = asked.annotation()
    return _decided(
        deciding.change(
            annotation=annotation,
            editor=asked.editor,
            seen_version=asked.version_of(annotation),
            body=asked.body(annotation.kind),
            spans=asked.given.value("spans"),
            revision=asked.revision,
        )
    )


def _describe(asked: Asked) -> Outcome:
    """Say whom an unnamed source speaks for, and why it is not named."""
    annotation = asked.annotation()
    if annotation.kind != Kind.SOURCE:
        raise Refused("Only a source is described.", field="id")
    details = {name: asked.given.words(name) for name in DETAILS}
    return _decided(
        deciding.change(
            annotation=annotation,
            editor=asked.editor,
            seen_version=asked.version_of(annotation),
            body=Body(details=details),
        )
    )


def _plain(decide: Callable[..., Annotation]) -> Callable[[Asked], Outcome]:
    def command(asked: Asked) -> Outcome:
        annotation = asked.annotation()
        version = asked.version_of(annotation)
        return _decided(decide(annotation=annotation, editor=asked.editor, seen_version=version))

    return command


def _add(asked: Asked) -> Outcome:
    """`id` is the sender's own: the same addition sent again is done once."""
    kind, key = asked.given.words("kind"), asked.given.key("id")
    if kind not in ABOUT:
        raise Refused(f"The kind must be one of {', '.join(ABOUT)}.", field="kind")
    there = asked.annotation_with(key)
    if there and there.creator_id == asked.editor.pk:
        return _decided(there)
    try:
        annotation = deciding.add(
            article=asked.article,
            editor=asked.editor,
            kind=kind,
            spans=asked.given.value("spans"),
            body=asked.body(kind),
            revision=asked.revision,
            uuid=key,
        )
    except IntegrityError:
        raise Refused("This identifier is in use.", field="id") from None
    return _decided(annotation)


def _tie(asked: Asked) -> Outcome:
    given = asked.given
    source = asked.annotation("source") if given.value("source") is not None else None
    claim = asked.annotation("claim")
    cue = given.value("cue") or ()
    there = Attribution.objects.with_ends().filter(claim=claim, source=source).first()
    seen = asked.version_of(there) if there and given.value("version") is not None else None
    try:
        attribution = deciding.tie(
            claim=claim,
            source=source,
            editor=asked.editor,
            cue=cue and carried(spans=cue, number=asked.revision, to=claim.revision),
            manner=given.words("manner") or Manner.INDIRECT,
            mode=given.words("mode") or Mode.ASSERTS,
            by_outlet=given.flag("by_outlet"),
            uuid=given.key("id"),
            seen_version=seen,
        )
    except IntegrityError:
        raise Refused("This identifier is in use.", field="id") from None
    return Outcome([], [attribution.snapshot()])


def _untie(asked: Asked) -> Outcome:
    attribution = asked.attribution()
    seen = asked.version_of(attribution)
    untied = deciding.untie(attribution=attribution, editor=asked.editor, seen_version=seen)
    return Outcome([], [untied.snapshot()])


def _revert(asked: Asked) -> Outcome:
    """Put a thing back to before the step that is undone, `over` a version if one is given."""
    over = asked.given.whole("over")
    if asked.given.words("subject") == "tie":
        tie, done = asked.attribution(), asked.done_to("attribution")
        undoing.put_back_tie(tie=tie, done=done, editor=asked.editor, over=over)
        return Outcome([], [tie.snapshot()])
    annotation = asked.annotation()
    wish = undoing.PutBack(annotation.uuid, asked.done_to("annotation"), over)
    [outcome] = batching.decide_many(article=asked.article, editor=asked.editor, wishes=[wish])
    if isinstance(outcome, Refused | StaleVersion):
        raise outcome
    return _decided(outcome)


COMMANDS: dict[str, Callable[[Asked], Outcome]] = {
    "accept": _accept,
    "reject": _plain(deciding.reject),
    "reopen": _plain(deciding.reopen),
    "change": _change,
    "describe": _describe,
    "add": _add,
    "delete": _plain(deciding.delete),
    "restore": _plain(deciding.restore),
    "tie": _tie,
    "untie": _untie,
    "revert": _revert,
}
