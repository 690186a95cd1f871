"""Puts invented news into the database, in bulk: no writer is asked, no trigger runs."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection

from annotations import showing
from annotations.models import ShownStory, Suggester
from annotations.models.claim import DIMENSIONS
from annotations.models.fields import fold
from annotations.vectors import current_vectors
from newsdesk.site.bench.inventing import TYPES, Invention, Story

NOW = datetime.now(UTC)
YEARS = 3
LANGUAGES = ("en",) * 18 + ("de", "fr")
# Vectors of news lie in bunches.
TOPICS = 200


def filled(stories: int) -> Invention:
    """The news of a database with so many stories, which is filled where it is empty.

    Raises ValueError where it holds another number of them.
    """
    news = Invention(stories)
    there = ShownStory.objects.count()
    if not there:
        _fill(news, stories)
    elif there != stories:
        raise ValueError(f"the folder holds {there} stories, not {stories}: take another")
    return news


def _fill(news: Invention, stories: int) -> None:
    """So many published stories with twenty accepted annotations each, shown and counted."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        _people_and_things(cursor, news)
        _stories(cursor, news)
        _count_on(cursor)
        cursor.execute("SET session_replication_role = DEFAULT")
        _vectors(cursor, stories)
        showing.rebuild()
        cursor.execute("VACUUM ANALYZE")


def _copy(cursor: Any, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    lines = io.StringIO()
    for row in rows:
        lines.write("\t".join(map(_field, row)) + "\n")
    lines.seek(0)
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)


def _field(value: Any) -> str:
    if value is None:
        return r"\N"
    return str(value).replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t")


def _people_and_things(cursor: Any, news: Invention) -> None:
    Suggester.objects.create(pk=1, name="bench", version="1")
    _copy(
        cursor, "annotations_entity",
        "id, slug, type, name, folded_name, description, version, created_at, updated_at",
        ((n + 1, f"entity-{n}", TYPES[n % len(TYPES)], name, fold(name), "", 1, NOW, NOW)
         for n, name in enumerate(news.entities)),
    )  # fmt: skip
    _copy(
        cursor, "annotations_source",
        "id, slug, kind, name, folded_name, entity_id, affiliation, unnamed_reason, version, "
        "created_at, updated_at",
        ((n + 1, f"source-{n}", "person", name, fold(name), n + 1, "", "", 1, NOW, NOW)
         for n, name in enumerate(news.entities[: news.sources])),
    )  # fmt: skip
    _copy(
        cursor, "articles_outlet", "id, name, slug, url, created_at",
        ((n + 1, f"{name} {n}", f"outlet-{n}", "", NOW) for n, name in enumerate(news.outlets)),
    )  # fmt: skip


def _stories(cursor: Any, news: Invention) -> None:
    batch: list[tuple[int, Story]] = []
    claims = marks = 0
    for number, story in enumerate(news.all(), start=1):
        batch.append((number, story))
        if len(batch) == 1000:
            claims, marks = _thousand(cursor, batch, claims, marks, news.stories)
            batch = []


def _thousand(
    cursor: Any, batch: list[tuple[int, Story]], claims: int, marks: int, stories: int
) -> tuple[int, int]:
    """Store them; takes and gives back how many claims and marks there are so far."""
    _texts(cursor, batch, stories)
    new = [text for _, story in batch for text in story.new_claims]
    _copy(
        cursor, "annotations_claim",
        "id, text, folded_text, language, version, created_at, updated_at",
        ((claims + n, text, fold(text, 1000), "en", 1, NOW, NOW)
         for n, text in enumerate(new, start=1)),
    )  # fmt: skip
    _copy(
        cursor, "annotations_claimreview",
        "claim_id, rating, rating_value, reviewer, url, evidence, reviewed_on, created_at",
        ((claims + n, f"Rated {n % 5 + 1}", n % 5 + 1, "The desk", "", "", NOW.date(), NOW)
         for n in range(1, len(new), 30)),
    )  # fmt: skip
    rows = [(number, mark) for number, story in batch for mark in story.marks]
    _copy(
        cursor, "annotations_annotation",
        "id, uuid, article_id, revision_id, kind, spans, start, \"end\", type, label, entity_id, "
        "claim_id, source_id, status, reason, proposal, suggester_id, extra, version, created_at, "
        "updated_at",
        (_mark(marks + n, number, *mark) for n, (number, mark) in enumerate(rows, start=1)),
    )  # fmt: skip
    _copy(
        cursor, "annotations_attribution",
        "uuid, claim_id, source_id, cue, manner, mode, by_outlet, status, reason, version, "
        "created_at, updated_at",
        _ties(marks, rows),
    )  # fmt: skip
    return claims + len(new), marks + len(rows)


