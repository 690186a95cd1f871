"""What else to read after a story: the headlines it lists, and stories that share with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, Value
from django.db.models.functions import MD5, Lower

from annotations.models import Annotation, Claim, Entity, ShownStory
from articles.models import Article, RelatedHeadline
from newsdesk.site.story_rows import HEADLINES, LISTED

MOST = 5
# Shared claims are looked up, then so many of the rarest names, as long as they are in no more than
# so many stories together; of these, so many of the newest are compared.
RAREST = 8
SHARING_MOST = 240
CANDIDATES = 60
# What alone is in more stories than these has the newest found sooner by going through all stories.
COMMON = 1000
# A shared claim ties two stories closer than a shared name does.
OF_A_CLAIM = 3.0
OF_MEANING = 2.0
# Less alike than this are stories on other matters.
ALIKE = 0.4

SHARING = f"""
WITH sharing AS {{how}} (
    SELECT article_id, published_at FROM annotations_shownstory
    WHERE (claims && %s::bigint[] OR entities && %s::bigint[]) AND article_id <> %s
), newest AS (
    SELECT article_id FROM sharing ORDER BY published_at DESC, article_id DESC LIMIT {CANDIDATES}
)
SELECT article_id, entities, claims FROM annotations_shownstory
WHERE article_id = ANY(ARRAY(SELECT article_id FROM newest))
"""  # noqa: S608
# As many as are wanted are near enough to the nearest with so few looked at.
NEAR = f"""
SET LOCAL hnsw.ef_search = 16;
SELECT article_id, vector <=> (
    SELECT vector FROM annotations_storyvector WHERE article_id = %(story)s) AS distance
FROM annotations_storyvector
WHERE article_id <> %(story)s
    AND model = (SELECT model FROM annotations_storyvector WHERE article_id = %(story)s)
ORDER BY distance LIMIT {MOST}
"""  # noqa: S608


@dataclass(frozen=True)
class Headline:
    """A headline that the story listed: leads to the desk's own story where it has that."""

    title: str
    href: str
    is_ours: bool = False


def headlines_of(article: Article) -> list[Headline]:
    """One query, and one more where there are any."""
    rows = HEADLINES.read(article.pk)
    if not rows:
        return []
    known = _known(rows)
    return [_headline(row, known.get(row.url) or known.get(row.title.lower())) for row in rows]


def _headline(row: RelatedHeadline, story: Article | None) -> Headline:
    if story:
        return Headline(row.title, story.get_absolute_url(), is_ours=True)
    return Headline(row.title, row.url)


def _known(rows: Iterable[RelatedHeadline]) -> dict[str, Article]:
    """The published stories among them, by address and by title in small letters."""
    urls = [row.url for row in rows if row.url]
    titles = ShownStory.objects.alias(small=Lower("title")).filter(
        small__in=[row.title.lower() for row in rows]
    )
    stories = Article.objects.published().alias(digest=MD5("url"))
    found: dict[str, Article] = {}
    for story in stories.filter(
        Q(pk__in=titles.values("pk"))
        | Q(digest__in=[MD5(Value(url)) for url in urls], url__in=urls)
    ).only("title", "slug", "url"):
        found |= {story.title.lower(): story, story.url: story}
    found.pop("", None)
    return found


class Shared(NamedTuple):
    """A story that may be related, with all that it names and claims."""

    story: int
    entities: list[int]
    claims: list[int]


@dataclass
class Related:
    """A story, and what it shares with the one that is read."""

    story: Article
    entities: list[Entity] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


class RelatedStories:
    """Stories that share rare names or claims with this one, or that mean much the same."""

    def __init__(self, article: Article, annotations: Iterable[Annotation]) -> None:
        self._article = article
        rows = list(annotations)
        speaking = [a.source.entity for a in rows if a.source and a.source.entity]
        named = [a.entity for a in rows if a.entity]
        self._entities = {entity.pk: entity for entity in [*speaking, *named]}
        self._claims = {a.claim_id: a.claim for a in rows if a.claim}

    @cached_property
    def entity_counts(self) -> dict[int, int]:
        """In how many stories each entity of this one is."""
        return _counts(self._entities)

    @cached_property
    def claim_counts(self) -> dict[int, int]:
        """In how many stories each claim of this one is made."""
        return _counts(self._claims)

    @cached_property
    def stories(self) -> list[Related]:
        """The closest first."""
        shared = self._sharing()
        scores = {row.story: self._score(row) for row in shared}
        for pk, likeness in self._near():
            scores[pk] = scores.get(pk, 0.0) + OF_MEANING * likeness
        best = sorted(scores, key=lambda pk: (-scores[pk], -pk))[:MOST]
        stories = LISTED.of(best)
        rows = {row.story: row for row in shared}
        return [self._related(stories[pk], rows.get(pk)) for pk in best if pk in stories]

    def _sharing(self) -> list[Shared]:
        claims, names, stories = telling(self.claim_counts, self.entity_counts)
        if not claims and not names:
            return []
        how = "MATERIALIZED" if stories <= COMMON else "NOT MATERIALIZED"
        with connection.cursor() as cursor:
            cursor.execute(SHARING.format(how=how), [claims, names, self._article.pk])
            return [Shared(*row) for row in cursor.fetchall()]

    def _near(self) -> list[tuple[int, float]]:
        """Stories that mean much the same, once a worker has made the vector of this one."""
        with connection.cursor() as cursor:
            cursor.execute(NEAR, {"story": self._article.pk})
            others = cursor.fetchall()
        # What has no meaning is at no distance: NaN is not alike.
        return [(pk, 1 - distance) for pk, distance in others if 1 - distance >= ALIKE]

    def _score(self, row: Shared) -> float:
        names = sum(
            _weight(self.entity_counts[pk]) for pk in row.entities if pk in self.entity_counts
        )
        return names + OF_A_CLAIM * len(self._claims.keys() & set(row.claims))

    def _related(self, story: Article, row: Shared | None) -> Related:
        if row is None:
            return Related(story)
        shared = [pk for pk in row.entities if pk in self.entity_counts]
        rarest = sorted(shared, key=lambda pk: self.entity_counts[pk])[:3]
        claims = [self._claims[pk] for pk in row.claims if pk in self._claims]
        return Related(story, [self._entities[pk] for pk in rarest], claims[:1])


def telling(claims: dict[int, int], names: dict[int, int]) -> tuple[list[int], list[int], int]:
    """By which claims and which names of a story others are found that share one, and in how many
    stories these are together. Takes in how many stories each is; the rarest tell most."""
    again = {pk: stories for pk, stories in claims.items() if stories > 1}
    chosen: tuple[list[int], list[int]] = [], []
    total = 0
    for keys, counts in zip(chosen, (again, names), strict=True):
        for pk in sorted(counts, key=counts.__getitem__)[:RAREST]:
            if not total or total + counts[pk] <= SHARING_MOST:
                keys.append(pk)
                total += counts[pk]
    return *chosen, total


def _weight(stories: int) -> float:
    """A name that few stories have says more."""
    return 1 / log(1 + max(stories, 2))


def _counts(things: dict[int, Any]) -> dict[int, int]:
    return {pk: thing.stories for pk, thing in things.items() if thing.stories}
