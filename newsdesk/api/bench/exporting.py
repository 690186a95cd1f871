"""How fast all annotations come out as W3C JSON lines, against a bare COPY of the same rows, and
what the server's memory makes of it; by one client, compressed, and by several at once."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass
from io import RawIOBase
from typing import Any

from newsdesk.api.bench.desk import Desk

REPEATS = 3
MEGABYTE = 2**20
COPY = "COPY (SELECT * FROM annotations_annotation WHERE status = 'accepted') TO STDOUT"


@dataclass
class Taken:
    """One export as a client saw it."""

    annotations: int
    bytes: int
    seconds: float
    whole: bool

    @property
    def rate(self) -> float:
        return self.annotations / self.seconds


def run(desk: Desk) -> list[str]:
    """The figures, a line each."""
    take(desk)
    best = max((take(desk) for _ in range(REPEATS)), key=lambda taken: taken.rate)
    growth = _growth(desk)
    bare = max(_copied() for _ in range(REPEATS))
    lines = [
        f"export of {best.annotations:,} annotations as W3C JSON lines: {best.rate:,.0f}/s, "
        f"{best.bytes / best.annotations:,.0f} bytes each",
        f"  the server's memory grew by at most {growth / MEGABYTE:.1f} MB meanwhile",
        f"  a bare COPY of the same rows: {bare:,.0f}/s, {bare / best.rate:.1f} times as fast",
    ]
    for encoding in ("gzip", "zstd"):
        squeezed = take(desk, encoding)
        lines.append(
            f"  as {encoding}: {squeezed.seconds:.2f} s, {squeezed.bytes / MEGABYTE:.1f} MB"
        )
    return [*lines, _together(desk)]


def take(desk: Desk, encoding: str = "identity") -> Taken:
    """Export everything once; lines are counted as they come, the last of them says how many there
    are. Compressed answers are only counted in bytes."""
    connection = http.client.HTTPConnection(desk.host, desk.port, timeout=600)
    began = time.perf_counter()
    headers = {"Authorization": f"Token {desk.token}", "Accept-Encoding": encoding}
    connection.request("GET", "/api/export/", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    count = size = 0
    end = b""
    while piece := answer.read1(1 << 18):
        count, size = count + piece.count(b"\n"), size + len(piece)
        end = (end + piece)[-200:]
    seconds = time.perf_counter() - began
    connection.close()
    if encoding != "identity":
        return Taken(0, size, seconds, whole=True)
    total = json.loads(end.splitlines()[-1])["total"]
    return Taken(count - 1, size, seconds, whole=total == count - 1)


def _growth(desk: Desk) -> int:
    """How far above its start the server's memory goes during an export; by itself, as looking
    takes time."""
    before = most = desk.memory()
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            most = max(most, desk.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    taken = take(desk)
    done.set()
    watcher.join()
    assert taken.whole
    return most - before


class _Nowhere(RawIOBase):
    """Takes what is written to it, and counts the rows."""

    rows = 0

    def write(self, data: Any) -> int:
        self.rows += 1
        return len(data)


def _copied() -> float:
    from django.db import connection

    taken = _Nowhere()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, taken)
    return taken.rows / (time.perf_counter() - began)


def _together(desk: Desk) -> str:
    found: list[Taken] = []
    threads = [
        threading.Thread(target=lambda: found.append(take(desk))) for _ in range(desk.clients)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    # What the other measures made is there too.
    most = max(taken.annotations for taken in found)
    whole = sum(taken.whole and taken.annotations == most for taken in found)
    rate = sum(taken.annotations for taken in found) / seconds
    return f"export by {desk.clients} clients at once: {rate:,.0f}/s together, {whole} whole"
