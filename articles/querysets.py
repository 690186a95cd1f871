"""Reads of articles that are used in more than one place; the one home of who may see which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from articles.addresses import normalised, telling_part
from articles.roles import sees_all

if TYPE_CHECKING:
    from articles.models import Article  # noqa: F401 - named in a base class


# A story's page, and its resource.
_OWN = re.compile(
    r"/stories/([^/?]+)|/api/articles/(\d{1,17})(?:/annotations|/revisions(?:/\d+)?)?"
)
# Plain letters and digits that are written in percents, as nobody needs to.
_ENCODED = "%(3[0-9]|[46][1-9a-f]|[57][0-9a]|4f|6f)"


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: Any) -> ArticleQuerySet:
        """All of them for an editor, what is published for everyone else."""
        return self.all() if sees_all(user) else self.published()

    def published(self) -> ArticleQuerySet:
        return self.filter(state="published")

    def at_address(self, address: str) -> ArticleQuerySet:
        """Those that stood first at a web address, however it is spelled, or stand there here."""
        wanted = normalised(address)
        spelled = models.Q(url__icontains=telling_part(wanted)) | models.Q(url__iregex=_ENCODED)
        near = self.filter(spelled).values_list("pk", "url")
        found = [pk for pk, url in near if normalised(url) == wanted] if wanted else []
        here = normalised(settings.SITE_URL)
        own = _OWN.fullmatch(wanted.removeprefix(here)) if wanted.startswith(here) else None
        slug, number = own.groups() if own else (None, None)
        return self.filter(
            models.Q(pk__in=found) | models.Q(slug=slug or "") | models.Q(pk=number or 0)
        )

    def with_text(self) -> ArticleQuerySet:
        """With outlet and newest revision, in the same query."""
        return self.select_related("outlet", "revision")
