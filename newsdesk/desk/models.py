"""What the desk keeps for each editor: the keys that she has made her own."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.db import models

from articles.errors import Refused

# `static/desk/keys.js` has the table; a command that it does not know (any more) changes nothing.
ROOMS = ("tags", "words")
COMMAND = re.compile(r"[a-zA-Z]{1,30}")
MOST_COMMANDS = 100
MOST_KEYS = 5
LONGEST_KEY = 30


class KeyPreference(models.Model):
    """An editor's own keys where they are not the table's: `{room: {command: [key, ...]}}`."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="key_preference"
    )
    keys = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"keys of {self.user}"


def keys_of(user: Any) -> dict[str, dict[str, list[str]]]:
    """The keys that a person has changed; empty when she has changed none."""
    found = KeyPreference.objects.filter(user=user).values_list("keys", flat=True).first()
    return found or {}


def keep_keys(*, user: Any, keys: Any) -> dict[str, dict[str, list[str]]]:
    """Keep a person's keys in place of those before. Raises Refused, naming the field "keys"."""
    checked = checked_keys(keys)
    KeyPreference.objects.update_or_create(user=user, defaults={"keys": checked})
    return checked


def checked_keys(keys: object) -> dict[str, dict[str, list[str]]]:
    """`keys` if they can be kept: known rooms, commands, and no key of a room given twice."""
    if not isinstance(keys, dict):
        raise _refused("Send the keys as an object: room, command, list of keys.")
    for room, commands in keys.items():
        if room not in ROOMS:
            raise _refused(f"The rooms are {' and '.join(ROOMS)}.")
        if not isinstance(commands, dict) or len(commands) > MOST_COMMANDS:
            raise _refused("The keys of a room are an object of at most 100 commands.")
        _check_commands(commands)
    return keys


def _check_commands(commands: dict[str, Any]) -> None:
    seen: dict[str, str] = {}
    for command, given in commands.items():
        if not COMMAND.fullmatch(command):
            raise _refused(f"“{command[:30]}” is no command.")
        if not isinstance(given, list) or len(given) > MOST_KEYS:
            raise _refused(f"The keys of {command} are a list of at most {MOST_KEYS}.")
        for key in given:
            if not _is_key(key):
                raise _refused(f"The keys of {command} hold something that is no key.")
            if key in seen:
                raise _refused(f"{key} is given to both {seen[key]} and {command}.")
            seen[key] = command


def _is_key(key: object) -> bool:
    return isinstance(key, str) and 0 < len(key) <= LONGEST_KEY and key.isprintable()


def _refused(words: str) -> Refused:
    return Refused(words, field="keys")
