"""The readers' pages: find, read once, show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page

from annotations.models import Claim, Entity, Source
from articles.models import Article, Outlet
from newsdesk.site import heads
from newsdesk.site.addresses import found, old_addresses
from newsdesk.site.claim import ClaimPage
from newsdesk.site.entity import EntityPage
from newsdesk.site.front import FrontPage
from newsdesk.site.heads import Head
from newsdesk.site.index import ClaimIndex, EntityIndex, Index, OutletIndex, SourceIndex
from newsdesk.site.outlet import OutletPage
from newsdesk.site.source import SourcePage
from newsdesk.site.story import Story
from newsdesk.site.story_rows import published_story


def _shown(request: HttpRequest, template: str, head: Head, **context: Any) -> HttpResponse:
    return render(request, f"site/{template}.html", {"head": head, **context})


def _before(request: HttpRequest) -> str:
    return request.GET.get("before", "")


@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    """The newest stories, who is named most this week, the newest and most repeated claims."""
    front = FrontPage(_before(request))
    return _shown(request, "home", heads.of_front(), front=front, page=front.page)


@gzip_page
@old_addresses
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """One story with its accepted marks, and who says what in it."""
    article = published_story(slug) or found(Article.objects.with_text(), request.user, slug=slug)
    shown = Story(article)
    return _shown(request, "story", heads.of_story(shown), story=shown)


@gzip_page
@old_addresses
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    """Who or what it is, where it is named, what it said, with whom it appears."""
    shown = EntityPage(found(Entity.objects.all(), request.user, slug=slug), request.GET)
    return _shown(request, "entity", heads.of_entity(shown), about=shown, page=shown.page)


@gzip_page
@old_addresses
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Who makes it where, what supports and contradicts it, how it was rated."""
    shown = ClaimPage(found(Claim.objects.all(), request.user, pk=pk), request.GET)
    return _shown(request, "claim", heads.of_claim(shown), about=shown, page=shown.page)


@gzip_page
@old_addresses
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """What it claims, how often, in which outlets, and how that was rated."""
    rows = Source.objects.select_related("entity")
    shown = SourcePage(found(rows, request.user, slug=slug), request.GET)
    return _shown(request, "source", heads.of_source(shown), about=shown, page=shown.page)


@gzip_page
@old_addresses
def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories of an outlet, the newest first."""
    shown = OutletPage(found(Outlet.objects.all(), request.user, slug=slug), _before(request))
    return _shown(request, "outlet", heads.of_outlet(shown), about=shown, page=shown.page)


def _index(request: HttpRequest, index: Index) -> HttpResponse:
    return _shown(
        request, "index", heads.of_index(index, request.path), index=index, page=index.page
    )


@gzip_page
def entities(request: HttpRequest) -> HttpResponse:
    """All that are named in what is published, by type and letter."""
    return _index(request, EntityIndex(request.GET))


@gzip_page
def claims(request: HttpRequest) -> HttpResponse:
    """All claims made in what is published, rated or not."""
    return _index(request, ClaimIndex(request.GET))


@gzip_page
def sources(request: HttpRequest) -> HttpResponse:
    """All who claim something in what is published, by kind and letter."""
    return _index(request, SourceIndex(request.GET))


@gzip_page
def outlets(request: HttpRequest) -> HttpResponse:
    """All outlets of what is published, by letter."""
    return _index(request, OutletIndex(request.GET))
