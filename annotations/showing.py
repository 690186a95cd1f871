"""The writer of what readers are shown: `ShownStory`, its ties, the tallies and the names.

It listens to the change log and works at the very end of each transaction, under the log's lock:
so no two are at it at once, and readers never see a story without its counts. What is counted is
counted by difference, so that a decision costs the same whether a thing is in ten stories or in
ten thousand; `rebuild` counts anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from annotations import showing_sql as sql
from annotations.cutting import LONGEST, for_index
from annotations.models import ClaimTally, EntityTally, ShownStory, SourceTally
from articles.changes import LOG_LOCK, Change
from articles.models import Article

PUBLISHED = Article.State.PUBLISHED
KINDS = ("entity", "claim", "source", "outlet")
# What is found by its name; an outlet is found as the source that it is.
NAMED: dict[str, Any] = {"entity": EntityTally, "claim": ClaimTally, "source": SourceTally}
A_BATCH = 1000


@dataclass
class Delta:
    """How the count of a thing changes."""

    stories: int = 0
    mentions: int = 0
    newest: datetime | None = None


Deltas = dict[str, dict[int, Delta]]
# A story's COLUMNS.
Row = tuple[Any, ...]


@dataclass
class Touched:
    """What a transaction's changes may alter of what is shown."""

    texts: set[int] = field(default_factory=set)
    marks: set[int] = field(default_factory=set)
    ties: set[int] = field(default_factory=set)
    # By kind, what may be called otherwise now.
    names: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def note(self, change: Change) -> None:
        if change.subject_type == "article" and PUBLISHED in _both(change, "state"):
            self.texts.add(change.article_id or 0)
        elif change.subject_type == "annotation" and "accepted" in _both(change, "status"):
            self.marks.add(change.article_id or 0)
        elif change.subject_type == "attribution" and "accepted" in _both(change, "status"):
            self.ties.add(change.article_id or 0)
        elif change.subject_type in NAMED:
            self._note_thing(change)

    def _note_thing(self, change: Change) -> None:
        thing = int(change.subject_id)
        self.names[change.subject_type].add(thing)
        if change.subject_type == "entity" and len(_both(change, "type")) > 1:
            self.marks |= _stories_with(entities__contains=[thing])
        elif change.subject_type == "source" and len(_both(change, "entity")) > 1:
            self.marks |= _stories_with(sources__contains=[thing])


def _both(change: Change, name: str) -> set[Any]:
    """The values of a field before and after."""
    return {state.get(name) for state in (change.before, change.after) if state}


def _stories_with(**match: Any) -> set[int]:
    return set(ShownStory.objects.filter(**match).values_list("pk", flat=True))


def keep(changes: Iterable[Change]) -> list[int]:
    """Bring what is shown up to date with these changes, within their transaction.

    Returns the stories whose text is new to readers.
    """
    touched = Touched()
    for change in changes:
        touched.note(change)
    deltas: Deltas = {}
    if stories := touched.texts | _shown(touched.marks - touched.texts):
        deltas = differences(*_write_stories(touched.texts, stories))
        for kind in KINDS:
            _tally(kind, deltas[kind])
    _write_ties(stories | _shown(touched.ties - stories))
    for kind in NAMED:
        _name(kind, renamed=touched.names[kind], counted=deltas.get(kind, {}))
    return sorted(_shown(touched.texts))


def _shown(articles: Collection[int]) -> set[int]:
    """Those of the articles that are shown. Every writer asks, so that it is asked plainly."""
    if not articles:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(sql.SHOWN, [list(articles)])
        return {pk for (pk,) in cursor.fetchall()}


def _write_stories(texts: Collection[int], stories: Collection[int]) -> tuple[list[Row], list[Row]]:
    """Write the texts of some stories and the marks of all; what they counted for before, and
    what they count for now."""
    width = len(sql.COLUMNS)
    before: list[Row] = []
    with connection.cursor() as cursor:
        if texts:
            before += ShownStory.objects.filter(pk__in=texts).values_list(*sql.COLUMNS)
            for statement in (sql.FORGET_VECTORS, sql.FORGET_STORIES):
                cursor.execute(statement, [sorted(texts)])
            _write_texts(cursor, sorted(texts))
        cursor.execute(sql.WRITE_MARKS, [sorted(stories)])
        marked = cursor.fetchall()
    before += [row[1 : width + 1] for row in marked if row[0] not in texts]
    return before, [row[width + 1 :] for row in marked]


