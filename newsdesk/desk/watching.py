"""What an open page is told: an article's changes, how far its reading is, and who else is there.

PostgreSQL is asked every LOOK seconds in any case; Redis only makes it sooner. No database
connection is held in between, so that fifty open pages do not hold fifty.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotations.models import Run
from articles.changes import Change
from articles.following import Bell, event, in_thread
from newsdesk.desk import presence
from newsdesk.desk.presence import Person, Visit

LOOK = 1.5
SILENCE = 15.0
MOST = 500
May = Callable[[], bool]


@dataclass(frozen=True)
class News:
    """What a look found: changes in order, and the newest run as it stands."""

    changes: list[Change]
    run: dict[str, Any] | None


def look(article_id: int, after: int, may: May) -> News | None:
    """At most MOST changes after a number, and the run; None for who may not look any more. Gives
    its connection back."""
    try:
        if not may():
            return None
        changes = (
            Change.objects.filter(article=article_id).after(after).select_related("actor")[:MOST]
        )
        runs = Run.objects.filter(revision__newest_of=article_id).select_related("revision")
        run = runs.defer("revision__text").first()
        return News(list(changes), run.snapshot() if run else None)
    finally:
        connection.close()


async def events(
    article_id: int, after: int, person: Person, may: May = lambda: True
) -> AsyncIterator[str]:
    """Server-sent events for as long as the person `may`: `change` with its number as id, `run`,
    `here`, and comments.

    While it is read, the person counts as being there.
    """
    run_sent: dict[str, Any] | None = None
    loop = asyncio.get_running_loop()
    yield "retry: 1000\n: here\n\n"
    spoke = loop.time()
    async with Bell(article_id, presence.CHANNEL) as bell, Visit(article_id, person) as visit:
        while True:
            if (others := await visit.news()) is not None:
                yield event("here", others)
            news = await in_thread(look, article_id, after, may)
            if news is None:
                return
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
