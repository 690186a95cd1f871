"""What happens here when `articles` tells of something, inside its transaction.

A new text: tags are carried across, a run is written. Changes of the log: what readers are shown
is brought up to date; when a claim got a sentence or readers a text, a worker is woken that makes
its vector.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from annotations import matching, near, reading, revising, showing
from articles.changes import Change
from articles.signals import changes_recorded, revision_created


def connect() -> None:
    """Listen; called once as the app starts."""
    revision_created.connect(_on_revision, dispatch_uid="annotations.listening")
    changes_recorded.connect(_on_changes, dispatch_uid="annotations.listening")


def _on_revision(*, revision: Any, previous: Any, **_: Any) -> None:
    if previous is not None:
        revising.carry_across(old=previous, new=revision)
    reading.queue_run(revision=revision)


def _on_changes(*, changes: Iterable[Change], **_: Any) -> None:
    if any(map(_is_new_sentence, changes)):
        transaction.on_commit(matching.wake_worker)
    if showing.keep(changes):
        transaction.on_commit(near.wake_worker)


def _is_new_sentence(change: Change) -> bool:
    before, after = change.before or {}, change.after or {}
    return change.subject_type == "claim" and before.get("text") != after.get("text")
