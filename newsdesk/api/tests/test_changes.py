"""The log over the API: pages, filters, waiting for what is new, and listening to it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.apps import apps
from django.db import connection

from annotations import deciding, knowledge, merging
from annotations.models import Annotation, Entity
from annotations.models.decision import Action
from annotations.tests.factories import suggest
from articles import following, wakeups
from articles.actions import ACTIONS, TYPES
from articles.changes import Change, last_seq
from articles.following import Filter
from articles.tests.factories import make_article
from newsdesk.api import changes
from newsdesk.api.models import make_token

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 10.0
# Shorter than changes.LOOK: what arrives within it was told by Redis.
AT_ONCE = 1.5


@pytest.fixture
def session(ada) -> Iterator[requests.Session]:
    """A client over HTTP."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Token {make_token(user=ada)}"
        yield session


def decided(article, ada) -> Annotation:
    mention = suggest(article, "entity", "Ana Ruiz")
    return deciding.reject(annotation=mention, editor=ada, seen_version=1)


# Pages


def test_a_page_tells_what_was_done_by_whom_to_what(api, ada) -> None:
    article = make_article("Ana Ruiz spoke.")
    mention = decided(article, ada)
    page = api.get("/api/changes/?limit=1000").json()
    told = page["results"][-1]
    stored = Change.objects.get(seq=told["seq"])
    assert told == {
        "seq": stored.seq, "at": f"{stored.at:%Y-%m-%dT%H:%M:%S.%fZ}", "actor": "ada", "agent": "",
        "action": "reject", "subject_type": "annotation", "subject_id": str(mention.uuid),
        "article": article.pk, "before": stored.before, "after": stored.after,
    }  # fmt: skip
    assert page["next"] == page["last"] == told["seq"]


def test_the_log_can_be_followed_by_type_and_by_article(api, ada) -> None:
    articles = [make_article("Ana Ruiz spoke."), make_article("Ana Ruiz was silent.")]
    for article in articles:
        decided(article, ada)

    def subjects(query: str) -> list[tuple[str, int]]:
        rows = api.get(f"/api/changes/?{query}").json()["results"]
        return [(row["subject_type"], row["article"]) for row in rows]

    first, second = (article.pk for article in articles)
    assert subjects("type=annotation") == [("annotation", first), ("annotation", second)]
    told = [("article", first), ("article", second), ("annotation", first), ("annotation", second)]
    assert subjects("type=annotation,article&type=article") == told
    assert subjects(f"type=annotation&article={second}") == [("annotation", second)]


@pytest.mark.parametrize("query", ["", "type=annotation", "type=annotation,run", "article={}"])
def test_pages_of_any_size_give_the_same_rows(query, api, ada) -> None:
    for _ in range(3):
        article = make_article("Ana Ruiz spoke."[:14] + "!" * (last_seq() + 1))
        decided(article, ada)
    query = query.format(article.pk)
    whole = api.get(f"/api/changes/?{query}&limit=1000").json()["results"]
    after, seen = 0, []
    while page := api.get(f"/api/changes/?{query}&limit=2&after={after}").json():
        seen += page["results"]
        after = page["next"]
        if not page["results"]:
            break
    assert seen == whole
    assert after == last_seq()


def test_who_follows_what_does_not_happen_need_not_look_at_the_same_again(api) -> None:
    make_article()
    page = api.get("/api/changes/?type=claim").json()
    assert page == {"results": [], "next": last_seq(), "last": last_seq()}


def test_who_has_a_number_that_the_log_does_not_have_can_tell(api) -> None:
    make_article()
    page = api.get("/api/changes/?after=999").json()
    assert page == {"results": [], "next": 999, "last": last_seq()}


