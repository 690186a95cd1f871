"""Runs: written in the transaction that needs them, woken on commit, swept when lost.

PostgreSQL knows what is to be read; Celery only carries "look at run N". A worker holds an
advisory lock for as long as it reads, which PostgreSQL lets go of when the worker dies: so the
sweep can tell a dead worker from a slow one at once, without heartbeats.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from annotations.locks import only_one
from annotations.models import Run
from annotations.models.run import RunState
from articles import wakeups
from articles.changes import recording
from articles.models import Revision
from articles.revising import lock_article

log = logging.getLogger(__name__)

RUN_LOCK_CLASS = 7164
MAX_ATTEMPTS = 5
BACK_OFF = timedelta(seconds=4)
# How long a wake-up may be under way before it counts as lost.
PATIENCE = timedelta(seconds=10)

Wake = Callable[[int], None]


class Superseded(Exception):
    """This attempt is no longer the run's newest: what it found is not to be stored."""


def queue_run(*, revision: Revision) -> Run:
    """The run that will read this revision; wakes a worker once the transaction commits.

    A run that waits already serves; one that is being read is asked for again afterwards by
    whoever needs it.
    """
    with recording() as changes:
        # Two who ask at once must not both find that there is none.
        lock_article(pk=revision.article_id)
        run = Run.objects.open().filter(revision=revision).first()
        if run is None:
            run = Run.objects.create(revision=revision, sent_at=timezone.now())
            changes.add("queue", run)
        transaction.on_commit(partial(wake_worker, run.pk))
    return run


def wake_worker(run_id: int) -> None:
    """Send the wake-up. A broker that is down is no error: the sweep sends it again."""
    from annotations.tasks import read_revision

    try:
        read_revision.apply_async((run_id,), retry=False)
    except Exception as error:  # noqa: BLE001 - kombu raises its transports' own errors
        log.warning("run %s waits for the sweep, the broker does not answer: %s", run_id, error)


def run_lock(run_id: int) -> AbstractContextManager[bool]:
    """Try to be the only one at work on a run, until this ends or the process dies."""
    return only_one(RUN_LOCK_CLASS, run_id)


def begin_attempt(run_id: int) -> Run | None:
    """Mark the run as running; None when it is finished. To be called holding its lock."""
    with recording(agent="reader") as changes:
        run = (
            Run.objects.select_for_update(of=("self",))
            .select_related("revision__article")
            .filter(pk=run_id)
            .first()
        )
        if run is None or not run.is_open:
            return None
        before = run.snapshot()
        if run.attempt >= MAX_ATTEMPTS:
            _give_up(run, "the worker died each time it read this text")
            changes.add("fail", run, before=before)
            return None
        run.state = RunState.RUNNING
        run.attempt += 1
        run.progress = 0
        run.started_at = timezone.now()
        run.error = ""
        run.save()
        changes.add("start", run, before=before)
    return run


def report_progress(run: Run, per_cent: int) -> None:
    """Let the pages that watch see how far it is: no change of the log, only a wake-up."""
    alive = Run.objects.filter(pk=run.pk, attempt=run.attempt, state=RunState.RUNNING)
    if not alive.update(progress=per_cent):
        raise Superseded(f"run {run.pk} attempt {run.attempt}")
    wakeups.tell_of_changes([run.revision.article_id])


def fail_attempt(run: Run, error: BaseException) -> None:
    """Try again later, each time after a longer while; give up after MAX_ATTEMPTS."""
    with recording(agent="reader") as changes:
        locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.attempt != run.attempt or not locked.is_open:
            return
        before = locked.snapshot()
        locked.error = f"{type(error).__name__}: {error}"[:2000]
        if locked.attempt >= MAX_ATTEMPTS:
            _give_up(locked, locked.error)
        else:
            locked.state = RunState.QUEUED
            locked.due_at = timezone.now() + BACK_OFF * 2 ** (locked.attempt - 1)
            locked.sent_at = None
        locked.save()
        changes.add("fail" if locked.state == RunState.FAILED else "retry", locked, before=before)


def _give_up(run: Run, error: str) -> None:
    run.state, run.finished_at, run.error = RunState.FAILED, timezone.now(), error
    run.save()


def sweep(wake: Wake = wake_worker) -> list[int]:
    """Wake workers for runs that are due and whose wake-up or worker was lost.

    Returns the ids it woke workers for.
    """
    now = timezone.now()
    lost = [
        run_id
        for run_id, state, sent_at in Run.objects.open()
        .filter(due_at__lte=now)
        .values_list("pk", "state", "sent_at")
        if _is_lost(run_id, state, sent_at is None or sent_at <= now - PATIENCE)
    ]
    Run.objects.filter(pk__in=lost).update(sent_at=now)
    for run_id in lost:
        wake(run_id)
    return lost


def _is_lost(run_id: int, state: str, overdue: bool) -> bool:
    with run_lock(run_id) as nobody_reads_it:
        return nobody_reads_it and (state == RunState.RUNNING or overdue)
