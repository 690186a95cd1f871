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
MARKED = f"""
SELECT article_id,
    CASE WHEN query IS NULL THEN title
         ELSE ts_headline(config::regconfig, title, query, '{WHOLE}') END,
    CASE WHEN query IS NULL THEN left(text, {LEAD})
         ELSE ts_headline(config::regconfig, text, query, '{FRAGMENTS}') END
FROM (
    SELECT s.article_id, s.config, {{query}} AS query,
        translate(s.title, '{OPEN}{CLOSE}', '') AS title,
        translate(left(r.text, {BEGINNING}), '{OPEN}{CLOSE}', '') AS text
    FROM annotations_shownstory s JOIN articles_revision r ON r.id = s.revision_id
    WHERE s.article_id = ANY(%s)
) AS wanted
"""  # noqa: S608 - of constants; what was asked for are parameters


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
        Hit(
            article=stories[pk],
            title=as_html(marked[pk][0]),
            snippet=as_html(cut_out(marked[pk][1])),
            by_meaning=pk in found.by_meaning,
        )
        for pk in wanted
        if pk in stories and pk in marked
    ]


def cut_out(text: str) -> str:
    """With dots where it begins or ends within a sentence."""
    text = " ".join(text.split())
    before = "… " if text.lstrip(OPEN)[:1].islower() else ""
    after = "" if text.rstrip(CLOSE + "”\"'’)")[-1:] in ".!?…" else " …"
    return f"{before}{text}{after}" if text else ""


def as_html(text: str) -> SafeString:
    """Escaped, with the marks of PostgreSQL as elements."""
    marked = escape(" ".join(text.split())).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
    return mark_safe(marked)  # noqa: S308 - all but the two elements was escaped


def _marked(search: Search, articles: list[int]) -> dict[int, tuple[str, str]]:
    """Title and snippet of each, marked between OPEN and CLOSE."""
    query, values = as_tsquery(search.words) if search.words else ("NULL::tsquery", [])
    with connection.cursor() as cursor:
        cursor.execute(MARKED.format(query=query), [*values, articles])
        return {pk: (title, snippet) for pk, title, snippet in cursor.fetchall()}
