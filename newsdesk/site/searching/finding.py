"""What a search finds: by its words, by its meaning, and both lists made one.

Of very many stories with the words only the newest, and those with the words in their title, are
ranked and counted: to rank a hundred thousand would take seconds. The page says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection

from annotations import near
from annotations.vectors import current_vectors
from newsdesk.site.searching.asking import Found, Search
from newsdesk.site.searching.words import as_tsquery

MOST = 2000
MOST_TITLED = 300
# From here on a story may be about what was asked for, though it has none of the words.
ALIKE = 0.5
# The constant of reciprocal rank fusion: a story's score is the sum of 1 / (RANKS + its place).
RANKS = 60

CONFIGS = """
WITH RECURSIVE used AS (
    (SELECT config FROM annotations_shownstory ORDER BY config LIMIT 1)
    UNION ALL
    SELECT (SELECT s.config FROM annotations_shownstory s WHERE s.config > used.config
            ORDER BY s.config LIMIT 1)
    FROM used WHERE used.config IS NOT NULL
) SELECT config FROM used WHERE config IS NOT NULL
"""

Sql = tuple[str, list[Any]]

CONDITIONS = {
    "type": "s.types @> ARRAY[%s]::varchar[]",
    "entity": "s.entities @> ARRAY[%s]::bigint[]",
    "claim": "s.claims @> ARRAY[%s]::bigint[]",
    "source": "s.sources @> ARRAY[%s]::bigint[]",
    "outlet": "s.outlet_id = %s",
    "from": "s.date >= %s::date",
    "to": "s.date < %s::date",
    "rating": """s.claims && ARRAY(
        SELECT r.claim_id FROM annotations_claimreview r WHERE r.rating = %s
        AND NOT EXISTS (SELECT 1 FROM annotations_claimreview n WHERE n.supersedes_id = r.id))""",
}


def configs() -> list[str]:
    """How the words of the stories are cut: one a language."""
    with connection.cursor() as cursor:
        cursor.execute(CONFIGS)
        return [config for (config,) in cursor.fetchall()]


def narrowed(search: Search) -> Sql:
    """The condition that what was chosen makes; true where nothing was."""
    pieces, values = ["true"], []
    for choice in search.chosen:
        pieces.append(CONDITIONS[choice.field])
        # The last day is in it.
        values.append(choice.key + timedelta(days=1) if choice.field == "to" else choice.key)
    return " AND ".join(pieces), values


def worded(search: Search, column: str, used: Iterable[str]) -> Sql:
    """The condition that the words make on a column, in each language its own."""
    pieces, values = [], []
    for config in used:
        query, some = as_tsquery(search.words, config)
        pieces.append(f"(s.config = %s AND s.{column} @@ {query})")
        values += [config, *some]
    return "(" + " OR ".join(pieces or ["false"]) + ")", values


def ranked(search: Search, used: Iterable[str]) -> Sql:
    """How well a story fits; longer stories have to have the words more often."""
    pieces, values = [], []
    for config in used:
        query, some = as_tsquery(search.words, config)
        pieces.append(f"WHEN s.config = %s THEN ts_rank(s.words, {query}, 1)")
        values += [config, *some]
    return f"CASE {' '.join(pieces)} ELSE 0 END", values


def find(search: Search) -> Found:
    """The stories that a search finds, in order; two queries, or four with the meaning."""
    if search.is_empty or search.words.only_excludes or (search.text and not search.words):
        return Found()
    if not search.words:
        return _narrowed_only(search)
    used = configs()
    rows = _by_words(search, used)
    total = rows[0][2] if rows else 0
    if search.order == "newest":
        return Found([row[0] for row in rows], total, total > MOST)
    by_words = [pk for pk, *_ in sorted(rows, key=lambda row: -row[1])]
    by_meaning = _by_meaning(search) if search.words.is_plain else []
    merged = fused(by_words, by_meaning)
    return Found(merged, total, total > MOST, frozenset(by_meaning) - frozenset(by_words))


def _by_words(search: Search, used: list[str]) -> list[tuple[int, float, int]]:
    """Story, rank, and how many there are in all; the newest first."""
    words, word_values = worded(search, "words", used)
    title, title_values = worded(search, "title_words", used)
    chosen, chosen_values = narrowed(search)
    rank, rank_values = ranked(search, used)
    sql = f"""
    WITH hits AS MATERIALIZED (
        SELECT s.article_id, s.date FROM annotations_shownstory s WHERE {words} AND {chosen}
    ), looked_at AS (
        (SELECT article_id FROM hits ORDER BY date DESC, article_id DESC LIMIT {MOST})
        UNION
        (SELECT s.article_id FROM annotations_shownstory s WHERE {title} AND {chosen}
         ORDER BY s.date DESC LIMIT {MOST_TITLED})
    )
    SELECT s.article_id, {rank}, (SELECT count(*) FROM hits)
    FROM looked_at JOIN annotations_shownstory s USING (article_id)
    ORDER BY s.date DESC, s.article_id DESC
    """  # noqa: S608 - of pieces of ours; what was asked for are parameters
    return _rows(sql, [*word_values, *chosen_values, *title_values, *chosen_values, *rank_values])


def _narrowed_only(search: Search) -> Found:
    chosen, values = narrowed(search)
    rows = _rows(
        f"""
        WITH hits AS MATERIALIZED (
            SELECT s.article_id, s.date FROM annotations_shownstory s WHERE {chosen})
        SELECT article_id, (SELECT count(*) FROM hits) FROM hits
        ORDER BY date DESC, article_id DESC LIMIT {MOST}
        """,  # noqa: S608
        values,
    )
    total = rows[0][1] if rows else 0
    return Found([row[0] for row in rows], total, total > MOST)


def _by_meaning(search: Search) -> list[int]:
    """The chosen stories that mean what the words mean, the likest first."""
    vectors = current_vectors()
    (vector,) = vectors.of([search.text])
    alike = [pk for pk, likeness in near.nearest(vector, vectors.version) if likeness >= ALIKE]
    if not alike or not search.chosen:
        return alike
    chosen, values = narrowed(search)
    rows = _rows(
        f"SELECT s.article_id FROM annotations_shownstory s "  # noqa: S608
        f"WHERE s.article_id = ANY(%s) AND {chosen}",
        [alike, *values],
    )
    kept = {pk for (pk,) in rows}
    return [pk for pk in alike if pk in kept]


def fused(*lists: list[int]) -> list[int]:
    """The lists made one by reciprocal rank fusion: high in one is good, high in both is best."""
    scores: dict[int, float] = {}
    for one in lists:
        for place, pk in enumerate(one, start=1):
            scores[pk] = scores.get(pk, 0.0) + 1 / (RANKS + place)
    return sorted(scores, key=lambda pk: -scores[pk])


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
