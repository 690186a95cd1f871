"""Celery tasks: they take ids, load, call one function, and are safe to run twice."""

from __future__ import annotations

from celery import shared_task

from annotations import matching, near, reading, suggesting


@shared_task(ignore_result=True)
def read_revision(run_id: int) -> None:
    """Read the revision of a run, if nobody else does and it is not read yet."""
    suggesting.read(run_id)


@shared_task(ignore_result=True)
def sweep_runs() -> None:
    """Send again what was lost."""
    reading.sweep()


@shared_task(ignore_result=True)
def remember_claims() -> None:
    """Make the vectors of claims that have none, or an old one."""
    matching.remember()


@shared_task(ignore_result=True)
def remember_stories() -> None:
    """Make the vectors of published stories that have none, or an old one."""
    near.remember()
