"""What happens here when `articles` gets a new text: tags are carried across, a run is written."""

from __future__ import annotations

from typing import Any

from annotations import reading, revising
from articles.signals import revision_created


def connect() -> None:
    """Listen; called once as the app starts."""
    revision_created.connect(_on_revision, dispatch_uid="annotations.listening")


def _on_revision(*, revision: Any, previous: Any, **_: Any) -> None:
    if previous is not None:
        revising.carry_across(old=previous, new=revision)
    reading.queue_run(revision=revision)
