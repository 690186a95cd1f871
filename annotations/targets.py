"""Which story an annotation says that it is on, held against the one that it is put on."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings

from annotations.formats.plain import address_of, as_list
from articles.addresses import normalised
from articles.errors import Refused
from articles.models import Article

_STORY = re.compile(
    r"/(?:stories/(?P<slug>[^/?#]+)"
    r"|api/articles/(?P<pk>\d{1,18})(?:/annotations|/revisions(?:/\d+)?)?)(?:\?.*)?"
)


def hold_to_story(data: Any, article: Article) -> None:
    """Raise Refused where a target is on another story. Where it names none, the container says
    which; what is no address, the shape tells."""
    for target in as_list(data.get("target")) if isinstance(data, dict) else []:
        address = address_of(target)
        if address and not is_of(article, address):
            field = "target" if isinstance(target, str) else "target.source"
            raise Refused(_expected(article, address), field=field)


def is_of(article: Article, address: str) -> bool:
    """Whether the story stands at an address, of ours or where it stood first, however it is
    spelled."""
    page = article.get_absolute_url()
    if address in (page, settings.SITE_URL + page):
        return True
    wanted = normalised(settings.SITE_URL + address if address.startswith("/") else address)
    if not wanted:
        return False
    here = normalised(settings.SITE_URL)
    ours = _STORY.fullmatch(wanted.removeprefix(here)) if wanted.startswith(here) else None
    if ours:
        return ours["slug"] == article.slug or ours["pk"] == str(article.pk)
    return wanted == normalised(article.url)


def _expected(article: Article, address: str) -> str:
    page = settings.SITE_URL + article.get_absolute_url()
    first = f", and stood first at {article.url}" if article.url else ""
    return f"{address[:300]} is another story: this one is {page}{first}."
