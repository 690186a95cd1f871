"""The desk's own ASGI application at an address of this machine, for all tests that ask for it."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakSet

import uvicorn

from newsdesk.asgi import application, stays_open

GRACE_SECONDS = 0.3
PATIENCE_SECONDS = 10.0
STOPPING = {
    "type": "http.response.start",
    "status": 503,
    "headers": [(b"content-length", b"0"), (b"connection", b"close")],
}


class Listening(uvicorn.Server):
    """A server in a thread of its own. It answers during a test only: between two, in which the
    database is emptied, nothing that was begun goes on."""

    def __init__(self) -> None:
        self._open = False
        self._streams: WeakSet[asyncio.Task[Any]] = WeakSet()
        self._threads = ThreadPoolExecutor()
        self._begun = threading.Event()
        super().__init__(
            uvicorn.Config(
                self._answer, interface="asgi3", lifespan="off", log_config=None, access_log=False
            )
        )
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self.run, args=([self._socket],), daemon=True)

    def begin(self) -> None:
        """Start, and return when it listens."""
        self._thread.start()
        assert self._begun.wait(10), "the desk did not start in 10 seconds"

    def open(self) -> None:
        """Answer from now on."""
        self._open = True

    def rest(self) -> None:
        """Answer nothing more; return when all requests have ended."""
        asyncio.run_coroutine_threadsafe(self._rest(), self._loop).result(30)

    def end(self) -> None:
        self.should_exit = True
        self._thread.join(10)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(self._threads)
        self._begun.set()

    async def _rest(self) -> None:
        self._open = False
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for seconds in (GRACE_SECONDS, PATIENCE_SECONDS):
            if tasks := set(self.server_state.tasks):
                await asyncio.wait(tasks, timeout=seconds)
            # Streams never end by themselves; all else does soon.
            for task in self._streams & self.server_state.tasks:
                task.cancel()
        await self._end_threads()

    async def _end_threads(self) -> None:
        """What streams asked of the database in threads of the loop's ends too."""
        loop, threads = asyncio.get_running_loop(), self._threads
        self._threads = ThreadPoolExecutor()
        loop.set_default_executor(self._threads)
        await loop.run_in_executor(None, threads.shutdown)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        if self._open:
            if stays_open(scope["path"]):
                self._streams.add(asyncio.current_task())
            await application(scope, receive, send)
        else:
            await send(STOPPING)
            await send({"type": "http.response.body"})
