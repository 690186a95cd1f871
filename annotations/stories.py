"""Stories with their tags, read from the database as the formats see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from annotations.formats.story import Story, Tag, Tie
from annotations.formats.w3c import body_to_jsonld
from annotations.models import Annotation, Attribution
from annotations.querysets import AnnotationQuerySet, AttributionQuerySet
from articles.models import Article


def load(
    articles: Collection[int], *, tags: AnnotationQuerySet, ties: AttributionQuerySet, base: str
) -> list[Story]:
    """The articles, in the order of their numbers, with those of the tags and ties on them."""
    found_tags, found_ties = defaultdict(list), defaultdict(list)
    rows = tags.attached().filter(article__in=articles).order_by("start", "-end", "pk")
    for annotation in rows.select_related("entity", "claim", "source__entity"):
        found_tags[annotation.article_id].append(_tag(annotation, base))
    ends = ties.filter(claim__article__in=articles).select_related("claim", "source", "parent")
    for attribution in ends.order_by("pk"):
        found_ties[attribution.claim.article_id].append(_tie(attribution))
    stories = Article.objects.filter(pk__in=articles).with_text().order_by("pk")
    return [_story(a, found_tags[a.pk], found_ties[a.pk], base) for a in stories]


def _story(article: Article, tags: list[Tag], ties: list[Tie], base: str) -> Story:
    known = {tag.id for tag in tags}
    return Story(
        id=article.pk,
        title=article.title,
        text=article.text,
        language=article.language,
        outlet=article.outlet.name if article.outlet else "",
        byline=article.byline,
        url=article.url,
        page=base + article.get_absolute_url(),
        dated=article.dated.isoformat() if article.dated else "",
        revision=article.revision.number if article.revision else None,
        tags=tags,
        ties=[tie for tie in ties if tie.claim in known and (tie.source or tie.claim) in known],
    )


def _tag(annotation: Annotation, base: str) -> Tag:
    return Tag(
        id=str(annotation.uuid),
        kind=annotation.kind,
        spans=annotation.spans,
        body=body_to_jsonld(annotation, base),
        status=annotation.status,
        confidence=annotation.confidence,
        extra=annotation.extra,
    )


def _tie(attribution: Attribution) -> Tie:
    def uuid(thing: Any) -> str | None:
        return str(thing.uuid) if thing else None

    return Tie(
        id=str(attribution.uuid),
        claim=str(attribution.claim.uuid),
        source=uuid(attribution.source),
        cue=attribution.cue,
        manner=attribution.manner,
        mode=attribution.mode,
        by_outlet=attribution.by_outlet,
        parent=uuid(attribution.parent),
        status=attribution.status,
    )
