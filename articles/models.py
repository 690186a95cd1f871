"""The text and its life. A revision's text never changes; an article points at its newest."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5, Length, Lower, Now
from django.utils import timezone

from articles.changes import Change
from articles.links import address_of
from articles.querysets import ArticleQuerySet

__all__ = ["Article", "Change", "OldSlug", "Outlet", "RelatedHeadline", "Revision", "Zone"]

LANGUAGE = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "Give a language tag such as en or pt-BR."
)


# Dates outside fall off the calendar when they are shown in another time zone.
DATES = (
    MinValueValidator(datetime(1400, 1, 1, tzinfo=UTC), "Give a date after 1400."),
    MaxValueValidator(datetime(2200, 1, 1, tzinfo=UTC), "Give a date before 2200."),
)


class Outlet(models.Model):
    """Who publishes: a newspaper, an agency, a site."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=220, unique=True)
    url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="outlet_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("site:outlet", self.slug)


class Article(models.Model):
    """A story, from whatever outlet. Title and text are separate; the text is its revision's."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        ARCHIVED = "archived", "Archived"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    title_is_made_up = models.BooleanField(
        default=False, help_text="Made from the lead, to be corrected"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    language = models.CharField(max_length=20, default="en", validators=[LANGUAGE])
    outlet = models.ForeignKey(
        Outlet, null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    byline = models.CharField(max_length=300, blank=True)
    dated = models.DateTimeField(
        null=True, blank=True, validators=DATES, help_text="The date the outlet gives"
    )
    url = models.URLField(max_length=2000, blank=True, help_text="Where the story stood first")
    fingerprint = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the text as it came in"
    )
    revision = models.OneToOneField(
        "Revision", null=True, on_delete=models.PROTECT, related_name="newest_of"
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review", "published", "archived"]),
                name="article_state_is_known",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="article_has_a_title"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="article_published_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at"], name="article_state_published"),
            # Of the digest, as PostgreSQL indexes no value of more than 2,704 bytes.
            models.Index(MD5("url"), name="article_url", condition=~Q(url="")),
            # Lists in pages, by each of their orders.
            *(
                models.Index(fields=[f"{name}_at", "id"], name=f"article_{name}")
                for name in ("created", "updated", "published")
            ),
            models.Index(fields=["dated", "id"], name="article_dated"),
            models.Index(Lower("title"), "id", name="article_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def text(self) -> str:
        """The newest revision's text."""
        return self.revision.text if self.revision else ""

    @property
    def date(self) -> datetime:
        """The date the outlet gives; else when the story came in."""
        return self.dated or self.created_at

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    def get_absolute_url(self) -> str:
        return address_of("site:story", self.slug)

    @property
    def change_subject(self) -> tuple[str, str]:
        return "article", str(self.pk)

    @property
    def change_article_id(self) -> int:
        return self.pk

    def snapshot(self) -> dict[str, Any]:
        return {
            "id": self.pk,
            "slug": self.slug,
            "title": self.title,
            "title_is_made_up": self.title_is_made_up,
            "state": self.state,
            "language": self.language,
            "outlet": self.outlet.name if self.outlet else None,
            "byline": self.byline,
            "dated": self.dated,
            "url": self.url,
            "revision": self.revision.number if self.revision else None,
            "version": self.version,
            "published_at": self.published_at,
        }


class Revision(models.Model):
    """The immutable text of an article at one moment; the database refuses to alter it."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    length = models.PositiveIntegerField(help_text="In Unicode code points")
    note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_one"),
            models.CheckConstraint(
                condition=Q(length=Length("text"), length__gte=1), name="revision_length_is_true"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} revision {self.number}"

    @property
    def change_subject(self) -> tuple[str, str]:
        return "revision", f"{self.article_id}.{self.number}"

    @property
    def change_article_id(self) -> int:
        return self.article_id

    def snapshot(self) -> dict[str, Any]:
        return {
            "article": self.article_id,
            "number": self.number,
            "length": self.length,
            "text": self.text,
            "note": self.note,
        }


class Zone(models.Model):
    """A part of a revision's text: half-open, in code points."""

    class Kind(models.TextChoices):
        BODY = "body", "Body"
        CAPTION = "caption", "Caption"
        BOILERPLATE = "boilerplate", "Boilerplate"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="zones")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["revision", "start"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "start"], name="zone_start_unique"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="zone_is_not_empty"),
            models.CheckConstraint(
                condition=Q(kind__in=["body", "caption", "boilerplate"]), name="zone_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}-{self.end}"


class RelatedHeadline(models.Model):
    """A headline that the story listed under "Related": shown below it, no part of its text."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="related_headlines")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    url = models.URLField(max_length=2000, blank=True)

    class Meta:
        ordering = ["article", "position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="related_position_unique"),
            models.CheckConstraint(condition=~Q(title=""), name="related_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class OldSlug(models.Model):
    """A slug that readers may still have: it leads to the thing under its present one.

    A trigger writes it whenever a slug changes, so that no writer forgets. An article that was
    never published leaves none.
    """

    kind = models.CharField(max_length=10, help_text="The model's name")
    slug = models.SlugField(max_length=120, db_index=False)
    thing = models.BigIntegerField()
    since = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="old_slug_unique")]
        indexes = [models.Index(fields=["kind", "thing"], name="old_slug_thing")]

    def __str__(self) -> str:
        return self.slug