def test_a_page_of_long_texts_ends_early_and_goes_on(api, monkeypatch) -> None:
    make_article()
    monkeypatch.setattr(following, "PAGE_BYTES", 1)
    page = api.get("/api/changes/").json()
    assert [row["seq"] for row in page["results"]] == [1]
    assert page["next"] == 1
    assert page["last"] == last_seq()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("type=ghost", "type"), ("type=,", "type"), ("article=x", "article"), ("limit=1001", "limit"),
        ("wait=61", "wait"), ("wait=-1", "wait"), ("article=" + "9" * 30, "article"),
        ("article=987654321", "article"), ("action=bless", "action"), ("action=,", "action"),
        ("type=run&action=accept", "action"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_refused_by_name(query, field, api) -> None:
    answer = api.get(f"/api/changes/?{query}", headers={"accept": "text/event-stream"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_changes_are_filtered_by_what_was_done(api, ada) -> None:
    article = make_article("Ana met Bob and Eve.")
    for word in ("Ana", "Bob", "Eve"):
        mention = suggest(article, "entity", word)
        deciding.accept(annotation=mention, editor=ada, seen_version=1)
    deciding.reject(annotation=mention, editor=ada, seen_version=2)

    def done(query: str) -> list[str]:
        rows = api.get(f"/api/changes/?{query}").json()["results"]
        return [row["action"] for row in rows]

    assert done("action=accept") == ["accept"] * 3
    assert done("action=reject,accept&type=annotation&limit=4") == ["accept"] * 3 + ["reject"]
    assert done("action=accept&limit=2") == ["accept"] * 2
    assert done(f"action=reject&article={article.pk}") == ["reject"]
    last = api.get("/api/changes/?action=restore").json()
    assert (last["results"], last["next"]) == ([], last_seq())


def test_whatever_is_decided_of_an_annotation_can_be_followed() -> None:
    assert set(Action.values) <= set(ACTIONS["annotation"])


def test_every_type_of_thing_that_is_recorded_can_be_followed() -> None:
    recorded = {
        model._meta.model_name for model in apps.get_models() if hasattr(model, "change_subject")
    }
    assert recorded == {name.replace("_", "") for name in TYPES}


@pytest.mark.parametrize("rows", [5, 50])
def test_a_page_costs_the_same_however_long_it_is(rows, api, django_assert_num_queries) -> None:
    for number in range(rows):
        make_article(f"Story {number}.")
    # Token, its use; the newest number, the rows.
    with django_assert_num_queries(4):
        api.get("/api/changes/?limit=1000")


# Waiting


def write_soon(ada, seconds: float = 0.3) -> threading.Thread:
    def write() -> None:
        time.sleep(seconds)
        knowledge.create_entity(name="Ana Ruiz", type="person", actor=ada)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def test_who_waits_is_told_at_once(server, session, ada) -> None:
    after = last_seq()
    thread = write_soon(ada)
    began = time.monotonic()
    page = session.get(f"{server}/api/changes/?after={after}&wait=20", timeout=30).json()
    assert time.monotonic() - began < AT_ONCE + 0.3
    assert [row["subject_type"] for row in page["results"]] == ["entity"]
    thread.join()


def test_who_waits_in_vain_is_told_so(server, session) -> None:
    page = session.get(f"{server}/api/changes/?after={last_seq()}&wait=1", timeout=30).json()
    assert page == {"results": [], "next": last_seq(), "last": last_seq()}


def test_who_waits_is_told_though_redis_is_down(
    server, session, ada, settings, monkeypatch
) -> None:
    monkeypatch.setattr(changes, "LOOK", 0.2)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    thread = write_soon(ada)
    page = session.get(f"{server}/api/changes/?after={last_seq()}&wait=20", timeout=30).json()
    assert page["results"]
    thread.join()


# Listening


def listen(server: str, session: requests.Session, after: int, **headers: str) -> Any:
    accept = {"Accept": "text/event-stream", **headers}
    address = (
        f"{server}/api/changes/?after={after}" if after is not None else f"{server}/api/changes/"
    )
    return session.get(address, headers=accept, stream=True, timeout=PATIENCE)


def heard(answer: requests.Response, most: int) -> list[dict[str, Any]]:
    """The first changes that the stream brings; each stands under its own number."""
    found: list[dict[str, Any]] = []
    number = 0
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("id: "):
            number = int(line[4:])
        if line.startswith("data: "):
            found.append(json.loads(line[6:]))
            assert found[-1]["seq"] == number
        if len(found) == most:
            return found
    raise AssertionError("the stream ended")


def test_a_listener_gets_what_was_and_what_comes(server, session, ada) -> None:
    make_article()
    before = last_seq()
    with listen(server, session, after=0) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        thread = write_soon(ada)
        assert [row["seq"] for row in heard(answer, before + 1)] == list(range(1, before + 2))
    thread.join()


def test_a_listener_that_comes_back_goes_on_where_it_was(server, session) -> None:
    make_article()
    headers = {"Last-Event-ID": str(last_seq() - 1)}
    with listen(server, session, None, **headers) as answer:
        assert heard(answer, 1)[0]["seq"] == last_seq()


def test_a_listener_to_one_type_learns_how_far_the_log_is(server, session, monkeypatch) -> None:
    monkeypatch.setattr(changes, "SILENCE", 0.0)
    make_article()
    accept = {"Accept": "text/event-stream"}
    address = f"{server}/api/changes/?type=claim"
    with session.get(address, headers=accept, stream=True, timeout=PATIENCE) as answer:
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        assert f"id: {last_seq()}" in (next(lines) for _ in range(6))


def test_a_stranger_hears_nothing(server) -> None:
    answer = requests.get(
        f"{server}/api/changes/", headers={"Accept": "text/event-stream"}, timeout=PATIENCE
    )
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_listeners_hold_neither_threads_nor_connections(server, session) -> None:
    def held() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            return threading.active_count(), cursor.fetchone()[0]

    make_article()
    threads_before, connections_before = held()
    answers = [listen(server, session, after=0) for _ in range(12)]
    for answer in answers:
        heard(answer, last_seq())
    time.sleep(0.2)
    threads, connections = held()
    for answer in answers:
        answer.close()
    # The pool of the event loop has a thread or two more than there are cores.
    assert threads - threads_before < 12
    assert connections - connections_before < 12


def test_a_listener_that_goes_hangs_up_on_redis(server, session, settings) -> None:
    client = wakeups._client(settings.REDIS_URL)
    with listen(server, session, after=0):
        end = time.monotonic() + PATIENCE
        while client.pubsub_numsub(wakeups.CHANNEL)[0][1] < 1 and time.monotonic() < end:
            time.sleep(0.02)
    make_article()
    end = time.monotonic() + PATIENCE
    while client.pubsub_numsub(wakeups.CHANNEL)[0][1] > 0 and time.monotonic() < end:
        time.sleep(0.05)
    assert client.pubsub_numsub(wakeups.CHANNEL)[0][1] == 0


# What used to be left out of the log


def test_an_entity_that_was_merged_before_is_told_where_it_leads_now(ada) -> None:
    first, second, third = (
        knowledge.create_entity(name=name, type="person", actor=ada) for name in ("A", "B", "C")
    )
    merging.merge_entities(loser=first, winner=second, actor=ada)
    merging.merge_entities(loser=Entity.objects.get(pk=second.pk), winner=third, actor=ada)
    newest = Change.objects.of(first).last()
    assert newest.after["merged_into"] == third.pk
    assert following.page(Filter(("entity",)), 0, 1000).has_more is False
