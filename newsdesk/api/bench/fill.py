"""Fills a desk in bulk, below the writers: so many stories with so many accepted annotations.

PostgreSQL makes the rows itself from a few texts and their tags, so that a million annotations
take a minute or two. The log gets no rows of this.
"""

from __future__ import annotations

import json
import random
from typing import Any

from django.db import connection

from annotations.models import Claim, Entity, Source, Suggester
from annotations.models.entity import EntityType
from annotations.models.fields import fold

WORDS = (
    "the a of in on to and for with from bridge mayor council river city report plan budget vote "
    "minister school train market price water energy harvest border treaty court judge worker "
    "strike factory hospital doctor storm flood coast island forest engineer museum festival "
    "opened closed said asked told found built lost won paid sold moved called met left "
    "old new large small early late public local open safe known certain clear first last"
).split()
TEXTS, THINGS = 50, 500
KINDS = ("entity", "entity", "entity", "claim", "source")
LENGTHS = {"entity": 2, "claim": 9, "source": 1}

STORIES = """
WITH made AS (
    INSERT INTO articles_article (uuid, slug, title, title_is_made_up, state, language, byline,
        url, fingerprint, version, created_at, updated_at, published_at, dated)
    SELECT gen_random_uuid(), 'story-' || n, 'Story ' || n, false, 'published', 'en', '',
        'https://news.example/stories/' || n, md5(n::text) || md5('second ' || n), 1,
        now() - n * interval '1 minute', now(), now(), now() - n * interval '1 minute'
    FROM generate_series(%(first)s, %(last)s) n
    RETURNING id, slug
), revised AS (
    INSERT INTO articles_revision (article_id, number, text, length, note, created_at)
    SELECT id, 1, texts.body, length(texts.body), '', now()
    FROM made JOIN jsonb_to_recordset(%(texts)s) AS texts(number int, body text)
        ON texts.number = substr(slug, 7)::int %% %(kinds)s
    RETURNING id
)
SELECT count(*) FROM revised
"""
POINT = """
UPDATE articles_article a SET revision_id = r.id
FROM articles_revision r WHERE r.article_id = a.id AND a.revision_id IS NULL
"""
ANNOTATIONS = """
INSERT INTO annotations_annotation (uuid, article_id, revision_id, kind, spans, start, "end", type,
    label, entity_id, claim_id, source_id, status, confidence, reason, proposal, suggester_id,
    extra, version, created_at, updated_at)
SELECT gen_random_uuid(), a.id, a.revision_id, t.kind, ARRAY[ARRAY[t.first, t.last]], t.first,
    t.last, t.type, t.label, t.entity, t.claim, t.source, 'accepted', 0.9, 'filled', '{}',
    %(suggester)s, '{}', 2, now(), now()
FROM articles_article a
JOIN jsonb_to_recordset(%(tags)s) AS t(number int, kind text, first int, last int, type text,
    label text, entity int, claim int, source int)
    ON t.number = substr(a.slug, 7)::int %% %(kinds)s
WHERE a.id BETWEEN %(low)s AND %(high)s
"""
TIES = """
INSERT INTO annotations_attribution (uuid, claim_id, source_id, cue, manner, mode, by_outlet,
    status, confidence, reason, suggester_id, version, created_at, updated_at)
SELECT DISTINCT ON (c.id) gen_random_uuid(), c.id, s.id, '{}'::int[], 'indirect', 'asserts', false,
    'accepted', 0.9, 'filled', %(suggester)s, 2, now(), now()
FROM annotations_annotation c JOIN annotations_annotation s
    ON s.article_id = c.article_id AND s.kind = 'source'
WHERE c.kind = 'claim' AND c.article_id BETWEEN %(low)s AND %(high)s
ORDER BY c.id, s.id
"""
A_BATCH = 5000


def fill(*, stories: int, annotations: int, words: int = 400) -> None:
    """Store so many published stories of so many words, with so many annotations each."""
    chance = random.Random(7)  # noqa: S311 - the same desk each time
    texts = [_text(chance, words) for _ in range(TEXTS)]
    things = _things()
    tags = [tag for number, text in enumerate(texts)
            for tag in _tags(chance, number, text, annotations, things)]  # fmt: skip
    suggester = Suggester.objects.create(name="bench", version="1").pk
    values = {"texts": json.dumps([{"number": n, "body": t} for n, t in enumerate(texts)]),
              "tags": json.dumps(tags), "kinds": TEXTS, "suggester": suggester}  # fmt: skip
    with connection.cursor() as cursor:
        for first in range(1, stories + 1, A_BATCH):
            last = min(stories, first + A_BATCH - 1)
            cursor.execute(STORIES, values | {"first": first, "last": last})
        cursor.execute(POINT)
        cursor.execute("SELECT min(id), max(id) FROM articles_article")
        low, high = cursor.fetchone()
        for first in range(low, high + 1, A_BATCH):
            part = values | {"low": first, "high": min(high, first + A_BATCH - 1)}
            cursor.execute(ANNOTATIONS, part)
            cursor.execute(TIES, part)
        cursor.execute("VACUUM ANALYZE")


def _text(chance: random.Random, words: int) -> str:
    chosen = [chance.choice(WORDS) for _ in range(words)]
    for place in range(0, words, 15):
        chosen[place] = chosen[place].capitalize()
    return " ".join(chosen) + "."


def _things() -> dict[str, list[Any]]:
    """What the annotations are about: so many entities, claims and sources."""
    types = EntityType.values
    entities = [
        Entity(slug=f"thing-{n}", name=f"Thing {n}", folded_name=f"thing {n}",
               type=types[n % len(types)])
        for n in range(THINGS)
    ]  # fmt: skip
    claims = [Claim(text=f"Thing {n} is safe.", folded_text=fold(f"Thing {n} is safe."))
              for n in range(THINGS)]  # fmt: skip
    sources = [
        Source(slug=f"speaker-{n}", name=f"Speaker {n}", folded_name=f"speaker {n}", kind="person")
        for n in range(THINGS)
    ]
    return {
        "entity": Entity.objects.bulk_create(entities),
        "claim": Claim.objects.bulk_create(claims),
        "source": Source.objects.bulk_create(sources),
    }


def _tags(
    chance: random.Random, number: int, text: str, most: int, things: dict[str, list[Any]]
) -> list[dict[str, Any]]:
    """Tags at different words of one text, each about something."""
    at = [0, *(place + 1 for place, letter in enumerate(text) if letter == " ")]
    places = chance.sample(range(len(at) - 10), most)
    return [
        _tag(number, KINDS[n % len(KINDS)], at, place, chance, things)
        for n, place in enumerate(places)
    ]


def _tag(
    number: int, kind: str, at: list[int], place: int, chance: random.Random,
    things: dict[str, list[Any]],
) -> dict[str, Any]:  # fmt: skip
    thing = chance.choice(things[kind])
    return {
        "number": number,
        "kind": kind,
        "first": at[place],
        "last": at[place + LENGTHS[kind]] - 1,
        "type": {"entity": "type", "source": "kind"}.get(kind, "")
        and (thing.type if kind == "entity" else thing.kind),
        "label": str(thing),
        kind: thing.pk,
    }
