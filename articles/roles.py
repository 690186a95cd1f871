"""Who may do what: the only place where roles are decided.

A reader is anyone who is not signed in. An editor tags and edits. A chief is an editor who
also publishes and manages people. A superuser may do everything a chief may.

A client acts for a person with a token, which may let through less than the person may: its
scopes. What somebody may do is what role and scopes both allow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef

EDITOR = "editor"
CHIEF = "chief"


class Scope(models.TextChoices):
    """What a token lets through."""

    READ_PUBLISHED = "read_published", "Read what is published"
    READ_ALL = "read_all", "Read everything, published or not"
    ANNOTATE = "annotate", "Annotate: add and change stories, tags and knowledge"
    PUBLISH = "publish", "Publish stories and take them back"
    ADMIN = "admin", "Manage tokens and webhooks"


# Who may write must see what is there; who publishes is an editor.
INCLUDED: dict[str, frozenset[str]] = {
    Scope.READ_PUBLISHED: frozenset(),
    Scope.READ_ALL: frozenset({Scope.READ_PUBLISHED}),
    Scope.ANNOTATE: frozenset({Scope.READ_PUBLISHED, Scope.READ_ALL}),
    Scope.PUBLISH: frozenset({Scope.READ_PUBLISHED, Scope.READ_ALL, Scope.ANNOTATE}),
    Scope.ADMIN: frozenset({Scope.READ_PUBLISHED, Scope.READ_ALL}),
}


def limit(user: Any, scopes: Collection[str]) -> None:
    """Let this user object do no more than the scopes, and those they include, let through."""
    user._newsdesk_scopes = frozenset(scopes).union(*(INCLUDED[scope] for scope in scopes))


def lets(user: Any, scope: str) -> bool:
    """Whether what the user acts with lets this through; without a token everything passes."""
    return scope in getattr(user, "_newsdesk_scopes", Scope.values)


def holds(user: Any, role: str) -> bool:
    """Whether the person has the role, whatever they act with."""
    return role in _roles(user)


def _roles(user: Any) -> frozenset[str]:
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset({EDITOR, CHIEF})
    if not hasattr(user, "_newsdesk_roles"):
        remember(user, user.groups.values_list("name", flat=True))
    return user._newsdesk_roles


def groups_of(user: str) -> ArraySubquery:
    """The names of the groups of the user whom a field names: to be read in the same query, and
    told by `remember`."""
    return ArraySubquery(Group.objects.filter(user=OuterRef(user)).values("name"))


def remember(user: Any, groups: Iterable[str]) -> None:
    """Keep a user's groups on the user object, which lives no longer than the request."""
    names = frozenset(groups)
    user._newsdesk_roles = names | {EDITOR} if CHIEF in names else names


def is_editor(user: Any) -> bool:
    """May tag and edit."""
    return lets(user, Scope.ANNOTATE) and holds(user, EDITOR)


def is_chief(user: Any) -> bool:
    """May publish, unpublish, and manage people."""
    return lets(user, Scope.PUBLISH) and holds(user, CHIEF)


def sees_all(user: Any) -> bool:
    """May see what is not published: stories, suggestions, the change log."""
    return lets(user, Scope.READ_ALL) and holds(user, EDITOR)
