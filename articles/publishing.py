"""The state of an article: who may move it where."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from articles.changes import recording
from articles.errors import Denied, Refused
from articles.models import Article
from articles.revising import lock_article
from articles.roles import Scope, is_chief, is_editor

State = Article.State

# From a state to those it may move to.
MOVES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.IN_REVIEW, State.ARCHIVED}),
    State.IN_REVIEW: frozenset({State.DRAFT, State.PUBLISHED, State.ARCHIVED}),
    State.PUBLISHED: frozenset({State.IN_REVIEW, State.ARCHIVED}),
    State.ARCHIVED: frozenset({State.IN_REVIEW}),
}


def may_move(user: Any, article: Article, state: str) -> bool:
    """Whether this person may: what is, or becomes, published takes a chief."""
    if State.PUBLISHED in (article.state, state):
        return is_chief(user)
    return is_editor(user)


def move(*, article: Article, state: str, actor: Any, seen_version: int) -> Article:
    """Put the article into a state.

    Raises Denied, StaleVersion, or Refused where there is no way from its state.
    """
    with recording(actor=actor) as log:
        locked = lock_article(pk=article.pk, seen_version=seen_version)
        if not may_move(actor, locked, state):
            raise Denied(
                "Only a chief publishes and takes back what is published.", scope=Scope.PUBLISH
            )
        if state not in MOVES[locked.state]:
            raise Refused(
                f"An article that is {locked.get_state_display().lower()} cannot become "
                f"{dict(State.choices).get(state, state).lower()}.",
                field="state",
            )
        before = locked.snapshot()
        locked.state = state
        if state == State.PUBLISHED:
            locked.published_at = locked.published_at or timezone.now()
        locked.version += 1
        locked.save(update_fields=["state", "published_at", "version", "updated_at"])
        log.add("publish" if state == State.PUBLISHED else "move", locked, before=before)
    return locked


def publish(*, article: Article, actor: Any, seen_version: int) -> Article:
    """Let readers see the article with its accepted annotations."""
    return move(article=article, state=State.PUBLISHED, actor=actor, seen_version=seen_version)


def unpublish(*, article: Article, actor: Any, seen_version: int) -> Article:
    """Take it back into review; readers no longer see it."""
    return move(article=article, state=State.IN_REVIEW, actor=actor, seen_version=seen_version)
