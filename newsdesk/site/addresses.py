"""Addresses: absolute ones, and old ones, which lead on or say that what was there is gone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from articles.models import Article, OldSlug
from articles.roles import is_editor

Thing = TypeVar("Thing", bound=Model)
View = Callable[..., HttpResponse]


class Moved(Exception):
    """What was asked for is at another address now: that of `thing`."""

    def __init__(self, thing: Any) -> None:
        super().__init__(str(thing))
        self.thing = thing


class Gone(Exception):
    """Readers saw it once, and do not any more."""


def absolute(path: str) -> str:
    """The address as the world knows it, whatever host a request came for."""
    return f"{settings.SITE_URL}{path}"


def oembed_of(path: str, form: str = "json") -> str:
    """Where a page's oEmbed answer is."""
    query = urlencode({"url": absolute(path), "format": form})
    return f"{absolute(reverse('site:oembed'))}?{query}"


def found(rows: QuerySet[Thing], user: Any, **match: Any) -> Thing:
    """The one thing of a page, if this person may see it: one query where it is where it was.

    Raises Moved where it was renamed or merged, Gone where it was taken back, else Http404.
    """
    rows = rows if rows.model is Article else rows.select_related("tally", *_merging(rows.model))
    thing = rows.filter(**match).first()
    if thing is None:
        thing = _renamed(rows, match.get("slug", ""))
        raise Moved(_seen(thing, user))
    if getattr(thing, "merged_into", None):
        raise Moved(_seen(thing.merged_into, user))
    return _seen(thing, user)


def _merging(model: type[Model]) -> list[str]:
    fields = {field.name for field in model._meta.get_fields()}
    return ["merged_into__tally"] if "merged_into" in fields else []


def _renamed(rows: QuerySet[Thing], slug: str) -> Any:
    old = OldSlug.objects.filter(kind=rows.model._meta.model_name, slug=slug).first()
    thing = rows.filter(pk=old.thing).first() if old else None
    if thing is None:
        raise Http404
    return getattr(thing, "merged_into", None) or thing


def _seen(thing: Any, user: Any) -> Any:
    """The thing itself, where readers, or this person, see it."""
    shown, was_shown = _standing(thing)
    if shown or is_editor(user):
        return thing
    raise Gone if was_shown else Http404


def _standing(thing: Any) -> tuple[bool, bool]:
    """Whether readers see it, and whether they ever saw it."""
    if isinstance(thing, Article):
        return thing.is_published, thing.published_at is not None
    try:
        return thing.tally.stories > 0, True
    except ObjectDoesNotExist:
        return False, False


def old_addresses(view: View) -> View:
    """Let a view's address redirect, or say that what was there is gone."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Moved as moved:
            return HttpResponsePermanentRedirect(moved.thing.get_absolute_url())
        except Gone:
            return render(request, "410.html", status=410)

    return answer
