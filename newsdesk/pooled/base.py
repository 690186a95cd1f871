"""A database backend that keeps idle connections for the next request, whatever thread it has.

Under ASGI each request has a thread of its own, so that Django's `CONN_MAX_AGE` keeps connections
that nobody finds again, and its own pool needs another driver than the user's psycopg2. A new
connection, whose caches are empty, costs more than all queries of a page. Only the web server uses
this (`newsdesk/web.py`).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

MOST_IDLE = 16
IDLE_SECONDS = 60.0


class Idle:
    """Connections that nobody uses, by what they were made with. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, deque[tuple[float, Any]]] = {}

    def take(self, made_with: str) -> Any | None:
        """One that lives and is as new; None where there is none."""
        while True:
            with self._lock:
                kept = self._kept.get(made_with)
                # The newest: its caches are warm, and those not needed grow old and go.
                connection = kept.pop()[1] if kept else None
            if connection is None or _as_new(connection):
                return connection

    def give(self, made_with: str, connection: Any) -> None:
        """Keep it, or close it where it is broken or there are enough."""
        now = time.monotonic()
        with self._lock:
            kept = self._kept.setdefault(made_with, deque())
            spare = [kept.popleft()[1] for _ in range(len(kept)) if _is_old(kept, now)]
            if _is_whole(connection) and len(kept) < MOST_IDLE:
                kept.append((now, connection))
            else:
                spare.append(connection)
        for one in spare:
            one.close()


def _is_old(kept: deque[tuple[float, Any]], now: float) -> bool:
    return bool(kept) and now - kept[0][0] > IDLE_SECONDS


def _is_whole(connection: Any) -> bool:
    try:
        connection.rollback()
    except psycopg2.Error:
        return False
    return not connection.closed and (
        connection.get_transaction_status() == TRANSACTION_STATUS_IDLE
    )


def _as_new(connection: Any) -> bool:
    """Forget settings, locks and temporary tables; false, and closed, where PostgreSQL is gone."""
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("DISCARD ALL")
    except psycopg2.Error:
        connection.close()
        return False
    return True


idle = Idle()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but that a closed connection is given back and a new one may be an old one."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = idle.take(self._made_with(conn_params))
        if connection is None:
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return connection

    def _close(self) -> None:
        if self.connection is not None:
            idle.give(self._made_with(self.get_connection_params()), self.connection)

    @staticmethod
    def _made_with(conn_params: dict[str, Any]) -> str:
        return repr(sorted(conn_params.items()))
