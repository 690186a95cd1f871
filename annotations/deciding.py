"""The writer for people: one function a decision.

Each takes the version that the editor saw and raises StaleVersion when somebody was faster;
each makes one Decision, one version and its changes in one transaction. What a person decided
no machine alters: `annotations/suggesting.py` keeps to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from annotations import knowledge, names
from annotations.bodies import (
    NOTHING,
    Body,
    forget_name,
    forget_place,
    is_named_by_its_words,
    set_body,
    text_of,
)
from annotations.knowledge import require_editor
from annotations.models import Annotation, Attribution, Decision
from annotations.models.annotation import Kind, Status
from annotations.models.attribution import Manner, Mode
from annotations.models.decision import Action
from annotations.revising import bring_up, carried
from annotations.spans import checked_spans
from articles.bulk import insert_both, update_all
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article
from articles.revising import lock_article

# At most one is kept at a place: its index says so. Every tag that is put somewhere asks.
AT_PLACE = """
SELECT id, uuid, status FROM annotations_annotation
WHERE revision_id = %s AND kind = %s AND spans = %s AND deleted_at IS NULL
"""


def accept(
    *, annotation: Annotation, editor: Any, seen_version: int, body: Body = NOTHING
) -> Annotation:
    """Say that it is right. What it is about is found, or made, from its label."""
    return _decide(annotation, editor, seen_version, Action.ACCEPT, Status.ACCEPTED, body)


def reject(
    *,
    annotation: Annotation,
    editor: Any,
    seen_version: int,
    extra: dict[str, Any] | None = None,
) -> Annotation:
    """Say that it is wrong. It is not suggested there again. `extra` as for `change`."""
    return _decide(annotation, editor, seen_version, Action.REJECT, Status.REJECTED, extra=extra)


def reopen(
    *,
    annotation: Annotation,
    editor: Any,
    seen_version: int,
    extra: dict[str, Any] | None = None,
) -> Annotation:
    """Take a decision back: it is a suggestion again. `extra` as for `change`."""
    return _decide(annotation, editor, seen_version, Action.REOPEN, Status.SUGGESTED, extra=extra)


def change(
    *,
    annotation: Annotation,
    editor: Any,
    seen_version: int,
    body: Body = NOTHING,
    spans: Any = None,
    revision: int | None = None,
    extra: dict[str, Any] | None = None,
) -> Annotation:
    """Correct what it is about or where it stands; what a person corrected is accepted.

    `revision` is the number that the spans count in, if not in the annotation's own. `extra` are
    the properties of others, all of them.
    """
    if spans is not None:
        spans = carried(spans=spans, number=revision, to=annotation.revision)
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
        note_decision(locked, editor, Action.DELETE, locked.spans)
        log.add("delete", locked, before=before)
    return locked


def restore(*, annotation: Annotation, editor: Any, seen_version: int) -> Annotation:
    """Bring a deleted annotation back as it was."""
    require_editor(editor)
    with recording(actor=editor) as log:
        locked = _lock(annotation, seen_version, deleted=True)
        before = locked.snapshot()
        if locked.article.revision:
            bring_up(locked, locked.article.revision)
        refuse_taken_place(locked, locked.spans)
        locked.deleted_at = None
        note_decision(locked, editor, Action.REOPEN, locked.spans)
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

    Raises Refused when the text was revised since and they have no certain place in it any more,
    when they do not stand in it, or when the place is taken (`extra["annotation"]` then names the
    one that is there).
    """
    require_editor(editor)
    if kind not in Kind.values:
        raise Refused(f"The kind must be one of {', '.join(Kind.values)}.", field="kind")
    newest = article.revision
    if newest is None:
        raise Refused("This story has no text yet.", field="revision")
    annotation = Annotation(
        article=article, revision=newest, kind=kind, status=Status.SUGGESTED,
        creator=editor, extra=extra or {}, version=0,
    )  # fmt: skip
    if uuid:
        annotation.uuid = uuid
    annotation.put_at(carried(spans=spans, number=revision, to=newest))
    refuse_taken_place(annotation, annotation.spans)
    set_body(annotation, body, editor, settle=status == Status.ACCEPTED)
    annotation.status = status
    note_decision(annotation, editor, Action.ADD, annotation.spans)
    log.add("add", annotation)
    _after_acceptance(annotation, log)
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
    it stands at the version that was seen, where one is named.

    `by_outlet` says that the outlet itself makes the claim; there is no source then. Raises Refused
    when the two are not a claim and a source of one article's one revision.
    """
    require_editor(editor)
    _check_tie(claim, source, manner, mode, parent, by_outlet)
    with recording(actor=editor) as log:
        lock_article(pk=claim.article_id)
        there = Attribution.objects.filter(claim=claim, source=source).first()
        if there and seen_version not in (None, there.version):
            raise StaleVersion(there, seen_version or 0)
        before = there.snapshot() if there else None
        attribution = tied(
            there, claim=claim, source=source, cue=cue, manner=manner, mode=mode, parent=parent,
            by_outlet=by_outlet, uuid=uuid, status=status,
        )  # fmt: skip
        attribution.save()
        log.add("tie", attribution, before=before)
    return attribution


def tied(
    there: Attribution | None,
    *,
    claim: Annotation,
    source: Annotation | None,
    cue: Any,
    manner: str,
    mode: str,
    parent: Attribution | None,
    by_outlet: bool,
    uuid: Any,
    status: str,
) -> Attribution:
    """The tie of the two that is there, or a new one, as `tie` makes it, unsaved. Raises
    Refused."""
    _check_tie(claim, source, manner, mode, parent, by_outlet)
    cue = checked_spans(cue, claim.revision.text) if cue else None
    attribution = there or Attribution(claim=claim, source=source, version=0)
    if uuid and there is None:
        attribution.uuid = uuid
    if cue:
        attribution.cue = cue
    attribution.manner, attribution.mode, attribution.parent = manner, mode, parent
    attribution.by_outlet, attribution.status = by_outlet, status
    attribution.version += 1
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
        if extra is not None:
            locked.extra = extra
        note_decision(locked, editor, action, seen_spans)
        log.add(action, locked, before=before)
        _after_acceptance(locked, log)
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


def note_decision(annotation: Annotation, editor: Any, action: Action, seen_spans: Any) -> None:
    """Store it as the version that the decision makes; `seen_spans` is where it was decided."""
    annotation.version += 1
    decision = Decision(
        annotation=annotation,
        version=annotation.version,
        editor=editor,
        action=action,
        revision=annotation.revision,
        spans=seen_spans,
    )
    if annotation.pk is None:
        annotation.updated_at = timezone.now()
        insert_both(annotation, decision, "annotation")
    else:
        annotation.save()
        decision.save(force_insert=True)


def _move(annotation: Annotation, spans: list[list[int]]) -> None:
    """Put it on other words; a name that was just its words follows them."""
    if spans == annotation.spans:
        return
    refuse_taken_place(annotation, spans)
    words, follows = text_of(annotation), is_named_by_its_words(annotation)
    annotation.put_at(spans)
    forget_place(annotation)
    if follows and text_of(annotation) != words:
        forget_name(annotation)


def refuse_taken_place(annotation: Annotation, spans: list[list[int]]) -> None:
    """Raise Refused if another annotation of its kind is kept at these spans."""
    place: list[Any] = [annotation.revision_id, annotation.kind, spans]
    with connection.cursor() as cursor:
        cursor.execute(AT_PLACE, place)
        there = cursor.fetchone()
    if there and there[0] != annotation.pk:
        _, uuid, status = there
        refuse_taken(uuid, annotation.kind, status)


def refuse_taken(uuid: Any, kind: str, status: str) -> NoReturn:
    """Raise Refused: the place is that annotation's."""
    raise Refused(
        f"These words are tagged as {Kind(kind).label.lower()} already "
        f"({Status(status).label.lower()}).",
        field="spans",
        annotation=str(uuid),
    )


