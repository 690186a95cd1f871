"""What the tests of files that come in share: a desk's own export, and how it is taken in."""

from __future__ import annotations

import io
import json

from django.db import connection

from annotations import exporting, imports
from annotations.exporting import Selection
from annotations.formats.catalogue import FORMATS
from annotations.models import Import
from articles.models import Article

BASE = "https://desk.example"
ALL = ("suggested", "accepted", "rejected")
CHANGING = ("created", "modified", "version", "generator", "creator", "confidence", "reason")


def exported(user, format: str = "w3c", **more) -> bytes:
    selection = Selection(user=user, base=BASE, **{"statuses": ALL, **more})
    return b"".join(exporting.export(selection, FORMATS[format]))


def stored(data: bytes, user, format: str = "w3c") -> Import:
    return imports.create(file=io.BytesIO(data), format=format, name="x", creator=user)


def taken(data: bytes, user, format: str = "w3c") -> Import:
    file = stored(data, user, format)
    imports.take_in(file.pk)
    file.refresh_from_db()
    assert file.state == "done", file.error
    return file


def told(file: Import) -> list[tuple[int, str, str]]:
    return [(p.line, p.field, p.reason) for p in file.problems.all()]


def said(user, statuses=ALL) -> list[dict]:
    """All annotations as they go out, without what an import cannot keep, in the order of texts."""
    lines = [json.loads(line) for line in exported(user, statuses=statuses).splitlines()[:-1]]
    for line in lines:
        for name in CHANGING:
            line.pop(name, None)
        for tie in line.get("attributions", ()):
            tie["id"] = tie["id"].rpartition("-")[2]
        line.get("attributions", []).sort(key=str)
    return sorted(lines, key=str)


def forget() -> None:
    """As if nobody had ever annotated anything; the knowledge stays."""
    with connection.cursor() as cursor:
        # Decisions are for ever, but for this.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("attribution", "decision", "annotation"):
            cursor.execute(f"DELETE FROM annotations_{table}")
        cursor.execute("SET LOCAL session_replication_role = origin")


def w3c(words: str, article: Article, **more) -> dict:
    start = article.text.index(words)
    return {
        "body": {"type": "Person", "name": words},
        "target": {
            "source": BASE + article.get_absolute_url(),
            "selector": [
                {"type": "TextPositionSelector", "start": start, "end": start + len(words)},
                {"type": "TextQuoteSelector", "exact": words},
            ],
        },
        **more,
    }


def lines(*items) -> bytes:
    return b"\n".join(i if isinstance(i, bytes) else json.dumps(i).encode() for i in items)
