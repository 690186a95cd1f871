"""The queue's reads: articles with what is left to decide, filtered, sorted, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from annotations.models import Annotation, Run
from articles.models import Article, Outlet
from newsdesk.desk.given import number_in

State = Article.State
EVERY_STATE = "all"
SORTS = {
    "newest": ("Newest first", ("-created_at", "-pk")),
    "oldest": ("Oldest first", ("created_at", "pk")),
    "left": ("Most left to decide", ("-left", "-created_at", "-pk")),
    "title": ("Title", ("title", "pk")),
}


@dataclass(frozen=True)
class Wanted:
    """What the queue is asked to show; unknown values fall back to what waits, newest first."""

    state: str
    outlet: int | None
    sort: str

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        state, sort = query.get("state"), query.get("sort")
        return cls(
            state=state if state in {*State.values, EVERY_STATE} else State.IN_REVIEW,
            outlet=number_in(query.get("outlet")),
            sort=sort if sort in SORTS else "newest",
        )

    def rows(self, user: Any) -> QuerySet[Article]:
        """The articles, each with `left` and `accepted`, without their texts."""
        articles = with_counts(Article.objects.visible_to(user).select_related("outlet"))
        if self.state != EVERY_STATE:
            articles = articles.filter(state=self.state)
        if self.outlet:
            articles = articles.filter(outlet=self.outlet)
        return articles.order_by(*SORTS[self.sort][1])


def with_counts(articles: QuerySet[Article]) -> QuerySet[Article]:
    """`left` and `accepted`: annotations of the newest text to decide, and accepted."""
    return articles.annotate(left=_count("suggested"), accepted=_count("accepted"))


def _count(status: str) -> Coalesce:
    # A subquery, so that a page of rows counts only its own annotations.
    counted = (
        Annotation.objects.kept()
        .filter(article=OuterRef("pk"), revision=OuterRef("revision"), status=status)
        .order_by()
        .values("article")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def newest_runs(articles: Iterable[Article]) -> dict[int, Run]:
    """The newest run of each article's newest text, by article; one query."""
    texts = {article.revision_id: article.pk for article in articles}
    runs = (
        Run.objects.filter(revision__in=texts)
        .order_by("revision_id", "-queued_at", "-pk")
        .distinct("revision_id")
    )
    return {texts[run.revision_id]: run for run in runs}


def totals(user: Any) -> list[tuple[str, str, int]]:
    """Each state's value, label and number of articles, and of all together."""
    counted = dict(
        Article.objects.visible_to(user)
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    states = [(value, label, counted.get(value, 0)) for value, label in State.choices]
    return [*states, (EVERY_STATE, "All", sum(counted.values()))]


def outlets() -> QuerySet[Outlet]:
    """Those that published something here."""
    return Outlet.objects.filter(articles__isnull=False).distinct()
