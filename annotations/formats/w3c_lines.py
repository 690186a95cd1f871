"""Annotations as W3C JSON-LD, a line each: written by PostgreSQL, closed and read here.

The last line is an AnnotationCollection that says how many annotations came before it: a file
without one is not whole. The id of any annotation is the cursor to go on from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from annotations.formats.contexts import ANNO_CONTEXT
from annotations.formats.records import Record, Unreadable

COLLECTION = "AnnotationCollection"


class Writer:
    media_type = "application/x-ndjson"
    extension = "jsonl"

    def __init__(self) -> None:
        self.records = 0

    def begin(self) -> bytes:
        return b""

    def add(self, lines: bytes) -> bytes:
        self.records += lines.count(b"\n")
        return lines

    def end(self) -> bytes:
        total = {"@context": ANNO_CONTEXT, "type": COLLECTION, "total": self.records}
        return json.dumps(total).encode() + b"\n"


def read(lines: Iterable[bytes]) -> Iterator[Record]:
    """The annotations of a file, one a line, as JSON; a line that is none is an Unreadable."""
    read = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data: Any = json.loads(line)
        except (ValueError, RecursionError):
            yield Record(number, Unreadable("This line is no JSON."))
            continue
        if isinstance(data, dict) and data.get("type") == COLLECTION:
            if data.get("total") not in (None, read):
                yield Record(number, Unreadable(_CUT.format(data["total"], read), "total"))
            continue
        read += 1
        yield Record(number, data)


_CUT = "The file says that it has {} annotations, and {} are there: a part is missing."
