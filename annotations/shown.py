"""Reads of what readers are shown: the stories of a thing, newest first, and month by month; who
makes which claim, how often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Count, Max, Sum
from django.db.models.functions import TruncMonth

if TYPE_CHECKING:
    from annotations.models import (  # noqa: F401 - base classes
        Claim,
        Entity,
        ShownStory,
        ShownTie,
        Source,
    )
    from articles.models import Outlet

NEWEST_WITH = """
SELECT claim, s.article_id FROM unnest(%s::bigint[]) AS claim, LATERAL (
    SELECT article_id, published_at FROM annotations_shownstory
    WHERE claims @> ARRAY[claim] ORDER BY published_at DESC, article_id DESC LIMIT %s) AS s
ORDER BY claim, s.published_at DESC, s.article_id DESC
"""


class ShownStoryQuerySet(models.QuerySet["ShownStory"]):
    def newest(self) -> ShownStoryQuerySet:
        """The newest first, in an order that never changes between two reads."""
        return self.order_by("-published_at", "-article_id")

    def naming(self, entity: Entity) -> ShownStoryQuerySet:
        """Those that name the entity, or in which it speaks."""
        return self.filter(entities__contains=[entity.pk]).newest()

    def claiming(self, claim: Claim) -> ShownStoryQuerySet:
        return self.filter(claims__contains=[claim.pk]).newest()

    def quoting(self, source: Source) -> ShownStoryQuerySet:
        return self.filter(sources__contains=[source.pk]).newest()

    def from_outlet(self, outlet: Outlet) -> ShownStoryQuerySet:
        return self.filter(outlet=outlet).newest()

    def timeline(self) -> list[tuple[date, int]]:
        """How many of them each month has, the first month first; months without are left out."""
        return _by_month(self, Count("pk"))


class ShownTieQuerySet(models.QuerySet["ShownTie"]):
    def claims_of(self, source: Source) -> Any:
        """What a source says and how often, what it says most often first: rows of `claim`,
        `times`, `denied` and `stories`."""
        return self.filter(source=source)._counted("claim")

    def sources_of(self, claim: Claim) -> Any:
        """Who makes, or denies, a claim and how often: rows of `source` and the counts."""
        return self.filter(claim=claim)._counted("source")

    def timeline(self) -> list[tuple[date, int]]:
        """In how many stories of each month one of them is."""
        return _by_month(self, Count("article", distinct=True))

    def _counted(self, what: str) -> Any:
        rows: Any = self.order_by().values(what)
        counts = {"times": Sum("places"), "denied": Sum("denials"), "stories": Count("article")}
        return rows.annotate(**counts, newest=Max("published_at")).order_by(
            "-times", "-denied", "-newest", what
        )


def _by_month(rows: models.QuerySet[Any], stories: Count) -> list[tuple[date, int]]:
    months = rows.order_by().annotate(month=TruncMonth("published_at")).values("month")
    counted = months.annotate(stories=stories).order_by("month")
    return [(row["month"].date(), row["stories"]) for row in counted]


def newest_with_claims(claims: Iterable[int], most: int) -> dict[int, list[int]]:
    """For each claim so many of the stories that make it, the newest first. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_WITH, [list(claims), most])
        for claim, article in cursor.fetchall():
            found[claim].append(article)
    return found
