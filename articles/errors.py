"""Why a write was refused, in words a person can act on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied


class Refused(ValueError):
    """Bad input: `field` names what is wrong, the message says why; `extra` holds particulars."""

    def __init__(self, message: str, *, field: str = "", **extra: Any) -> None:
        super().__init__(message)
        self.field = field
        self.extra = extra


class StaleVersion(Exception):
    """The thing was changed since the caller saw it; `current` is how it stands now."""

    def __init__(self, current: Any, seen: int) -> None:
        super().__init__(
            f"Somebody changed this meanwhile: you saw version {seen}, it is now version "
            f"{current.version}."
        )
        self.current = current
        self.seen = seen


class Denied(PermissionDenied):
    """Somebody may not do this: `scope` is what a token would have to let through for it."""

    def __init__(self, message: str, *, scope: str) -> None:
        super().__init__(message)
        self.scope = scope
