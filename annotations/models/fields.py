"""What several tables share: a list of spans, folded names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

Spans = Sequence[Sequence[int]]


def spans_field(**options: Any) -> ArrayField:
    """A list of [start, end) pairs in code points; a trigger holds them sorted and inside."""
    return ArrayField(ArrayField(models.IntegerField(), size=2), **options)


def fold(text: str, longest: int = 300) -> str:
    """The form in which names and sentences are compared: NFKC, case-folded, single spaces.

    Cut at `longest` code points: folding makes up to 18 of one.
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())[:longest]


def choices_check(
    field: str, choices: type[models.TextChoices], name: str
) -> models.CheckConstraint:
    """A constraint that holds `field` to its choices in the database too."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": choices.values}), name=name)
