"""Rows that all tests of a module share, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def made_once(blocker: Any, make: Callable[[], Any]) -> Iterator[Any]:
    """What `make` returns; the rows that it made are there until the end.

    For a fixture of a whole module, whose tests take back their own changes. `blocker` is
    pytest-django's `django_db_blocker`.
    """
    outer = transaction.atomic()
    # As Django's TestCase marks its own: what must begin a transaction may do so inside.
    outer._from_testcase = True
    with blocker.unblock():
        outer.__enter__()
        made = make()
    yield made
    with blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)
