"""The writer for people: one function a decision.

Each takes the version that the editor saw and raises StaleVersion when somebody was faster;
each makes one Decision, one version and its changes in one transaction. What a person decided
no machine alters: `annotations/suggesting.py` keeps to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils import timezone

from annotations import knowledge
from annotations.knowledge import require_editor
from annotations.models import Annotation, Attribution, Claim, Decision, Entity, Source
from annotations.models.annotation import Kind, Status
from annotations.models.attribution import Manner, Mode
from annotations.models.decision import Action
from annotations.models.entity import EntityType
from annotations.models.source import SourceKind
from annotations.spans import checked_spans, words_of
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article
from articles.revising import lock_article


@dataclass(frozen=True)
class Body:
    """What an annotation is about, as far as the editor says: all of it may be left out.

    type: an entity's type or a source's kind. label: a name, or a claim's sentence. entity,
    claim, source: the very thing.
    """

    type: str = ""
    label: str = ""
    entity: Entity | None = None
    claim: Claim | None = None
    source: Source | None = None


NOTHING = Body()
LONGEST_LABEL = {Kind.ENTITY: 300, Kind.CLAIM: 1000, Kind.SOURCE: 300}


def accept(
    *, annotation: Annotation, editor: Any, seen_version: int, body: Body = NOTHING
) -> Annotation:
    """Say that it is right. What it is about is found, or made, from its label."""
    return _decide(annotation, editor, seen_version, Action.ACCEPT, Status.ACCEPTED, body)


def reject(*, annotation: Annotation, editor: Any, seen_version: int) -> Annotation:
    """Say that it is wrong. It is not suggested there again."""
    return _decide(annotation, editor, seen_version, Action.REJECT, Status.REJECTED)


def reopen(*, annotation: Annotation, editor: Any, seen_version: int) -> Annotation:
    """Take a decision back: it is a suggestion again."""
    return _decide(annotation, editor, seen_version, Action.REOPEN, Status.SUGGESTED)


def change(
    *,
    annotation: Annotation,
    editor: Any,
    seen_version: int,
    body: Body = NOTHING,
    spans: Any = None,
    extra: dict[str, Any] | None = None,
) -> Annotation:
    """Correct what it is about or where it stands; what a person corrected is accepted. `extra`
    are the properties of others, all of them."""
    return _decide(
        annotation, editor, seen_version, Action.CHANGE, Status.ACCEPTED, body, spans, extra
    )


def delete(*, annotation: Annotation, editor: Any, seen_version: int) -> Annotation:
    """Take it away. Its row stays for the history; machines do not bring it back."""
    require_editor(editor)
    with recording(actor=editor) as log:
        locked = _lock(annotation, seen_version)
        before = locked.snapshot()
        locked.deleted_at = timezone.now()
        _note_decision(locked, editor, Action.DELETE, locked.spans)
        log.add("delete", locked, before=before)
    return locked


def restore(*, annotation: Annotation, editor: Any, seen_version: int) -> Annotation:
    """Bring a deleted annotation back as it was."""
    require_editor(editor)
    with recording(actor=editor) as log:
        locked = _lock(annotation, seen_version, deleted=True)
        _refuse_taken_place(locked, locked.spans)
        before = locked.snapshot()
        locked.deleted_at = None
        _note_decision(locked, editor, Action.REOPEN, locked.spans)
        log.add("restore", locked, before=before)
    return locked


def add(*, article: Article, editor: Any, kind: str, spans: Any, **more: Any) -> Annotation:
    """Tag words that no machine tagged; `add_locked` says what else there may be."""
    with recording(actor=editor) as log:
        locked = lock_article(pk=article.pk)
        return add_locked(log=log, article=locked, editor=editor, kind=kind, spans=spans, **more)


def add_locked(
    *,
    log: Recorder,
    article: Article,
    editor: Any,
    kind: str,
    spans: Any,
    body: Body = NOTHING,
    revision: int | None = None,
    status: str = Status.ACCEPTED,
    extra: dict[str, Any] | None = None,
    uuid: Any = None,
) -> Annotation:
    """`add`, for whoever has locked the article. `revision` is the number the spans count in.

    Raises Refused when the text was revised since, the spans do not stand in it, or the place
    is taken (`extra["annotation"]` then names the one that is there).
    """
    require_editor(editor)
    if kind not in Kind.values:
        raise Refused(f"The kind must be one of {', '.join(Kind.values)}.", field="kind")
    newest = article.revision
    if newest is None or (revision is not None and revision != newest.number):
        raise Refused("The text was revised since: load it again.", field="revision")
    annotation = Annotation(
        article=article, revision=newest, kind=kind, status=Status.SUGGESTED,
        creator=editor, extra=extra or {}, version=0,
    )  # fmt: skip
    if uuid:
        annotation.uuid = uuid
    annotation.put_at(checked_spans(spans, newest.text))
    _refuse_taken_place(annotation, annotation.spans)
    set_body(annotation, body, editor, settle=status == Status.ACCEPTED)
    annotation.status = status
    _note_decision(annotation, editor, Action.ADD, annotation.spans)
    log.add("add", annotation)
    _after_acceptance(annotation, editor, log)
    return annotation


def tie(
    *,
    claim: Annotation,
    source: Annotation | None,
    editor: Any,
    cue: Any = (),
    manner: str = Manner.INDIRECT,
    mode: str = Mode.ASSERTS,
    parent: Attribution | None = None,
    by_outlet: bool = False,
    uuid: Any = None,
    seen_version: int | None = None,
    status: str = Status.ACCEPTED,
) -> Attribution:
    """Attribute a claim's words to a source's words; a tie of the two that is there is changed, if
    it is at `seen_version` where that is given.

    `by_outlet` says that the outlet itself makes the claim; there is no source then. Raises Refused
    when the two are not a claim and a source of one article's one revision.
    """
    require_editor(editor)
    _check_tie(claim, source, manner, mode, parent)
    if by_outlet and source:
        raise Refused("A claim of the outlet itself has no source.", field="byOutlet")
    with recording(actor=editor) as log:
        lock_article(pk=claim.article_id)
        attribution = Attribution.objects.filter(claim=claim, source=source).first()
        before = attribution.snapshot() if attribution else None
        if attribution and seen_version not in (None, attribution.version):
            raise StaleVersion(attribution, seen_version or 0)
        if attribution is None:
            attribution = Attribution(claim=claim, source=source, version=0)
            if uuid:
                attribution.uuid = uuid
        if cue:
            attribution.cue = checked_spans(cue, claim.revision.text)
        attribution.manner, attribution.mode, attribution.parent = manner, mode, parent
        attribution.by_outlet = by_outlet
        attribution.status = status
        attribution.version += 1
        attribution.save()
        log.add("tie", attribution, before=before)
    return attribution


def untie(*, attribution: Attribution, editor: Any, seen_version: int) -> Attribution:
    """Say that the claim is not this source's."""
    require_editor(editor)
    with recording(actor=editor) as log:
        lock_article(pk=attribution.claim.article_id)
        locked = knowledge.lock_version(Attribution, attribution.pk, seen_version)
        before = locked.snapshot()
        locked.status = Status.REJECTED
        locked.version += 1
        locked.save()
        log.add("untie", locked, before=before)
    return locked


