"""Deliveries: planned from the log, sent one after the other, tried again for three days.

PostgreSQL holds what is to be sent: each webhook's place in the log, and a row for each change
that it wants. Celery only carries "look at webhook N". One worker at a time is at a webhook, by
an advisory lock that PostgreSQL lets go of when the worker dies; a delivery that was under way
then is sent again, with the same `webhook-id`.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.changes import Change, last_seq
from newsdesk.api.hooks import sending, signing
from newsdesk.api.hooks.sending import Outcome
from newsdesk.api.models import Delivery, Webhook

log = logging.getLogger(__name__)

LOCK_CLASS = 7165
# How many changes are looked at in one step, and how many rows it makes at most.
WINDOW, ROWS = 5000, 100
# A worker turns to other work after this; what is left wakes it again.
TURN_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=6)
PATIENCE = timedelta(days=3)
KEPT = timedelta(days=30)
# Receivers need not be made for more; what is larger is told of, to be fetched.
LARGEST_BODY = 256_000
GONE = 410

Wake = Callable[[int], None]


def wake_worker(webhook_id: int) -> None:
    """Send the wake-up. A broker that is down is no error: the sweep sends it again."""
    from newsdesk.api.tasks import deliver as task

    try:
        task.apply_async((webhook_id,), retry=False, expires=60)
    except Exception as error:  # noqa: BLE001 - kombu raises its transports' own errors
        log.warning("webhook %s waits for the sweep: %s", webhook_id, error)


@contextmanager
def webhook_lock(webhook_id: int) -> Iterator[bool]:
    """Try to be the only one who sends to it, until this ends or the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, webhook_id])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, webhook_id])


def deliver(webhook_id: int, *, wake: Wake = wake_worker) -> None:
    """Send what is due, in order, until nothing is, one fails, or the turn is over."""
    with webhook_lock(webhook_id) as held:
        if not held:
            return
        end = time.monotonic() + TURN_SECONDS
        while time.monotonic() < end:
            if not _step(webhook_id):
                return
    wake(webhook_id)


def _step(webhook_id: int) -> bool:
    """One attempt, or one look at the log; whether there may be more to do at once."""
    webhook = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        return False
    pending = webhook.deliveries.filter(state=Delivery.State.PENDING).order_by("seq")
    by_hand = pending.filter(by_hand=True).first()
    if by_hand:
        _note_by_hand(by_hand, _attempt(webhook, by_hand))
        return True
    if webhook.is_paused or webhook.due_at > timezone.now():
        return False
    delivery = pending.first()
    if delivery is None:
        return plan(webhook)
    outcome = _attempt(webhook, delivery)
    _note(webhook, delivery, outcome)
    return outcome.is_good


def wanted(webhook: Webhook, changes: QuerySet[Change]) -> QuerySet[Change]:
    """Those of the changes that pass the webhook's filter."""
    if webhook.types:
        changes = changes.filter(subject_type__in=webhook.types)
    if webhook.actions:
        changes = changes.filter(action__in=webhook.actions)
    if webhook.article_id:
        changes = changes.filter(article=webhook.article_id)
    if webhook.outlet_id:
        changes = changes.filter(article__outlet=webhook.outlet_id)
    return changes


def plan(webhook: Webhook) -> bool:
    """Make rows for the next changes of the log; whether it was moved on."""
    end = min(last_seq(), webhook.seen + WINDOW)
    if end <= webhook.seen:
        return False
    looked_at = Change.objects.after(webhook.seen).filter(seq__lte=end)
    found = list(wanted(webhook, looked_at).defer("before", "after")[:ROWS])
    if len(found) == ROWS:
        end = found[-1].seq
    rows = [
        Delivery(
            webhook=webhook,
            uuid=Delivery.uuid_of(webhook, change.seq),
            seq=change.seq,
            event=event_of(change),
        )
        for change in found
    ]
    with transaction.atomic():
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        Webhook.objects.filter(pk=webhook.pk).update(seen=end)
    return True


def event_of(change: Change) -> str:
    return f"{change.subject_type}.{change.action.replace(' ', '_')}"


