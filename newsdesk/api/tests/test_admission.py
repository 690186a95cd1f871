"""Who listens or waits hears nothing more once they may not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from articles.changes import last_seq
from articles.roles import EDITOR
from articles.tests.factories import make_article
from newsdesk.api import changes
from newsdesk.api.models import ApiToken, make_token

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 10.0


def revoke(ada: User) -> None:
    ApiToken.objects.of(ada).delete()


def expire(ada: User) -> None:
    ApiToken.objects.of(ada).update(expires_at=timezone.now() - timedelta(seconds=1))


def narrow(ada: User) -> None:
    ApiToken.objects.of(ada).update(scopes=["read_published"])


def deactivate(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)


def dismiss(ada: User) -> None:
    ada.groups.remove(Group.objects.get(name=EDITOR))


WAYS = [revoke, expire, narrow, deactivate, dismiss]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "LOOK", 0.1)


@pytest.fixture
def session(ada: User) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Token {make_token(user=ada)}"
        yield session


def listen(server: str, session: requests.Session, **headers: str) -> requests.Response:
    accept = {"Accept": "text/event-stream", **headers}
    address = f"{server}/api/changes/?after={last_seq()}"
    answer = session.get(address, headers=accept, stream=True, timeout=PATIENCE)
    assert answer.status_code == 200
    return answer


def what_is_left(answer: requests.Response) -> str:
    """What comes until the stream ends, which it must within the patience of a few seconds."""
    began = time.monotonic()
    text = "".join(answer.iter_content(None, decode_unicode=True))
    assert time.monotonic() - began < PATIENCE
    return text


@pytest.mark.parametrize("end", WAYS)
def test_a_listener_who_may_not_any_more_is_hung_up(
    end: Callable[[User], Any], server, session, ada
) -> None:
    with listen(server, session) as answer:
        end(ada)
        make_article("What nobody else may know.")
        assert "event: change" not in what_is_left(answer)
        again = session.get(answer.url, headers={"Accept": "text/event-stream"}, timeout=PATIENCE)
    assert again.status_code in (401, 403)


@pytest.mark.parametrize("end", [revoke, deactivate])
def test_who_waits_and_may_not_any_more_is_told_nothing(
    end: Callable[[User], Any], server, session, ada
) -> None:
    address = f"{server}/api/changes/?after={last_seq()}&wait=60"
    with session.get(address, stream=True, timeout=PATIENCE) as answer:
        end(ada)
        make_article("What nobody else may know.")
        text = what_is_left(answer)
    assert '"results":[]' in text
    assert session.get(address, timeout=PATIENCE).status_code == 401


def test_who_signs_out_hears_no_more(server, settings, ada) -> None:
    client = Client()
    client.force_login(ada)
    with requests.Session() as session:
        session.cookies.set(settings.SESSION_COOKIE_NAME, client.session.session_key)
        with listen(server, session) as answer:
            client.logout()
            make_article("What nobody else may know.")
            assert "event: change" not in what_is_left(answer)


def test_a_token_that_stays_good_goes_on(server, session, ada) -> None:
    make_token(user=ada)
    with listen(server, session) as answer:
        ApiToken.objects.order_by("pk").last().delete()
        make_article()
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        assert any(line == "event: change" for line in lines)
