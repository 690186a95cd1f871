"""The statements of `annotations/showing.py`. Whole sets in one statement each: a merge of two
entities touches thousands of stories."""

# ruff: noqa: S608 - they are put together from names of ours alone

from __future__ import annotations

SHOWN = "SELECT article_id FROM annotations_shownstory WHERE article_id = ANY(%s)"
READ_TEXTS = """
SELECT a.id, a.title, left(r.text, %s) FROM articles_article a
JOIN articles_revision r ON r.id = a.revision_id WHERE a.id = ANY(%s) AND a.state = 'published'
"""
FORGET_STORIES = """
DELETE FROM annotations_shownstory s USING articles_article a
WHERE s.article_id = ANY(%s) AND a.id = s.article_id AND a.state <> 'published'
"""
FORGET_VECTORS = FORGET_STORIES.replace("shownstory", "storyvector")
FORGET_OTHER_VECTORS = """
DELETE FROM annotations_storyvector v
WHERE v.article_id NOT IN (SELECT id FROM articles_article WHERE state = 'published')
"""

# With title and text as annotations/cutting.py cuts them.
WRITE_TEXTS = """
INSERT INTO annotations_shownstory AS s (
    article_id, revision_id, title, outlet_id, published_at, date, config, words, title_words,
    entities, mentions, types, claims, claim_places, sources, source_places)
SELECT a.id, r.id, a.title, a.outlet_id, a.published_at, coalesce(a.dated, a.published_at), config,
    setweight(to_tsvector(config::regconfig, words.title), 'A')
        || setweight(to_tsvector(config::regconfig, words.text), 'D'),
    to_tsvector(config::regconfig, words.title),
    '{}', '{}', '{}', '{}', '{}', '{}', '{}'
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS words (article, title, text)
JOIN articles_article a ON a.id = words.article
JOIN articles_revision r ON r.id = a.revision_id,
LATERAL (SELECT newsdesk_search_config(a.language) AS config) AS cut
WHERE a.state = 'published'
ON CONFLICT (article_id) DO UPDATE SET
    revision_id = EXCLUDED.revision_id, title = EXCLUDED.title, outlet_id = EXCLUDED.outlet_id,
    published_at = EXCLUDED.published_at, date = EXCLUDED.date, config = EXCLUDED.config,
    words = EXCLUDED.words, title_words = EXCLUDED.title_words
"""

# What readers see of a story: accepted, not deleted, at the text that they read.
SEEN = """n.article_id = s.article_id AND n.revision_id = s.revision_id
    AND n.status = 'accepted' AND n.deleted_at IS NULL"""


def _marked(rows: str) -> str:
    """Things and places, as two arrays in one order, of rows (thing, places)."""
    return f"""
    SELECT coalesce(array_agg(thing ORDER BY thing), '{{}}') AS things,
           coalesce(array_agg(places ORDER BY thing), '{{}}') AS places
    FROM (SELECT thing, sum(places)::int AS places FROM ({rows}) AS each (thing, places)
          WHERE thing IS NOT NULL GROUP BY thing) AS counted
    """


NAMED_OR_SPEAKING = f"""
SELECT n.entity_id, 1 FROM annotations_annotation n WHERE {SEEN}
UNION ALL
SELECT o.entity_id, 0 FROM annotations_annotation n
JOIN annotations_source o ON o.id = n.source_id WHERE {SEEN}
"""
CLAIMED = f"SELECT n.claim_id, 1 FROM annotations_annotation n WHERE {SEEN}"
QUOTED = f"SELECT n.source_id, 1 FROM annotations_annotation n WHERE {SEEN}"

# What the counts of things are made of.
COLUMNS = (
    "entities", "mentions", "claims", "claim_places", "sources", "source_places",
    "outlet_id", "published_at",
)  # fmt: skip
# Gives each story with its COLUMNS as they were and as they are.
WRITE_MARKS = f"""
UPDATE annotations_shownstory t SET
    entities = e.things, mentions = e.places,
    types = (SELECT coalesce(array_agg(DISTINCT x.type), '{{}}')
             FROM annotations_entity x WHERE x.id = ANY(e.things)),
    claims = c.things, claim_places = c.places, sources = o.things, source_places = o.places
FROM annotations_shownstory s,
    LATERAL ({_marked(NAMED_OR_SPEAKING)}) AS e,
    LATERAL ({_marked(CLAIMED)}) AS c,
    LATERAL ({_marked(QUOTED)}) AS o
WHERE t.article_id = s.article_id AND s.article_id = ANY(%s)
RETURNING t.article_id, {", ".join(f"{row}.{name}" for row in "st" for name in COLUMNS)}
"""

