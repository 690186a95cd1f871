"""The start page: what the desk knows, at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain

from annotations.models import Claim, Entity, ShownStory
from articles.models import Article
from newsdesk.site.paging import StoryPage, story_page
from newsdesk.site.places import articles_of

MOST = 10
WEEK = timedelta(days=7)
# Who is named most is counted in so many of the week's newest stories.
STORIES = 1000


@dataclass(frozen=True)
class NamedMost:
    """An entity, and in how many of the week's stories it is."""

    entity: Entity
    stories: int


class FrontPage:
    """What the page needs, in a fixed number of queries."""

    def __init__(self, before: str = "") -> None:
        self._before = before

    @cached_property
    def page(self) -> StoryPage:
        return story_page(ShownStory.objects.newest(), self._before)

    @cached_property
    def stories(self) -> list[Article]:
        return list(articles_of(self.page.articles).values())

    @cached_property
    def week_ends(self) -> datetime | None:
        """When the newest story came out: a desk that slept has a last week, too."""
        return ShownStory.objects.newest().values_list("published_at", flat=True).first()

    @cached_property
    def named_most(self) -> list[NamedMost]:
        if self.week_ends is None:
            return []
        week = ShownStory.objects.newest().filter(published_at__gt=self.week_ends - WEEK)
        counts = Counter(chain.from_iterable(week.values_list("entities", flat=True)[:STORIES]))
        best = sorted(counts, key=lambda key: (-counts[key], key))[:MOST]
        entities = Entity.objects.in_bulk(best)
        return [NamedMost(entities[key], counts[key]) for key in best]

    @cached_property
    def _newest_claims(self) -> list[int]:
        """Of the newest stories, as a claim is new when a story makes it."""
        newest = ShownStory.objects.newest().values_list("claims", flat=True)[:MOST]
        return list(dict.fromkeys(chain.from_iterable(newest)))[:MOST]

    @cached_property
    def newest_claims(self) -> list[Claim]:
        claims = Claim.objects.select_related("tally").in_bulk(self._newest_claims)
        return [claims[key] for key in self._newest_claims if key in claims]

    @cached_property
    def repeated_claims(self) -> list[Claim]:
        rows = Claim.objects.current().filter(tally__stories__gt=1).select_related("tally")
        return list(rows.order_by("-tally__stories", "-tally__newest", "pk")[:MOST])
