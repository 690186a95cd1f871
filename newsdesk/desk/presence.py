"""Who has a story open, and at which tag: in Redis alone, and forgotten by itself.

An open page's stream says again and again that it is there; what was not said lately is not
true any more. Without Redis nobody is seen, and nothing else suffers.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

CHANNEL = "newsdesk:here"
# How often a page says that it is there, after how long it is not, and when Redis forgets it all.
AGAIN = 4.0
GONE = 10.0
FORGOTTEN = 60
# Whoever waits for Redis longer than this has lost it.
PATIENCE = 1.0
FAILURES = (RedisError, OSError)


@dataclass(frozen=True)
class Person:
    """An editor in one tab of her browser."""

    tab: str
    user: str
    name: str

    @classmethod
    def of(cls, user: Any, tab: str) -> Person:
        return cls(tab, user.get_username(), user.get_full_name() or user.get_username())


def _client() -> redis.asyncio.Redis:
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
    )


class Here:
    """The people at one article, over a connection of its own: `async with Here(7) as here`."""

    def __init__(self, article_id: int) -> None:
        self._article = str(article_id)
        self._place = f"newsdesk:here:{article_id}"
        self._redis = _client()

    async def __aenter__(self) -> Here:
        return self

    async def __aexit__(self, *_: Any) -> None:
        with suppress(*FAILURES):
            await self._redis.aclose()

    async def say(self, person: Person, **moved: str | None) -> None:
        """Say that somebody is there, and where if she moved (`at`); news is told to the others."""
        try:
            raw = await self._redis.hget(self._place, person.tab)
            known = json.loads(raw) if raw else {"at": None}
            now = {"user": person.user, "name": person.name, "at": known["at"], **moved}
            seen = {**now, "seen": time.time()}
            await self._redis.hset(self._place, person.tab, json.dumps(seen))
            await self._redis.expire(self._place, FORGOTTEN)
            if not raw or moved:
                await self._redis.publish(CHANNEL, self._article)
        except FAILURES as error:
            log.debug("nobody is told who is here, Redis does not answer: %s", error)

    async def leave(self, person: Person) -> None:
        with suppress(*FAILURES):
            await self._redis.hdel(self._place, person.tab)
            await self._redis.publish(CHANNEL, self._article)

    async def others(self, person: Person) -> list[dict[str, Any]]:
        """Everybody else: user, name and at, each once, where she was seen last."""
        try:
            rows = await self._redis.hvals(self._place)
        except FAILURES:
            return []
        there = [one for one in map(json.loads, rows) if one["seen"] > time.time() - GONE]
        there.sort(key=lambda one: (one["user"], one["seen"]))
        found = {one["user"]: one for one in there if one["user"] != person.user}
        return [{name: one[name] for name in ("user", "name", "at")} for one in found.values()]


class Visit:
    """An open page among the others: says that it is there until it is closed."""

    def __init__(self, article_id: int, person: Person) -> None:
        self._here = Here(article_id)
        self._person = person
        self._said = 0.0
        self._told: list[dict[str, Any]] = []

    async def __aenter__(self) -> Visit:
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._here.leave(self._person)
        await self._here.__aexit__()

    async def news(self) -> list[dict[str, Any]] | None:
        """The others, if that is news since the last time."""
        if time.monotonic() - self._said > AGAIN:
            self._said = time.monotonic()
            await self._here.say(self._person)
        others = await self._here.others(self._person)
        if others == self._told:
            return None
        self._told = others
        return others
