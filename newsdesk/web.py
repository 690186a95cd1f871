"""The web server: `python -m newsdesk.web`, on NEWSDESK_HOST and NEWSDESK_PORT.

The supervisor hands it a socket that is already listening, so that the port stays ours, and
browsers wait instead of being refused, while the server starts or starts again. As Python runs in
one core at a time, several processes take turns at that socket, each forked with the application
loaded; this one only looks after them.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import sys
import time
from typing import Any

import uvicorn

from newsdesk.processes import follow_parent

# Open event streams never end by themselves; browsers come back for them.
GRACE_SECONDS = 2
MOST_PROCESSES = 4
# Large requests make many thousands of objects from rows, and no cycles worth looking for as often
# as Python does by default.
OBJECTS_BETWEEN_COLLECTIONS = 50_000
# Whoever dies sooner would only die again: the next one waits.
SHORT_LIFE = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m newsdesk.web", description=__doc__)
    parser.add_argument("--fd", type=int, help="serve this listening socket")
    parser.add_argument("--wait", action="store_true", help="serve once stdin is closed")
    options = parser.parse_args()
    _load()
    if options.wait:
        sys.stdin.read()
    # It looks once which static files there are: the set-up has collected them by now.
    from newsdesk.asgi import application

    config = uvicorn.Config(
        application,
        host=os.environ.get("NEWSDESK_HOST", "127.0.0.1"),
        port=int(os.environ.get("NEWSDESK_PORT", "8000")),
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    listener = config.bind_socket() if options.fd is None else socket.socket(fileno=options.fd)
    count = processes()
    if count == 1:
        _serve(config, listener)
    else:
        Team(config, listener).run(count)


def processes() -> int:
    """How many web processes there are to be: as was said, or one a core, at most four."""
    given = os.environ.get("NEWSDESK_WEB_PROCESSES", "")
    return int(given) if given else min(MOST_PROCESSES, os.cpu_count() or 1)


class Team:
    """Server processes on one listening socket; one that dies is followed by another."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        self._config = config
        self._listener = listener
        self._born: dict[int, float] = {}
        self._stopping = False

    def run(self, count: int) -> None:
        """Serve until told to stop, and until the last one has stopped."""
        gc.collect()
        gc.freeze()  # what is loaded stays shared with the children
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for _ in range(count):
            self._fork()
        while self._born:
            pid, _ = os.wait()
            lived = time.monotonic() - self._born.pop(pid)
            if not self._stopping:
                time.sleep(SHORT_LIFE if lived < SHORT_LIFE else 0)
                self._fork()

    def _fork(self) -> None:
        pid = os.fork()
        if pid == 0:
            self._serve()
        self._born[pid] = time.monotonic()
        if self._stopping:  # told so after the last look
            os.kill(pid, signal.SIGTERM)

    def _serve(self) -> None:
        status = 1
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            follow_parent(signal.SIGTERM)
            _serve(self._config, self._listener)
            status = 0
        finally:
            # Not back into the parent's code.
            os._exit(status)

    def _stop(self, *_: Any) -> None:
        self._stopping = True
        for pid in self._born:
            os.kill(pid, signal.SIGTERM)


def _serve(config: uvicorn.Config, listener: socket.socket) -> None:
    """Serve, with the model for searches on its way."""
    from annotations.vectors import load_ahead

    load_ahead()
    uvicorn.Server(config).run(sockets=[listener])


def _load() -> None:
    """Load the application's addresses, which is most of what a first request costs, and what
    searches need."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    import django
    from django.urls import get_resolver

    django.setup()
    get_resolver().url_patterns  # noqa: B018
    from annotations.vectors import prepare

    prepare()


if __name__ == "__main__":
    main()