def body_of(change: Change) -> bytes:
    """The message: always the same bytes for the same change, as `/api/changes/` tells it.

    One that is larger than LARGEST_BODY leaves out before and after, and says where they are.
    """
    data: dict[str, Any] = {
        "seq": change.seq,
        "actor": change.actor.get_username() if change.actor else None,
        "agent": change.agent,
        "action": change.action,
        "subject_type": change.subject_type,
        "subject_id": change.subject_id,
        "article": change.article_id,
    }
    whole = _message(change, {**data, "before": change.before, "after": change.after})
    if len(whole) <= LARGEST_BODY:
        return whole
    href = f"{settings.SITE_URL}/api/changes/?after={change.seq - 1}&limit=1"
    return _message(change, {**data, "truncated": True, "href": href})


def _message(change: Change, data: dict[str, Any]) -> bytes:
    message = {"type": event_of(change), "timestamp": change.at, "data": data}
    return json.dumps(message, cls=DjangoJSONEncoder).encode()


def _attempt(webhook: Webhook, delivery: Delivery) -> Outcome:
    change = Change.objects.select_related("actor").get(seq=delivery.seq)
    body, now = body_of(change), timezone.now()
    timestamp = int(now.timestamp())
    headers = signing.headers(webhook.secrets_at(now), delivery.message_id, timestamp, body)
    outcome = sending.post(webhook.url, body, headers)
    delivery.attempts += 1
    delivery.tried_at = now
    delivery.status_code, delivery.took_ms = outcome.status, outcome.took_ms
    delivery.error = outcome.error[:300]
    # NUL, which PostgreSQL does not store, is nothing that a person needs to see.
    delivery.answer = outcome.answer.replace("\x00", "")[:500]
    if outcome.is_good:
        delivery.state = Delivery.State.DELIVERED
    return outcome


def _note_by_hand(delivery: Delivery, outcome: Outcome) -> None:
    """One try out of turn: it holds up nothing and does not count as a failure of the webhook."""
    if not outcome.is_good:
        delivery.state = Delivery.State.FAILED
    delivery.by_hand = False
    delivery.save()


def _note(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    with transaction.atomic():
        delivery.save()
        row = Webhook.objects.filter(pk=webhook.pk)
        if outcome.is_good:
            row.filter(failures__gt=0).update(failures=0, failing_since=None)
            return
        now = timezone.now()
        since = webhook.failing_since or now
        failures = webhook.failures + 1
        row.update(failures=failures, failing_since=since, due_at=now + pause_after(failures))
        if outcome.status == GONE:
            pause(webhook, "It answered 410: it wants no more messages.")
        elif now - since >= PATIENCE:
            pause(webhook, f"Every attempt failed for three days. {outcome.error}")


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: each time twice as long."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 20))


def pause(webhook: Webhook, reason: str) -> None:
    """Send nothing more until somebody resumes it; nothing is lost meanwhile."""
    Webhook.objects.filter(pk=webhook.pk).update(
        state=Webhook.State.PAUSED, paused_at=timezone.now(), paused_because=reason[:300],
        version=F("version") + 1,
    )  # fmt: skip
    log.warning("webhook %s is paused: %s", webhook.uuid, reason)


def sweep(wake: Wake = wake_worker) -> list[int]:
    """Wake workers for webhooks that have something due and that nobody is at; returns which."""
    pending = Delivery.objects.filter(webhook=OuterRef("pk"), state=Delivery.State.PENDING)
    due = Q(state=Webhook.State.ACTIVE, due_at__lte=timezone.now())
    has_more = Q(seen__lt=last_seq()) | Exists(pending)
    rows = Webhook.objects.filter((due & has_more) | Exists(pending.filter(by_hand=True)))
    woken = [pk for pk in rows.values_list("pk", flat=True) if _is_free(pk)]
    for webhook_id in woken:
        wake(webhook_id)
    return woken


def _is_free(webhook_id: int) -> bool:
    with webhook_lock(webhook_id) as held:
        return held


def forget_old(now: datetime | None = None) -> int:
    """Delete what was delivered, or given up, more than 30 days ago; returns how many."""
    old = Delivery.objects.filter(created_at__lt=(now or timezone.now()) - KEPT)
    return old.exclude(state=Delivery.State.PENDING).delete()[0]