def _texts(cursor: Any, batch: list[tuple[int, Story]], stories: int) -> None:
    when = {n: NOW - timedelta(days=365 * YEARS * (1 - n / stories), hours=1) for n, _ in batch}
    _copy(
        cursor, "articles_article",
        "id, uuid, slug, title, title_is_made_up, state, language, outlet_id, byline, dated, url, "
        "fingerprint, revision_id, version, created_at, updated_at, published_at",
        ((n, uuid.uuid4(), f"story-{n}", story.title, False, "published", LANGUAGES[n % 20],
          story.outlet + 1, "", when[n], f"https://bench.example/{n}", f"{n:064d}", n, 1, when[n],
          when[n], when[n])
         for n, story in batch),
    )  # fmt: skip
    _copy(
        cursor, "articles_revision", "id, article_id, number, text, length, note, created_at",
        ((n, n, 1, story.text, len(story.text), "", when[n]) for n, story in batch),
    )  # fmt: skip


def _mark(number: int, story: int, kind: str, thing: int, start: int, end: int) -> tuple[Any, ...]:
    bodies = (thing + 1 if kind == each else None for each in ("entity", "claim", "source"))
    type = {"entity": TYPES[thing % len(TYPES)], "source": "person", "claim": ""}[kind]
    spans = f"{{{{{start},{end}}}}}"
    return (
        number, uuid.uuid4(), story, story, kind, spans, start, end, type, "", *bodies, "accepted",
        "", "{}", 1, "{}", 1, NOW, NOW,
    )  # fmt: skip


def _ties(marks: int, rows: list[tuple[int, Any]]) -> Iterable[tuple[Any, ...]]:
    """Each claim but the last of a story is that of one of its sources."""
    for story, numbered in _by_story(marks, rows):
        sources = [n for n, kind in numbered if kind == "source"]
        claims = [n for n, kind in numbered if kind == "claim"]
        for claim, source in zip(claims, sources, strict=False):
            yield (
                uuid.uuid4(), claim, source, "{}", "indirect", "asserts", False, "accepted",
                f"story {story}", 1, NOW, NOW,
            )  # fmt: skip


def _by_story(marks: int, rows: list[tuple[int, Any]]) -> Iterable[tuple[int, list[Any]]]:
    gathered: dict[int, list[Any]] = {}
    for n, (story, mark) in enumerate(rows, start=1):
        gathered.setdefault(story, []).append((marks + n, mark[0]))
    return gathered.items()


def _count_on(cursor: Any) -> None:
    """Let what is written from now on have numbers of its own."""
    for table in ("articles_article", "articles_revision", "articles_outlet", "annotations_entity",
                  "annotations_claim", "annotations_source", "annotations_annotation"):  # fmt: skip
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        )


def _vectors(cursor: Any, stories: int) -> None:
    """Vectors in bunches; the index is made after them, which is quicker."""
    chance = np.random.default_rng(6)
    topics = chance.normal(size=(TOPICS, DIMENSIONS))
    version = current_vectors().version
    cursor.execute("DROP INDEX story_vector_cosine")
    for first in range(1, stories + 1, 5000):
        count = min(5000, stories + 1 - first)
        made = topics[chance.integers(0, TOPICS, count)]
        made = made + chance.normal(size=(count, DIMENSIONS)) * 0.7
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        rows = (
            (first + n, first + n, "", version, "[" + ",".join(f"{x:.5f}" for x in vector) + "]")
            for n, vector in enumerate(made)
        )
        _copy(
            cursor, "annotations_storyvector", "article_id, revision_id, title, model, vector", rows
        )
    cursor.execute(
        "UPDATE annotations_storyvector v SET title = a.title "
        "FROM articles_article a WHERE a.id = v.article_id"
    )
    cursor.execute(
        "CREATE INDEX story_vector_cosine ON annotations_storyvector "
        "USING hnsw (vector vector_cosine_ops)"
    )
