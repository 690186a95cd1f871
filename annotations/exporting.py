"""Bulk export: what is chosen, read in parts that each stand on their own.

A part is one query, or a few; between two of them no connection is held, so that a client that
reads slowly holds nothing up, and memory does not grow with what is exported. Rows come in the
order of their numbers: whoever goes on after the last one has everything once, as it stood when it
was read, however many write meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse

from annotations import stories
from annotations.formats import kept, w3c_sql
from annotations.formats.catalogue import Format
from annotations.formats.claim_review import Review
from annotations.formats.story import Story
from annotations.models import Annotation, Attribution, Claim, ClaimReview
from annotations.models.annotation import Status
from annotations.querysets import AnnotationQuerySet, AttributionQuerySet
from articles.errors import Denied, Refused
from articles.models import Article
from articles.roles import Scope, sees_all

# Annotations a part: it takes some sixty milliseconds and four megabytes.
LINES_A_PART = 4000
STORIES_A_PART = 50
# A part of stories ends early when their texts are this long: one may have two million characters.
TEXT_A_PART = 500_000

Part = Any
Job = Callable[[], Part]
# The COPY format that gives texts as they are: JSON holds no control characters.
AS_IT_IS = "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"


@dataclass(frozen=True)
class Selection:
    """What is exported, for whom. `where` holds annotations to more, as Django's filters do;
    `after` is the cursor to go on from: of lines an annotation's UUID, of stories a number."""

    user: Any
    base: str
    statuses: tuple[str, ...] = (Status.ACCEPTED,)
    published_only: bool = False
    article: int | None = None
    since: datetime | None = None
    where: dict[str, Any] = field(default_factory=dict)
    after: str = ""

    def check(self) -> None:
        """Raises Denied where it asks for what the user may not see."""
        if set(self.statuses) != {Status.ACCEPTED} and not sees_all(self.user):
            raise Denied("Only editors see what is not accepted.", scope=Scope.READ_ALL)

    def annotations(self) -> AnnotationQuerySet:
        rows = Annotation.objects.visible_to(self.user)
        rows = rows.filter(status__in=self.statuses, **self.where)
        if self.article is not None:
            rows = rows.filter(article=self.article)
        return rows.filter(article__state="published") if self.published_only else rows

    def ties(self) -> AttributionQuerySet:
        rows = Attribution.objects.visible_to(self.user)
        return rows.filter(status__in=self.statuses)

    def lines(self) -> AnnotationQuerySet:
        """The annotations one by one: with `since`, those changed since, or their ties."""
        rows = self.annotations()
        if self.since is None:
            return rows
        tied = Attribution.objects.filter(claim=OuterRef("pk"), updated_at__gte=self.since)
        return rows.filter(Q(updated_at__gte=self.since) | Exists(tied))

    def articles(self) -> QuerySet[Article]:
        """The stories: with `since`, those where a text, a tag or a tie is newer."""
        rows = Article.objects.visible_to(self.user)
        rows = rows.published() if self.published_only else rows
        if self.article is not None:
            rows = rows.filter(pk=self.article)
        if self.since is not None:
            changed = self.lines().filter(article=OuterRef("pk"))
            rows = rows.filter(Q(updated_at__gte=self.since) | Exists(changed))
        return rows.filter(revision__isnull=False)

    def place(self, takes: str) -> int:
        """The number of what `after` names. Raises Refused where it names nothing."""
        return self._last_line() if takes == "lines" else self._last_number()

    def _last_line(self) -> int:
        if not self.after:
            return 0
        try:
            uuid = UUID(self.after.rstrip("/").rpartition("/")[2])
            return Annotation.objects.values_list("pk", flat=True).get(uuid=uuid)
        except (ValueError, Annotation.DoesNotExist):
            told = "after is the id of an annotation that was exported."
            raise Refused(told, field="after") from None

    def _last_number(self) -> int:
        after = self.after or "0"
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Refused("after is the number of what was exported last.", field="after")
        return int(after)


def export(selection: Selection, format: Format) -> Iterator[bytes]:
    """The whole of it in pieces, the last of which says that it is whole. Raises Denied or Refused
    before the first."""
    writer = format.writer()
    yield writer.begin()
    for job in jobs(selection, format):
        yield writer.add(job())
    yield writer.end()


def jobs(selection: Selection, format: Format) -> Iterator[Job]:
    """What gives the parts that the format's writer takes, in order; each may run in a thread of
    its own. Raises Denied or Refused for what cannot be, before the first."""
    selection.check()
    selection.place(format.takes)
    return {"lines": line_jobs, "stories": story_jobs, "reviews": review_jobs}[format.takes](
        selection
    )


