"""What was said before: claims remembered by vectors, and found again by their meaning.

Each claim has a vector of its sentence, made by a worker: a change of the log wakes one on
commit, and beat every so often, so that none is missed. A vector is of one sentence by one
version of the model; whatever changes either makes it count as missing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Value, Window
from django.db.models.functions import Coalesce, DenseRank
from pgvector.django import CosineDistance

from annotations.models import Annotation, Claim, ClaimVector
from annotations.models.annotation import Status
from annotations.models.claim import LONGEST
from annotations.models.fields import fold
from annotations.vectors import Vectors, current_vectors
from articles.models import Article

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)

# From here on two sentences may be about the same thing; an editor says whether they say it. The
# vectors do not tell a claim from its denial, which she will want to see as well.
ALIKE = 0.7
MOST = 5
MOST_STORIES = 5
# More are looked at than shown: some of them were merged into one.
NEAREST = 20
BATCH = 256
# Of a text that claims more than a story does, only the first sentences are looked up by meaning,
# so that the run ends in time; so many are asked for in one query.
MOST_SENTENCES, A_QUERY = 200, 50
MEMORY_LOCK = 7_163_002
CURRENT = Coalesce("merged_into", "pk", output_field=BigIntegerField())


def wake_worker() -> None:
    """Send the wake-up. A broker that is down is no error: beat asks for the same."""
    from annotations.tasks import remember_claims

    try:
        remember_claims.apply_async(retry=False)
    except Exception as error:  # noqa: BLE001 - kombu raises its transports' own errors
        log.warning("claims wait to be remembered, the broker does not answer: %s", error)


def forgotten(version: str) -> QuerySet[Claim]:
    """The claims without a vector of their sentence by that model, merged ones too."""
    made = ClaimVector.objects.filter(claim=OuterRef("pk"), text=OuterRef("text"), model=version)
    return Claim.objects.filter(~Exists(made))


def remember(most: int = BATCH) -> int:
    """Make the vectors that are missing, at most so many, and wake a worker for the others.

    Returns how many were made; none while another worker is at it.
    """
    vectors = current_vectors()
    with transaction.atomic():
        if not _only_one():
            return 0
        rows = forgotten(vectors.version).order_by("pk")
        claims = list(rows.values_list("pk", "text")[:most])
        if claims:
            _store(claims, vectors)
        if len(claims) == most:
            transaction.on_commit(wake_worker)
    return len(claims)


def _only_one() -> bool:
    """Try to be the only one at it until the transaction ends or the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MEMORY_LOCK])
        return bool(cursor.fetchone()[0])


def _store(claims: list[tuple[int, str]], vectors: Vectors) -> None:
    made = vectors.of([text for _, text in claims])
    ClaimVector.objects.bulk_create(
        (
            ClaimVector(claim_id=pk, text=text, model=vectors.version, vector=vector)
            for (pk, text), vector in zip(claims, made, strict=True)
        ),
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=["text", "model", "vector"],
    )


@dataclass(frozen=True)
class Match:
    """A claim of the desk that says what a sentence says, and how alike the two are, to 1."""

    claim: int
    similarity: float


def matches(sentences: Sequence[str]) -> list[list[Match]]:
    """For each sentence the current claims that are alike, at most MOST, the likest first.

    The one with the very sentence, however it is cased and spaced, comes before all others. A
    merged claim stands for the one that it was merged into. Three queries for fifty sentences, and
    one more for fifty others.
    """
    if not sentences:
        return []
    same = _same(sentences)
    near = dict(enumerate(_near(sentences[:MOST_SENTENCES])))
    found: list[list[Match]] = []
    for number, sentence in enumerate(sentences):
        best = dict.fromkeys(same[fold(sentence, LONGEST)], 1.0)
        for match in near.get(number, ()):
            best.setdefault(match.claim, match.similarity)
        found.append([Match(claim, similarity) for claim, similarity in best.items()][:MOST])
    return found


def _same(sentences: Sequence[str]) -> dict[str, list[int]]:
    """Folded sentence to the current claims that have it, or had it before they were merged."""
    said: dict[str, list[int]] = defaultdict(list)
    for folded, pk in Claim.objects.saying(*sentences).values_list("folded_text", CURRENT):
        said[folded].append(pk)
    return said


