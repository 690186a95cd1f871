"""The formats by name: how each is written and read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol

from annotations.formats import (
    brat,
    brat_reading,
    claim_review,
    conll,
    csv,
    doccano,
    label_studio,
    w3c_lines,
)
from annotations.formats.records import Record


class Writer(Protocol):
    """Turns parts of an export into bytes, in order; its end says that it is whole."""

    media_type: str
    extension: str
    records: int

    def begin(self) -> bytes: ...

    def add(self, part: Any, /) -> bytes: ...

    def end(self) -> bytes: ...


@dataclass(frozen=True)
class Format:
    """`takes` says what parts a writer wants: lines, stories or reviews. Without `read` it is for
    export only."""

    name: str
    takes: str
    writer: Callable[[], Writer]
    read: Callable[[IO[bytes]], Iterator[Record]] | None = None


FORMATS = {
    format.name: format
    for format in (
        Format("w3c", "lines", w3c_lines.Writer, w3c_lines.read),
        Format("conll", "stories", conll.Writer, conll.read),
        Format("brat", "stories", brat.Writer, brat_reading.read),
        Format("doccano", "stories", doccano.Writer, doccano.read),
        Format("label_studio", "stories", label_studio.Writer, label_studio.read),
        Format("csv", "stories", csv.Writer, csv.read),
        Format("claim_review", "reviews", claim_review.Writer),
    )
}
IMPORTED = [name for name, format in FORMATS.items() if format.read]
