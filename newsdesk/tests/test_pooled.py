from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError, connection, connections

from newsdesk.pooled import base
from newsdesk.pooled.base import DatabaseWrapper


@pytest.fixture
def wrapper(db, monkeypatch):
    """Makes wrappers on the tests' database, with idle connections of their own."""
    idle = base.Idle()
    monkeypatch.setattr(base, "idle", idle)
    settings = {**connections.settings["default"], "NAME": connection.settings_dict["NAME"]}
    made = []

    def make() -> DatabaseWrapper:
        made.append(DatabaseWrapper(settings, alias="default"))
        made[-1].inc_thread_sharing()
        return made[-1]

    yield make
    for one in made:
        one.close()
    monkeypatch.setattr(base, "MOST_IDLE", 0)
    while kept := idle.take(DatabaseWrapper._made_with(made[0].get_connection_params())):
        kept.close()


def answer(wrapper: DatabaseWrapper, sql: str) -> object:
    with wrapper.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


BACKEND = "SELECT pg_backend_pid()"


def test_a_connection_serves_the_next_request_in_another_thread(wrapper) -> None:
    first = wrapper()
    backend = answer(first, BACKEND)
    first.close()
    seen = []
    thread = threading.Thread(target=lambda: seen.append(answer(wrapper(), BACKEND)))
    thread.start()
    thread.join()
    assert seen == [backend]


def test_two_at_once_have_a_connection_each(wrapper) -> None:
    assert answer(wrapper(), BACKEND) != answer(wrapper(), BACKEND)


def test_what_one_request_set_the_next_does_not_have(wrapper) -> None:
    first = wrapper()
    answer(first, "SET work_mem = '77MB'")
    answer(first, "SELECT pg_advisory_lock(77)")
    answer(first, "CREATE TEMPORARY TABLE left_over (x int)")
    first.close()
    second = wrapper()
    assert answer(second, "SHOW work_mem") != "77MB"
    assert (
        answer(second, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77")
        == 0
    )
    assert answer(second, "SELECT to_regclass('left_over')") is None
    assert answer(second, "SHOW timezone") == "UTC"


def test_an_open_transaction_is_rolled_back(wrapper) -> None:
    first = wrapper()
    first.set_autocommit(False)
    answer(first, "CREATE TABLE never_there (x int)")
    first.close()
    second = wrapper()
    assert second.get_autocommit()
    assert answer(second, "SELECT to_regclass('never_there')") is None


def test_a_connection_that_postgresql_ended_is_replaced(wrapper) -> None:
    first, other = wrapper(), wrapper()
    backend, _ = answer(first, BACKEND), answer(other, BACKEND)
    first.close()
    answer(other, f"SELECT pg_terminate_backend({backend}, 5000)")
    assert answer(wrapper(), BACKEND) != backend


def test_one_that_broke_in_use_is_not_kept(wrapper) -> None:
    first, other = wrapper(), wrapper()
    backend = answer(first, BACKEND)
    answer(other, f"SELECT pg_terminate_backend({backend}, 5000)")
    with pytest.raises(OperationalError):
        answer(first, BACKEND)
    first.close()
    assert answer(wrapper(), BACKEND) != backend


def test_no_more_are_kept_than_are_needed(wrapper, monkeypatch) -> None:
    monkeypatch.setattr(base, "MOST_IDLE", 1)
    first, second = wrapper(), wrapper()
    backends = [answer(first, BACKEND), answer(second, BACKEND)]
    first.close()
    second.close()
    assert answer(wrapper(), BACKEND) == backends[0]
    assert answer(wrapper(), BACKEND) not in backends


def test_those_that_nobody_wanted_for_long_are_closed(wrapper, monkeypatch) -> None:
    first, second = wrapper(), wrapper()
    old = answer(first, BACKEND)
    answer(second, BACKEND)
    first.close()
    monkeypatch.setattr(base, "IDLE_SECONDS", -1.0)
    second.close()
    sql = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {old}"
    deadline = time.monotonic() + 5
    while answer(wrapper(), sql) and time.monotonic() < deadline:
        pass
    assert answer(wrapper(), sql) == 0
