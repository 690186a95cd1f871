"""What a search can be narrowed by, with how many of the stories that were found each leaves."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from annotations.models.entity import EntityType
from newsdesk.site.searching.asking import Search

MOST_VALUES = 10
# Months are shown where so few years were found, else years.
MONTHS_OF_YEARS = 1

HEADINGS = {
    "type": "Types of entities",
    "entity": "Entities",
    "rating": "Ratings of claims",
    "source": "Sources",
    "outlet": "Outlets",
    "date": "Dates",
}

# Columns: facet, value as the address has it, label, stories.
SQL = """
WITH found AS MATERIALIZED (
    SELECT article_id, entities, types, claims, sources, outlet_id, date
    FROM annotations_shownstory WHERE article_id = ANY(%(articles)s)
), entity AS (
    SELECT thing, count(*) AS stories FROM (SELECT unnest(entities) FROM found) AS each (thing)
    GROUP BY thing ORDER BY stories DESC, thing LIMIT %(most)s
), source AS (
    SELECT thing, count(*) AS stories FROM (SELECT unnest(sources) FROM found) AS each (thing)
    GROUP BY thing ORDER BY stories DESC, thing LIMIT %(most)s
), outlet AS (
    SELECT outlet_id, count(*) AS stories FROM found WHERE outlet_id IS NOT NULL
    GROUP BY outlet_id ORDER BY stories DESC, outlet_id LIMIT %(most)s
), rated AS MATERIALIZED (
    SELECT r.claim_id, r.rating FROM annotations_claimreview r
    WHERE r.claim_id = ANY(ARRAY(SELECT unnest(claims) FROM found))
    AND NOT EXISTS (SELECT 1 FROM annotations_claimreview n WHERE n.supersedes_id = r.id)
), rating AS (
    SELECT rating, count(DISTINCT article_id) AS stories
    FROM (SELECT article_id, unnest(claims) FROM found) AS each (article_id, thing)
    JOIN rated ON claim_id = thing
    GROUP BY rating ORDER BY stories DESC, rating LIMIT %(most)s
)
SELECT 'type', type, type, sum(stories)
    FROM (SELECT types, count(*) FROM found GROUP BY types) AS alike (types, stories),
    unnest(types) AS type GROUP BY type
UNION ALL SELECT 'entity', e.slug, e.name, stories FROM entity
    JOIN annotations_entity e ON e.id = thing
UNION ALL SELECT 'source', o.slug, o.name, stories FROM source
    JOIN annotations_source o ON o.id = thing
UNION ALL SELECT 'outlet', o.slug, o.name, stories FROM outlet
    JOIN articles_outlet o ON o.id = outlet_id
UNION ALL SELECT 'rating', rating, rating, stories FROM rating
UNION ALL SELECT 'date', to_char(date AT TIME ZONE 'UTC', 'YYYY-MM'), '', count(*)
    FROM found GROUP BY 2
"""


@dataclass(frozen=True)
class Value:
    """One way to narrow a search: where it leads, and how many stories it leaves."""

    label: str
    address: str
    stories: int


@dataclass(frozen=True)
class Facet:
    heading: str
    name: str
    values: list[Value]


def facets(search: Search, articles: list[int]) -> list[Facet]:
    """What these stories can be narrowed by, most stories first; one query."""
    if not articles:
        return []
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"articles": articles, "most": MOST_VALUES + len(search.chosen)})
        rows = cursor.fetchall()
    counted: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for name, value, label, stories in rows:
        counted[name].append((value, label, stories))
    made = (Facet(HEADINGS[name], name, _values(search, name, counted[name])) for name in HEADINGS)
    return [facet for facet in made if facet.values]


def _values(search: Search, name: str, rows: list[tuple[str, str, int]]) -> list[Value]:
    if name == "date":
        return list(_dates(search, rows))
    if name == "outlet" and search.key("outlet"):
        return []
    rows = sorted(rows, key=lambda row: (-row[2], row[1]))
    return [
        Value(_label(name, label), search.with_choices((name, value)), stories)
        for value, label, stories in rows
        if not search.has(name, value)
    ][:MOST_VALUES]


def _label(name: str, label: str) -> str:
    return str(EntityType(label).label) if name == "type" else label


def _dates(search: Search, rows: list[tuple[str, str, int]]) -> Iterable[Value]:
    """Years, or the months of one year, the newest first; none where only one month is left."""
    months = {month: stories for month, _, stories in rows}
    years: dict[str, int] = defaultdict(int)
    for month, stories in months.items():
        years[month[:4]] += stories
    by_year = len(years) > MONTHS_OF_YEARS
    counted = years if by_year else months
    if len(counted) < 2:
        return
    for period in sorted(counted, reverse=True):
        first, last, label = _period(period)
        address = search.with_choices(("from", first.isoformat()), ("to", last.isoformat()))
        yield Value(label, address, counted[period])


def _period(period: str) -> tuple[date, date, str]:
    """First day, last day and name of "2026" or "2026-03"."""
    year, _, month = period.partition("-")
    if not month:
        return date(int(year), 1, 1), date(int(year), 12, 31), year
    last = calendar.monthrange(int(year), int(month))[1]
    first = date(int(year), int(month), 1)
    return first, first.replace(day=last), f"{calendar.month_name[int(month)]} {year}"
