"""Attributions: the tie from a claim's words to its source's words."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotations.models.annotation import Annotation, Status
from annotations.models.fields import choices_check, spans_field
from annotations.models.run import Suggester
from annotations.querysets import AttributionQuerySet


class Manner(models.TextChoices):
    DIRECT = "direct", "Direct"
    INDIRECT = "indirect", "Indirect"
    MIXED = "mixed", "Mixed"


class Mode(models.TextChoices):
    ASSERTS = "asserts", "Asserts"
    SUGGESTS = "suggests", "Suggests"
    BELIEVES = "believes", "Believes"
    INTENDS = "intends", "Intends"
    PREDICTS = "predicts", "Predicts"
    DENIES = "denies", "Denies"
    ORDERS = "orders", "Orders"
    ASKS = "asks", "Asks"


class Attribution(models.Model):
    """Who says a claim, how. No source where the text names none ("it is viewed as"), nor where it
    ascribes the claim to nobody and `by_outlet` says that the outlet itself makes it.

    Its cue counts in the revision of its claim's words. It shows to readers when it and both
    its ends are accepted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="attributions")
    source = models.ForeignKey(
        Annotation, null=True, blank=True, on_delete=models.PROTECT, related_name="attributed"
    )
    cue = spans_field(default=list, blank=True)
    manner = models.CharField(max_length=8, choices=Manner.choices, default=Manner.INDIRECT)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ASSERTS)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="nested"
    )
    by_outlet = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.SUGGESTED)
    confidence = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    suggester = models.ForeignKey(
        Suggester, null=True, blank=True, on_delete=models.PROTECT, related_name="attributions"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AttributionQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "source"], nulls_distinct=False, name="attribution_once_a_pair"
            ),
            choices_check("manner", Manner, "attribution_manner_is_known"),
            choices_check("mode", Mode, "attribution_mode_is_known"),
            choices_check("status", Status, "attribution_status_is_known"),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | ~Q(source=F("claim")),
                name="attribution_ties_two",
            ),
            models.CheckConstraint(
                condition=Q(by_outlet=False) | Q(source__isnull=True),
                name="attribution_by_outlet_has_no_source",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="attribution_parent_is_another",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0.0, 1.0)),
                name="attribution_confidence_in_range",
            ),
        ]
        # Lists in pages, by each of their orders.
        indexes = [
            models.Index(fields=["created_at", "id"], name="attribution_created"),
            models.Index(fields=["updated_at", "id"], name="attribution_updated"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} by {self.source_id}"

    @property
    def change_subject(self) -> tuple[str, str]:
        return "attribution", str(self.uuid)

    @property
    def change_article_id(self) -> int:
        return self.claim.article_id

    def snapshot(self) -> dict[str, Any]:
        return {
            "id": str(self.uuid),
            "claim": str(self.claim.uuid),
            "source": str(self.source.uuid) if self.source else None,
            "cue": self.cue,
            "manner": self.manner,
            "mode": self.mode,
            "by_outlet": self.by_outlet,
            "parent": str(self.parent.uuid) if self.parent else None,
            "status": self.status,
            "confidence": self.confidence,
            "version": self.version,
        }
