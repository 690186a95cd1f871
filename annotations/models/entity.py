"""Entities: the things of the desk's knowledge base, and the names they go by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from annotations.models.fields import choices_check, fold
from annotations.querysets import EntityQuerySet
from articles.links import address_of


class EntityType(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"
    PLACE = "place", "Place"
    EVENT = "event", "Event"
    WORK = "work", "Work"
    PRODUCT = "product", "Product"
    GROUP = "group", "Group"


class Entity(models.Model):
    """A person, organisation, place, event, work, product or group.

    A merged entity stays as a row that points at the one it was merged into, so that its old
    address redirects. `merged_into` never points at a merged entity: merging flattens.
    """

    slug = models.SlugField(max_length=120, unique=True)
    type = models.CharField(max_length=12, choices=EntityType.choices)
    name = models.CharField(max_length=300)
    folded_name = models.CharField(max_length=300, editable=False, db_index=True)
    description = models.CharField(max_length=500, blank=True)
    wikidata_id = models.CharField(
        max_length=20,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^Q[1-9][0-9]*$", "A Wikidata id looks like Q42.")],
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

    # Its other names, where they were read along: see `with_names`.
    names: list[str] | None = None

    objects = EntityQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "entities"
        constraints = [
            choices_check("type", EntityType, "entity_type_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="entity_has_a_name"),
            models.CheckConstraint(
                condition=Q(wikidata_id__isnull=True) | Q(wikidata_id__regex=r"^Q[1-9][0-9]*$"),
                name="entity_wikidata_id_is_one",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="entity_not_merged_into_itself",
            ),
        ]
        # Lists in pages, by each of their orders.
        indexes = [
            models.Index(fields=["created_at", "id"], name="entity_created"),
            models.Index(fields=["updated_at", "id"], name="entity_updated"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address_of("site:entity", self.slug)

    @property
    def change_subject(self) -> tuple[str, str]:
        return "entity", str(self.pk)

    @property
    def change_article_id(self) -> None:
        return None

    @classmethod
    def as_stored(cls, identifiers: Collection[str]) -> dict[str, Entity]:
        """Read anew: names are learned without a lock on the entity, by several at once."""
        rows = cls.objects.filter(pk__in=map(int, identifiers)).with_names()
        return {str(entity.pk): entity for entity in rows}

    def snapshot(self) -> dict[str, Any]:
        names = self.names
        return {
            "id": self.pk,
            "slug": self.slug,
            "type": self.type,
            "name": self.name,
            "aliases": sorted(names if names is not None else (a.text for a in self.aliases.all())),
            "description": self.description,
            "wikidata_id": self.wikidata_id,
            "merged_into": self.merged_into_id,
            "version": self.version,
        }


class AliasOrigin(models.TextChoices):
    GIVEN = "given", "Given by a person"
    LEARNED = "learned", "Learned from an accepted mention"
    MERGED = "merged", "Name of a merged entity"


class Alias(models.Model):
    """Another name of an entity. One entity has each name once."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, editable=False, db_index=True)
    origin = models.CharField(max_length=8, choices=AliasOrigin.choices, default=AliasOrigin.GIVEN)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["text"]
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["entity", "text"], name="alias_once_an_entity"),
            models.CheckConstraint(condition=~Q(text=""), name="alias_is_not_empty"),
            choices_check("origin", AliasOrigin, "alias_origin_is_known"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.text)
        super().save(*args, **kwargs)
