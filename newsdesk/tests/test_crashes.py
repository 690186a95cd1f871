"""Parts of a running desk are killed; what was acknowledged is read once and nothing is lost."""

from __future__ import annotations

import random
import threading

import requests

from newsdesk.api.tests.receiving import receiver
from newsdesk.tests.conftest import Desk, wait_until

SENTENCE = "Russia said on day {n} that the bridge number {n} in Astana was safe. "


def story(name: str, sentences: int = 3) -> str:
    start = random.Random(name).randint(1, 10**6) * 10_000
    return f"{name}\n\n" + "".join(SENTENCE.format(n=start + n) for n in range(sentences))


def save(client: requests.Session, desk: Desk, text: str) -> int:
    answer = client.post(f"{desk.address}/api/articles/", json={"text": text}, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def runs_of(client: requests.Session, desk: Desk, article: int) -> list[dict]:
    answer = client.get(f"{desk.address}/api/articles/{article}/runs/", timeout=10)
    answer.raise_for_status()
    return answer.json()["results"]


def assert_read_once(client: requests.Session, desk: Desk, article: int) -> dict:
    """Its one run gets done, and no place in it has two suggestions."""
    wait_until(lambda: runs_of(client, desk, article)[0]["state"] == "done")
    (run,) = runs_of(client, desk, article)
    address = f"{desk.address}/api/articles/{article}/annotations/?page_size=500"
    page = client.get(address, timeout=30).json()
    assert page["partOf"]["total"] == sum(run["counts"].values()) > 0
    places = [
        (item["kind"], *(t["selector"][0]["start"] for t in item["target"]))
        for item in page["items"]
    ]
    assert len(places) == len(set(places))
    return run


def test_a_worker_killed_in_mid_run_does_it_again(desk: Desk) -> None:
    client = desk.client()
    article = save(client, desk, story("A long one", sentences=300))
    wait_until(lambda: runs_of(client, desk, article)[0]["state"] == "running")
    desk.kill("celery")
    run = assert_read_once(client, desk, article)
    assert run["attempt"] >= 2


def test_a_story_saved_while_redis_is_dead_is_read(desk: Desk) -> None:
    client = desk.client()
    desk.kill("redis-server")
    article = save(client, desk, story("While Redis is dead"))
    assert_read_once(client, desk, article)


def test_what_was_acknowledged_before_postgresql_was_killed_is_there_and_read(desk: Desk) -> None:
    client = desk.client()
    saved: list[int] = []

    def save_many() -> None:
        for number in range(40):
            try:
                saved.append(save(client, desk, story(f"Story {number} of many")))
            except (AssertionError, requests.RequestException):
                continue

    writer = threading.Thread(target=save_many)
    writer.start()
    wait_until(lambda: len(saved) > 3)
    desk.kill("postgres")
    writer.join()
    wait_until(lambda: requests.get(f"{desk.address}/readyz", timeout=2).ok)
    reader = desk.client()
    for article in saved:
        assert_read_once(reader, desk, article)


def test_a_webhook_gets_every_change_in_order_though_workers_and_redis_are_killed(
    desk: Desk,
) -> None:
    client = desk.client()
    client.headers["Authorization"] = f"Token {desk.manage('token', 'chief').strip()}"
    with receiver() as there:
        made = client.post(f"{desk.address}/api/webhooks/", json={"url": there.url}, timeout=30)
        assert made.status_code == 201, made.text
        first = made.json()["seen"] + 1
        save(client, desk, story("Before"))
        wait_until(lambda: there.got)
        desk.kill("celery")
        desk.kill("redis-server")
        article = save(client, desk, story("After"))
        wait_until(lambda: runs_of(client, desk, article)[0]["state"] == "done")
        log = f"{desk.address}/api/changes/"
        last = client.get(log, params={"after": first}, timeout=10).json()["last"]
        wait_until(lambda: there.seqs and there.seqs[-1] >= last)
    # What was under way when its worker was killed came twice, with the same id.
    assert list(dict.fromkeys(there.seqs)) == list(range(first, there.seqs[-1] + 1))
    assert len({message.id for message in there.got}) == len(set(there.seqs))
