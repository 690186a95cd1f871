"""The append-only change log: one row for every write, in the write's own transaction.

Numbers are dense and in commit order. A sequence would be drawn before the commit, so that a
reader that pages by number could pass over a row that commits late. Here a transaction keeps
its rows in memory and, as its very last act, takes one lock, numbers the rows after the newest
one, and commits: whoever sees number n sees every number below n. The lock comes last, so
that it is held for the commit alone and never while another lock is waited for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from articles import actions, wakeups
from articles.bulk import insert_all
from articles.signals import changes_recorded

# Any number that no other advisory lock of this database uses.
LOG_LOCK = 7_163_001
# Two statements, sent together: the second sees all that was committed before the first was done.
NEWEST = "SELECT pg_advisory_xact_lock(%s); SELECT coalesce(max(seq), 0) FROM articles_change"


class Recorded(Protocol):
    """What can stand in the log: a row that can name itself and tell its state."""

    @property
    def change_subject(self) -> tuple[str, str]:
        """The kind of thing ("annotation") and its identifier in addresses."""

    @property
    def change_article_id(self) -> int | None:
        """The article it belongs to, if it belongs to one."""

    def snapshot(self) -> dict[str, Any]:
        """Its state as JSON: enough to build it again."""


class ChangeQuerySet(models.QuerySet["Change"]):
    def after(self, seq: int) -> ChangeQuerySet:
        """The rows that follow number `seq`, in order."""
        return self.filter(seq__gt=seq).order_by("seq")

    def of(self, subject: Recorded) -> ChangeQuerySet:
        """The history of one thing, oldest first."""
        kind, identifier = subject.change_subject
        return self.filter(subject_type=kind, subject_id=identifier).order_by("seq")

    def of_step(self, step: UUID, *, actor: Any) -> ChangeQuerySet:
        """What one act of a person changed, in order."""
        return self.filter(step=step, actor=actor).order_by("seq")

    def last_of_type(self, type: str) -> int:
        """The newest number that tells of this type of thing; 0 where none does."""
        found = self.filter(subject_type=type).order_by("-seq").values_list("seq", flat=True)
        return found.first() or 0

    def newest_of_type(self, type: str, *, after: int, most: int) -> list[tuple[int, str]]:
        """The things of a type that were written after a number: the last change of each and its
        identifier, in order."""
        later = self.model._default_manager.filter(
            subject_type=type, subject_id=models.OuterRef("subject_id"),
            seq__gt=models.OuterRef("seq"),
        )  # fmt: skip
        rows = self.filter(~models.Exists(later), subject_type=type, seq__gt=after)
        return list(rows.order_by("seq").values_list("seq", "subject_id")[:most])


class Change(models.Model):
    """One row of the log. The database refuses to alter or delete it."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agent = models.CharField(max_length=100, blank=True, help_text="The machine that acted, if any")
    action = models.CharField(max_length=30)
    subject_type = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=64)
    # No constraint: the log is the one table that outlives what it tells of.
    article = models.ForeignKey(
        "articles.Article",
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="changes",
    )
    step = models.UUIDField(
        null=True, blank=True, help_text="One act of a person; whoever acts makes it up"
    )
    undoes = models.UUIDField(null=True, blank=True, help_text="The step that this one takes back")
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)

    objects = ChangeQuerySet.as_manager()

    # How to find the states of such subjects at the end of the transaction, by their identifiers,
    # where they are not those of `add`.
    as_stored: Callable[[Collection[str]], dict[str, Recorded]] | None = None

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["article", "seq"], name="change_article_seq"),
            models.Index(fields=["subject_type", "subject_id", "seq"], name="change_subject_seq"),
            models.Index(
                fields=["step"], condition=models.Q(step__isnull=False), name="change_step"
            ),
            models.Index(
                fields=["article", "actor", "seq"],
                condition=models.Q(step__isnull=False),
                name="change_article_actor_steps",
            ),
            models.Index(fields=["subject_type", "seq"], name="change_type_seq"),
            models.Index(fields=["subject_type", "action", "seq"], name="change_action_seq"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.subject_type} {self.subject_id}"