def _decide(
    annotation: Annotation,
    editor: Any,
    seen_version: int,
    action: Action,
    status: Status,
    body: Body = NOTHING,
    spans: Any = None,
    extra: dict[str, Any] | None = None,
) -> Annotation:
    require_editor(editor)
    with recording(actor=editor) as log:
        locked = _lock(annotation, seen_version)
        before, seen_spans = locked.snapshot(), locked.spans
        if spans is not None:
            _move(locked, checked_spans(spans, locked.revision.text))
        if status == Status.ACCEPTED:
            set_body(locked, body, editor, settle=True)
        locked.status = status
        locked.extra = locked.extra if extra is None else extra
        _note_decision(locked, editor, action, seen_spans)
        log.add(action, locked, before=before)
        _after_acceptance(locked, editor, log)
    return locked


def _lock(annotation: Annotation, seen_version: int, *, deleted: bool = False) -> Annotation:
    """The row, locked after its article's, which every writer of an article locks first."""
    lock_article(pk=annotation.article_id)
    locked = (
        Annotation.objects.with_bodies()
        .select_for_update(of=("self",), no_key=True)
        .get(pk=annotation.pk)
    )
    if locked.version != seen_version or (locked.deleted_at is not None) != deleted:
        raise StaleVersion(locked, seen_version)
    return locked


