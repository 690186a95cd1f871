"""The page of a source: what it claims, how often, in which outlets, how that was rated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count

from annotations.models import Attribution, Claim, ClaimReview, ShownStory, Source
from articles.models import Outlet
from newsdesk.site.paging import StoryPage, story_page
from newsdesk.site.statements import Statement, statements_of
from newsdesk.site.timeline import Timeline, timeline_of

MOST_OUTLETS = 12
MOST_RATINGS = 12
MOST_REPEATED = 5
# What it repeats, and how that was rated, is counted in so many of its newest stories.
NEWEST = 500
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
    def _counts(self) -> list[tuple[int, str, int]]:
        """(claim, mode, places) in its newest stories."""
        newest = list(self._stories.values_list("article_id", flat=True)[:NEWEST])
        ties = self._ties.filter(claim__article__in=newest).order_by()
        rows = ties.values("claim__claim", "mode").annotate(places=Count("pk"))
        return [(row["claim__claim"], row["mode"], row["places"]) for row in rows]

    @cached_property
    def repeated(self) -> list[tuple[Claim, int]]:
        """The claims that it makes in more than one place."""
        places: Counter[int] = Counter()
        for claim, _, count in self._counts:
            places[claim] += count
        most = [(key, n) for key, n in places.most_common(MOST_REPEATED) if n > 1]
        claims = Claim.objects.in_bulk([key for key, _ in most])
        return [(claims[key], n) for key, n in most]

    @cached_property
    def ratings(self) -> list[Counted]:
        """How the claims that it makes, not those it denies, were rated by now."""
        made = {claim for claim, mode, _ in self._counts if mode != "denies"}
        reviews = ClaimReview.objects.filter(claim__in=made, superseded_by__isnull=True)
        rows = reviews.order_by().values("rating").annotate(claims=Count("claim", distinct=True))
        return [
            Counted(row["rating"], row["claims"])
            for row in rows.order_by("-claims", "rating")[:MOST_RATINGS]
        ]

    @property
    def looked_at(self) -> int:
        """In so many of its newest stories ratings and repeated claims were looked for."""
        return NEWEST

    @cached_property
    def timeline(self) -> Timeline:
        return timeline_of(self._stories.timeline())
