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
    return [
        *_one_by_one(desk, places),
        _together(desk, places),
        *_batch(desk, places),
        *_page(desk),
    ]


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


def _batch(desk: Desk, places: Places) -> list[str]:
    rounds = []
    for _ in range(3):
        operations = [
            {"do": "create", "article": article_of(address), "annotation": data}
            for address, data in itertools.islice(places, BATCH)
        ]
        client = desk.client()
        began = time.perf_counter()
        status, body = client.ask("POST", "/api/annotations/batch/", {"operations": operations})
        rounds.append(time.perf_counter() - began)
        assert status == 200 and json.loads(body)["done"] == BATCH, body[:2000]
    return [f"annotations created in batches of {BATCH:,}: {BATCH / median(rounds):,.0f}/s"]


def article_of(address: str) -> int:
    """The article's number in its container's address."""
    return int(address.split("/")[3])


def _page(desk: Desk) -> list[str]:
    """The container of an article with 200 annotations, as one client reads it."""
    client = desk.client()
    places = Places(desk)
    address, _ = next(places)
    texts = json.loads(client.ask("GET", address.removesuffix("annotations/"))[1])["text"]
    _fill_up(client, address, texts)
    whole = f"{address}?page_size={PAGE_OF}"
    times = []
    for _ in range(PAGE_READS):
        began = time.perf_counter()
        status, body = client.ask("GET", whole)
        times.append(time.perf_counter() - began)
        assert status == 200 and len(json.loads(body)["items"]) == PAGE_OF, body[:500]
    return [line(f"a container page of {PAGE_OF} annotations", times)]


def _fill_up(client: Client, address: str, text: str) -> None:
    """So many more annotations on an article that it has a full page."""
    there = json.loads(client.ask("GET", f"{address}?page_size=1")[1])["partOf"]["total"]
    kinds = ({"type": "Place", "name": "Somewhere"}, {"type": "Claim", "text": "It is so."},
             {"type": "Source", "sourceKind": "person", "name": "Speaker 1"})  # fmt: skip
    wanted = []
    for number in range(PAGE_OF):
        data = annotation(text, number + 1, {"page": "", "type": "place"})
        data["body"] = kinds[number % 3]
        # Two words, which nobody else has tagged.
        selector = data["target"]["selector"]
        selector[0]["end"] = text.index(" ", selector[0]["end"] + 1)
        selector[1]["exact"] = text[selector[0]["start"] : selector[0]["end"]]
        wanted.append({"do": "create", "article": article_of(address), "annotation": data})
    for start in range(0, max(0, PAGE_OF - there), PAGE_OF):
        client.ask("POST", "/api/annotations/batch/", {"operations": wanted[start:]})
