"""Who may do what: the only place where roles are decided.

A reader is anyone who is not signed in. An editor tags and edits. A chief is an editor who
also publishes and manages people. A superuser may do everything a chief may.
"""

from __future__ import annotations

from typing import Any

EDITOR = "editor"
CHIEF = "chief"


def _roles(user: Any) -> frozenset[str]:
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset({EDITOR, CHIEF})
    if not hasattr(user, "_newsdesk_roles"):
        # Kept on the user object: it lives no longer than the request.
        names = set(user.groups.values_list("name", flat=True))
        user._newsdesk_roles = frozenset(names | {EDITOR} if CHIEF in names else names)
    return user._newsdesk_roles


def is_editor(user: Any) -> bool:
    """May tag, edit, and see what is not published."""
    return EDITOR in _roles(user)


def is_chief(user: Any) -> bool:
    """May publish, unpublish, and manage people."""
    return CHIEF in _roles(user)
