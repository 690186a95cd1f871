"""Stories that are near in meaning: each published one is remembered by a vector.

A vector is of a story's title and beginning, made by a worker after publication: a change of the
log wakes one on commit, and beat every so often, so that none is missed. It goes in the
transaction in which the story is taken back.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Left
from pgvector.django import CosineDistance

from annotations.models import ShownStory, StoryVector
from annotations.vectors import Vectors, current_vectors
from articles.models import Article

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)

BATCH = 64
# The model reads the beginning of what it is given; more characters than these it never reaches.
BEGINNING = 1200
MEMORY_LOCK = 7_163_003
# The first letter after the Latin ones.
AFTER_LATIN = "\u0250"
# As many as the index of vectors gives at once.
NEAREST = 40


def understands(text: str) -> bool:
    """Whether the model can tell what it means. It learned no script but the Latin one, and takes
    all that is written in others for much the same."""
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(letter < AFTER_LATIN for letter in letters) >= len(letters)


def wake_worker() -> None:
    """Send the wake-up. A broker that is down is no error: beat asks for the same."""
    from annotations.tasks import remember_stories

    try:
        remember_stories.apply_async(retry=False)
    except Exception as error:  # noqa: BLE001 - kombu raises its transports' own errors
        log.warning("stories wait to be remembered, the broker does not answer: %s", error)


def forgotten(version: str) -> QuerySet[ShownStory]:
    """The shown stories without a vector of their text and title by that model."""
    made = StoryVector.objects.filter(
        article=OuterRef("pk"),
        revision=OuterRef("revision"),
        title=OuterRef("title"),
        model=version,
    )
    return ShownStory.objects.filter(~Exists(made))


def remember(most: int = BATCH) -> int:
    """Make the vectors that are missing, at most so many, and wake a worker for the others.

    Returns how many were made; none while another worker is at it.
    """
    vectors = current_vectors()
    with transaction.atomic():
        if not _only_one():
            return 0
        stories = _texts(forgotten(vectors.version), most)
        if stories:
            _store(stories, vectors)
        if len(stories) == most:
            transaction.on_commit(wake_worker)
    return len(stories)


def _only_one() -> bool:
    """Try to be the only one at it until the transaction ends or the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MEMORY_LOCK])
        return bool(cursor.fetchone()[0])


def _texts(stories: QuerySet[ShownStory], most: int) -> list[tuple[int, int, str, str]]:
    beginning = Left("revision__text", BEGINNING)
    rows = stories.order_by("-published_at", "-pk").annotate(beginning=beginning)
    return list(rows.values_list("pk", "revision_id", "title", "beginning")[:most])


def _store(stories: list[tuple[int, int, str, str]], vectors: Vectors) -> None:
    texts = [f"{title}. {beginning}" for _, _, title, beginning in stories]
    # Of no words it makes a vector that is like no other.
    made = vectors.of([text if understands(text) else "" for text in texts])
    # Only of those that are published still, and that nobody takes back before this commits.
    locked = Article.objects.published().select_for_update(of=("self",), no_key=True)
    published = set(
        locked.filter(pk__in=[row[0] for row in stories])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    StoryVector.objects.bulk_create(
        (
            StoryVector(
                article_id=pk,
                revision_id=revision,
                title=title,
                model=vectors.version,
                vector=vector,
            )
            for (pk, revision, title, _), vector in zip(stories, made, strict=True)
            if pk in published
        ),
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["revision", "title", "model", "vector"],
    )


def nearest(vector: np.ndarray, version: str, most: int = NEAREST) -> list[tuple[int, float]]:
    """The stories whose vectors are nearest, and how alike they are, to 1, the likest first."""
    rows: Any = (
        StoryVector.objects.filter(model=version)
        .annotate(distance=CosineDistance("vector", vector))
        .order_by("distance")
        .values_list("article_id", "distance")[:most]
    )
    # What has no meaning at all is at no distance: NaN is not alike.
    return [(pk, 1 - distance) for pk, distance in rows if distance == distance]  # noqa: PLR0124
