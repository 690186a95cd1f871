"""Which view runs where, and what its threads are told."""

from __future__ import annotations

import pytest

from newsdesk.asgi import stays_open, without_lookalikes
from newsdesk.web import processes


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/desk/articles/1/live", True), ("/api/articles/", False), ("/no/such/thing", False)],
)
def test_only_answers_that_stay_open_run_on_the_event_loop(path: str, expected: bool) -> None:
    assert stays_open(path) is expected


def test_a_header_that_poses_as_another_is_left_out() -> None:
    headers = [(b"x_forwarded_proto", b"https"), (b"x-forwarded-for", b"10.0.0.1")]
    scope = without_lookalikes({"type": "http", "headers": headers})
    assert scope["headers"] == headers[1:]


def test_there_are_as_many_web_processes_as_was_said(monkeypatch) -> None:
    monkeypatch.setenv("NEWSDESK_WEB_PROCESSES", "3")
    assert processes() == 3
    monkeypatch.delenv("NEWSDESK_WEB_PROCESSES")
    assert 1 <= processes() <= 4