def _note_decision(annotation: Annotation, editor: Any, action: Action, seen_spans: Any) -> None:
    annotation.version += 1
    annotation.save()
    Decision.objects.create(
        annotation=annotation,
        version=annotation.version,
        editor=editor,
        action=action,
        revision=annotation.revision,
        spans=seen_spans,
    )


def _move(annotation: Annotation, spans: list[list[int]]) -> None:
    if spans != annotation.spans:
        _refuse_taken_place(annotation, spans)
        annotation.put_at(spans)


def _refuse_taken_place(annotation: Annotation, spans: list[list[int]]) -> None:
    there = (
        Annotation.objects.kept()
        .filter(revision=annotation.revision, kind=annotation.kind, spans=spans)
        .exclude(pk=annotation.pk)
        .only("uuid", "kind", "status")
        .first()
    )
    if there:
        refuse_taken(there.uuid, there.kind, there.status)


def refuse_taken(uuid: Any, kind: str, status: str) -> NoReturn:
    """Raise Refused: the place is that annotation's."""
    raise Refused(
        f"These words are tagged as {Kind(kind).label.lower()} already "
        f"({Status(status).label.lower()}).",
        field="spans",
        annotation=str(uuid),
    )


def set_body(annotation: Annotation, body: Body, editor: Any, *, settle: bool) -> None:
    """Apply what the editor says; with `settle`, find or make the thing it is about."""
    if len(body.label) > LONGEST_LABEL[Kind(annotation.kind)]:
        most = LONGEST_LABEL[Kind(annotation.kind)]
        raise Refused(f"At most {most:,} characters fit here.", field="label")
    setter = {Kind.ENTITY: _set_entity, Kind.CLAIM: _set_claim, Kind.SOURCE: _set_source}
    setter[Kind(annotation.kind)](annotation, body, editor, settle)


def text_of(annotation: Annotation) -> str:
    return words_of(annotation.revision.text, annotation.spans, joint=" ")


def check_entity_type(type: str) -> None:
    """Raises Refused for what is none."""
    if type not in EntityType.values:
        raise Refused(f"The type must be one of {', '.join(EntityType.values)}.", field="type")


def _set_entity(annotation: Annotation, body: Body, editor: Any, settle: bool) -> None:
    if body.entity:
        annotation.entity = body.entity.merged_into or body.entity
        annotation.type = annotation.entity.type
        annotation.label = annotation.entity.name
        return
    if body.type:
        check_entity_type(body.type)
    if body.label or (body.type and body.type != annotation.type):
        annotation.entity = None
    annotation.type = body.type or annotation.type
    annotation.label = body.label or annotation.label or text_of(annotation)[:300]
    if not annotation.type:
        raise Refused("Say what type of entity it is.", field="type")
    if settle and annotation.entity is None:
        annotation.entity = knowledge.find_or_create_entity(
            name=annotation.label, type=annotation.type, actor=editor
        )


