"""Many decisions in one request, as one step: each is answered by itself, and is done once however
often the request is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from annotations import batching, undoing
from annotations.bodies import NOTHING
from annotations.models import Annotation, Attribution
from annotations.models.annotation import Kind
from annotations.models.decision import Action
from articles.changes import Change, recording
from articles.errors import Refused, StaleVersion
from articles.models import Article
from articles.revising import lock_article
from newsdesk.desk.commands import Asked, Outcome, command_for
from newsdesk.desk.given import Given, key_in

MOST = 5000
# Those of which many are done together in few queries.
PLAIN = {
    "accept": Action.ACCEPT,
    "reject": Action.REJECT,
    "reopen": Action.REOPEN,
    "delete": Action.DELETE,
}

Result = Outcome | Refused | StaleVersion


@dataclass(frozen=True)
class Batch:
    """One step of one editor in one article, as it was sent."""

    article: Article
    editor: Any
    step: UUID
    undoes: UUID | None
    asked: list[Asked]


def perform_batch(*, article: Article, editor: Any, data: Any) -> list[Result]:
    """Do the decisions of `data["decisions"]` in order; the result of each in its place.

    Raises Refused when the request as a whole will not do, PermissionDenied to who is no editor.
    """
    batch = _read(article, editor, data)
    before = _Before(batch)
    results: dict[int, Result] = {}
    for index, asked in enumerate(batch.asked):
        done = before.outcome(asked)
        if done:
            results[index] = done
    todo = [(i, asked) for i, asked in enumerate(batch.asked) if i not in results]
    if todo:
        with recording(actor=editor, step=batch.step, undoes=batch.undoes):
            results.update(_perform(batch, todo))
            if batch.undoes:
                undoing.finish(step=batch.undoes, editor=editor, article=article)
    return [results[index] for index in range(len(batch.asked))]


def _read(article: Article, editor: Any, data: Any) -> Batch:
    given = Given(data)
    step, undoes = given.key("step"), given.key("undoes")
    if step is None:
        raise Refused("Say which step this is: an identifier of your own making.", field="step")
    decisions = given.value("decisions")
    if not isinstance(decisions, list) or not 0 < len(decisions) <= MOST:
        raise Refused(f"Send a list of 1 to {MOST:,} decisions.", field="decisions")
    done = undoing.done_by(step=undoes, editor=editor, article=article) if undoes else {}
    revision = given.whole("revision")
    asked = [Asked(article, editor, _one(one), revision, done) for one in decisions]
    return Batch(article, editor, step, undoes, asked)


def _one(data: Any) -> Given:
    try:
        return Given(data)
    except Refused:
        raise Refused("Each decision is one JSON object.", field="decisions") from None


class _Before:
    """What this step did already: the answer to it may have been lost on its way."""

    def __init__(self, batch: Batch) -> None:
        self.rows: dict[str, list[Change]] = defaultdict(list)
        self.ties: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in Change.objects.of_step(batch.step, actor=batch.editor):
            self.rows[row.subject_id].append(row)
            if row.subject_type == "attribution" and row.after:
                for end in filter(None, (row.after["claim"], row.after["source"])):
                    self.ties[end].append(row.after)

    def outcome(self, asked: Asked) -> Outcome | None:
        """How the thing stood after it; None if it was not done yet."""
        if not self.rows:
            return None
        action, key = asked.given.value("action"), str(asked.given.value("id"))
        rows = self.rows[key]
        if action == "tie":
            rows = self._tied(asked.given)
        for row in rows:
            if row.after and action in {row.action, "revert"}:
                rows.remove(row)
                is_tie = row.subject_type == "attribution"
                return Outcome([], [row.after]) if is_tie else Outcome([row.after], self.ties[key])
        return None

    def _tied(self, given: Given) -> list[Change]:
        ends = (given.value("claim"), given.value("source"))
        return [
            row
            for rows in self.rows.values()
            for row in rows
            if row.after and (row.after.get("claim"), row.after.get("source")) == ends
        ]


def _perform(batch: Batch, todo: Iterable[tuple[int, Asked]]) -> Iterator[tuple[int, Result]]:
    """Do them in order, those together that can be."""
    lock_article(pk=batch.article.pk)
    run: dict[Any, tuple[int, Asked]] = {}
    for index, asked in todo:
        key = asked.given.value("id") if _can_be_together(asked) else None
        if key is None or key in run:
            yield from _together(batch, list(run.values()))
            run = {}
        if key is None:
            yield index, _alone(asked)
        else:
            run[key] = (index, asked)
    yield from _together(batch, list(run.values()))


def _can_be_together(asked: Asked) -> bool:
    action, key, subject = map(asked.given.value, ("action", "id", "subject"))
    plain = isinstance(action, str) and (action in PLAIN or action == "revert")
    return plain and isinstance(key, str) and subject != "tie"


def _alone(asked: Asked) -> Result:
    try:
        with recording():
            return command_for(asked.given)(asked)
    except (Refused, StaleVersion) as refusal:
        return refusal


def _together(batch: Batch, run: Sequence[tuple[int, Asked]]) -> Iterator[tuple[int, Result]]:
    if not run:
        return
    keys = {asked.given.value("id"): key_in(asked.given.value("id")) for _, asked in run}
    rows = Annotation.objects.filter(article=batch.article, uuid__in=filter(None, keys.values()))
    known = {row.uuid: row for row in rows.only("uuid", "kind", "version")}
    wishes: dict[int, batching.Wish] = {}
    for index, asked in run:
        try:
            wishes[index] = _wish(asked, known.get(keys[asked.given.value("id")]))
        except (Refused, StaleVersion) as refusal:
            yield index, refusal
    outcomes = batching.decide_many(
        article=batch.article, editor=batch.editor, wishes=list(wishes.values())
    )
    yield from zip(wishes, _with_ties(outcomes), strict=True)


def _wish(asked: Asked, row: Annotation | None) -> batching.Wish:
    if row is None:
        raise Refused("There is no such annotation in this article.", field="id")
    action = asked.given.words("action")
    if action == "revert":
        return undoing.PutBack(row.uuid, asked.done_to("annotation"), asked.given.whole("over"))
    body = asked.body(row.kind) if action == "accept" else NOTHING
    return batching.Deciding(row.uuid, asked.version_of(row), PLAIN[action], body)


def _with_ties(outcomes: Sequence[batching.Outcome]) -> Iterator[Result]:
    """As `Outcome`s, with every tie that they are an end of."""
    decided = [one for one in outcomes if isinstance(one, Annotation) and one.kind != Kind.ENTITY]
    ends = Q(claim__in=decided) | Q(source__in=decided)
    ties: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for tie in Attribution.objects.kept().with_ends().filter(ends):
        for end in (tie.claim_id, tie.source_id):
            ties[end].append(tie.snapshot())
    for one in outcomes:
        yield Outcome([one.snapshot()], ties[one.pk]) if isinstance(one, Annotation) else one