def line_jobs(selection: Selection) -> Iterator[Job]:
    """Jobs that give parts as bytes: annotations as W3C JSON, a line each."""
    for first, last in _stretches(selection.lines(), selection.place("lines"), LINES_A_PART):
        yield partial(_lines, selection, first, last)


def story_jobs(selection: Selection) -> Iterator[Job]:
    """Jobs that give lists of stories."""
    rows, after = selection.articles(), selection.place("stories")
    while found := list(
        rows.filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", "revision__length")[:STORIES_A_PART]
    ):
        taken = _as_long(found)
        yield partial(_stories, selection, taken)
        after = taken[-1]


def review_jobs(selection: Selection) -> Iterator[Job]:
    """Jobs that give lists of claim reviews: of the claims that the user may see, or of those that
    the chosen annotations are about where these are narrowed down."""
    narrowed = selection.published_only or selection.article is not None or selection.where
    claims = Claim.objects.visible_to(selection.user)
    if narrowed:
        claims = claims.filter(pk__in=selection.annotations().values("claim"))
    rows = ClaimReview.objects.filter(claim__in=claims)
    if selection.since is not None:
        rows = rows.filter(created_at__gte=selection.since)
    for first, last in _stretches(rows, selection.place("reviews"), STORIES_A_PART):
        yield partial(_reviews, rows, selection, first, last)


def _stretches(rows: QuerySet[Any], after: int, size: int) -> Iterator[tuple[int, int | None]]:
    """Stretches of numbers that hold so many rows; the last has no end."""
    while True:
        ahead = rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
        last = next(iter(ahead[size - 1 : size]), None)
        yield after, last
        if last is None:
            return
        after = last


def _between(rows: QuerySet[Any], first: int, last: int | None) -> QuerySet[Any]:
    rows = rows.filter(pk__gt=first)
    return (rows if last is None else rows.filter(pk__lte=last)).order_by("pk")


def _as_long(found: list[tuple[int, int]]) -> list[int]:
    taken: list[int] = []
    length = 0
    for pk, size in found:
        if taken and length + size > TEXT_A_PART:
            break
        taken.append(pk)
        length += size
    return taken


def _lines(selection: Selection, first: int, last: int | None) -> bytes:
    page = _between(selection.lines(), first, last).values_list(*w3c_sql.COLUMNS)
    ties = selection.ties().filter(claim=RawSQL("a.id", [])).order_by()
    page_sql, page_values = page.query.sql_with_params()
    ties_sql, ties_values = ties.values_list(*w3c_sql.TIE_COLUMNS).query.sql_with_params()
    sql = w3c_sql.lines(page=page_sql, ties=ties_sql, base=selection.base)
    return kept.lines_given_back(copied(sql, [*ties_values, *page_values]))


def copied(sql: str, values: list[Any]) -> bytes:
    """What a query of one text column gives, a line a row."""
    taken = BytesIO()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(w3c_sql.BY_INDEX)
        written = cursor.mogrify(sql, values).decode()
        cursor.copy_expert(f"COPY ({written}) TO STDOUT {AS_IT_IS}", taken)
    return taken.getvalue()


def _stories(selection: Selection, articles: list[int]) -> list[Story]:
    return stories.load(
        articles, tags=selection.annotations(), ties=selection.ties(), base=selection.base
    )


def _reviews(
    rows: QuerySet[ClaimReview], selection: Selection, first: int, last: int | None
) -> list[Review]:
    found = _between(rows, first, last).select_related("claim")
    shown = selection.annotations().filter(claim__in={review.claim_id for review in found})
    appearances: dict[int, list[str]] = defaultdict(list)
    where = shown.order_by("pk").values_list("claim", "article__slug", "article__url")
    for claim, slug, url in where:
        page = selection.base + reverse("site:story", args=[slug])
        appearances[claim] += [address for address in (page, url) if address]
    return [_review(review, appearances[review.claim_id], selection.base) for review in found]


def _review(review: ClaimReview, appearances: list[str], base: str) -> Review:
    return Review(
        id=review.pk,
        claim_page=base + review.claim.get_absolute_url(),
        claim=review.claim.text,
        rating=review.rating,
        rating_value=review.rating_value,
        reviewer=review.reviewer,
        url=review.url,
        evidence=review.evidence,
        reviewed_on=review.reviewed_on.isoformat(),
        appearances=list(dict.fromkeys(appearances)),
    )
