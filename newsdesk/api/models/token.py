"""API tokens: the key is shown once and never stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from articles.errors import Refused
from articles.roles import Scope

PREFIX = "nd_"
# So that a list of them stays one that a person can look through.
MOST = 100


def every_scope() -> list[str]:
    return list(Scope.values)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, user: Any) -> ApiTokenQuerySet:
        """The user's own, newest first."""
        return self.filter(user=user).order_by("-created_at", "-pk")


class ApiToken(models.Model):
    """Lets a client act as a user, as far as its scopes go. Only the key's digest is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100, default="token")
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12, help_text="How the key begins, to recognise it by")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), default=every_scope)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["user", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__len__gte=1, scopes__contained_by=Scope.values),
                name="token_scopes_are_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def scope_names(self) -> list[str]:
        """What its scopes let through, in words."""
        return [str(Scope(scope).label) for scope in self.scopes]


def digest_of(key: str) -> str:
    """A key has 256 random bits, so that a plain SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_token(
    *,
    user: Any,
    name: str = "token",
    scopes: Collection[str] = tuple(Scope.values),
    expires_at: datetime | None = None,
) -> str:
    """A new token for the user; returns its key, which nobody can read again.

    Raises Refused for a scope that is none, none at all, a time that is over, or one token more
    than MOST.
    """
    unknown = set(scopes) - set(Scope.values)
    if unknown or not scopes:
        raise Refused(f"Scopes are one or more of {', '.join(Scope.values)}.", field="scopes")
    if expires_at and expires_at <= timezone.now():
        raise Refused("A token that has expired already is of no use.", field="expires_at")
    if ApiToken.objects.filter(user=user).count() >= MOST:
        raise Refused(f"At most {MOST} tokens: revoke one that is not used.", field="name")
    key = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(key),
        prefix=key[:10],
        scopes=[scope for scope in Scope.values if scope in scopes],
        expires_at=expires_at,
    )
    return key
