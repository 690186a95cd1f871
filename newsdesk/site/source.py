"""The page of a source: what it claims, how often, in which outlets, how that was rated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, OuterRef, Q

from annotations.models import Claim, ClaimReview, ShownStory, ShownTie, Source
from articles.models import Outlet
from newsdesk.site.counts import Counted, Counts
from newsdesk.site.paging import StoryPage, part_of, story_page
from newsdesk.site.places import articles_of
from newsdesk.site.statements import Statement, ratings_of, statements_of
from newsdesk.site.timeline import Timeline, timeline_of

PARTS = ("claims", "claim", "before")
# With a claim, so many of the outlets that have it from the source; a link leads to all its places.
OUTLETS_A_CLAIM = 4


@dataclass
class Said:
    """A claim that the source makes or denies: how often, in how many stories, whose these are,
    and how it was rated."""

    claim: Claim
    times: int
    denied: int
    stories: int
    outlets: list[Counted] = field(default_factory=list)
    reviews: list[ClaimReview] = field(default_factory=list)

    @property
    def first_outlets(self) -> list[Counted]:
        return self.outlets[:OUTLETS_A_CLAIM]

    @property
    def more_outlets(self) -> int:
        return len(self.outlets[OUTLETS_A_CLAIM:])


def _counted(outlet: Outlet | None, stories: int) -> Counted:
    return (
        Counted(outlet.name, stories, outlet.get_absolute_url())
        if outlet
        else Counted("No outlet given", stories)
    )


class SourcePage:
    """What the page needs, in a fixed number of queries, however often the source is heard.

    Raises nothing: a part of the address that is none shows the page itself.
    """

    def __init__(self, source: Source, query: Mapping[str, str] | None = None) -> None:
        query = query or {}
        self.source = source
        self._part = part_of(query, PARTS)
        self._before = query.get("before", "")
        self._ties = ShownTie.objects.filter(source=source)

    @property
    def shows_all(self) -> bool:
        return self._part.shows() or (self._part.name == "claim" and self.only is None)

    @property
    def shows_claims(self) -> bool:
        return self.shows_all or self._part.shows("claims")

    @property
    def shows_stories(self) -> bool:
        return self.shows_all or self._part.shows("claim", "before")

    @cached_property
    def only(self) -> Claim | None:
        """The one claim whose places alone are asked for."""
        at = self._part.at if self._part.name == "claim" else ""
        if not at.isascii() or not at.isdecimal() or int(at[:20]) >= 2**63:
            return None
        return Claim.objects.filter(pk=int(at), pk__in=self._ties.values("claim")).first()

    @property
    def also(self) -> str:
        """What the address of older stories has beside their key."""
        return f"claim={self.only.pk}" if self.only else ""

    @cached_property
    def _stories(self) -> Any:
        stories = ShownStory.objects.quoting(self.source)
        if self.only:
            stories = stories.filter(
                article__in=self._ties.filter(claim=self.only).values("article")
            )
        return stories

    @cached_property
    def page(self) -> StoryPage:
        return story_page(self._stories, self._before)

    @cached_property
    def said(self) -> list[Statement]:
        """What it claims in the page's stories, in their words, the newest first."""
        return statements_of(self.source, articles_of(self.page.articles), self.only)

    @cached_property
    def claims_page(self) -> Page:
        return self._part.listed("claims", ShownTie.objects.claims_of(self.source))

    @cached_property
    def claims(self) -> list[Said]:
        """The claims that it makes or denies, what it says most often first."""
        rows = list(self.claims_page)
        claims = Claim.objects.in_bulk([row["claim"] for row in rows])
        outlets, reviews = self._outlets_of(claims), ratings_of(claims)
        return [
            Said(
                claims[row["claim"]], row["times"], row["denied"], row["stories"],
                outlets[row["claim"]], reviews.get(row["claim"], []),
            )
            for row in rows
        ]  # fmt: skip

    def _outlets_of(self, claims: Iterable[int]) -> dict[int, list[Counted]]:
        """In which outlets it says each claim, and in how many stories of them."""
        rows = self._ties.filter(claim__in=list(claims)).order_by().values("claim", "outlet")
        counts = list(
            rows.annotate(stories=Count("article")).order_by("claim", "-stories", "outlet")
        )
        outlets = Outlet.objects.in_bulk({row["outlet"] for row in counts if row["outlet"]})
        found: dict[int, list[Counted]] = defaultdict(list)
        for row in counts:
            found[row["claim"]].append(_counted(outlets.get(row["outlet"]), row["stories"]))
        return found

    @cached_property
    def outlets(self) -> Counts:
        """In which outlets it claims something, and in how many stories of each."""
        rows = self._ties.order_by().values("outlet")
        rows = rows.annotate(stories=Count("article", distinct=True))
        counts = list(rows.order_by("-stories", "outlet").values_list("outlet", "stories"))
        outlets = Outlet.objects.in_bulk([key for key, _ in counts if key])
        return Counts([_counted(outlets.get(key), stories) for key, stories in counts])

    @cached_property
    def made(self) -> dict[str, int]:
        """How many claims it makes, not those that it only denies, and how many are rated."""
        is_rated = Exists(ClaimReview.objects.filter(claim=OuterRef("claim")))
        made = self._ties.filter(places__gt=0).order_by().values("claim").distinct()
        return made.annotate(is_rated=is_rated).aggregate(
            claims=Count("claim"), rated=Count("claim", filter=Q(is_rated=True))
        )

    @cached_property
    def ratings(self) -> Counts:
        """How the claims that it makes, not those it denies, were rated by now."""
        made = self._ties.filter(places__gt=0).order_by().values("claim").distinct()
        reviews = ClaimReview.objects.filter(claim__in=made, superseded_by__isnull=True)
        rows = reviews.order_by().values("rating").annotate(claims=Count("claim", distinct=True))
        rated = [
            Counted(row["rating"], row["claims"]) for row in rows.order_by("-claims", "rating")
        ]
        return Counts(rated)

    @cached_property
    def timeline(self) -> Timeline:
        return timeline_of(self._ties.timeline())
