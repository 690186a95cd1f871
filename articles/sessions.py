"""Who is signed in by a session, asked again while an answer stays open."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user


def user_of_session(key: str | None) -> Any:
    """Whoever is signed in by it as the database has it now; an anonymous user once they signed
    out, were deactivated, or changed their password."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
