"""The ASGI entry point: `uvicorn newsdesk.asgi:application`.

Coroutine views, which are answers that stay open, run on the event loop. All others run in a
fixed number of threads, each of which keeps its database connection: Django's own way of serving
them under ASGI makes a thread and a connection for each request, which costs more than most
requests do themselves.
"""

from __future__ import annotations

import os
from typing import Any

from a2wsgi import WSGIMiddleware
from asgiref.sync import iscoroutinefunction
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import Resolver404, resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")

# Django waits for PostgreSQL and for the disk half of the time: more than cores, and few enough
# that all processes of a desk stay far below PostgreSQL's connections.
THREADS = int(os.environ.get("NEWSDESK_WEB_THREADS", "8"))


class Application:
    """Hands each request to the event loop or to the threads, as its view is written."""

    def __init__(self) -> None:
        self._loop = get_asgi_application()
        self._threads = WSGIMiddleware(get_wsgi_application(), workers=THREADS)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and stays_open(scope["path"]):
            await self._loop(scope, receive, send)
        else:
            await self._threads(without_lookalikes(scope), receive, send)


def without_lookalikes(scope: Any) -> Any:
    """Without headers that WSGI would take for others: it writes X_Forwarded_Proto as it writes
    X-Forwarded-Proto, which proxies guard."""
    if "headers" not in scope:
        return scope
    return scope | {"headers": [pair for pair in scope["headers"] if b"_" not in pair[0]]}


def stays_open(path: str) -> bool:
    """Whether a coroutine view answers at this path."""
    try:
        return iscoroutinefunction(resolve(path).func)
    except Resolver404:
        return False


application = Application()
