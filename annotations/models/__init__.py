"""What is said about a text, and the knowledge that comes of it."""

from __future__ import annotations

from annotations.models.annotation import Annotation
from annotations.models.attribution import Attribution
from annotations.models.claim import Claim, ClaimLink, ClaimReview, ClaimVector
from annotations.models.decision import Decision
from annotations.models.entity import Alias, Entity
from annotations.models.file_import import Import, ImportedAs, ImportPart, ImportProblem
from annotations.models.run import Run, Suggester
from annotations.models.shown import (
    ClaimTally,
    EntityTally,
    OutletTally,
    ShownAbout,
    ShownName,
    ShownStory,
    ShownTie,
    SourceTally,
    StoryVector,
)
from annotations.models.source import Source

__all__ = [
    "Alias",
    "Annotation",
    "Attribution",
    "Claim",
    "ClaimLink",
    "ClaimReview",
    "ClaimTally",
    "ClaimVector",
    "Decision",
    "Entity",
    "EntityTally",
    "Import",
    "ImportPart",
    "ImportProblem",
    "ImportedAs",
    "OutletTally",
    "Run",
    "ShownAbout",
    "ShownName",
    "ShownStory",
    "ShownTie",
    "Source",
    "SourceTally",
    "StoryVector",
    "Suggester",
]
