from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import redis
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.test import AsyncClient

from annotations import deciding, reading
from annotations.models import Run
from annotations.tests.factories import suggest
from articles.changes import last_seq
from articles.revising import revise
from articles.tests.factories import make_article
from newsdesk.desk import watching
from newsdesk.desk.presence import Person
from newsdesk.desk.tests.playing import played

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 5.0
# Shorter than watching.LOOK: what arrives within it was told by Redis.
AT_ONCE = 1.0


def parsed(event: str) -> tuple[str, Any, int | None]:
    fields = dict(line.split(": ", 1) for line in event.strip().splitlines() if line[0] != ":")
    number = fields.get("id")
    return fields.get("event", ""), json.loads(fields.get("data", "null")), number and int(number)


def close_connection() -> None:
    """Close the connection of the thread that this is called in."""
    connection.close()


class Page:
    """An open page: the events that its stream has sent."""

    def __init__(self, stream: AsyncIterator[str]) -> None:
        self.stream = stream

    async def next(self, name: str, within: float = PATIENCE) -> tuple[Any, int | None]:
        """The next event of that name, and its number."""
        async with asyncio.timeout(within):
            async for chunk in self.stream:
                found, data, number = parsed(chunk)
                if found == name:
                    return data, number
        raise AssertionError("the stream ended")


def watch(article, scene: Callable[[Page], Awaitable[Any]], after: int | None = None) -> Any:
    """Play a scene with an open page."""

    async def play() -> Any:
        # Not in `events`: what was there before the page was opened is not its news.
        seen = await sync_to_async(last_seq)() if after is None else after
        stream = watching.events(article.pk, seen, Person("tab", "ada", "Ada"))
        try:
            return await scene(Page(stream))
        finally:
            await stream.aclose()
            await sync_to_async(close_connection)()

    return played(play())


