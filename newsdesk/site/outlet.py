"""The page of an outlet: its stories, and how many each month."""

from __future__ import annotations

from functools import cached_property

from annotations.models import ShownStory
from articles.models import Article, Outlet
from newsdesk.site.paging import StoryPage, story_page
from newsdesk.site.places import articles_of
from newsdesk.site.timeline import Timeline, timeline_of


class OutletPage:
    """What the page needs, in a fixed number of queries."""

    def __init__(self, outlet: Outlet, before: str = "") -> None:
        self.outlet = outlet
        self._before = before
        self._stories = ShownStory.objects.from_outlet(outlet)

    @cached_property
    def page(self) -> StoryPage:
        return story_page(self._stories, self._before)

    @cached_property
    def stories(self) -> list[Article]:
        return list(articles_of(self.page.articles).values())

    @cached_property
    def timeline(self) -> Timeline:
        return timeline_of(self._stories.timeline())
