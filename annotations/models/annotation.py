"""Annotations: one tag on a text, with what is tagged, where, how sure, and by whom."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotations.models.claim import Claim
from annotations.models.entity import Entity, EntityType
from annotations.models.fields import Spans, choices_check, spans_field
from annotations.models.run import Run, Suggester
from annotations.models.source import Source, SourceKind
from annotations.querysets import AnnotationQuerySet
from articles.models import Article, Revision


class Kind(models.TextChoices):
    ENTITY = "entity", "Entity"
    CLAIM = "claim", "Claim"
    SOURCE = "source", "Source"


class Status(models.TextChoices):
    SUGGESTED = "suggested", "Suggested"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class Annotation(models.Model):
    """A mention, a claim's words, or a source's words.

    `type` is the entity's type or the source's kind; a claim has none. `label` is what the body
    is called while nobody has said which one it is: a name, or a claim's sentence. A place
    (revision, kind, spans) holds one annotation at most, whatever its status, so that what was
    rejected there is not suggested there again. A deleted one stays as a row, for its history.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="annotations")
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        related_name="annotations",
        help_text="That its spans count in",
    )
    kind = models.CharField(max_length=6, choices=Kind.choices)
    spans = spans_field()
    start = models.PositiveIntegerField(editable=False)
    end = models.PositiveIntegerField(editable=False)
    type = models.CharField(
        max_length=12, blank=True, choices=EntityType.choices + SourceKind.choices
    )
    label = models.CharField(max_length=1000, blank=True)
    entity = models.ForeignKey(
        Entity, null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.SUGGESTED)
    confidence = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was suggested")
    proposal = models.JSONField(
        default=dict,
        blank=True,
        help_text=(
            "What was suggested besides. Of an entity: candidates (ids, best first) or new. Of a "
            "claim: said_before (claim and similarity, best first). Of a source: entity (id), "
            "affiliation, unnamed_reason"
        ),
    )
    suggester = models.ForeignKey(
        Suggester, null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    run = models.ForeignKey(
        Run, null=True, blank=True, on_delete=models.PROTECT, related_name="annotations"
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    extra = models.JSONField(default=dict, blank=True, help_text="Properties of others, given back")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["article", "start", "-end", "id"]
        constraints = [
            choices_check("kind", Kind, "annotation_kind_is_known"),
            choices_check("status", Status, "annotation_status_is_known"),
            models.UniqueConstraint(
                fields=["revision", "kind", "spans"],
                condition=Q(deleted_at__isnull=True),
                name="annotation_once_a_place",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="annotation_not_empty"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0.0, 1.0)),
                name="annotation_confidence_in_range",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="entity", type__in=EntityType.values)
                    | Q(kind="source", type__in=SourceKind.values)
                    | Q(kind="claim", type="")
                ),
                name="annotation_type_fits_kind",
            ),
            models.CheckConstraint(
                condition=(
                    (Q(entity__isnull=True) | Q(kind="entity"))
                    & (Q(claim__isnull=True) | Q(kind="claim"))
                    & (Q(source__isnull=True) | Q(kind="source"))
                ),
                name="annotation_body_fits_kind",
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(status="accepted")
                    | Q(kind="entity")
                    | Q(claim__isnull=False)
                    | Q(source__isnull=False)
                ),
                name="annotation_accepted_has_a_body",
            ),
            models.CheckConstraint(
                condition=Q(suggester__isnull=False) | Q(creator__isnull=False),
                name="annotation_has_a_maker",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "start"], name="annotation_article_start"),
            models.Index(fields=["entity", "status"], name="annotation_entity_status"),
            models.Index(fields=["claim", "status"], name="annotation_claim_status"),
            models.Index(fields=["source", "status"], name="annotation_source_status"),
            # What readers see of a thing in some stories.
            *(
                models.Index(
                    fields=[thing, "article"],
                    name=f"annotation_shown_{thing}",
                    condition=Q(status="accepted", deleted_at__isnull=True)
                    & Q(**{f"{thing}__isnull": False}),
                )
                for thing in ("entity", "claim", "source")
            ),
            # Lists by time, in pages: the rows that follow one are read, and no more.
            models.Index(fields=["created_at", "id"], name="annotation_created"),
            models.Index(fields=["updated_at", "id"], name="annotation_updated"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}-{self.end}"

    def put_at(self, spans: Spans) -> None:
        """Set its spans; `start` and `end` follow."""
        self.spans = [list(span) for span in spans]
        self.start, self.end = self.spans[0][0], self.spans[-1][1]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.put_at(self.spans)
        super().save(*args, **kwargs)

    @property
    def body(self) -> Entity | Claim | Source | None:
        """What it is about, once somebody has said which."""
        # The fields are called as the kinds are.
        body: Entity | Claim | Source | None = getattr(self, self.kind)
        return body

    @property
    def name(self) -> str:
        """What the body is called: its own name, or the proposal."""
        body = self.body
        return str(body) if body else self.label

    def words(self) -> list[str]:
        """The words of each span, from its revision's text."""
        return [self.revision.text[start:end] for start, end in self.spans]

    @property
    def change_subject(self) -> tuple[str, str]:
        return "annotation", str(self.uuid)

    @property
    def change_article_id(self) -> int:
        return self.article_id

    def snapshot(self) -> dict[str, Any]:
        body = self.body
        return {
            "id": str(self.uuid),
            "article": self.article_id,
            "revision": self.revision.number,
            "kind": self.kind,
            "spans": self.spans,
            "type": self.type,
            "label": self.label,
            "name": self.name,
            "body": {"id": body.pk, "href": body.get_absolute_url()} if body else None,
            "status": self.status,
            "confidence": self.confidence,
            "reason": self.reason,
            "proposal": self.proposal,
            "suggester": str(self.suggester) if self.suggester else None,
            "creator": self.creator.get_username() if self.creator else None,
            "extra": self.extra,
            "version": self.version,
            "deleted": self.deleted_at is not None,
        }
