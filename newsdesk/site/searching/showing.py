"""The stories of one page of a search, with the words that were found marked in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from annotations.cutting import APART, MARKS, RUN, apart, has_runs, runs_of
from articles.models import Article
from newsdesk.site.searching.asking import Found, Search
from newsdesk.site.searching.words import Words, as_tsquery

A_PAGE = 20
# Of a long text only the beginning is looked through for the words to show.
BEGINNING = 20_000
LEAD = 240
# Signs for private use, which are taken out of a text first: so all of it can be escaped.
OPEN, CLOSE = "\ue000", "\ue001"
_MARKS = f"StartSel={OPEN}, StopSel={CLOSE}"
WHOLE = f"{_MARKS}, HighlightAll=true"
DELIMITER = " … "
_FRAGMENTS = f'{_MARKS}, MaxFragments=2, FragmentDelimiter="{DELIMITER}"'
FRAGMENTS = f"{_FRAGMENTS}, MaxWords=24, MinWords=10"
# Where each letter of a run counts as a word.
FRAGMENTS_OF_LETTERS = f"{_FRAGMENTS}, MaxWords=60, MinWords=30, ShortWord=0"
TEXTS = f"""
SELECT s.article_id, s.config, translate(s.title, '{OPEN}{CLOSE}', ''),
    translate(left(r.text, %s), '{OPEN}{CLOSE}', '')
FROM annotations_shownstory s JOIN articles_revision r ON r.id = s.revision_id
WHERE s.article_id = ANY(%s)
"""  # noqa: S608 - of constants, here and below; what was asked for are parameters
MARKED = f"""
SELECT article_id, ts_headline(config::regconfig, title, query, '{WHOLE}'),
    ts_headline(config::regconfig, text, query, options)
FROM (SELECT *, {{query}} AS query
      FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
          AS story (article_id, config, title, text, options)) AS wanted
"""  # noqa: S608
MOST_SIGNS = 3
_SIGNS_BEFORE = re.compile(r"[^\w\s]*$")
_SIGNS_AFTER = re.compile(rf"[^\w\s]{{0,{MOST_SIGNS}}}")
_LETTERS_MARKED = re.compile(f"{OPEN}({RUN.pattern}){CLOSE}")


@dataclass(frozen=True)
class Hit:
    """A story that was found: its title and some of its text as HTML."""

    article: Article
    title: SafeString
    snippet: SafeString
    by_meaning: bool


def hits(search: Search, found: Found) -> list[Hit]:
    """The stories of the page that was asked for; three queries."""
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
    after = "" if text.rstrip(CLOSE + "”\"'’)")[-1:] in ".!?…。！？" else " …"
    return f"{before}{text}{after}" if text else ""


def as_html(text: str) -> SafeString:
    """Escaped, with the marks of PostgreSQL as elements."""
    marked = escape(" ".join(text.split())).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
    return mark_safe(marked)  # noqa: S308 - all but the two elements was escaped


def _marked(search: Search, articles: list[int]) -> dict[int, tuple[str, str]]:
    """Title and snippet of each, marked between OPEN and CLOSE."""
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, [BEGINNING if search.words else LEAD, articles])
        stories = cursor.fetchall()
        if not search.words or not stories:
            return {pk: (title, text) for pk, _, title, text in stories}
        query, values = as_tsquery(search.words, by_letters=True)
        rows = list(map(_apart, stories))
        columns = map(list, zip(*rows, strict=True))
        cursor.execute(MARKED.format(query=query), [*values, *columns])
        marked = {pk: (title, text) for pk, title, text in cursor.fetchall()}
    runs = wanted_runs(search.words)
    return {
        pk: (_whole(marked[pk][0], runs), _with_signs(_whole(marked[pk][1], runs), text))
        for pk, _, _, text, _ in rows
    }


def _apart(story: tuple[int, str, str, str]) -> tuple[int, str, str, str, str]:
    """A row of MARKED's: what PostgreSQL would take for one word stands apart in it."""
    pk, config, title, text = story
    options = FRAGMENTS_OF_LETTERS if has_runs(text[:LEAD]) else FRAGMENTS
    return pk, config, apart(title), apart(text), options


def _with_signs(snippet: str, text: str) -> str:
    """The snippet with the signs that stand right before and after its pieces in the text:
    PostgreSQL leaves off those that are not ASCII, as words that are too short."""
    text = text.replace(APART, "")
    return DELIMITER.join(_completed(piece, text) for piece in snippet.split(DELIMITER))


def _completed(piece: str, text: str) -> str:
    plain = piece.replace(OPEN, "").replace(CLOSE, "")
    start = text.find(plain)
    if start < 0:
        return piece
    before, after = text[max(0, start - MOST_SIGNS) : start], text[start + len(plain) :]
    return _SIGNS_BEFORE.search(before)[0] + piece + _SIGNS_AFTER.match(after)[0]  # type: ignore[index]


def wanted_runs(words: Words) -> re.Pattern[str] | None:
    """What finds the runs that are looked for in a text, with the marks of their last letter."""
    terms = [term for terms in words.alternatives for term in terms if not term.excluded]
    runs = {run for term in terms for run in runs_of(term.text)}
    longest_first = sorted(runs, key=len, reverse=True)
    return re.compile("|".join(f"{run}[{MARKS}]*" for run in longest_first)) if runs else None


def _whole(text: str, runs: re.Pattern[str] | None) -> str:
    """The text in one piece again. Of runs PostgreSQL marked letters, wherever they stand: marked
    is what was looked for instead."""
    text = _LETTERS_MARKED.sub(r"\1", text.replace(APART, ""))
    if runs:
        text = runs.sub(rf"{OPEN}\g<0>{CLOSE}", text)
    return text.replace(CLOSE + OPEN, "")
