"""What wakes a worker at once when something was written; the sweep finds the rest.

Every writer passes here, so that it may cost next to nothing: whether there are webhooks at all
is looked up every few seconds, and one webhook is woken once in a while however much is written.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import transaction

from articles.changes import Change
from articles.signals import changes_recorded
from newsdesk.api.hooks import delivering
from newsdesk.api.models import Webhook

KNOWN_SECONDS, QUIET_SECONDS = 5.0, 1.0


class _Known:
    """The active webhooks as this process knows them, and when it last woke each."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.until = 0.0
        self.webhooks: list[int] = []
        self.woken: dict[int, float] = {}

    def due(self) -> list[int]:
        now = time.monotonic()
        if now > self.until:
            active = Webhook.objects.filter(state=Webhook.State.ACTIVE)
            self.webhooks = list(active.values_list("pk", flat=True))
            self.until = now + KNOWN_SECONDS
        due = [pk for pk in self.webhooks if now - self.woken.get(pk, 0.0) > QUIET_SECONDS]
        self.woken.update(dict.fromkeys(due, now))
        return due


known = _Known()


def connect() -> None:
    """Listen; called once as the app starts."""
    changes_recorded.connect(_on_changes, sender=Change, dispatch_uid="newsdesk.api.hooks")


def _on_changes(**_: Any) -> None:
    transaction.on_commit(_wake)


def _wake() -> None:
    for webhook_id in known.due():
        delivering.wake_worker(webhook_id)
