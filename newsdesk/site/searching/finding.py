"""What a search finds: by its words, by its meaning, and both lists made one.

Of very many stories with the words only the newest, and those with the words in their title, are
ranked and counted: to rank a hundred thousand would take seconds. The page says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from annotations import near
from annotations.vectors import ready_vectors
from newsdesk.site.searching.asking import Found, Search
from newsdesk.site.searching.words import Words, as_tsquery

MOST = 1000
MOST_TITLED = 200
# More stories than these are not counted to the end.
MOST_COUNTED = 20_000
# From here on a story may be about what was asked for, though it has none of the words. Of the
# seeds, what fits has 0.27 to 0.53, and nonsense 0.18 at most.
ALIKE = 0.3
# Seconds that a search waits for the model, which may be loading: the words are answer enough.
PATIENCE = 0.05
# Reciprocal rank fusion: a story's score is the sum of weight / (RANKS + its place) over the lists.
# With half the weight, what only means the same comes after the first sixty that have the words.
RANKS = 60
BY_WORDS, BY_MEANING = 1.0, 0.5

# The configurations that stories have: each is looked up in the index, whatever their number.
QUERIES = """
WITH RECURSIVE used AS (
    (SELECT config FROM annotations_shownstory ORDER BY config LIMIT 1)
    UNION ALL
    SELECT (SELECT s.config FROM annotations_shownstory s WHERE s.config > used.config
            ORDER BY s.config LIMIT 1)
    FROM used WHERE used.config IS NOT NULL
) SELECT config, {query}::text FROM used WHERE config IS NOT NULL
"""
# PostgreSQL takes it for cheap to compare the words of a story, and does not count that it has to
# unpack them for that: it is to use the indexes of words.
PLANNING = """
SET LOCAL enable_seqscan = off; SET LOCAL cpu_operator_cost = 0.2; SET LOCAL work_mem = '32MB';
SET LOCAL max_parallel_workers_per_gather = 0;
"""
# The newest stories that fulfil a condition, and how many do. Where very many do, to go through all
# stories from the newest on is quicker than to put those in order; else the other way round.
IN_ORDER = f"ORDER BY date DESC, article_id DESC LIMIT {MOST}"
HITS = "SELECT s.article_id, s.date FROM annotations_shownstory s WHERE {wanted}"
NEWEST_HITS = f"({HITS} AND (SELECT more FROM counted) {IN_ORDER})"  # noqa: S608
NEWEST = f"""
hits AS MATERIALIZED ({{hits}} LIMIT %s + 1),
counted AS MATERIALIZED (SELECT count(*) AS total, count(*) > %s AS more FROM hits),
newest AS (
    SELECT article_id, date FROM (
        SELECT article_id, date FROM hits WHERE NOT (SELECT more FROM counted)
        UNION ALL {{newest}}
    ) AS either {IN_ORDER}
)
"""  # noqa: S608 - of pieces of ours; what was asked for are parameters

Sql = tuple[str, list[Any]]

CONDITIONS = {
    "type": "%s = ANY(s.types)",
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


Queries = dict[str, list[str]]


def queries(words: Words) -> Queries:
    """The words as PostgreSQL looks for them, and the configurations of stories that this holds
    for: most words are cut alike in several languages. Nothing where all are too common."""
    expression, values = as_tsquery(words)
    found: Queries = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(QUERIES.format(query=expression), values)
        for config, query in cursor.fetchall():
            if query:
                found[query].append(config)
    return dict(found)


def narrowed(search: Search) -> Sql:
    """The condition that what was chosen makes; true where nothing was."""
    pieces, values = ["true"], []
    for choice in search.chosen:
        pieces.append(CONDITIONS[choice.field])
        # The last day is in it.
        values.append(choice.key + timedelta(days=1) if choice.field == "to" else choice.key)
    return " AND ".join(pieces), values


def by_language(column: str, asked: Queries) -> list[Sql]:
    """The conditions that the words make on a column, in each language its own; no story fulfils
    two of them."""
    if len(asked) == 1:
        return [(f"s.{column} @@ %s::tsquery", list(asked))]
    return [
        (f"s.{column} @@ %s::tsquery AND s.config = ANY(%s)", [query, configs])
        for query, configs in asked.items()
    ]


def worded(column: str, asked: Queries) -> Sql:
    """The condition that the words make on a column, in any language."""
    each = by_language(column, asked)
    pieces = [f"({condition})" for condition, _ in each]
    values = [value for _, given in each for value in given]
    return f"({' OR '.join(pieces or ['false'])})", values


def ranked(asked: Queries) -> Sql:
    """How well a story fits; longer stories have to have the words more often."""
    pieces = ["WHEN s.config = ANY(%s) THEN ts_rank(s.words, %s::tsquery, 1)"] * len(asked)
    values = [value for query, configs in asked.items() for value in (configs, query)]
    return f"CASE {' '.join(pieces)} ELSE 0 END", values


def find(search: Search, *, most_counted: int = MOST_COUNTED) -> Found:
    """The stories that a search finds, in order."""
    if search.is_empty or search.words.only_excludes or (search.text and not search.words):
        return Found()
    if not search.words:
        return _found(*_narrowed_only(search, most_counted), most_counted)
    asked = queries(search.words)
    rows, total = _by_words(search, asked, most_counted) if asked else ([], 0)
    if search.order == "newest":
        return _found([pk for pk, _ in rows], total, most_counted)
    by_words = [pk for pk, _ in sorted(rows, key=lambda row: -row[1])]
    by_meaning = _by_meaning(search) if search.words.is_plain else []
    alike = frozenset(by_meaning) - frozenset(by_words)
    return replace(_found(fused(by_words, by_meaning), total, most_counted), by_meaning=alike)


def _found(articles: list[int], total: int, most_counted: int) -> Found:
    return Found(articles, min(total, most_counted), total > MOST, is_more=total > most_counted)


def _by_words(
    search: Search, asked: Queries, most_counted: int
) -> tuple[list[tuple[int, float]], int]:
    """Story and rank, the newest first, and how many there are in all, or one too many."""
    words, word_values = worded("words", asked)
    title, title_values = worded("title_words", asked)
    if search.words.excludes:
        # What is not wanted may stand in the text alone.
        title, title_values = f"{title} AND {words}", [*title_values, *word_values]
    chosen, chosen_values = narrowed(search)
    rank, rank_values = ranked(asked) if search.order == "best" else ("0", [])
    wanted = [
        (f"{condition} AND {chosen}", [*values, *chosen_values])
        for condition, values in by_language("words", asked)
    ]
    newest, values = _newest(wanted, most_counted)
    sql = f"""
    WITH {newest}, looked_at AS (
        (SELECT article_id FROM newest)
        UNION
        (SELECT s.article_id FROM annotations_shownstory s WHERE {title} AND {chosen}
         ORDER BY s.date DESC LIMIT {MOST_TITLED})
    )
    SELECT s.article_id, {rank}, (SELECT total FROM counted)
    FROM annotations_shownstory s WHERE s.article_id = ANY(ARRAY(SELECT article_id FROM looked_at))
    ORDER BY s.date DESC, s.article_id DESC
    """  # noqa: S608 - of pieces of ours; what was asked for are parameters
    rows = _rows(sql, [*values, *title_values, *chosen_values, *rank_values])
    return [(pk, score) for pk, score, _ in rows], rows[0][2] if rows else 0


def _newest(wanted: list[Sql], most_counted: int) -> Sql:
    """The stories that fulfil one of the conditions, each of which is asked for by itself: where
    they stand in one, the words of each story are compared once more."""
    values = [value for _, given in wanted for value in given]
    pieces = {
        name: " UNION ALL ".join(sql.format(wanted=condition) for condition, _ in wanted)
        for name, sql in (("hits", HITS), ("newest", NEWEST_HITS))
    }
    return NEWEST.format(**pieces), [*values, most_counted, most_counted, *values]


def _narrowed_only(search: Search, most_counted: int) -> tuple[list[int], int]:
    """The newest of what was chosen, and how many there are in all, or one too many."""
    newest, values = _newest([narrowed(search)], most_counted)
    sql = f"""
    WITH {newest} SELECT article_id, (SELECT total FROM counted) FROM newest
    ORDER BY date DESC, article_id DESC
    """  # noqa: S608
    rows = _rows(sql, values)
    return [pk for pk, _ in rows], rows[0][1] if rows else 0


def _by_meaning(search: Search) -> list[int]:
    """The chosen stories that mean what the words mean, the likest first; none where the model
    does not understand them, or as long as it is being loaded."""
    vectors = ready_vectors(PATIENCE) if near.understands(search.text) else None
    if vectors is None:
        return []
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


def fused(by_words: list[int], by_meaning: list[int]) -> list[int]:
    """Both lists made one by reciprocal rank fusion: high in one is good, in both is best."""
    scores: dict[int, float] = defaultdict(float)
    for weight, stories in ((BY_WORDS, by_words), (BY_MEANING, by_meaning)):
        for place, pk in enumerate(stories, start=1):
            scores[pk] += weight / (RANKS + place)
    return sorted(scores, key=lambda pk: -scores[pk])


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLANNING + sql, values)
        return cursor.fetchall()
