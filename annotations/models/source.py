"""Sources: whoever or whatever a claim is attributed to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotations.models.entity import Entity
from annotations.models.fields import choices_check, fold
from annotations.querysets import SourceQuerySet
from articles.links import address_of


class SourceKind(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"
    OUTLET = "outlet", "Outlet"
    DOCUMENT = "document", "Document"
    POST = "post", "Social post"
    UNNAMED = "unnamed", "Unnamed person or group"


class Source(models.Model):
    """A claimant. Tied to an entity where it is one; an unnamed one never is."""

    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=SourceKind.choices)
    name = models.CharField(
        max_length=300, help_text='For an unnamed source, the words: "an official"'
    )
    folded_name = models.CharField(max_length=300, editable=False, db_index=True)
    entity = models.ForeignKey(
        Entity, null=True, blank=True, on_delete=models.PROTECT, related_name="sources"
    )
    affiliation = models.CharField(max_length=300, blank=True)
    unnamed_reason = models.CharField(
        max_length=500, blank=True, help_text="The stated reason for not naming it"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            choices_check("kind", SourceKind, "source_kind_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
            models.CheckConstraint(
                condition=~Q(kind="unnamed") | Q(entity__isnull=True),
                name="source_unnamed_has_no_entity",
            ),
            models.CheckConstraint(
                condition=Q(kind="unnamed") | Q(unnamed_reason=""),
                name="source_reason_only_where_unnamed",
            ),
            models.UniqueConstraint(
                fields=["entity"],
                condition=Q(merged_into__isnull=True),
                name="source_once_an_entity",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="source_not_merged_into_itself",
            ),
        ]
        # Lists in pages, by each of their orders.
        indexes = [
            models.Index(fields=["created_at", "id"], name="source_created"),
            models.Index(fields=["updated_at", "id"], name="source_updated"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("site:source", self.slug)

    @property
    def change_subject(self) -> tuple[str, str]:
        return "source", str(self.pk)

    @property
    def change_article_id(self) -> None:
        return None

    def snapshot(self) -> dict[str, Any]:
        return {
            "id": self.pk,
            "slug": self.slug,
            "kind": self.kind,
            "name": self.name,
            "entity": self.entity_id,
            "affiliation": self.affiliation,
            "unnamed_reason": self.unnamed_reason,
            "merged_into": self.merged_into_id,
            "version": self.version,
        }