def _near(sentences: Sequence[str]) -> list[list[Match]]:
    """For each sentence current claims that are alike, the likest first."""
    vectors = current_vectors()
    asked = [
        _nearest(number, vector, vectors.version)
        for number, vector in enumerate(vectors.of(sentences))
    ]
    rows = [row for i in range(0, len(asked), A_QUERY) for row in _union(asked[i : i + A_QUERY])]
    claims = Claim.objects.filter(pk__in={claim for _, claim, *_ in rows})
    now = {pk: rest for pk, *rest in claims.values_list("pk", "text", CURRENT)}
    found: list[list[Match]] = [[] for _ in sentences]
    for number, claim, of_text, distance in rows:
        text, current = now[claim]
        # What has no meaning at all is at no distance: NaN is not alike.
        if text == of_text and 1 - distance >= ALIKE:
            found[number].append(Match(current, round(1 - distance, 4)))
    return [sorted(near, key=lambda match: -match.similarity) for near in found]


def _union(asked: list[QuerySet[ClaimVector, Any]]) -> QuerySet[ClaimVector, Any]:
    first, *others = asked
    return first.union(*others, all=True) if others else first


def _nearest(number: int, vector: np.ndarray, version: str) -> QuerySet[ClaimVector, Any]:
    """Rows of `number`, a claim, the sentence that its vector is of, and the distance. Without
    joins, so that the index of vectors gives them in their order."""
    return (
        ClaimVector.objects.filter(model=version)
        .annotate(number=Value(number), distance=CosineDistance("vector", vector))
        .order_by("distance")
        .values_list("number", "claim_id", "text", "distance")[:NEAREST]
    )


@dataclass(frozen=True)
class Said:
    """A claim that was made before, how alike it is, and the newest stories that make it."""

    claim: Claim
    similarity: float
    stories: list[Article]


def said_before(annotations: Iterable[Annotation], *, user: Any) -> dict[int, list[Said]]:
    """By primary key, what the suggested claims among them were matched with, as far as the
    user may see it, the likest first. Three queries, or none where nothing was matched."""
    asked = [a for a in annotations if is_like_others(a)]
    if not asked:
        return {}
    ids = {match["claim"] for annotation in asked for match in _proposed(annotation)}
    current = dict(Claim.objects.filter(pk__in=ids).values_list("pk", CURRENT))
    claims = Claim.objects.visible_to(user).in_bulk(set(current.values()))
    stories = _stories(claims, user)
    found: dict[int, list[Said]] = {}
    for annotation in asked:
        best: dict[int, Said] = {}
        for match in _proposed(annotation):
            claim = claims.get(current.get(match["claim"], 0))
            if claim and claim.pk not in best:
                others = [s for s in stories[claim.pk] if s.pk != annotation.article_id]
                best[claim.pk] = Said(claim, match["similarity"], others[:MOST_STORIES])
        found[annotation.pk] = list(best.values())
    return found


def is_like_others(annotation: Annotation) -> bool:
    """Whether it is a suggested claim that was matched with others."""
    return annotation.status == Status.SUGGESTED and bool(_proposed(annotation))


def _proposed(annotation: Annotation) -> list[dict[str, Any]]:
    return annotation.proposal.get("said_before", [])


def _stories(claims: Iterable[int], user: Any) -> dict[int, list[Article]]:
    """Claim to the newest stories in which it was accepted, one more than are shown."""
    newest = Window(
        DenseRank(),
        partition_by="claim",
        order_by=[F("date").desc(), F("article").desc()],
    )
    rows = (
        Annotation.objects.visible_to(user)
        .filter(claim__in=claims, status=Status.ACCEPTED)
        .annotate(date=Coalesce("article__dated", "article__created_at"), place=newest)
        .filter(place__lte=MOST_STORIES + 1)
        .order_by("claim_id", "place")
        .select_related("article")
    )
    stories: dict[int, dict[int, Article]] = defaultdict(dict)
    for row in rows:
        stories[row.claim_id or 0][row.article_id] = row.article
    return defaultdict(list, {claim: list(made.values()) for claim, made in stories.items()})
