"""Annotations created one by one, by several clients at once, and in batches; a container read."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

from newsdesk.api.bench.desk import Client, Desk

ONE_BY_ONE, WARM_UP = 300, 30
SECONDS = 8.0
BATCH = 5000
PAGE_READS = 60
PAGE_OF = 200


def run(desk: Desk) -> list[str]:
    """The figures, a line each."""
    places = Places(desk)
    return [*_one_by_one(desk, places), _together(desk, places), *_batch(desk), *_page(desk)]


class Places:
    """Words that nobody has tagged, each given out once: articles in turn, then the next word."""

    def __init__(self, desk: Desk) -> None:
        self._client = desk.client()
        self._lock = threading.Lock()
        listed = json.loads(self._client.ask("GET", "/api/articles/?page_size=200")[1])
        self._articles = [row["id"] for row in listed["results"]]
        self._texts: dict[int, str] = {}
        self._turns = ((number, pk) for number in itertools.count(1) for pk in self._articles)
        entities = json.loads(self._client.ask("GET", "/api/entities/?page_size=100")[1])
        self._entities = itertools.cycle(entities["results"])

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return self

    def __next__(self) -> tuple[str, dict[str, Any]]:
        """The next container's address and an annotation to post there."""
        with self._lock:
            number, pk = next(self._turns)
            entity = next(self._entities)
            if pk not in self._texts:
                answer = self._client.ask("GET", f"/api/articles/{pk}/")[1]
                self._texts[pk] = json.loads(answer)["text"]
        return f"/api/articles/{pk}/annotations/", annotation(self._texts[pk], number, entity)


def annotation(text: str, number: int, entity: dict[str, Any]) -> dict[str, Any]:
    """A mention of an entity on the n-th word, by position and quote."""
    start = 0
    for _ in range(number):
        start = text.index(" ", start) + 1
    end = text.index(" ", start)
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "body": {"id": entity["page"], "type": entity["type"].capitalize()},
        "target": {
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": end},
                {"type": "TextQuoteSelector", "exact": text[start:end]},
            ]
        },
    }


def _created(client: Client, address: str, data: dict[str, Any]) -> float:
    began = time.perf_counter()
    status, body = client.ask("POST", address, data)
    took = time.perf_counter() - began
    assert status == 201, body
    return took


def _one_by_one(desk: Desk, places: Places) -> list[str]:
    client = desk.client()
    for place in itertools.islice(places, WARM_UP):
        _created(client, *place)
    times = [_created(client, *place) for place in itertools.islice(places, ONE_BY_ONE)]
    return [line("one annotation created, one client", times)]


def line(what: str, times: list[float]) -> str:
    """What was timed, with median and 95th percentile."""
    return (
        f"{what}: median {median(times) * 1000:.1f} ms, "
        f"p95 {quantiles(times, n=20)[-1] * 1000:.1f} ms"
    )


def _together(desk: Desk, places: Places) -> str:
    end = time.perf_counter() + SECONDS
    counts = [0] * desk.clients

    def create(number: int) -> None:
        client = desk.client()
        while time.perf_counter() < end:
            _created(client, *next(places))
            counts[number] += 1

    _at_once(create, desk.clients)
    return f"annotations created by {desk.clients} clients: {sum(counts) / SECONDS:.0f}/s"


def _at_once(what: Callable[[int], None], times: int) -> None:
    threads = [threading.Thread(target=what, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _batch(desk: Desk) -> list[str]:
    return []


def _page(desk: Desk) -> list[str]:
    return []
