"""A file of annotations that are new, sent and taken in as a worker does it; and once more."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from newsdesk.api.bench.desk import Desk

# A story's own, in turns: each claim is said by the source after it.
KINDS = ("entity", "entity", "entity", "claim", "source")
# On so many words as no other tag that is made here.
WORDS = 3
ON_A_STORY = 40
THINGS = 500
FOR_EVER = 1e9


def run(desk: Desk) -> list[str]:
    """The figures, a line each."""
    records = list(islice(_records(), desk.options["records"]))
    file = b"\n".join(json.dumps(record).encode() for record in records)
    claims = sum("attributions" in record for record in records)
    first = _taken(desk, file, {"added": len(records), "attributions": claims})
    again = _taken(desk, file, {"known": len(records), "attributions_known": claims})
    return [
        f"import of {len(records):,} annotations, {claims:,} of them attributed: "
        f"{len(records) / first:,.0f}/s",
        f"  the same file again: {len(records) / again:,.0f}/s",
    ]


def _taken(desk: Desk, file: bytes, wanted: dict[str, int]) -> float:
    """The seconds from sending it to its being taken in, with the outcomes that are wanted."""
    from annotations import imports
    from annotations.models import Import

    began = time.perf_counter()
    address = "/api/import/?format=w3c"
    status, body = desk.client().send("POST", address, file, "application/x-ndjson")
    assert status == 202, body
    job = Import.objects.get(uuid=json.loads(body)["id"])
    imports.take_in(job.pk, stretch=FOR_EVER)
    seconds = time.perf_counter() - began
    job.refresh_from_db()
    assert (job.state, job.counts) == ("done", wanted), (job.state, job.counts, job.error)
    return seconds


def _records() -> Iterator[dict[str, Any]]:
    """W3C annotations as another export of this desk would have them."""
    from annotations.models import Claim, Entity, Source
    from articles.models import Article

    models = {"entity": Entity, "claim": Claim, "source": Source}
    things = {
        kind: list(model._default_manager.order_by("pk")[:THINGS]) for kind, model in models.items()
    }
    for article in Article.objects.with_text().order_by("pk").iterator(chunk_size=1000):
        for turn in range(ON_A_STORY):
            kind = KINDS[turn % len(KINDS)]
            thing = things[kind][(article.pk * ON_A_STORY + turn) % len(things[kind])]
            yield _record(article, turn, kind, thing)


def _record(article: Any, turn: int, kind: str, thing: Any) -> dict[str, Any]:
    base = settings.SITE_URL
    body = {"id": base + thing.get_absolute_url()}
    body |= {
        "entity": lambda: {"type": thing.type.capitalize(), "name": thing.name},
        "claim": lambda: {"type": "Claim", "text": thing.text},
        "source": lambda: {"type": "Source", "sourceKind": thing.kind, "name": thing.name},
    }[kind]()
    record = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": _iri(article, turn),
        "type": "Annotation",
        "kind": kind,
        "status": "accepted",
        "body": body,
        "target": _target(article, turn),
    }
    if kind == "claim":
        record["attributions"] = [{"attributedTo": _iri(article, turn + 1), "manner": "indirect"}]
    return record


def _iri(article: Any, turn: int) -> str:
    uuid = uuid5(NAMESPACE_URL, f"bench {article.pk} {turn}")
    return f"{settings.SITE_URL}/api/annotations/{uuid}/"


def _target(article: Any, turn: int) -> dict[str, Any]:
    """The words from the nine-times-n-th on, by position and quote."""
    words = article.text.split(" ")
    start = sum(len(word) + 1 for word in words[: 9 * turn])
    exact = " ".join(words[9 * turn : 9 * turn + WORDS])
    return {
        "source": settings.SITE_URL + article.get_absolute_url(),
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": start + len(exact)},
            {"type": "TextQuoteSelector", "exact": exact},
        ],
    }
