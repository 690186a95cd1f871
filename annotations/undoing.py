"""Taking a step back: the change log says how each thing stood before it, and there it is put.

What somebody else changed since is not overwritten: it is refused with how it stands, unless the
editor says over which version. What the step made in the knowledge base goes too, where nothing
else uses it. Undoing is a step like any other, so to undo an undoing is to do it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import PROTECT, F, Max
from django.db.models.functions import Substr
from django.utils import timezone

from annotations.batching import Batch
from annotations.bodies import DETAILS, NOTHING
from annotations.models import Alias, Annotation, Attribution, Claim, Entity, Source
from annotations.models.annotation import Status
from annotations.models.decision import Action
from annotations.models.entity import AliasOrigin
from annotations.revising import bring_up, carried
from articles.changes import Change, Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article

DECIDED = {
    Status.ACCEPTED: Action.ACCEPT,
    Status.REJECTED: Action.REJECT,
    Status.SUGGESTED: Action.REOPEN,
}
# What of a snapshot a decision can alter, and is put back.
OF_ANNOTATION = ("status", "type", "label", "proposal", "body", "spans", "extra", "deleted")
OF_TIE = ("status", "cue", "manner", "mode", "by_outlet", "parent")
# A new text moves tags: nobody's decision.
MOVED = "carry"
MADE: dict[str, type[Entity | Claim | Source]] = {
    "entity": Entity,
    "claim": Claim,
    "source": Source,
}


@dataclass(frozen=True)
class Done:
    """What a step did to one thing. `contested`: somebody else changed it since."""

    before: dict[str, Any] | None
    after: dict[str, Any]
    contested: bool

    def changed(self, fields: Collection[str]) -> list[str]:
        if self.before is None:
            return []
        return [name for name in fields if self.before.get(name) != self.after.get(name)]

    def check(self, row: Any, over: int | None, fields: Collection[str]) -> None:
        """Raise StaleVersion where putting back would overwrite what came after the step."""
        now = row.snapshot()
        if over is not None:
            if row.version != over:
                raise StaleVersion(row, over)
            return
        others = [name for name in self.changed(fields) if _differs(now, self.after, name)]
        if self.contested or others:
            raise StaleVersion(row, self.after["version"])


def _differs(now: dict[str, Any], then: dict[str, Any], name: str) -> bool:
    if name == "spans" and now["revision"] != then["revision"]:
        return False
    if name == "body":
        return _key_of(now["body"]) != _key_of(then["body"])
    return bool(now.get(name) != then.get(name))


def _key_of(body: dict[str, Any] | None) -> Any:
    return body and body["id"]


def done_by(*, step: UUID, editor: Any, article: Article) -> dict[tuple[str, str], Done]:
    """What a step of the editor did to the article's annotations and ties, by kind and id.

    Raises Refused when there is no such step of hers.
    """
    rows = list(Change.objects.of_step(step, actor=editor).filter(article=article))
    if not rows:
        raise Refused("There is no such step of yours in this story.", field="undoes")
    firsts: dict[tuple[str, str], Change] = {}
    lasts: dict[tuple[str, str], Change] = {}
    for row in rows:
        key = (row.subject_type, row.subject_id)
        firsts.setdefault(key, row)
        lasts[key] = row
    others = _changed_by_others(article, editor, after=rows[0].seq)
    return {
        key: Done(firsts[key].before, last.after or {}, others.get(key, 0) > last.seq)
        for key, last in lasts.items()
    }


def _changed_by_others(article: Article, editor: Any, *, after: int) -> dict[tuple[str, str], int]:
    """The number of the newest change by anybody else, of each thing of the article."""
    rows = (
        Change.objects.filter(article=article, seq__gt=after)
        .exclude(actor=editor)
        .exclude(action=MOVED)
        .order_by()
        .values_list("subject_type", "subject_id")
        .annotate(last=Max("seq"))
    )
    return {(kind, key): last for kind, key, last in rows}


@dataclass(frozen=True)
class PutBack:
    """Put an annotation back to before a step: a wish for `batching.decide_many`."""

    uuid: UUID
    done: Done
    over: int | None = None

    @property
    def places(self) -> bool:
        return bool({"spans", "deleted"} & set(self.done.changed(OF_ANNOTATION)))

    def apply(self, annotation: Annotation, batch: Batch) -> tuple[Action, str]:
        self.done.check(annotation, self.over, OF_ANNOTATION)
        if self.done.before is None:
            return _unmade(annotation)
        changed = self.done.changed(OF_ANNOTATION)
        for name in changed:
            _put_back(annotation, name, self.done.before)
        if "deleted" in changed and not annotation.deleted_at and annotation.article.revision:
            bring_up(annotation, annotation.article.revision)
        if self.places and not annotation.deleted_at:
            batch.places.refuse_taken(annotation)
        if annotation.status == Status.ACCEPTED:
            batch.say(annotation, NOTHING, settle=True)
        return _named(annotation, changed)


def _unmade(annotation: Annotation) -> tuple[Action, str]:
    """What was added is deleted, and holds on to nothing that was made for it."""
    annotation.deleted_at = timezone.now()
    annotation.status = Status.SUGGESTED
    annotation.entity = annotation.claim = annotation.source = None
    return Action.DELETE, "delete"


def _put_back(annotation: Annotation, name: str, before: dict[str, Any]) -> None:
    if name == "body":
        _put_back_body(annotation, before)
    elif name == "spans":
        to = annotation.revision
        annotation.put_at(carried(spans=before["spans"], number=before["revision"], to=to))
    elif name == "deleted":
        annotation.deleted_at = timezone.now() if before["deleted"] else None
    elif name == "proposal":
        # What was said of an unnamed source since is taken back from the source itself too.
        since = dict.fromkeys(set(DETAILS) & set(annotation.proposal), "")
        annotation.proposal = since | before[name]
    else:
        # Before properties of others were logged, nobody knows how they stood.
        setattr(annotation, name, before.get(name, getattr(annotation, name)))


def _put_back_body(annotation: Annotation, before: dict[str, Any]) -> None:
    """What it was about, if that is still there: else its label says what to look for."""
    pk = _key_of(before["body"])
    rows: Any = MADE[annotation.kind]._default_manager.select_related("merged_into")
    found = rows.filter(pk=pk).first() if pk else None
    setattr(annotation, annotation.kind, found and (found.merged_into or found))


def _named(annotation: Annotation, changed: Collection[str]) -> tuple[Action, str]:
    if "deleted" in changed:
        deleted = annotation.deleted_at is not None
        return (Action.DELETE, "delete") if deleted else (Action.REOPEN, "restore")
    if "status" in changed:
        action = DECIDED[Status(annotation.status)]
        return action, action
    return Action.CHANGE, Action.CHANGE


def put_back_tie(*, tie: Attribution, done: Done, editor: Any, over: int | None = None) -> None:
    """Put a tie back to before a step; one that the step made holds no longer."""
    with recording(actor=editor) as log:
        done.check(tie, over, OF_TIE)
        before = tie.snapshot()
        if done.before is None:
            tie.status = Status.REJECTED
        for name in done.changed(OF_TIE):
            value = done.before and done.before[name]
            if name == "parent":
                value = Attribution.objects.filter(uuid=value).first() if value else None
            setattr(tie, name, value)
        tie.version += 1
        tie.save()
        action = {"accepted": "tie", "rejected": "untie"}.get(tie.status, "reopen")
        log.add(action, tie, before=before)


def finish(*, step: UUID, editor: Any, article: Article) -> None:
    """After what a step did is put back: the ties that it settled are open again, and what it
    made and learned goes."""
    for (kind, key), done in done_by(step=step, editor=editor, article=article).items():
        tie = kind == "attribution" and Attribution.objects.with_ends().filter(uuid=key).first()
        if tie and not _holds(tie):
            # Somebody decided on the tie itself since: then it stays so.
            with suppress(StaleVersion):
                put_back_tie(tie=tie, done=done, editor=editor)
    _clear_up(step=step, editor=editor)


def _holds(tie: Attribution) -> bool:
    """Whether its ends are what a settled tie needs."""
    ends = [tie.claim, tie.source or tie.claim]
    return all(end.status == Status.ACCEPTED and not end.deleted_at for end in ends)


def _clear_up(*, step: UUID, editor: Any) -> None:
    """Take away what a step that is undone made or learned, and nothing else uses."""
    rows = Change.objects.of_step(step, actor=editor).filter(subject_type__in=MADE)
    with recording(actor=editor) as log:
        _unlearn(rows.filter(action="learn"), log)
        made = list(rows.filter(action="create"))
        # A source holds on to its entity.
        for kind in ("source", "claim", "entity"):
            ours = [row for row in made if row.subject_type == kind]
            _discard(MADE[kind], {int(row.subject_id): row.after or {} for row in ours}, log)


def _unlearn(rows: Iterable[Change], log: Recorder) -> None:
    learned = {
        (int(row.subject_id), text)
        for row in rows
        for text in set((row.after or {})["aliases"]) - set((row.before or {})["aliases"])
    }
    learned -= _mentioned(learned)
    aliases = Alias.objects.filter(
        entity__in={pk for pk, _ in learned}, origin=AliasOrigin.LEARNED
    ).select_related("entity")
    for alias in aliases:
        if (alias.entity_id, alias.text) in learned:
            before = alias.entity.snapshot()
            alias.delete()
            log.add("unlearn", alias.entity, before=before)


def _mentioned(names: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those names by which an accepted mention, in any story, calls the entity."""
    written = Substr("revision__text", F("start") + 1, F("end") - F("start"))
    mentions = Annotation.objects.kept().filter(
        entity__in={pk for pk, _ in names}, status=Status.ACCEPTED
    )
    named = mentions.annotate(written=written).filter(written__in={text for _, text in names})
    return set(named.values_list("entity", "written"))


def _discard(model: Any, made: dict[int, dict[str, Any]], log: Recorder) -> None:
    """Delete those that nobody has changed and nothing holds on to; names and vectors go along.

    Whoever is at one just now keeps it: it is not waited for.
    """
    if not made:
        return
    rows = model._default_manager.select_for_update(of=("self",), skip_locked=True)
    untouched = [row for row in rows.filter(pk__in=made) if row.version == made[row.pk]["version"]]
    used = _used(model, untouched)
    unused = [row for row in untouched if row.pk not in used]
    for row in unused:
        log.drop("discard", row)
    model._default_manager.filter(pk__in=[row.pk for row in unused]).delete()


def _used(model: Any, rows: Collection[Any]) -> set[int]:
    holding = [link for link in model._meta.related_objects if link.on_delete is PROTECT]
    return {
        pk
        for link in holding
        for pk in link.related_model._base_manager.filter(
            **{f"{link.field.name}__in": rows}
        ).values_list(link.field.name, flat=True)
    }
