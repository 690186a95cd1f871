"""The page of a claim: who makes it where, what supports and contradicts it, how it was rated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, Q

from annotations.models import (
    Annotation,
    Attribution,
    Claim,
    ClaimLink,
    ClaimReview,
    ShownStory,
    Source,
)
from articles.models import Article
from newsdesk.site.paging import StoryPage, story_page
from newsdesk.site.places import articles_of
from newsdesk.site.statements import Statement, ratings_of, tied

# Who makes it is counted in so many of its newest stories.
NEWEST = 200
MOST_MAKERS = 20
MOST_LINKS = 50
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
    """A source that makes the claim, and in how many places; or that only denies it."""

    source: Source
    places: int


@dataclass
class Tied:
    """Another claim, the newest stories that make it, and how it was rated."""

    claim: Claim
    stories: list[Article] = field(default_factory=list)
    reviews: list[ClaimReview] = field(default_factory=list)


class ClaimPage:
    """What the page needs, in a fixed number of queries, however often the claim is made."""

    def __init__(self, claim: Claim, before: str = "") -> None:
        self.claim = claim
        self._before = before
        self._stories = ShownStory.objects.claiming(claim)

    @cached_property
    def page(self) -> StoryPage:
        return story_page(self._stories, self._before)

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
    def _counts(self) -> list[tuple[int, str, int]]:
        newest = list(self._stories.values_list("article_id", flat=True)[:NEWEST])
        ties = Attribution.objects.accepted().filter(
            claim__claim=self.claim, claim__article__in=newest, source__source__isnull=False
        )
        rows = ties.order_by().values("source__source", "mode").annotate(places=Count("pk"))
        return [(row["source__source"], row["mode"], row["places"]) for row in rows]

    @cached_property
    def _sources(self) -> dict[int, Source]:
        keys = {source for source, _, _ in self._counts}
        return Source.objects.select_related("entity").in_bulk(keys)

    @property
    def makers(self) -> list[Maker]:
        """The sources that make it, whoever does so most first."""
        return self._makers(row for row in self._counts if row[1] != "denies")

    @property
    def deniers(self) -> list[Maker]:
        return self._makers(row for row in self._counts if row[1] == "denies")

    def _makers(self, rows: Iterable[tuple[int, str, int]]) -> list[Maker]:
        places: dict[int, int] = defaultdict(int)
        for source, _, count in rows:
            places[source] += count
        best = sorted(places, key=lambda key: (-places[key], self._sources[key].name))
        return [Maker(self._sources[key], places[key]) for key in best[:MOST_MAKERS]]

    @cached_property
    def reviews(self) -> list[ClaimReview]:
        """All of them, the newest first; those that a newer one supersedes too."""
        return list(self.claim.reviews.select_related("superseded_by"))

    @property
    def current_reviews(self) -> list[ClaimReview]:
        return [review for review in self.reviews if not hasattr(review, "superseded_by")]

    @cached_property
    def linked(self) -> list[tuple[str, list[Tied]]]:
        """By what they are to this one, the claims that readers see, with their stories."""
        shown = Q(claim__tally__stories__gt=0, other__tally__stories__gt=0)
        links = ClaimLink.objects.filter(shown, Q(claim=self.claim) | Q(other=self.claim))
        groups: dict[str, dict[int, Tied]] = defaultdict(dict)
        for link in links.select_related("claim", "other")[:MOST_LINKS]:
            forwards = link.claim_id == self.claim.pk
            other = link.other if forwards else link.claim
            title = (FORWARDS if forwards else BACKWARDS)[link.kind]
            groups[title].setdefault(other.pk, Tied(other))
        self._fill([row for rows in groups.values() for row in rows.values()])
        order = list(dict.fromkeys([*FORWARDS.values(), *BACKWARDS.values()]))
        return [(title, list(groups[title].values())) for title in order if title in groups]

    @staticmethod
    def _fill(rows: list[Tied]) -> None:
        if not rows:
            return
        keys = [row.claim.pk for row in rows]
        stories = ShownStory.objects.filter(claims__overlap=keys).newest()
        reviews = ratings_of(keys)
        found = list(stories.values_list("article_id", "claims")[:NEWEST])
        wanted = {
            key: [article for article, claims in found if key in claims][:STORIES_A_LINK]
            for key in keys
        }
        articles = (
            Article.objects.published()
            .select_related("outlet")
            .in_bulk({article for some in wanted.values() for article in some})
        )
        for row in rows:
            row.stories = [articles[k] for k in wanted[row.claim.pk] if k in articles]
            row.reviews = reviews.get(row.claim.pk, [])
