"""What editors' scripts may ask of an article's annotations, and the writer that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from annotations import deciding
from annotations.deciding import Body
from annotations.models import Annotation, Attribution, Claim, Entity, Source
from annotations.models.annotation import Kind
from annotations.models.attribution import Manner, Mode
from articles.errors import Refused
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

    def annotation(self, field: str = "id") -> Annotation:
        """The annotation that the field names, of this article, deleted or not."""
        found = self.annotation_with(self.given.key(field))
        if found is None:
            raise Refused("There is no such annotation in this article.", field=field)
        return found

    def annotation_with(self, key: UUID | None) -> Annotation | None:
        mine = Annotation.objects.with_bodies().filter(article=self.article)
        return mine.filter(uuid=key).first() if key else None

    def body(self, kind: str) -> Body:
        """What the editor says the annotation is about."""
        about = self._thing("body", ABOUT[kind])
        return Body(
            type=self.given.words("type"),
            label=self.given.words("label"),
            entity=self._thing("entity", Entity),
            **({kind: about} if about else {}),
        )

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
    """Do what was asked: `data["action"]` names it.

    Raises Refused, StaleVersion or PermissionDenied, whatever `data` is.
    """
    given = Given(data)
    command = COMMANDS.get(given.words("action"))
    if command is None:
        raise Refused(f"The action must be one of {', '.join(COMMANDS)}.", field="action")
    return command(Asked(article, editor, given))


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
            seen_version=asked.given.version(),
            body=asked.body(annotation.kind),
        )
    )


def _change(asked: Asked) -> Outcome:
    annotation = asked.annotation()
    return _decided(
        deciding.change(
            annotation=annotation,
            editor=asked.editor,
            seen_version=asked.given.version(),
            body=asked.body(annotation.kind),
            spans=asked.given.value("spans"),
        )
    )


def _plain(decide: Callable[..., Annotation]) -> Callable[[Asked], Outcome]:
    def command(asked: Asked) -> Outcome:
        version = asked.given.version()
        return _decided(
            decide(annotation=asked.annotation(), editor=asked.editor, seen_version=version)
        )

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
            revision=asked.given.whole("revision"),
            uuid=key,
        )
    except IntegrityError:
        raise Refused("This identifier is in use.", field="id") from None
    return _decided(annotation)


def _tie(asked: Asked) -> Outcome:
    given = asked.given
    source = asked.annotation("source") if given.value("source") is not None else None
    attribution = deciding.tie(
        claim=asked.annotation("claim"),
        source=source,
        editor=asked.editor,
        cue=given.value("cue") or (),
        manner=given.words("manner") or Manner.INDIRECT,
        mode=given.words("mode") or Mode.ASSERTS,
    )
    return Outcome([], [attribution.snapshot()])


def _untie(asked: Asked) -> Outcome:
    key = asked.given.key("id")
    mine = Attribution.objects.with_ends().filter(claim__article=asked.article, uuid=key)
    attribution = mine.first()
    if attribution is None:
        raise Refused("There is no such tie in this article.", field="id")
    seen = asked.given.version()
    untied = deciding.untie(attribution=attribution, editor=asked.editor, seen_version=seen)
    return Outcome([], [untied.snapshot()])


COMMANDS: dict[str, Callable[[Asked], Outcome]] = {
    "accept": _accept,
    "reject": _plain(deciding.reject),
    "reopen": _plain(deciding.reopen),
    "change": _change,
    "add": _add,
    "delete": _plain(deciding.delete),
    "restore": _plain(deciding.restore),
    "tie": _tie,
    "untie": _untie,
}
