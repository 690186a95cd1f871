"""Which addresses are asked for, and how long the answers take."""

from __future__ import annotations

import http.client
import itertools
import os
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import numpy as np

from annotations.models import Claim, Entity, EntityTally, Source
from newsdesk.site.bench.inventing import Invention

WARM_UP = 20
# The page of an entity with so many mentions, and of a source with so many stories, is to be fast;
# a smaller desk has none with as many.
MENTIONS = STORIES = 10_000
Addresses = Callable[[int], list[str]]


def pages(news: Invention) -> dict[str, Addresses]:
    """By name, a way to get so many addresses of that kind of page."""
    chance = np.random.default_rng(7)
    named, quoted = _most_named(), _most_quoted()

    def of(rows: Sequence[str]) -> Addresses:
        return lambda count: [rows[i] for i in chance.integers(0, len(rows), count)]

    claims = Claim.objects.filter(tally__stories__gt=1).order_by("-tally__stories")[:500]
    sources = Source.objects.filter(tally__stories__gt=0).order_by("-tally__stories")[:500]
    things = (f"entities/{named.slug}", f"outlets/outlet-{chance.integers(20)}", "stories")
    typed = [name.split()[1][:n] for name in news.entities[:200] for n in (3, 5)]
    feeds = [f"/feeds/{thing}.{form}" for thing in things for form in ("atom", "rss", "json")]
    return {
        "story": of([f"/stories/story-{n}/" for n in range(1, news.stories + 1)]),
        f"entity, {named.tally.mentions:,} mentions": of([named.get_absolute_url()]),
        "claim": of([claim.get_absolute_url() for claim in claims]),
        "source": of([source.get_absolute_url() for source in sources]),
        f"source, {quoted.tally.stories:,} stories": of([quoted.get_absolute_url()]),
        "start page": of(["/"]),
        "index of entities": of(["/entities/", "/entities/?letter=K", "/claims/", "/sources/"]),
        "search with facets": of(searches(news, chance)),
        "search, the commonest word": of(["/search/?q=" + news.words[0]]),
        "suggestions": of([f"/search/suggest?q={text}" for text in typed]),
        "feed": of(feeds),
    }  # fmt: skip


def _most_named() -> Entity:
    """The entity whose mentions are nearest to MENTIONS."""
    tallies = EntityTally.objects.order_by("-mentions").select_related("entity")[:200]
    best = min(tallies, key=lambda tally: abs(tally.mentions - MENTIONS))
    return Entity.objects.select_related("tally").get(pk=best.pk)


def _most_quoted() -> Source:
    """The source whose stories are nearest to STORIES."""
    most = Source.objects.select_related("tally").order_by("-tally__stories")
    quoted = most.filter(tally__stories__gt=0)[:200]
    return min(quoted, key=lambda source: abs(source.tally.stories - STORIES))


def searches(news: Invention, chance: np.random.Generator) -> list[str]:
    """What readers look for: names, rarer words, two words, often with something chosen."""
    names = [name.split()[int(chance.integers(2))] for name in news.entities[:400]]
    words = [news.words[i] for i in chance.integers(50, 5000, 400)]
    found = []
    for name, word in zip(names, words, strict=False):
        kind = chance.integers(5)
        q = (name, word, f"{name} {word}", f'"{name}"', f"{word} -{name}")[int(kind)]
        chosen = (
            {}, {}, {"type": "person"}, {"entity": f"entity-{chance.integers(50)}"},
            {"outlet": f"outlet-{chance.integers(10)}"}, {"from": "2025-01-01"},
        )[int(chance.integers(6))]  # fmt: skip
        found.append("/search/?" + urlencode({"q": q, **chosen}))
    return found


def connect() -> http.client.HTTPConnection:
    host, port = os.environ["NEWSDESK_HOST"], int(os.environ["NEWSDESK_PORT"])
    return http.client.HTTPConnection(host, port, timeout=60)


def ask(connection: http.client.HTTPConnection, address: str) -> tuple[float, int]:
    """Milliseconds and bytes of an answer. Raises RuntimeError for any but a good one."""
    start = time.perf_counter()
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{address} answered {answer.status}: {body[:300]!r}")
    return (time.perf_counter() - start) * 1000, len(body)


def one_client(addresses: Addresses, requests: int) -> tuple[float, float, int]:
    """p50 and p95 in milliseconds, and the median of bytes, of a warm server asked by one."""
    connection = connect()
    for address in addresses(WARM_UP):
        ask(connection, address)
    measured = [ask(connection, address) for address in addresses(requests)]
    connection.close()
    times, sizes = zip(*measured, strict=True)
    return float(np.percentile(times, 50)), float(np.percentile(times, 95)), int(np.median(sizes))


def many_clients(addresses: Addresses, clients: int, seconds: float) -> float:
    """Answers a second that so many clients get who each ask again at once."""
    done = itertools.count()
    ends = time.perf_counter() + seconds

    def client(wanted: list[str]) -> None:
        connection = connect()
        for address in itertools.cycle(wanted):
            if time.perf_counter() > ends:
                break
            ask(connection, address)
            next(done)
        connection.close()

    threads = [threading.Thread(target=client, args=(addresses(500),)) for _ in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return next(done) / (time.perf_counter() - start)
