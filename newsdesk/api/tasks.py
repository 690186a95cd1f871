"""Celery tasks of the API: they take ids, call one function, and are safe to run twice."""

from __future__ import annotations

from celery import shared_task

from newsdesk.api.hooks import delivering


@shared_task(ignore_result=True)
def deliver(webhook_id: int) -> None:
    """Send a webhook what is due, if nobody else does."""
    delivering.deliver(webhook_id)


@shared_task(ignore_result=True)
def sweep_webhooks() -> None:
    """Wake workers for what Redis lost or what is due again."""
    delivering.sweep()


@shared_task(ignore_result=True)
def forget_deliveries() -> None:
    """Delete what was delivered long ago."""
    delivering.forget_old()