FORGET_TIES = "DELETE FROM annotations_showntie WHERE article_id = ANY(%s)"
# Ties of one source to the same words, which it may be named at twice, are one place.
WRITE_TIES = """
INSERT INTO annotations_showntie (
    article_id, source_id, claim_id, outlet_id, published_at, places, denials)
SELECT s.article_id, o.source_id, c.claim_id, s.outlet_id, s.published_at,
    count(DISTINCT c.id) FILTER (WHERE t.mode <> 'denies'),
    count(DISTINCT c.id) FILTER (WHERE t.mode = 'denies')
FROM annotations_shownstory s
JOIN annotations_annotation c ON c.article_id = s.article_id AND c.revision_id = s.revision_id
    AND c.kind = 'claim' AND c.status = 'accepted' AND c.deleted_at IS NULL
JOIN annotations_attribution t ON t.claim_id = c.id AND t.status = 'accepted'
JOIN annotations_annotation o ON o.id = t.source_id AND o.revision_id = s.revision_id
    AND o.status = 'accepted' AND o.deleted_at IS NULL
WHERE s.article_id = ANY(%s) AND c.claim_id IS NOT NULL AND o.source_id IS NOT NULL
GROUP BY s.article_id, o.source_id, c.claim_id
"""

FORGET_ABOUT = "DELETE FROM annotations_shownabout WHERE article_id = ANY(%s)"
WRITE_ABOUT = """
INSERT INTO annotations_shownabout (article_id, entity_id, published_at, places)
SELECT s.article_id, m.entity_id, s.published_at, count(DISTINCT c.id)
FROM annotations_shownstory s
JOIN annotations_annotation c ON c.article_id = s.article_id AND c.revision_id = s.revision_id
    AND c.kind = 'claim' AND c.status = 'accepted' AND c.deleted_at IS NULL
JOIN annotations_annotation m ON m.article_id = s.article_id AND m.revision_id = s.revision_id
    AND m.entity_id IS NOT NULL AND m.status = 'accepted' AND m.deleted_at IS NULL
    AND m.start >= c.start AND m."end" <= c."end"
WHERE s.article_id = ANY(%s)
AND EXISTS (SELECT 1 FROM generate_subscripts(c.spans, 1) AS n
            WHERE m.start < c.spans[n][2] AND m."end" > c.spans[n][1])
AND NOT EXISTS (
    SELECT 1 FROM annotations_attribution t
    JOIN annotations_annotation a ON a.id = t.source_id AND a.revision_id = s.revision_id
        AND a.status = 'accepted' AND a.deleted_at IS NULL
    JOIN annotations_source o ON o.id = a.source_id AND o.entity_id = m.entity_id
    WHERE t.claim_id = c.id AND t.status = 'accepted')
GROUP BY s.article_id, m.entity_id
"""
# In one message, since each tag that readers see asks for it.
TIES_ANEW = ";".join((FORGET_TIES, WRITE_TIES, FORGET_ABOUT, WRITE_ABOUT))

NAME = {"entity": "x.name", "source": "x.name", "outlet": "x.name", "claim": "''"}
TABLE = {
    "entity": "annotations_entity", "claim": "annotations_claim",
    "source": "annotations_source", "outlet": "articles_outlet",
}  # fmt: skip
# How a story's row tells what it counts for: thing and places.
COUNTED = {
    "entity": "unnest(s.entities, s.mentions)",
    "claim": "unnest(s.claims, s.claim_places)",
    "source": "unnest(s.sources, s.source_places)",
    "outlet": "(SELECT s.outlet_id, 1 WHERE s.outlet_id IS NOT NULL)",
}
IN_STORY = {
    "entity": "s.entities @> ARRAY[t.entity_id]",
    "claim": "s.claims @> ARRAY[t.claim_id]",
    "source": "s.sources @> ARRAY[t.source_id]",
    "outlet": "s.outlet_id = t.outlet_id",
}


def _letter(kind: str) -> str:
    return "''" if kind == "claim" else f"newsdesk_letter({NAME[kind]})"