class Recorder:
    """The changes of one transaction, kept until it ends."""

    def __init__(
        self, actor: Any, agent: str, step: UUID | None = None, undoes: UUID | None = None
    ) -> None:
        self.actor = actor
        self.agent = agent
        self.step = step
        self.undoes = undoes
        self.rows: list[Change] = []

    def add(self, action: str, subject: Recorded, *, before: dict[str, Any] | None = None) -> None:
        """Note that `subject` was written; its state is taken now. Raises UnknownAction.

        A thing that others may write at the same moment has a class method `as_stored`: its state
        is taken last, when what they wrote can be seen.
        """
        self._append(action, subject, before, subject.snapshot())
        if before is not None:
            self.rows[-1].as_stored = getattr(subject, "as_stored", None)

    def drop(self, action: str, subject: Recorded, *, before: dict[str, Any] | None = None) -> None:
        """Note that `subject`'s row goes, or went: afterwards there is nothing. Without `before`
        its state is taken now."""
        self._append(action, subject, before or subject.snapshot(), None)
        gone = self.rows[-1]
        for row in self.rows:
            if (row.subject_type, row.subject_id) == (gone.subject_type, gone.subject_id):
                row.as_stored = None

    def _append(self, action: str, subject: Recorded, before: Any, after: Any) -> None:
        kind, identifier = subject.change_subject
        actions.check(kind, action)
        self.rows.append(
            Change(
                actor=self.actor,
                agent=self.agent,
                action=action,
                subject_type=kind,
                subject_id=identifier,
                article_id=subject.change_article_id,
                step=self.step,
                undoes=self.undoes,
                before=before,
                after=after,
            )
        )

    def write(self) -> None:
        """Number the rows and insert them: to be called last in the transaction."""
        if not self.rows:
            return
        with connection.cursor() as cursor:
            cursor.execute(NEWEST, [LOG_LOCK])
            (last,) = cursor.fetchone()
        for seq, row in enumerate(self.rows, start=last + 1):
            row.seq = seq
        _take_last_states([row for row in self.rows if row.as_stored])
        insert_all(self.rows)
        articles = {row.article_id for row in self.rows if row.article_id}
        transaction.on_commit(lambda: wakeups.tell_of_changes(articles))
        changes_recorded.send(sender=Change, changes=self.rows)


def _take_last_states(rows: Sequence[Change]) -> None:
    """What the things of these rows are like now: all things of a kind are read together."""
    by_kind: dict[str, list[Change]] = defaultdict(list)
    for row in rows:
        by_kind[row.subject_type].append(row)
    for same in by_kind.values():
        find = same[0].as_stored
        assert find is not None
        found = find({row.subject_id for row in same})
        states = {identifier: thing.snapshot() for identifier, thing in found.items()}
        for row in same:
            row.after = states[row.subject_id]


_current: ContextVar[Recorder | None] = ContextVar("newsdesk_recorder", default=None)


@contextmanager
def recording(
    *, actor: Any = None, agent: str = "", step: UUID | None = None, undoes: UUID | None = None
) -> Iterator[Recorder]:
    """A transaction whose writes are logged: `with recording(actor=editor) as log:`.

    `step` names the act that all of it is one of, `undoes` the step that it takes back. Inside
    another one it joins it, as a savepoint: its rows are dropped when it fails. What is rolled
    back leaves no change and tells nobody.
    """
    outer = _current.get()
    if outer is not None:
        mark = len(outer.rows)
        try:
            with transaction.atomic():
                yield outer
        except BaseException:
            del outer.rows[mark:]
            raise
        return
    recorder = Recorder(actor, agent, step, undoes)
    token = _current.set(recorder)
    try:
        with transaction.atomic():
            yield recorder
            recorder.write()
    finally:
        _current.reset(token)


def last_seq() -> int:
    """The newest number in the log; 0 when it is empty."""
    return Change.objects.aggregate(last=models.Max("seq"))["last"] or 0
