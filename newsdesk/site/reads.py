"""What the readers' pages read: a fixed number of queries each, always from what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from annotations.models import Annotation, Attribution, Claim, Entity, Source
from annotations.segments import paragraph_spans

MOST = 12
# A page shows so many places; more come with the next issue's paging.
PLACES_A_PAGE = 200
AROUND = 90


@dataclass(frozen=True)
class Context:
    """An annotation's words with what stands around them."""

    annotation: Annotation
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Statement:
    """A claim's words in a story, and the ties that say whose they are."""

    annotation: Annotation
    ties: list[Attribution]


def most_named() -> QuerySet[Entity]:
    """The entities of most stories."""
    return (
        Entity.objects.current()
        .with_story_counts()
        .filter(stories__gt=0)
        .order_by("-stories", "name")[:MOST]
    )


def newest_claims() -> QuerySet[Claim]:
    return Claim.objects.current().shown().with_story_counts().order_by("-created_at", "-pk")[:MOST]


def about(thing: Entity | Claim | Source) -> dict[str, Any]:
    """What the page of an entity, a claim or a source shows besides itself."""
    if isinstance(thing, Entity):
        return {
            "mentions": _contexts(_shown(entity=thing)),
            "said": statements(Attribution.objects.shown().filter(source__source__entity=thing)),
            "as_source": Source.objects.current().shown().filter(entity=thing).first(),
            "aliases": list(thing.aliases.all()),
        }
    if isinstance(thing, Claim):
        return {
            "made": _made(thing),
            "reviews": list(thing.reviews.all()),
            "links": list(
                thing.links.filter(other__in=Claim.objects.shown()).select_related("other")
            ),
        }
    return {"said": statements(Attribution.objects.shown().filter(source__source=thing))}


def _shown(**match: Any) -> QuerySet[Annotation]:
    rows = Annotation.objects.shown().filter(**match).with_bodies()
    return rows.order_by("-article__published_at", "article", "start")[:PLACES_A_PAGE]


def _contexts(annotations: QuerySet[Annotation]) -> list[Context]:
    return [in_context(annotation) for annotation in annotations]


def in_context(annotation: Annotation) -> Context:
    """Its words with up to AROUND characters of its paragraph on both sides, cut at words."""
    text = annotation.revision.text
    start, end = annotation.start, annotation.end
    low, high = next(((a, b) for a, b in paragraph_spans(text) if a <= start < b), (0, len(text)))
    before, after = text[low:start], text[end : max(end, high)]
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + "…"
    return Context(annotation, before, text[start:end], after)


def statements(ties: QuerySet[Attribution]) -> list[Statement]:
    """Ties gathered by the claim's words, newest story first."""
    rows = ties.select_related(
        "claim__claim", "claim__article__outlet", "claim__revision", "source__source__entity"
    ).order_by("-claim__article__published_at", "claim__start", "pk")[:PLACES_A_PAGE]
    gathered: dict[int, Statement] = {}
    for tie in rows:
        gathered.setdefault(tie.claim_id, Statement(tie.claim, [])).ties.append(tie)
    return list(gathered.values())


def _made(claim: Claim) -> list[Statement]:
    """Each place where the claim is made, with those whom it is attributed to there."""
    places = {a.pk: Statement(a, []) for a in _shown(claim=claim)}
    ties = Attribution.objects.shown().filter(claim__in=list(places))
    for tie in ties.select_related("source__source__entity"):
        places[tie.claim_id].ties.append(tie)
    return list(places.values())
