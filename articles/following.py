"""Following the log: pages of it as JSON that PostgreSQL builds, and what wakes who waits for more.

Redis rings the bell; whoever waits also looks by itself every so often, so that a Redis that is
down makes things slower and never wrong.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import close_old_connections, connection
from redis.exceptions import RedisError

from articles import actions, wakeups

log = logging.getLogger(__name__)

# Whoever waits for Redis longer than this has lost it.
REDIS_PATIENCE = 1.0
# A page ends early when its rows hold more than this, as stored: texts may have a megabyte each.
PAGE_BYTES = 4_000_000

COLUMNS = "seq, at, actor_id, agent, action, subject_type, subject_id, article_id, before, after"
PAGE = """
SELECT c.seq, c.fetched, json_build_object(
    'seq', c.seq, 'at', to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'actor', u.username, 'agent', c.agent, 'action', c.action,
    'subject_type', c.subject_type, 'subject_id', c.subject_id, 'article', c.article_id,
    'before', c.before, 'after', c.after
)::text
FROM (
    SELECT *, count(*) OVER () AS fetched, sum(size) OVER (ORDER BY seq) - size AS earlier
    FROM (
        SELECT *, coalesce(pg_column_size(before), 0) + coalesce(pg_column_size(after), 0) AS size
        FROM ({rows}) AS rows
    ) AS sized
) AS c
LEFT JOIN auth_user u ON u.id = c.actor_id
WHERE c.earlier < {bytes}
ORDER BY c.seq
"""
ROWS = "SELECT {columns} FROM articles_change WHERE {where} ORDER BY seq LIMIT %(limit)s"
# For each type its own few rows, which an index gives in order; then the first of them all.
ROWS_BY_TYPE = """
SELECT {columns} FROM unnest(%(types)s) AS wanted(type) CROSS JOIN LATERAL (
    SELECT * FROM articles_change WHERE subject_type = wanted.type AND {where}
    ORDER BY seq LIMIT %(limit)s
) AS found ORDER BY seq LIMIT %(limit)s
"""
# The same for each type and what was done to it.
ROWS_BY_ACTION = ROWS_BY_TYPE.replace(
    "unnest(%(types)s) AS wanted(type)", "unnest(%(types)s, %(actions)s) AS wanted(type, done)"
).replace("= wanted.type", "= wanted.type AND action = wanted.done")


T = TypeVar("T")


async def in_thread(work: Callable[..., T], *given: Any) -> T:
    """What `work` gives, done in a thread of the common pool, which keeps its connection for the
    next. Whoever is cancelled meanwhile ends with it: asgiref takes that for heard and goes on,
    so that a listener who has gone would be served for ever."""
    done = await sync_to_async(_with_connection, thread_sensitive=False)(work, *given)
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError
    return done


def _with_connection(work: Callable[..., T], *given: Any) -> T:
    close_old_connections()
    try:
        return work(*given)
    finally:
        close_old_connections()


@dataclass(frozen=True)
class Filter:
    """Which changes are wanted: of some types of thing, of one article, where some things were
    done; else all."""

    types: tuple[str, ...] = ()
    article: int | None = None
    actions: tuple[str, ...] = ()

    def parameters(self) -> dict[str, Any]:
        """What the statement of `_sql` takes."""
        pairs = actions.pairs(self.types, self.actions) if self.actions else []
        types, done = zip(*pairs, strict=True) if pairs else (self.types, ())
        return {"types": list(types), "actions": list(done), "article": self.article}


@dataclass(frozen=True)
class Page:
    """Changes in order, each as (number, JSON); `next` is the number to go on after, `last` the
    newest of the whole log. `has_more` says that there may be more at once."""

    changes: Sequence[tuple[int, str]]
    next: int
    last: int
    has_more: bool

    def json(self) -> str:
        results = ",".join(text for _, text in self.changes)
        return f'{{"results":[{results}],"next":{self.next},"last":{self.last}}}'


def page(wanted: Filter, after: int, limit: int) -> Page:
    """The changes after a number that pass the filter, at most `limit`, with no gap among them."""
    with connection.cursor() as cursor:
        # Before the rows are: whatever has a number up to this one is seen below.
        cursor.execute("SELECT coalesce(max(seq), 0) FROM articles_change")
        (last,) = cursor.fetchone()
        cursor.execute(_sql(wanted), {"after": after, "limit": limit, **wanted.parameters()})
        found = cursor.fetchall()
    changes = [(seq, text) for seq, _, text in found]
    fetched = found[0][1] if found else 0
    has_more = fetched == limit or len(found) < fetched
    reached = changes[-1][0] if changes else after
    last = max(last, reached) if changes else last
    return Page(changes, reached if has_more else max(reached, last), last, has_more)


def _sql(wanted: Filter) -> str:
    where = "seq > %(after)s"
    if wanted.article is not None:
        where += " AND article_id = %(article)s"
    rows = ROWS_BY_ACTION if wanted.actions else ROWS_BY_TYPE if wanted.types else ROWS
    return PAGE.format(rows=rows.format(columns=COLUMNS, where=where), bytes=PAGE_BYTES)


def event(name: str, data: Any, *, number: int | None = None) -> str:
    """One server-sent event; `data` is JSON already when it is a text. JSON has no line breaks of
    its own."""
    text = data if isinstance(data, str) else json.dumps(data, cls=DjangoJSONEncoder)
    identifier = f"id: {number}\n" if number is not None else ""
    return f"{identifier}event: {name}\ndata: {text}\n\n"


class Bell:
    """Rings when the log has something new, about one article or at all, or when one of more
    `channels` names the article. Without Redis it only waits."""

    def __init__(self, article_id: int | None = None, *channels: str) -> None:
        self._channels = (wakeups.CHANNEL, *channels)
        self._wanted = None if article_id is None else str(article_id)
        self._client: redis.asyncio.Redis | None = None
        self._heard: redis.asyncio.client.PubSub | None = None

    async def __aenter__(self) -> Bell:
        await self._listen()
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._hang_up()

    async def wait(self, seconds: float) -> None:
        """Until it rings, or so many seconds have gone."""
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
            if message and self._is_wanted(message["data"].decode()):
                return

    def _is_wanted(self, message: str) -> bool:
        return self._wanted is None or self._wanted in message.split(",")

    async def _listen(self) -> None:
        self._client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=REDIS_PATIENCE
        )
        self._heard = self._client.pubsub()
        try:
            await self._heard.subscribe(*self._channels)
        except (RedisError, OSError) as error:
            log.debug("no wake-ups, Redis does not answer: %s", error)
            await self._hang_up()

    async def _hang_up(self) -> None:
        heard, client, self._heard, self._client = self._heard, self._client, None, None
        for open_end in (heard, client):
            if open_end is not None:
                with suppress(RedisError, OSError):
                    await open_end.aclose()
