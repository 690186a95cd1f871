"""Celery tasks: they take ids, load, call one function, and are safe to run twice."""

from __future__ import annotations

from celery import shared_task

from annotations import imports, matching, near, reading, suggesting


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


@shared_task(ignore_result=True)
def take_in_file(import_id: int) -> None:
    """Take in what is left of a file, if nobody else does."""
    imports.take_in(import_id)


@shared_task(ignore_result=True)
def sweep_imports() -> None:
    """Send again what was lost."""
    imports.sweep()
