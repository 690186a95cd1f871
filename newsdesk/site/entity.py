"""The page of an entity: where it is named, what it said, what is said of it, with whom it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from annotations.models import (
    Alias,
    Annotation,
    Entity,
    ShownAbout,
    ShownStory,
    ShownTie,
    Source,
)
from annotations.querysets import SHOWN, AnnotationQuerySet
from annotations.spans import overlap
from newsdesk.site.company import STORIES, Company, Row, company_of
from newsdesk.site.paging import StoryPage, part_of, story_page
from newsdesk.site.places import StoryPlaces, articles_of, with_places
from newsdesk.site.statements import Statement, claims_in, placed, statements_of, tied
from newsdesk.site.timeline import Timeline, timeline_of

PARTS = ("about", "before")
# Of what it said, and what is said of it, the page shows so many; a link leads to all.
MOST_STATEMENTS = 6


@dataclass(frozen=True)
class Companion:
    """An entity in the picture of the company, and its place there."""

    entity: Entity
    row: Row


class EntityPage:
    """What the page needs, in a fixed number of queries, however often the entity is named."""

    def __init__(self, entity: Entity, query: Mapping[str, str] | None = None) -> None:
        self.entity = entity
        self._part = part_of(query or {}, PARTS)
        self._stories = ShownStory.objects.naming(entity)

    @cached_property
    def aliases(self) -> list[Alias]:
        return list(self.entity.aliases.all())

    @cached_property
    def page(self) -> StoryPage:
        return story_page(self._stories, self._part.at if self._part.name == "before" else "")

    @property
    def shows_all(self) -> bool:
        return self._part.shows()

    @property
    def shows_about(self) -> bool:
        return self._part.shows("about")

    @property
    def shows_stories(self) -> bool:
        return self._part.shows("before")

    @cached_property
    def places(self) -> list[StoryPlaces]:
        """The page's stories with the places that name it, or that it speaks in."""
        rows = Annotation.objects.accepted().filter(
            Q(entity=self.entity) | Q(source__entity=self.entity), article__in=self.page.articles
        )
        return with_places(articles_of(self.page.articles), rows.order_by("start", "kind"))

    @cached_property
    def _newest(self) -> list[tuple[int, list[int]]]:
        return list(self._stories.values_list("article_id", "entities")[:STORIES])

    @cached_property
    def as_source(self) -> Source | None:
        """The source that it is, where a story has it speak."""
        sources = Source.objects.current().filter(entity=self.entity, tally__stories__gt=0)
        return sources.select_related("tally").first()

    @cached_property
    def said(self) -> list[Statement]:
        """The newest claims that are attributed to it."""
        if self.as_source is None:
            return []
        # Each row has one of its claims at least.
        newest = self._ties.order_by("-published_at", "-article")[:MOST_STATEMENTS]
        articles = articles_of(list(dict.fromkeys(newest.values_list("article", flat=True))))
        return statements_of(self.as_source, articles)[:MOST_STATEMENTS]

    @property
    def _ties(self) -> QuerySet[ShownTie]:
        return ShownTie.objects.filter(source=self.as_source)

    @cached_property
    def said_in_all(self) -> int:
        """In how many places it says something."""
        return self._ties.aggregate(places=Sum(F("places") + F("denials")))["places"] or 0

    @cached_property
    def about_page(self) -> StoryPage:
        """The newest stories in which something is said about it, or those that follow a key."""
        return story_page(self._spoken_of, self._part.at if self._part.name == "about" else "")

    @property
    def _spoken_of(self) -> QuerySet[ShownAbout]:
        return ShownAbout.objects.filter(entity=self.entity)

    @cached_property
    def about_in_all(self) -> int:
        """In how many places others say something about it."""
        return self._spoken_of.aggregate(places=Sum("places"))["places"] or 0

    @cached_property
    def _about(self) -> list[Statement]:
        """The claims in these stories whose words name it and that others make, newest first."""
        articles = articles_of(self.about_page.articles)
        claims = claims_in(articles).filter(Exists(self._mentions_in_claim()))
        found = [a for a in placed(claims, articles) if self._is_named_in(a)]
        return [s for s in tied(found) if not self._says(s)]

    @property
    def about(self) -> list[Statement]:
        """All of them where this is what is asked for, else the first."""
        return self._about[:MOST_STATEMENTS] if self.shows_all else self._about

    def _mentions_in_claim(self) -> AnnotationQuerySet:
        return Annotation.objects.filter(
            **SHOWN, entity=self.entity, revision=OuterRef("revision"),
            article=OuterRef("article"), start__gte=OuterRef("start"), end__lte=OuterRef("end"),
        )  # fmt: skip

    @cached_property
    def _mentions(self) -> dict[int, list[list[int]]]:
        rows = Annotation.objects.accepted().filter(
            entity=self.entity, article__in=self.about_page.articles
        )
        spans: dict[int, list[list[int]]] = {}
        for article, places in rows.values_list("article", "spans"):
            spans.setdefault(article, []).extend(places)
        return spans

    def _is_named_in(self, claim: Annotation) -> bool:
        """Whether it is named in the claim's own words, not in a gap between them."""
        return overlap(claim.spans, self._mentions.get(claim.article_id, []))

    def _says(self, statement: Statement) -> bool:
        sources = (tie.source.source for tie in statement.ties if tie.source)
        return any(source and source.entity_id == self.entity.pk for source in sources)

    @cached_property
    def company(self) -> Company:
        return company_of(self.entity.pk, (entities for _, entities in self._newest))

    @cached_property
    def companions(self) -> list[Companion]:
        """The entity itself first, then those named most with it."""
        keys = [row.key for row in self.company.rows[1:]]
        shown = Entity.objects.filter(tally__stories__gt=0).in_bulk(keys) if keys else {}
        shown[self.entity.pk] = self.entity
        return [Companion(shown[r.key], r) for r in self.company.rows if r.key in shown]

    @property
    def looked_at(self) -> int:
        """In how many of the newest stories company was looked for."""
        return len(self._newest)

    @cached_property
    def timeline(self) -> Timeline:
        return timeline_of(self._stories.timeline())
