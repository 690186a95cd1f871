"""The writer of webhooks: made, changed, paused, resumed, given new secrets; sent again by hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.actions import TYPES, actions_of
from articles.changes import last_seq
from articles.errors import Refused, StaleVersion
from newsdesk.api.hooks import listening, sending
from newsdesk.api.hooks.delivering import pause, wake_worker
from newsdesk.api.models import Delivery, Webhook, new_secret

# For so long the secret before signs too, so that receivers have time to change it.
FORMER_VALID = timedelta(days=1)
MOST = 50
CHANGEABLE = ("url", "description", "types", "actions", "article", "outlet")


def create_webhook(*, actor: Any, after: int | None = None, **values: Any) -> Webhook:
    """A new webhook, for what is written from now on, or after a number in the log.

    Raises Refused where nothing may be sent to the address, where the log has no such types or
    actions, or there are MOST already.
    """
    if Webhook.objects.count() >= MOST:
        raise Refused(f"At most {MOST} webhooks: delete one that is not used.", field="url")
    _check(values)
    newest = last_seq()
    if after is not None and after > newest:
        raise Refused(f"The log ends at {newest}.", field="after")
    webhook = Webhook(created_by=actor, seen=newest if after is None else after)
    _set(webhook, values)
    webhook.save()
    _tell(webhook)
    return webhook


def change_webhook(*, webhook: Webhook, seen_version: int, **values: Any) -> Webhook:
    """Set any of CHANGEABLE; what was planned already is still sent."""
    _check(values)
    with transaction.atomic():
        locked = _locked(webhook, seen_version)
        _set(locked, values)
        locked.version += 1
        locked.save(update_fields=[*values, "version"])
    return locked


def set_state(*, webhook: Webhook, state: str, seen_version: int, actor: Any) -> Webhook:
    """Pause it, or let it go on from where it stopped."""
    with transaction.atomic():
        locked = _locked(webhook, seen_version)
        if state == Webhook.State.PAUSED:
            pause(locked, f"{actor.get_username()} paused it.")
        else:
            Webhook.objects.filter(pk=locked.pk).update(
                state=Webhook.State.ACTIVE, paused_at=None, paused_because="", failures=0,
                failing_since=None, due_at=timezone.now(), version=locked.version + 1,
            )  # fmt: skip
        transaction.on_commit(lambda: _tell(locked))
    locked.refresh_from_db()
    return locked


def rotate_secret(*, webhook: Webhook) -> Webhook:
    """Give it a new secret; the one before signs as well for a day."""
    with transaction.atomic():
        locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
        locked.former_secret, locked.secret = locked.secret, new_secret()
        locked.former_until = timezone.now() + FORMER_VALID
        locked.version += 1
        locked.save(update_fields=["secret", "former_secret", "former_until", "version"])
    return locked


def delete_webhook(*, webhook: Webhook, seen_version: int) -> None:
    """Take it away with its deliveries."""
    with transaction.atomic():
        _locked(webhook, seen_version).delete()
    listening.known.forget()


def send_again(*, delivery: Delivery) -> Delivery:
    """Send one more time, out of turn, with the same `webhook-id`; also while it is paused."""
    waits = delivery.state == Delivery.State.PENDING and not delivery.by_hand
    if waits and not delivery.webhook.is_paused and not delivery.webhook.failures:
        raise Refused("It has not been sent yet: it waits for its turn.", field="state")
    delivery.state, delivery.by_hand = Delivery.State.PENDING, True
    delivery.save(update_fields=["state", "by_hand"])
    transaction.on_commit(lambda: wake_worker(delivery.webhook_id))
    return delivery


def _check(values: dict[str, Any]) -> None:
    if "url" in values:
        sending.check_url(values["url"])
    _check_words("types", values.get("types", ()), TYPES)
    _check_words("actions", values.get("actions", ()), actions_of())


def _check_words(field: str, given: Collection[str], known: Collection[str]) -> None:
    for word in given:
        if word not in known:
            raise Refused(f"“{word}” is none of {', '.join(known)}.", field=field)


def _check_together(webhook: Webhook) -> None:
    """Each action must be one that some of the types has: else nothing would ever be sent."""
    if webhook.types:
        _check_words("actions", webhook.actions, actions_of(webhook.types))


def _set(webhook: Webhook, values: dict[str, Any]) -> None:
    for field, value in values.items():
        assert field in CHANGEABLE
        setattr(webhook, field, list(dict.fromkeys(value)) if isinstance(value, list) else value)
    if "types" in values or "actions" in values:
        _check_together(webhook)


def _locked(webhook: Webhook, seen_version: int) -> Webhook:
    locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if locked.version != seen_version:
        raise StaleVersion(locked, seen_version)
    return locked


def _tell(webhook: Webhook) -> None:
    listening.known.forget()
    wake_worker(webhook.pk)
