"""What an open page is told: an article's changes, how far its reading is, and who else is there.

PostgreSQL is asked every LOOK seconds in any case; Redis only makes it sooner. No database
connection is held in between, so that fifty open pages do not hold fifty.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from redis.exceptions import RedisError

from annotations.models import Run
from articles import wakeups
from articles.changes import Change
from newsdesk.desk import presence
from newsdesk.desk.presence import Person, Visit

log = logging.getLogger(__name__)

LOOK = 1.5
SILENCE = 15.0
MOST = 500


@dataclass(frozen=True)
class News:
    """What a look found: changes in order, and the newest run as it stands."""

    changes: list[Change]
    run: dict[str, Any] | None


def look(article_id: int, after: int) -> News:
    """At most MOST changes after a number, and the run. Gives its connection back."""
    try:
        changes = (
            Change.objects.filter(article=article_id).after(after).select_related("actor")[:MOST]
        )
        runs = Run.objects.filter(revision__newest_of=article_id).select_related("revision")
        run = runs.defer("revision__text").first()
        return News(list(changes), run.snapshot() if run else None)
    finally:
        connection.close()


async def events(article_id: int, after: int, person: Person) -> AsyncIterator[str]:
    """Server-sent events for ever: `change` with its number as id, `run`, `here`, and comments.

    While it is read, the person counts as being there.
    """
    # A thread of the common pool for each look: one of its own would be held all the time.
    asking = sync_to_async(look, thread_sensitive=False)
    run_sent: dict[str, Any] | None = None
    loop = asyncio.get_running_loop()
    yield "retry: 1000\n: here\n\n"
    spoke = loop.time()
    async with Bell(article_id) as bell, Visit(article_id, person) as visit:
        while True:
            if (others := await visit.news()) is not None:
                yield event("here", others)
            news = await asking(article_id, after)
            for change in news.changes:
                after = change.seq
                yield event("change", told(change), number=change.seq)
            if news.run != run_sent:
                run_sent = news.run
                yield event("run", run_sent)
            if news.changes or loop.time() - spoke > SILENCE:
                spoke = loop.time()
                yield ": here\n\n"
            if len(news.changes) < MOST:
                await bell.wait(LOOK)


def told(change: Change) -> dict[str, Any]:
    """A change as pages are told it; of a new text only that there is one."""
    after = change.after or {}
    if change.subject_type == "revision":
        after = {name: value for name, value in after.items() if name != "text"}
    return {
        "seq": change.seq,
        "subject_type": change.subject_type,
        "subject_id": change.subject_id,
        "action": change.action,
        "step": change.step,
        "actor": change.actor.get_username() if change.actor else None,
        "after": after,
    }


def event(name: str, data: Any, *, number: int | None = None) -> str:
    """One server-sent event; JSON has no line breaks of its own."""
    identifier = f"id: {number}\n" if number is not None else ""
    return f"{identifier}event: {name}\ndata: {json.dumps(data, cls=DjangoJSONEncoder)}\n\n"


class Bell:
    """Rings when there is something new about an article. Without Redis it only waits."""

    def __init__(self, article_id: int) -> None:
        self._wanted = str(article_id)
        self._client: redis.asyncio.Redis | None = None
        self._heard: redis.asyncio.client.PubSub | None = None

    async def __aenter__(self) -> Bell:
        await self._listen()
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._hang_up()

    async def wait(self, seconds: float) -> None:
        """Until the article is named, or so many seconds have gone."""
        if self._heard is None:
            await asyncio.sleep(seconds)
            return await self._listen()
        try:
            await self._named(self._heard, asyncio.get_running_loop().time() + seconds)
        except (RedisError, OSError):
            await self._hang_up()
            await asyncio.sleep(seconds)
        return None

    async def _named(self, heard: redis.asyncio.client.PubSub, until: float) -> None:
        loop = asyncio.get_running_loop()
        while (left := until - loop.time()) > 0:
            message = await heard.get_message(ignore_subscribe_messages=True, timeout=left)
            if message and self._wanted in message["data"].decode().split(","):
                return

    async def _listen(self) -> None:
        self._client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=presence.PATIENCE
        )
        self._heard = self._client.pubsub()
        try:
            await self._heard.subscribe(wakeups.CHANNEL, presence.CHANNEL)
        except (RedisError, OSError) as error:
            log.debug("no wake-ups for a page, Redis does not answer: %s", error)
            await self._hang_up()

    async def _hang_up(self) -> None:
        heard, client, self._heard, self._client = self._heard, self._client, None, None
        for open_end in (heard, client):
            if open_end is not None:
                with suppress(RedisError, OSError):
                    await open_end.aclose()