def _write_texts(cursor: Any, articles: list[int]) -> None:
    cursor.execute(sql.READ_TEXTS, [LONGEST, articles])
    words = [(pk, for_index(title), for_index(text)) for pk, title, text in cursor.fetchall()]
    if words:
        cursor.execute(sql.WRITE_TEXTS, [list(column) for column in zip(*words, strict=True)])


def _write_ties(articles: Collection[int]) -> None:
    if articles:
        with connection.cursor() as cursor:
            cursor.execute(sql.TIES_ANEW, [sorted(articles)] * 4)


def differences(before: Iterable[Row], after: Iterable[Row]) -> Deltas:
    """What the counts of each thing change by, from stories as they were to how they are."""
    was, now = (Counter(part for row in rows for part in _counted(row)) for rows in (before, after))
    deltas: Deltas = {kind: defaultdict(Delta) for kind in KINDS}
    for parts, sign in ((was - now, -1), (now - was, 1)):
        for (kind, thing, places, published), times in parts.items():
            delta = deltas[kind][thing]
            delta.stories += sign * times
            delta.mentions += sign * places * times
            if sign > 0:
                delta.newest = max(filter(None, (delta.newest, published)))
    return deltas


def _counted(row: Row) -> Iterator[tuple[str, int, int, datetime]]:
    """What a story's row counts for: kind, thing, places, when it was published."""
    entities, mentions, claims, claim_places, sources, source_places, outlet, published = row
    for thing, places in zip(entities, mentions, strict=True):
        yield "entity", thing, places, published
    for thing, places in zip(claims, claim_places, strict=True):
        yield "claim", thing, places, published
    for thing, places in zip(sources, source_places, strict=True):
        yield "source", thing, places, published
    if outlet:
        yield "outlet", outlet, 1, published


def _tally(kind: str, deltas: dict[int, Delta]) -> None:
    rows = [(thing, d.stories, d.mentions, d.newest) for thing, d in sorted(deltas.items())]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.ADD_TALLIES[kind], [list(column) for column in zip(*rows, strict=True)])
        # The newest story may be the one that went, or was dated otherwise.
        if fewer := [thing for thing, delta in deltas.items() if delta.stories < 0]:
            cursor.execute(sql.FIND_NEWEST[kind], [fewer])


def _name(kind: str, *, renamed: Collection[int], counted: dict[int, Delta]) -> None:
    """Names anew of what may be called otherwise; of what is in more stories or in fewer, where
    they are missing or are needed no more."""
    # What is in no story has no names here, and most of what editors name is in none yet.
    shown = NAMED[kind].objects.filter(pk__in=renamed, stories__gt=0) if renamed else ()
    anew = sorted(tally.pk for tally in shown)
    both = sorted({*anew, *(thing for thing, delta in counted.items() if delta.stories)})
    if not both:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.FORGET_NAMES[kind], {"all": both, "anew": anew})
        _write_names(cursor, kind, both)
        if anew:
            cursor.execute(sql.WRITE_LETTERS[kind], {"all": anew})


def _write_names(cursor: Any, kind: str, things: list[int] | None) -> None:
    """The names of these things, or of all, where they are missing; cut where they need it."""
    cursor.execute(sql.WRITE_NAMES[kind], {"all": things})
    cursor.execute(sql.READ_NAMES, {"kind": kind, "all": things})
    cut = [(pk, words) for pk, text in cursor.fetchall() if (words := for_index(text)) != text]
    if cut:
        cursor.execute(sql.CUT_NAMES, [list(column) for column in zip(*cut, strict=True)])


@transaction.atomic
def rebuild() -> int:
    """Make all of it anew, and count anew; returns how many stories are shown.

    Nobody can change anything meanwhile. Vectors that still fit are kept.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
        # Not TRUNCATE: readers go on reading what was there before.
        cursor.execute("DELETE FROM annotations_shownstory")
        cursor.execute("DELETE FROM annotations_shownname")
        cursor.execute("DELETE FROM annotations_showntie")
        cursor.execute("DELETE FROM annotations_shownabout")
        cursor.execute(sql.FORGET_OTHER_VECTORS)
        published = list(Article.objects.published().order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(published), A_BATCH):
            batch = published[first : first + A_BATCH]
            _write_texts(cursor, batch)
            cursor.execute(sql.WRITE_MARKS, [batch])
            cursor.execute(sql.WRITE_TIES, [batch])
            cursor.execute(sql.WRITE_ABOUT, [batch])
        for kind in KINDS:
            cursor.execute(sql.COUNT_ANEW[kind])
        for kind in NAMED:
            _write_names(cursor, kind, None)
    return len(published)


def is_behind() -> bool:
    """Whether it was never made, or rows came in past the log: to be made anew then."""
    return Article.objects.published().count() != ShownStory.objects.count()
