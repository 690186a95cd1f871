"""Work in threads for answers that stay open."""

from __future__ import annotations

import asyncio
import threading

import pytest

from articles.following import in_thread


def test_who_goes_while_a_thread_works_for_them_is_let_go() -> None:
    begun, done = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        done.wait(5)
        return "found"

    async def gone() -> None:
        asked = asyncio.create_task(in_thread(work))
        await asyncio.to_thread(begun.wait, 5)
        asked.cancel()
        done.set()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(gone())


def test_who_stays_gets_what_was_found() -> None:
    assert asyncio.run(in_thread(str.upper, "found")) == "FOUND"
