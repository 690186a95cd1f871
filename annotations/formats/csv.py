"""CSV: an annotation a row, RFC 4180, UTF-8.

A spreadsheet takes a cell that begins with = + - or @ for a formula: such a cell gets an apostrophe
in front, which reading takes off again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotations.formats.kept import given_back
from annotations.formats.records import Record, Unreadable
from annotations.formats.story import (
    Story,
    body_of_label,
    selectors,
    tie_of,
    tie_to_jsonld,
    tie_values,
)

COLUMNS = (
    "id", "article", "revision", "title", "url", "page", "kind", "label", "status", "name", "body",
    "wikidata", "spans", "quote", "confidence", "details", "attributions", "last",
)  # fmt: skip
JOINT = " … "
# A quotation may be as long as a text.
csv.field_size_limit(2_500_000)
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Writer:
    """The last row has `last` = 1: a file without it is not whole. The story's number, `article`,
    is the cursor to go on from: all rows of a story come together, and the one that was cut comes
    again when the number before it is given."""

    media_type = "text/csv; charset=utf-8"
    extension = "csv"

    def __init__(self) -> None:
        self.records = 0
        self._waiting: list[str] | None = None

    def begin(self) -> bytes:
        return _written([list(COLUMNS)])

    def add(self, stories: Sequence[Story]) -> bytes:
        rows = [row for story in stories for row in rows_of(story)]
        self.records += len(rows)
        if not rows:
            return b""
        waiting = [self._waiting] if self._waiting else []
        self._waiting = rows.pop()
        return _written(waiting + rows)

    def end(self) -> bytes:
        return _written([[*self._waiting[:-1], "1"]]) if self._waiting else b""


def rows_of(story: Story) -> Iterator[list[str]]:
    """A row for each tag of a story, as COLUMNS has it."""
    about = story.about()
    for tag in story.tags:
        ties = [tie_values(tie) for tie in story.ties if tie.claim == tag.id]
        row = {
            **about,
            "id": tag.id, "kind": tag.kind, "label": tag.label, "status": tag.status,
            "name": tag.name, "body": tag.body.get("id", ""),
            "wikidata": " ".join(str(iri).rpartition("/")[2] for iri in tag.body.get("sameAs", [])),
            "spans": ";".join(f"{start}-{end}" for start, end in tag.spans),
            "quote": JOINT.join(story.text[start:end] for start, end in tag.spans),
            "confidence": "" if tag.confidence is None else tag.confidence,
            "details": _json({"body": dict(tag.body), "extra": dict(tag.extra)}),
            "attributions": _json(ties) if ties else "",
        }  # fmt: skip
        yield [_safe(str(row.get(name, ""))) for name in COLUMNS]


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def read(lines: Iterable[bytes]) -> Iterator[Record]:
    """The rows of a file, each as the W3C JSON of its annotation. Needed are the columns spans,
    quote, label (or kind), and page, url or article."""
    rows = csv.reader(line.decode("utf-8-sig") for line in lines)
    try:
        yield from _rows(rows)
    except csv.Error as error:
        yield Record(rows.line_num, Unreadable(f"This is no CSV: {error}."))
    except UnicodeDecodeError:
        yield Record(rows.line_num + 1, Unreadable("What follows is not UTF-8."))


def _rows(rows: Any) -> Iterator[Record]:
    header = [name.strip().lower() for name in next(rows, [])]
    missing = {"spans", "quote"} - set(header)
    if missing:
        yield Record(1, Unreadable(f"There is no column {sorted(missing)[0]}.", sorted(missing)[0]))
        return
    for cells in rows:
        if any(cells):
            yield _record(rows.line_num, dict(zip(header, map(_plain, cells), strict=False)))


def _record(line: int, row: dict[str, str]) -> Record:
    try:
        data = _annotation(row)
    except ValueError as error:
        field = error.args[1] if len(error.args) > 1 else ""
        return Record(line, Unreadable(str(error.args[0]), field))
    return Record(line, data)


def _annotation(row: dict[str, str]) -> dict[str, Any]:
    """The row as W3C JSON. Raises ValueError with reason and column."""
    spans = _spans(row["spans"])
    quotes = row["quote"].split(JOINT) if len(spans) > 1 else [row["quote"]]
    if len(quotes) != len(spans):
        raise ValueError(f"The quote has {len(quotes)} parts, the spans are {len(spans)}.", "quote")
    details = _details(row, "details")
    where = {"source": row.get("page") or row.get("url") or f"/api/articles/{row.get('article')}/"}
    targets = [
        where | {"selector": selectors(span, quote)}
        for span, quote in zip(spans, quotes, strict=True)
    ]
    kind, body = _meant(row, details)
    extra = details.get("extra")
    return given_back({
        **(extra if isinstance(extra, dict) else {}),
        "id": row.get("id", ""),
        "kind": kind,
        "status": row.get("status") or "accepted",
        "body": body,
        "target": targets,
        **_attributions(row),
    })  # fmt: skip


def _spans(cell: str) -> list[list[int]]:
    try:
        return [[int(place) for place in part.split("-", 1)] for part in cell.split(";")]
    except ValueError:
        raise ValueError("Spans are such as 0-5;9-12.", "spans") from None


def _details(row: dict[str, str], column: str) -> Any:
    try:
        found = json.loads(row.get(column) or "{}")
    except (ValueError, RecursionError):
        raise ValueError("This is no JSON.", column) from None
    return found if isinstance(found, dict | list) else {}


def _meant(row: dict[str, str], details: Any) -> tuple[str, dict[str, Any]]:
    details = details if isinstance(details, dict) else {}
    meant = body_of_label(row.get("label") or row.get("kind", ""), row.get("name", ""))
    if meant is None:
        raise ValueError(f"The label “{row.get('label', '')}” means nothing here.", "label")
    kind, body = meant
    kept = details.get("body")
    if isinstance(kept, dict) and kept.get("type") == body["type"]:
        return kind, kept
    if row.get("wikidata"):
        body["sameAs"] = row["wikidata"].split()
    return kind, body


def _attributions(row: dict[str, str]) -> dict[str, Any]:
    found = _details(row, "attributions")
    ties = [tie_of(item) for item in found if isinstance(item, dict)] if found else []
    return {"attributions": [tie_to_jsonld(tie) for tie in ties]} if ties else {}
