"""The page of a claim: who makes it where, what supports and contradicts it, how it was rated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page
from django.db.models import Q

from annotations.models import (
    Annotation,
    Claim,
    ClaimLink,
    ClaimReview,
    ShownStory,
    ShownTie,
    Source,
)
from annotations.shown import newest_with_claims
from articles.models import Article
from newsdesk.site.paging import StoryPage, part_of, story_page
from newsdesk.site.places import articles_of
from newsdesk.site.statements import Statement, ratings_of, tied

PARTS = ("makers", "deniers", "links", "before")
# Of the stories that make a linked claim the newest are shown; a link leads to all.
STORIES_A_LINK = 3
# A link as the claim that it starts from says it, and as the other one says it.
FORWARDS = {
    "same": "Says the same as",
    "supports": "Supports",
    "contradicts": "Contradicts",
    "narrows": "Is narrower than",
    "updates": "Updates",
}
BACKWARDS = {
    "same": "Says the same as",
    "supports": "Supported by",
    "contradicts": "Contradicted by",
    "narrows": "Narrowed by",
    "updates": "Updated by",
}


@dataclass
class Maker:
    """A source that makes the claim, or denies it, and in how many places."""

    source: Source
    places: int


@dataclass
class Tied:
    """Another claim, the newest stories that make it, and how it was rated."""

    claim: Claim
    stories: list[Article] = field(default_factory=list)
    reviews: list[ClaimReview] = field(default_factory=list)

    @property
    def more(self) -> bool:
        """Whether it is in more stories than these."""
        return int(self.claim.tally.stories) > len(self.stories)


class ClaimPage:
    """What the page needs, in a fixed number of queries, however often the claim is made."""

    def __init__(self, claim: Claim, query: Mapping[str, str] | None = None) -> None:
        self.claim = claim
        self._part = part_of(query or {}, PARTS)
        self._stories = ShownStory.objects.claiming(claim)

    @property
    def shows_all(self) -> bool:
        return self._part.shows()

    @property
    def shows_makers(self) -> bool:
        return self._part.shows("makers")

    @property
    def shows_deniers(self) -> bool:
        return self._part.shows("deniers")

    @property
    def shows_links(self) -> bool:
        return self._part.shows("links")

    @property
    def part_is_empty(self) -> bool:
        """Whether a part is asked for alone that the claim has not."""
        parts = {"links": "linked", "makers": "makers", "deniers": "deniers"}
        name = parts.get(self._part.name)
        return name is not None and not getattr(self, name)

    @property
    def shows_stories(self) -> bool:
        return self._part.shows("before")

    @cached_property
    def page(self) -> StoryPage:
        return story_page(self._stories, self._part.at if self._part.name == "before" else "")

    @cached_property
    def made(self) -> list[Statement]:
        """Each place of the page's stories that makes the claim, the newest story first."""
        articles = articles_of(self.page.articles)
        rows = Annotation.objects.accepted().filter(claim=self.claim, article__in=list(articles))
        by_story: dict[int, list[Annotation]] = defaultdict(list)
        for annotation in rows.order_by("start"):
            annotation.claim = self.claim
            annotation.article = articles[annotation.article_id]
            annotation.revision = annotation.article.revision
            by_story[annotation.article_id].append(annotation)
        return tied(annotation for key in articles for annotation in by_story[key])

    @cached_property
    def makers_page(self) -> Page:
        rows = ShownTie.objects.sources_of(self.claim).filter(times__gt=0)
        return self._part.listed("makers", rows)

    @cached_property
    def makers(self) -> list[Maker]:
        """The sources that make it, whoever does so most first."""
        return _makers((row["source"], row["times"]) for row in self.makers_page)

    @cached_property
    def deniers_page(self) -> Page:
        rows = ShownTie.objects.sources_of(self.claim).filter(denied__gt=0)
        return self._part.listed("deniers", rows.order_by("-denied", "-newest", "source"))

    @cached_property
    def deniers(self) -> list[Maker]:
        return _makers((row["source"], row["denied"]) for row in self.deniers_page)

    @cached_property
    def reviews(self) -> list[ClaimReview]:
        """All of them, the newest first; those that a newer one supersedes too."""
        return list(self.claim.reviews.select_related("superseded_by"))

    @property
    def current_reviews(self) -> list[ClaimReview]:
        return [review for review in self.reviews if not hasattr(review, "superseded_by")]

    @cached_property
    def links_page(self) -> Page:
        """What other claims that readers see are to this one, and which they are."""
        shown = Q(claim__tally__stories__gt=0, other__tally__stories__gt=0)
        links = ClaimLink.objects.filter(shown, Q(claim=self.claim) | Q(other=self.claim))
        rows = links.order_by("-pk").values_list("kind", "claim", "other")
        order = list(dict.fromkeys([*FORWARDS.values(), *BACKWARDS.values()]))
        told = dict.fromkeys(self._told(*row) for row in rows)
        return self._part.listed("links", sorted(told, key=lambda row: order.index(row[0])))

    def _told(self, kind: str, claim: int, other: int) -> tuple[str, int]:
        """A link as this claim's page says it, and the claim at its other end."""
        return (FORWARDS[kind], other) if claim == self.claim.pk else (BACKWARDS[kind], claim)

    @cached_property
    def linked(self) -> list[tuple[str, list[Tied]]]:
        """By what they are to this one, the claims that readers see, with their stories."""
        tied_to = _tied({claim for _, claim in self.links_page})
        groups: dict[str, list[Tied]] = defaultdict(list)
        for title, claim in self.links_page:
            groups[title].append(tied_to[claim])
        return list(groups.items())


def _makers(rows: Iterable[tuple[int, int]]) -> list[Maker]:
    places = dict(rows)
    sources = Source.objects.select_related("entity").in_bulk(places) if places else {}
    return [Maker(sources[key], count) for key, count in places.items()]


def _tied(keys: set[int]) -> dict[int, Tied]:
    """These claims with the newest of their stories and their ratings."""
    if not keys:
        return {}
    newest, reviews = newest_with_claims(keys, STORIES_A_LINK), ratings_of(keys)
    stories = Article.objects.published().select_related("outlet")
    articles = stories.in_bulk({article for some in newest.values() for article in some})
    return {
        key: Tied(
            claim=claim,
            stories=[articles[k] for k in newest.get(key, ()) if k in articles],
            reviews=reviews.get(key, []),
        )
        for key, claim in Claim.objects.select_related("tally").in_bulk(keys).items()
    }
