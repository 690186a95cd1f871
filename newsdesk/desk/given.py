"""What a script sends, read with suspicion: each getter gives a value of its type or refuses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from articles.errors import Refused

LONGEST = 1000
# As many as fit a bigint whatever they are.
MOST_DIGITS = 18


class Given:
    """A JSON object. Every getter raises Refused, naming the field, when the value will not do."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise Refused("Send one JSON object.")
        self._data = data

    def value(self, name: str) -> Any:
        """Whatever was sent; None when nothing was."""
        return self._data.get(name)

    def words(self, name: str) -> str:
        """A text without what PostgreSQL cannot store; empty when nothing was sent."""
        value = self._data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Refused("This must be text.", field=name)
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise Refused("This holds a character that cannot be stored.", field=name)
        if len(value) > LONGEST:
            raise Refused(f"At most {LONGEST:,} characters fit here.", field=name)
        return value.strip()

    def whole(self, name: str) -> int | None:
        """A whole number from 0; None when nothing was sent."""
        value = self._data.get(name)
        if value is None:
            return None
        if type(value) is not int or value < 0:
            raise Refused("This must be a whole number.", field=name)
        return value

    def flag(self, name: str) -> bool:
        """True or false; false when nothing was sent."""
        value = self._data.get(name)
        if value is not None and not isinstance(value, bool):
            raise Refused("This must be true or false.", field=name)
        return bool(value)

    def version(self) -> int:
        """The version that the editor saw."""
        seen = self.whole("version")
        if seen is None:
            raise Refused("Say which version you saw.", field="version")
        return seen

    def key(self, name: str) -> UUID | None:
        """An identifier; None when nothing was sent."""
        value = self.words(name)
        try:
            return UUID(value) if value else None
        except ValueError:
            raise Refused("This is no identifier.", field=name) from None


def number_in(text: str | None) -> int | None:
    """The whole number that a header, query or form field holds, if it is one that can be kept."""
    if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    return None


def key_in(text: str | None) -> UUID | None:
    """The identifier that a query holds, if it is one."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
