"""API tokens: the key is shown once and never stored."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

PREFIX = "nd_"


class ApiToken(models.Model):
    """Lets a client act as a user. Only the key's digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100, default="token")
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12, help_text="How the key begins, to recognise it by")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user", "-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


def digest_of(key: str) -> str:
    """A key has 256 random bits, so that a plain SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_token(*, user: Any, name: str = "token") -> str:
    """A new token for the user; returns its key, which nobody can read again."""
    key = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=digest_of(key), prefix=key[:10])
    return key
