"""The stories of one page of a search, with the words that were found marked in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from newsdesk.site.searching.asking import Found, Search
from newsdesk.site.searching.words import as_tsquery

A_PAGE = 20
# Of a long text only the beginning is looked through for the words to show.
BEGINNING = 20_000
LEAD = 240
# Signs for private use, which are taken out of a text first: so all of it can be escaped.
OPEN, CLOSE = "\ue000", "\ue001"
FRAGMENTS = (
    f"StartSel={OPEN}, StopSel={CLOSE}, MaxFragments=2, MaxWords=24, MinWords=10, "
    'FragmentDelimiter=" … "'
)
WHOLE = f"StartSel={OPEN}, StopSel={CLOSE}, HighlightAll=true"


@dataclass(frozen=True)
class Hit:
    """A story that was found: its title and some of its text as HTML."""

    article: Article
    title: SafeString
    snippet: SafeString
    by_meaning: bool


def hits(search: Search, found: Found) -> list[Hit]:
    """The stories of the page that was asked for; two queries."""
    first = (search.page - 1) * A_PAGE
    wanted = found.articles[first : first + A_PAGE]
    if not wanted:
        return []
    stories = Article.objects.published().select_related("outlet").in_bulk(wanted)
    marked = _marked(search, wanted)
    return [
        Hit(stories[pk], *map(as_html, marked[pk]), by_meaning=pk in found.by_meaning)
        for pk in wanted
        if pk in stories and pk in marked
    ]


def as_html(text: str) -> SafeString:
    """Escaped, with the marks of PostgreSQL as elements."""
    marked = escape(" ".join(text.split())).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
    return mark_safe(marked)  # noqa: S308 - all but the two elements was escaped


def _marked(search: Search, articles: list[int]) -> dict[int, tuple[str, str]]:
    """Title and snippet of each, marked between OPEN and CLOSE."""
    text = f"left(translate(r.text, '{OPEN}{CLOSE}', ''), {BEGINNING})"
    title = f"translate(s.title, '{OPEN}{CLOSE}', '')"
    values: list[object] = []
    if search.words:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT config FROM annotations_shownstory WHERE article_id = ANY(%s)",
                [articles],
            )
            configs = [config for (config,) in cursor.fetchall()]
        pieces = [as_tsquery(search.words, config) for config in configs]
        whens = " ".join("WHEN %s THEN " + query for query, _ in pieces)
        values = [
            value
            for config, (_, some) in zip(configs, pieces, strict=True)
            for value in (config, *some)
        ]
        columns = (
            f"ts_headline(s.config::regconfig, {title}, asked, '{WHOLE}'), "
            f"ts_headline(s.config::regconfig, {text}, asked, '{FRAGMENTS}')"
        )
        asked = f", LATERAL (SELECT CASE s.config {whens} END AS asked) AS q"
    else:
        columns, asked = f"{title}, left({text}, {LEAD})", ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.article_id, {columns} FROM annotations_shownstory s "  # noqa: S608
            f"JOIN articles_revision r ON r.id = s.revision_id {asked} "
            "WHERE s.article_id = ANY(%s)",
            [*values, articles],
        )
        return {pk: (title, snippet) for pk, title, snippet in cursor.fetchall()}