def test_a_decision_arrives_at_once(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")

    async def scene(page: Page) -> Any:
        await page.next("run")
        await sync_to_async(deciding.accept)(annotation=mention, editor=ada, seen_version=1)
        return await page.next("change", within=AT_ONCE)

    told, number = watch(article, scene)
    assert (told["subject_type"], told["action"], told["actor"]) == ("annotation", "accept", "ada")
    assert told["after"]["status"] == "accepted"
    assert number == told["seq"]


def test_a_decision_arrives_though_redis_is_down(article, ada, monkeypatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    mention = suggest(article, "entity", "Ana Ruiz")

    async def scene(page: Page) -> Any:
        await page.next("run")
        await sync_to_async(deciding.reject)(annotation=mention, editor=ada, seen_version=1)
        return await page.next("change")

    assert watch(article, scene)[0]["after"]["status"] == "rejected"


def test_what_was_missed_comes_first_and_in_order(article, ada) -> None:
    seen = last_seq()
    for version, decide in enumerate((deciding.reject, deciding.reopen), start=1):
        if version == 1:
            mention = suggest(article, "entity", "Ana Ruiz")
        decide(annotation=mention, editor=ada, seen_version=version)

    async def scene(page: Page) -> list[str]:
        return [(await page.next("change"))[0]["action"] for _ in range(2)]

    assert watch(article, scene, after=seen) == ["reject", "reopen"]


def test_more_than_one_look_brings_arrives_without_a_gap(article, ada, monkeypatch) -> None:
    monkeypatch.setattr(watching, "MOST", 2)
    mention = suggest(article, "entity", "Ana Ruiz")
    seen = last_seq()
    for version in range(1, 6):
        decide = deciding.reject if version % 2 else deciding.reopen
        decide(annotation=mention, editor=ada, seen_version=version)

    async def scene(page: Page) -> list[int]:
        return [(await page.next("change"))[1] for _ in range(5)]

    assert watch(article, scene, after=seen) == list(range(seen + 1, seen + 6))


def test_the_changes_of_another_article_do_not_arrive(article, ada) -> None:
    seen = last_seq()
    other = make_article("Ana Ruiz spoke.")
    mention, mine = (suggest(one, "entity", "Ana Ruiz") for one in (other, article))
    for one in (mention, mine):
        deciding.reject(annotation=one, editor=ada, seen_version=1)

    async def scene(page: Page) -> Any:
        return await page.next("change")

    assert watch(article, scene, after=seen)[0]["subject_id"] == str(mine.uuid)


def test_the_progress_of_a_reading_arrives_without_a_change(article) -> None:
    run = reading.begin_attempt(Run.objects.get().pk)

    async def scene(page: Page) -> tuple[int, int]:
        before, _ = await page.next("run")
        await sync_to_async(reading.report_progress)(run, 40)
        after, _ = await page.next("run", within=AT_ONCE)
        return before["progress"], after["progress"]

    assert watch(article, scene) == (0, 40)


def test_of_a_new_text_pages_are_told_only_that_there_is_one(article, ada) -> None:
    seen = last_seq()
    revise(article=article, text="All is different.", actor=ada, seen_version=1)

    async def scene(page: Page) -> Any:
        while (told := (await page.next("change"))[0])["subject_type"] != "revision":
            pass
        return told

    assert "text" not in watch(article, scene, after=seen)["after"]


def test_a_page_that_waits_holds_no_database_connection(article) -> None:
    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            return cursor.fetchone()[0]

    async def scene(page: Page) -> int:
        await page.next("run")
        waiting = asyncio.ensure_future(page.stream.__anext__())
        await asyncio.sleep(0.3)
        held = await sync_to_async(connections)()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return held

    # Servers of earlier tests may hold some; besides these only the one that asks.
    before = connections()
    assert watch(article, scene) <= before + 1


def test_a_page_that_is_closed_hangs_up_on_redis(article) -> None:
    async def scene(page: Page) -> int:
        await page.next("run")
        return listeners()

    before = listeners()
    assert watch(article, scene) == before + 1
    assert listeners() == before


def listeners() -> int:
    """How many listen to Redis, of those who use the database of this run's worker."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    ours = str(client.connection_pool.connection_kwargs.get("db", 0))
    return sum(each["db"] == ours for each in client.client_list(_type="pubsub"))


def open_page(article, user, **headers: str) -> Any:
    """The answer to an editor's page, and the first change it brings, if any does soon."""

    async def play() -> Any:
        client = AsyncClient()
        await client.aforce_login(user)
        answer = await client.get(f"/desk/articles/{article.pk}/live", **headers)
        if not answer.streaming:
            return answer, None
        stream = aiter(answer)

        async def texts() -> AsyncIterator[str]:
            async for chunk in stream:
                yield chunk.decode()

        try:
            return answer, await Page(texts()).next("change", within=AT_ONCE)
        except TimeoutError:
            return answer, None
        finally:
            await stream.aclose()
            await sync_to_async(close_connection)()

    return played(play())


@pytest.fixture
def seqs(article, ada) -> list[int]:
    mention = suggest(article, "entity", "Ana Ruiz")
    deciding.reject(annotation=mention, editor=ada, seen_version=1)
    deciding.reopen(annotation=mention, editor=ada, seen_version=2)
    return [last_seq() - 1, last_seq()]


def test_the_stream_goes_on_after_the_last_event_that_the_browser_had(article, seqs, ada) -> None:
    answer, (_, number) = open_page(article, ada, headers={"Last-Event-ID": str(seqs[0])})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert number == seqs[1]


def test_the_stream_begins_after_the_number_in_the_address(article, seqs, ada) -> None:
    _, (_, number) = open_page(article, ada, QUERY_STRING=f"after={seqs[0] - 1}")
    assert number == seqs[0]


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40])
def test_without_a_number_the_stream_begins_now(after, article, seqs, ada) -> None:
    assert open_page(article, ada, QUERY_STRING=f"after={after}")[1] is None


def test_an_article_that_is_not_there_has_no_stream(article, ada) -> None:
    article.pk += 1
    assert open_page(article, ada)[0].status_code == 404
