"""Webhooks, and what was or is to be sent to them."""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Outlet

SECRET_PREFIX = "whsec_"  # noqa: S105 - how the Standard Webhooks write one
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as the Standard Webhooks write it."""
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class Webhook(models.Model):
    """Where changes are sent, which ones, and how that goes.

    `seen` is the number in the log up to which every change that passes the filter has its
    delivery. The secret is kept as it is, because each signature needs it.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    types = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    actions = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outlet = models.ForeignKey(
        Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    secret = models.CharField(max_length=100, default=new_secret)
    former_secret = models.CharField(max_length=100, blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.ACTIVE)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.CharField(max_length=300, blank=True)
    seen = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="In a row")
    failing_since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now, help_text="Not to be tried before")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused"]), name="webhook_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(url=""), name="webhook_has_a_url"),
        ]

    def __str__(self) -> str:
        return self.description or self.url

    @property
    def is_paused(self) -> bool:
        return self.state == self.State.PAUSED

    def snapshot(self) -> dict[str, Any]:
        """How it is set, for whoever wanted to change an older version."""
        return {
            "id": str(self.uuid), "url": self.url, "description": self.description,
            "types": self.types, "actions": self.actions, "article": self.article_id,
            "outlet": self.outlet.name if self.outlet else None, "state": self.state,
            "version": self.version,
        }  # fmt: skip

    def secrets_at(self, moment: datetime) -> list[str]:
        """Those that sign at a moment: the newest, and for a while the one before."""
        former = self.former_until is not None and moment < self.former_until
        return [self.secret, self.former_secret] if former else [self.secret]


class Delivery(models.Model):
    """One change for one webhook. `by_hand` is sent out of turn, and once."""

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    uuid = models.UUIDField(unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    seq = models.BigIntegerField(help_text="The change's number in the log")
    event = models.CharField(max_length=61, help_text="What it tells of: annotation.accept")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    by_hand = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    tried_at = models.DateTimeField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="How the answer begins")

    class Meta:
        ordering = ["webhook", "-seq"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "seq"], name="delivery_once_a_change"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "delivered", "failed"]),
                name="delivery_state_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "seq"], condition=Q(state="pending"), name="delivery_pending"
            ),
            models.Index(fields=["created_at"], name="delivery_created"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.seq}: {self.state}"

    @property
    def message_id(self) -> str:
        """The `webhook-id` of each attempt, so that who gets it twice can tell."""
        return f"msg_{self.uuid.hex}"

    @staticmethod
    def uuid_of(webhook: Webhook, seq: int) -> UUID:
        """The same for the same change, whoever makes the row and however often."""
        return uuid5(webhook.uuid, str(seq))
