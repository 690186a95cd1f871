"""Imports: a file that somebody sent, and how far it is taken in."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.annotation import Annotation
from annotations.models.attribution import Attribution
from annotations.models.fields import choices_check
from annotations.querysets import ImportQuerySet


class ImportState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Import(models.Model):
    """The taking in of a file. `passes` and `records` say how far it is: they are stored with what
    was taken in, in one transaction, so that whoever goes on repeats nothing.

    `attempt` fences: only the newest attempt may store. `stuck` counts attempts that ended where
    they had begun.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    format = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True, help_text="Of the file")
    size = models.PositiveBigIntegerField(default=0, help_text="In bytes")
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=7, choices=ImportState.choices, default=ImportState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    stuck = models.PositiveIntegerField(default=0)
    passes = models.PositiveSmallIntegerField(default=0, help_text="Finished passes over the file")
    records = models.PositiveBigIntegerField(default=0, help_text="Finished in the present pass")
    progress = models.PositiveSmallIntegerField(default=0, help_text="In per cent")
    counts = models.JSONField(default=dict, blank=True, help_text="What became of it, by outcome")
    error = models.TextField(blank=True)
    due_at = models.DateTimeField(default=timezone.now, help_text="Not to be tried before")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When a worker was last woken")
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-id"]
        constraints = [
            choices_check("state", ImportState, "import_state_is_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="import_progress_in_range"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed"]) | Q(finished_at__isnull=False),
                name="import_finished_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["queued", "running"]),
                name="import_open_due",
            ),
            models.Index(fields=["creator", "-queued_at", "-id"], name="import_creator_newest"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.name or self.format}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (ImportState.QUEUED, ImportState.RUNNING)


class ImportPart(models.Model):
    """A piece of a file that is not taken in yet; they go when it is."""

    file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["file", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of import {self.file_id}"


class ImportProblem(models.Model):
    """What was not taken in: where it stands in the file, which field of it, and why."""

    file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveBigIntegerField(help_text="Of a zip the file in it, counted by name")
    place = models.CharField(max_length=300, blank=True, help_text="Of a zip the file in it")
    field = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=1000)

    class Meta:
        ordering = ["file", "id"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class ImportedAs(models.Model):
    """What a file calls something, where that is not its UUID here: attributions name it so."""

    file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="names")
    theirs = models.CharField(max_length=64, help_text="SHA-256 of the name")
    annotation = models.ForeignKey(
        Annotation, null=True, on_delete=models.CASCADE, related_name="+"
    )
    attribution = models.ForeignKey(
        Attribution, null=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["file", "id"]
        constraints = [
            models.UniqueConstraint(fields=["file", "theirs"], name="import_name_once"),
            models.CheckConstraint(
                condition=Q(annotation__isnull=True) ^ Q(attribution__isnull=True),
                name="import_name_is_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.theirs

    def thing(self) -> Any:
        return self.annotation or self.attribution
