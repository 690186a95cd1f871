"""Decisions: what a person did with an annotation, and what she saw when she did it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.annotation import Annotation
from annotations.models.fields import choices_check, spans_field
from articles.models import Revision


class Action(models.TextChoices):
    ACCEPT = "accept", "Accepted"
    REJECT = "reject", "Rejected"
    CHANGE = "change", "Changed"
    ADD = "add", "Added"
    DELETE = "delete", "Deleted"
    REOPEN = "reopen", "Reopened"


class Decision(models.Model):
    """One decision makes one version of an annotation: two cannot make the same one.

    `spans` is where the annotation stood when it was decided; no machine suggests there again.
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveIntegerField(help_text="The version that this decision made")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    action = models.CharField(max_length=6, choices=Action.choices)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    spans = spans_field()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["annotation", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "version"], name="decision_once_a_version"
            ),
            choices_check("action", Action, "decision_action_is_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="decision_version_from_one"),
        ]
        indexes = [models.Index(fields=["revision"], name="decision_revision")]

    def __str__(self) -> str:
        return f"{self.action} {self.annotation_id} version {self.version}"
