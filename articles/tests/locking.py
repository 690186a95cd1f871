"""Two writers at once, of whom one is made to wait for the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def waited_for(work: Callable[[], None]) -> Iterator[None]:
    """A transaction for what the block does; before it ends, the work of another waits for it. The
    work is done when this is left, and what it raises is raised here."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            yield
            done = other.submit(work)
            while not done.done() and not _somebody_waits():
                pass
        try:
            done.result()
        finally:
            other.submit(connection.close)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None
