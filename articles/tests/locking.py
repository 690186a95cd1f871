"""Two writers at once, of whom one is made to wait for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def waited_for(work: Callable[[], None]) -> Iterator[None]:
    """A transaction for what the block does; before it ends, the work of another waits for it. The
    work is done when this is left, and what it raises is raised here."""
    raised: list[BaseException] = []

    def done() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=done)
    with transaction.atomic():
        yield
        other.start()
        while other.is_alive() and not _somebody_waits():
            pass
    other.join()
    for error in raised:
        raise error


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None