def _added(kind: str, rows: str, how: str) -> str:
    """Counts of `rows` (thing, stories, mentions, newest), put to what is there by `how`."""
    return f"""
    INSERT INTO annotations_{kind}tally AS t ({kind}_id, stories, mentions, newest, letter)
    SELECT d.thing, d.stories, d.mentions, d.newest, {_letter(kind)}
    FROM {rows} AS d (thing, stories, mentions, newest)
    JOIN {TABLE[kind]} x ON x.id = d.thing
    ON CONFLICT ({kind}_id) DO UPDATE SET {how}, letter = EXCLUDED.letter
    """


ADD_TALLIES = {
    kind: _added(
        kind,
        "unnest(%s::bigint[], %s::int[], %s::int[], %s::timestamptz[])",
        "stories = t.stories + EXCLUDED.stories, mentions = t.mentions + EXCLUDED.mentions, "
        "newest = greatest(t.newest, EXCLUDED.newest)",
    )
    for kind in TABLE
}
FIND_NEWEST = {
    kind: f"""
    UPDATE annotations_{kind}tally t SET newest = (
        SELECT max(s.published_at) FROM annotations_shownstory s WHERE {IN_STORY[kind]})
    WHERE t.{kind}_id = ANY(%s)
    """
    for kind in TABLE
}
# What is in no story any more stays with no stories: its address says that it is gone.
COUNT_ANEW = {
    kind: f"""
    UPDATE annotations_{kind}tally SET stories = 0, mentions = 0, newest = NULL;
    """
    + _added(
        kind,
        f"""(SELECT u.thing, count(*), sum(u.places), max(s.published_at)
            FROM annotations_shownstory s, LATERAL {COUNTED[kind]} AS u (thing, places)
            GROUP BY u.thing)""",
        "stories = EXCLUDED.stories, mentions = EXCLUDED.mentions, newest = EXCLUDED.newest",
    )
    for kind in TABLE
}

CALLED = {
    "entity": """
        (SELECT id, name FROM annotations_entity
         UNION ALL SELECT entity_id, text FROM annotations_alias) AS called (thing, text)""",
    "claim": "(SELECT id, text FROM annotations_claim) AS called (thing, text)",
    "source": "(SELECT id, name FROM annotations_source) AS called (thing, text)",
}
FORGET_NAMES = {
    kind: f"""
    DELETE FROM annotations_shownname n WHERE n.kind = '{kind}' AND n.thing = ANY(%(all)s) AND (
        n.thing = ANY(%(anew)s) OR NOT EXISTS (
            SELECT 1 FROM annotations_{kind}tally t
            WHERE t.{kind}_id = n.thing AND t.stories > 0))
    """
    for kind in CALLED
}
WRITE_NAMES = {
    kind: f"""
    INSERT INTO annotations_shownname (kind, thing, text, words, trigrams)
    SELECT '{kind}', called.thing, called.text,
        to_tsvector('simple', newsdesk_plain(called.text)),
        {"'{}'" if kind == "claim" else "newsdesk_trigrams(called.text)"}
    FROM {CALLED[kind]} JOIN annotations_{kind}tally t ON t.{kind}_id = called.thing
    WHERE t.stories > 0 AND (%(all)s::bigint[] IS NULL OR called.thing = ANY(%(all)s::bigint[]))
      AND NOT EXISTS (SELECT 1 FROM annotations_shownname n
                      WHERE n.kind = '{kind}' AND n.thing = called.thing)
    """
    for kind in CALLED
}
READ_NAMES = """
SELECT id, text FROM annotations_shownname
WHERE kind = %(kind)s AND (%(all)s::bigint[] IS NULL OR thing = ANY(%(all)s::bigint[]))
    AND octet_length(text) <> length(text)
"""
CUT_NAMES = """
UPDATE annotations_shownname n SET words = to_tsvector('simple', newsdesk_plain(cut.words))
FROM unnest(%s::bigint[], %s::text[]) AS cut (id, words) WHERE n.id = cut.id
"""
WRITE_LETTERS = {
    kind: f"""
    UPDATE annotations_{kind}tally t SET letter = {_letter(kind)}
    FROM {TABLE[kind]} x WHERE x.id = t.{kind}_id AND t.{kind}_id = ANY(%(all)s)
    """
    for kind in CALLED
}
