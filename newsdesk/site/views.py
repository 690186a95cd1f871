"""The readers' pages: find, read once, show."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from annotations.models import Claim, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.source import SourceKind
from articles.models import Article
from newsdesk.site import reads
from newsdesk.site.story import Story

STORIES_A_PAGE = 20
ROWS_A_PAGE = 100


def _page(request: HttpRequest, rows: QuerySet[Any], size: int) -> Page:
    return Paginator(rows, size).get_page(request.GET.get("page"))


def home(request: HttpRequest) -> HttpResponse:
    """The newest stories, who is most named, the newest claims."""
    stories = Article.objects.published().with_text().order_by("-published_at", "-pk")
    context = {
        "page": _page(request, stories, STORIES_A_PAGE),
        "most_named": reads.most_named(),
        "newest_claims": reads.newest_claims(),
    }
    return render(request, "site/home.html", context)


def story(request: HttpRequest, slug: str) -> HttpResponse:
    """One story with its accepted tags, and who says what in it."""
    article = get_object_or_404(Article.objects.visible_to(request.user).with_text(), slug=slug)
    return render(request, "site/story.html", {"story": Story(article)})


def _one(request: HttpRequest, rows: QuerySet[Any], template: str, **match: Any) -> HttpResponse:
    """A page of the knowledge base; the address of a merged thing leads to where it went."""
    thing = get_object_or_404(rows.select_related("merged_into"), **match)
    if thing.merged_into:
        return redirect(thing.merged_into, permanent=True)
    shown = get_object_or_404(rows.visible_to(request.user), pk=thing.pk)
    return render(request, template, {"thing": shown, **reads.about(shown)})


def entity(request: HttpRequest, slug: str) -> HttpResponse:
    return _one(request, Entity.objects.all(), "site/entity.html", slug=slug)


def claim(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(request, Claim.objects.all(), "site/claim.html", pk=pk)


def source(request: HttpRequest, slug: str) -> HttpResponse:
    return _one(request, Source.objects.select_related("entity"), "site/source.html", slug=slug)


def entities(request: HttpRequest) -> HttpResponse:
    """All that are named in what is published, by type."""
    rows = Entity.objects.current().shown().with_story_counts().order_by("name", "pk")
    return _index(request, rows, "type", EntityType, "Entities")


def claims(request: HttpRequest) -> HttpResponse:
    """All claims made in what is published, the newest first."""
    rows = Claim.objects.current().shown().with_story_counts().order_by("-created_at", "-pk")
    return _index(request, rows, "", None, "Claims")


def sources(request: HttpRequest) -> HttpResponse:
    """All who claim something in what is published, by kind."""
    rows = Source.objects.current().shown().with_story_counts().order_by("name", "pk")
    return _index(request, rows, "kind", SourceKind, "Sources")


def _index(
    request: HttpRequest, rows: QuerySet[Any], field: str, choices: Any, heading: str
) -> HttpResponse:
    chosen = request.GET.get(field, "") if field else ""
    if choices and chosen in choices.values:
        rows = rows.filter(**{field: chosen})
    context = {
        "page": _page(request, rows, ROWS_A_PAGE),
        "heading": heading,
        "field": field,
        "choices": choices.choices if choices else [],
        "chosen": chosen,
    }
    return render(request, "site/index.html", context)
