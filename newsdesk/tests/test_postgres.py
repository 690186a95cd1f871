"""Kept connections: whether they are still good is seen without asking."""

from __future__ import annotations

import select

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext


def end(pid: int) -> None:
    """End a connection from another one, and wait until it is gone."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


@pytest.mark.django_db(transaction=True)
def test_a_quiet_connection_is_taken_to_be_good_without_a_question() -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert not asked.captured_queries


@pytest.mark.django_db(transaction=True)
def test_one_that_the_server_ended_is_followed_by_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    end(pid)
    assert not connection.is_usable()
    # As a new request begins.
    connection.health_check_done = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (pid,)


@pytest.mark.django_db(transaction=True)
def test_one_that_was_closed_is_not_good() -> None:
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_one_that_was_told_something_is_asked_and_found_good() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("NOTIFY something")
    other.close()
    assert select.select([connection.connection], [], [], 5)[0]
    assert connection.is_usable()
    connection.close()
