"""Runs: one pass of the suggesters over one revision."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.fields import choices_check
from annotations.querysets import RunQuerySet
from articles.models import Revision


class Suggester(models.Model):
    """Who proposes annotations, at which version: kept with each one for ever."""

    name = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    first_seen = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="suggester_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class RunState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Run(models.Model):
    """The reading of a revision. `attempt` fences: only the newest attempt may finish it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=7, choices=RunState.choices, default=RunState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0, help_text="In per cent")
    due_at = models.DateTimeField(default=timezone.now, help_text="Not to be tried before")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When a worker was last woken")
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    suggesters = models.JSONField(default=dict, blank=True, help_text="Name to version")
    counts = models.JSONField(default=dict, blank=True, help_text="Suggestions made, by kind")
    error = models.TextField(blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-id"]
        constraints = [
            choices_check("state", RunState, "run_state_is_known"),
            models.UniqueConstraint(
                fields=["revision"],
                condition=Q(state__in=["queued", "running"]),
                name="run_open_once_a_revision",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="run_progress_in_range"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed"]) | Q(finished_at__isnull=False),
                name="run_finished_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["queued", "running"]),
                name="run_open_due",
            ),
            # Lists in pages, by each of their orders.
            models.Index(fields=["queued_at", "id"], name="run_queued"),
            models.Index(fields=["finished_at", "id"], name="run_finished"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.revision_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def change_subject(self) -> tuple[str, str]:
        return "run", str(self.uuid)

    @property
    def change_article_id(self) -> int:
        return self.revision.article_id

    def snapshot(self) -> dict[str, Any]:
        return {
            "id": str(self.uuid),
            "revision": self.revision.number,
            "state": self.state,
            "attempt": self.attempt,
            "progress": self.progress,
            "queued_at": self.queued_at,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "suggesters": self.suggesters,
            "counts": self.counts,
            "error": self.error,
        }
