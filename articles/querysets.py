"""Reads of articles that are used in more than one place; the one home of who may see which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from articles.roles import sees_all

if TYPE_CHECKING:
    from articles.models import Article  # noqa: F401 - named in a base class


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: Any) -> ArticleQuerySet:
        """All of them for an editor, what is published for everyone else."""
        return self.all() if sees_all(user) else self.published()

    def published(self) -> ArticleQuerySet:
        return self.filter(state="published")

    def with_text(self) -> ArticleQuerySet:
        """With outlet and newest revision, in the same query."""
        return self.select_related("outlet", "revision")
