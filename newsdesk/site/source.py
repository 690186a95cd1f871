"""The page of a source: what it claims, how often, in which outlets, how that was rated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef

from annotations.models import Attribution, Claim, ClaimReview, ShownStory, Source
from articles.models import Outlet
from newsdesk.site.paging import StoryPage, story_page
from newsdesk.site.statements import Statement, statements_of
from newsdesk.site.timeline import Timeline, timeline_of

MOST_OUTLETS = 12
MOST_RATINGS = 12
MOST_REPEATED = 5
# What it repeats is counted in so many of its newest stories.
NEWEST = 200
MOST_STATEMENTS = 100


@dataclass(frozen=True)
class Counted:
    """A row of a small table: what, how often, and where it leads."""

    name: str
    times: int
    href: str = ""


def _counted(outlet: Outlet | None, stories: int) -> Counted:
    return (
        Counted(outlet.name, stories, outlet.get_absolute_url()) if outlet else Counted("", stories)
    )


class SourcePage:
    """What the page needs, in a fixed number of queries."""

    def __init__(self, source: Source, before: str = "") -> None:
        self.source = source
        self._before = before
        self._stories = ShownStory.objects.quoting(source)

    @cached_property
    def page(self) -> StoryPage:
        return story_page(self._stories, self._before)

    @property
    def _ties(self) -> Any:
        return Attribution.objects.accepted().filter(source__source=self.source)

    @cached_property
    def said(self) -> list[Statement]:
        """What it claims in the page's stories, the newest first."""
        ties = self._ties.filter(claim__article__in=self.page.articles)
        return statements_of(ties, MOST_STATEMENTS)

    @cached_property
    def outlets(self) -> list[Counted]:
        """In which outlets it is quoted, and in how many stories."""
        rows = self._stories.order_by().values("outlet").annotate(stories=Count("pk"))
        counts = dict(rows.order_by("-stories").values_list("outlet", "stories")[:MOST_OUTLETS])
        outlets = Outlet.objects.in_bulk([key for key in counts if key])
        return [_counted(outlets.get(key), stories) for key, stories in counts.items()]

    @cached_property
    def repeated(self) -> list[tuple[Claim, int]]:
        """The claims that it makes in more than one place."""
        newest = list(self._stories.values_list("article_id", flat=True)[:NEWEST])
        ties = self._ties.filter(claim__article__in=newest).order_by()
        rows = ties.values("claim__claim").annotate(places=Count("pk"))
        counts = dict(
            rows.filter(places__gt=1)
            .order_by("-places", "claim__claim")
            .values_list("claim__claim", "places")[:MOST_REPEATED]
        )
        claims = Claim.objects.in_bulk(counts)
        return [(claims[key], places) for key, places in counts.items()]

    @cached_property
    def ratings(self) -> list[Counted]:
        """How the claims that it makes, not those it denies, were rated by now."""
        made = Attribution.objects.shown().filter(
            source__source=self.source, claim__claim=OuterRef("claim")
        )
        reviews = ClaimReview.objects.filter(
            Exists(made.exclude(mode="denies")), superseded_by__isnull=True
        )
        rows = reviews.order_by().values("rating").annotate(claims=Count("claim", distinct=True))
        return [
            Counted(row["rating"], row["claims"])
            for row in rows.order_by("-claims", "rating")[:MOST_RATINGS]
        ]

    @cached_property
    def timeline(self) -> Timeline:
        return timeline_of(self._stories.timeline())
