"""Claims, what ties them to each other, and the dated ratings they were given."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5, Left
from django.utils import timezone
from pgvector.django import HnswIndex, VectorField

from annotations.models.fields import choices_check, fold
from annotations.querysets import ClaimQuerySet
from articles.links import address_of

LONGEST = 1000
# So many characters of a sentence are sorted by: an index has no room for all of them.
BEGINNING = 200
# As long as the vectors of the model in annotations/nlp are.
DIMENSIONS = 384


class Claim(models.Model):
    """A proposition that can be true or false, in one normalised sentence."""

    text = models.CharField(max_length=LONGEST)
    folded_text = models.CharField(max_length=LONGEST, editable=False)
    language = models.CharField(max_length=20, default="en")
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_a_text"),
            # Of the digest, as PostgreSQL indexes no value of more than 2,704 bytes.
            models.UniqueConstraint(
                MD5("folded_text"),
                condition=Q(merged_into__isnull=True),
                name="claim_sentence_unique",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="claim_not_merged_into_itself",
            ),
        ]
        # Merged ones too: what they said still leads to the claim they are now.
        indexes = [
            models.Index(MD5("folded_text"), name="claim_sentence"),
            # Lists in pages, by each of their orders.
            models.Index(Left("folded_text", BEGINNING), "id", name="claim_beginning"),
            models.Index(fields=["created_at", "id"], name="claim_created"),
            models.Index(fields=["updated_at", "id"], name="claim_updated"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_text = fold(self.text, LONGEST)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("site:claim", self.pk)

    @property
    def change_subject(self) -> tuple[str, str]:
        return "claim", str(self.pk)

    @property
    def change_article_id(self) -> None:
        return None

    def snapshot(self) -> dict[str, Any]:
        return {
            "id": self.pk,
            "text": self.text,
            "language": self.language,
            "merged_into": self.merged_into_id,
            "version": self.version,
        }


class ClaimVector(models.Model):
    """What the model makes of a claim's sentence. Derived: it may be thrown away at any time.

    It counts only while `text` is the claim's sentence and `model` the version at work; see
    `annotations/matching.py`. A table of its own, so that no claim is fetched with its vector.
    """

    claim = models.OneToOneField(
        Claim, primary_key=True, on_delete=models.CASCADE, related_name="vector"
    )
    text = models.CharField(max_length=LONGEST, help_text="The sentence that it is of")
    model = models.CharField(max_length=60, help_text="The model's version")
    vector = VectorField(dimensions=DIMENSIONS)

    class Meta:
        ordering = ["claim_id"]
        indexes = [
            HnswIndex(
                fields=["vector"], opclasses=["vector_cosine_ops"], name="claim_vector_cosine"
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} by model {self.model}"


class ClaimLinkKind(models.TextChoices):
    SAME = "same", "Same"
    SUPPORTS = "supports", "Supports"
    CONTRADICTS = "contradicts", "Contradicts"
    NARROWS = "narrows", "Narrows"
    UPDATES = "updates", "Updates"


class ClaimLink(models.Model):
    """What one claim is to another: "this one contradicts that one"."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=ClaimLinkKind.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["claim", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "kind"], name="claim_link_once"),
            models.CheckConstraint(condition=~Q(claim=F("other")), name="claim_link_to_another"),
            choices_check("kind", ClaimLinkKind, "claim_link_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind} {self.other_id}"

    @property
    def change_subject(self) -> tuple[str, str]:
        return "claim_link", str(self.pk)

    @property
    def change_article_id(self) -> None:
        return None

    def snapshot(self) -> dict[str, Any]:
        return {
            "id": self.pk, "claim": self.claim_id, "other": self.other_id, "kind": self.kind,
        }  # fmt: skip


class ClaimReview(models.Model):
    """A dated rating of a claim, with schema.org's fields; a newer one supersedes it, none is
    overwritten."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews")
    rating = models.CharField(max_length=100, help_text="In the reviewer's words")
    rating_value = models.SmallIntegerField(
        null=True, blank=True, help_text="1 (false) to 5 (true), where the reviewer gives one"
    )
    reviewer = models.CharField(max_length=200)
    url = models.URLField(max_length=2000, blank=True)
    evidence = models.TextField(blank=True)
    reviewed_on = models.DateField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-reviewed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(rating="") & ~Q(reviewer=""), name="claim_review_is_complete"
            ),
            models.CheckConstraint(
                condition=Q(rating_value__isnull=True) | Q(rating_value__range=(1, 5)),
                name="claim_review_rating_in_range",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="claim_review_supersedes_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.rating}"

    @property
    def change_subject(self) -> tuple[str, str]:
        return "claim_review", str(self.pk)

    @property
    def change_article_id(self) -> None:
        return None

    def snapshot(self) -> dict[str, Any]:
        return {
            "id": self.pk,
            "claim": self.claim_id,
            "rating": self.rating,
            "rating_value": self.rating_value,
            "reviewer": self.reviewer,
            "url": self.url,
            "evidence": self.evidence,
            "reviewed_on": self.reviewed_on,
            "supersedes": self.supersedes_id,
        }