def _set_claim(annotation: Annotation, body: Body, editor: Any, settle: bool) -> None:
    if body.type:
        raise Refused("A claim has no type.", field="type")
    if body.claim:
        annotation.claim = body.claim.merged_into or body.claim
    elif body.label:
        annotation.claim = None
    annotation.label = body.label or annotation.label or sentence_of(text_of(annotation))
    if settle and annotation.claim is None:
        annotation.claim = knowledge.find_or_create_claim(
            text=annotation.label, language=annotation.article.language, actor=editor
        )
    if annotation.claim:
        annotation.label = annotation.claim.text


def sentence_of(words: str) -> str:
    """A claim's words as a sentence: no quotation marks around it, a capital, a full stop."""
    words = " ".join(words.split()).strip("\"'“”„«»‘’ ,;:").removeprefix("that ")[:990]
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?", "…")) else ".")


def _set_source(annotation: Annotation, body: Body, editor: Any, settle: bool) -> None:
    if body.type and body.type not in SourceKind.values:
        raise Refused(f"The kind must be one of {', '.join(SourceKind.values)}.", field="type")
    if body.source:
        annotation.source = body.source.merged_into or body.source
    elif body.entity:
        annotation.source = knowledge.source_of_entity(
            entity=body.entity.merged_into or body.entity, kind=body.type, actor=editor
        )
    elif body.label or (body.type and body.type != annotation.type):
        annotation.source, annotation.proposal = None, {}
    annotation.type = body.type or annotation.type
    annotation.label = body.label or annotation.label or text_of(annotation)[:300]
    if annotation.source:
        annotation.type, annotation.label = annotation.source.kind, annotation.source.name
    if not annotation.type:
        raise Refused("Say what kind of source it is.", field="type")
    if settle and annotation.source is None:
        annotation.source = _settled_source(annotation, editor)


def _settled_source(annotation: Annotation, editor: Any) -> Source:
    source = knowledge.find_or_create_source(
        name=annotation.label,
        kind=annotation.type,
        actor=editor,
        article_id=annotation.article_id,
        proposal=annotation.proposal,
    )
    if source is None:
        raise Refused(
            f"Several entities are called “{annotation.label}”: say which one it is.",
            field="entity",
        )
    return source


def _after_acceptance(annotation: Annotation, editor: Any, log: Recorder) -> None:
    """Names are learned from accepted mentions; a suggested tie is accepted with its two ends."""
    if annotation.status != Status.ACCEPTED:
        return
    if annotation.entity:
        knowledge.learn_alias(annotation.entity, text_of(annotation), actor=editor)
        return
    ends = {"claim": annotation} if annotation.kind == Kind.CLAIM else {"source": annotation}
    accept_ties(Attribution.objects.with_ends().filter(status=Status.SUGGESTED, **ends), log)


def accept_ties(ties: Iterable[Attribution], log: Recorder) -> None:
    """Accept those of the suggested ties, which came `with_ends()`, whose ends both are."""
    for attribution in ties:
        both = [attribution.claim, attribution.source or attribution.claim]
        if all(end.status == Status.ACCEPTED for end in both):
            before = attribution.snapshot()
            attribution.status = Status.ACCEPTED
            attribution.version += 1
            attribution.save()
            log.add("accept", attribution, before=before)


def _check_tie(
    claim: Annotation, source: Annotation | None, manner: str, mode: str, parent: Attribution | None
) -> None:
    if claim.kind != Kind.CLAIM:
        raise Refused("Only a claim can be attributed.", field="claim")
    if source and (source.kind != Kind.SOURCE or source.revision_id != claim.revision_id):
        raise Refused("A claim is attributed to a source in the same text.", field="source")
    if manner not in Manner.values:
        raise Refused(f"The manner must be one of {', '.join(Manner.values)}.", field="manner")
    if mode not in Mode.values:
        raise Refused(f"The mode must be one of {', '.join(Mode.values)}.", field="mode")
    if parent and (parent.claim_id == claim.pk or parent.claim.article_id != claim.article_id):
        raise Refused("The outer attribution must be another of the same text.", field="parent")