def _after_acceptance(annotation: Annotation, log: Recorder) -> None:
    """Names are learned from accepted mentions; a suggested tie is accepted with its two ends."""
    if annotation.status != Status.ACCEPTED:
        return
    if annotation.entity:
        names.learn([(annotation.entity, text_of(annotation))], log)
    elif annotation.kind != Kind.ENTITY:
        settle_ties([annotation], log)


def settle_ties(accepted: Sequence[Annotation], log: Recorder) -> None:
    """Accept the suggested ties of these, where both ends are accepted."""
    ends = Q(claim__in=accepted) | Q(source__in=accepted)
    ties = Attribution.objects.with_ends().filter(ends, status=Status.SUGGESTED)
    accept_ties(ties, log)


def accept_ties(ties: Iterable[Attribution], log: Recorder) -> None:
    """Accept those of the suggested ties, which came `with_ends()`, whose ends both are."""
    accepted = []
    for attribution in ties:
        both = [attribution.claim, attribution.source or attribution.claim]
        if all(end.status == Status.ACCEPTED for end in both):
            before = attribution.snapshot()
            attribution.status = Status.ACCEPTED
            attribution.version += 1
            attribution.updated_at = timezone.now()
            log.add("accept", attribution, before=before)
            accepted.append(attribution)
    update_all(accepted, ["status", "version", "updated_at"])


def _check_tie(
    claim: Annotation,
    source: Annotation | None,
    manner: str,
    mode: str,
    parent: Attribution | None,
    by_outlet: bool,
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
    if by_outlet and source:
        raise Refused("A claim of the outlet itself has no source.", field="byOutlet")
