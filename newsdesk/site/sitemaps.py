"""What search engines are told: sitemaps in parts, the news of two days, robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from django.db import models
from django.db.models import Count, F, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.gzip import gzip_page

from annotations.models import Claim, Entity, ShownStory, Source
from articles.models import Outlet
from newsdesk.site.addresses import absolute
from newsdesk.site.feeds import clean

# A part holds the things whose keys lie in one range of this length, so that a new one changes
# the last part alone. A sitemap may have 50,000 addresses.
A_PART = 10_000
NEWS = timedelta(days=2)
MOST_NEWS = 1000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"
PAGES = ("site:home", "site:entities", "site:claims", "site:sources", "site:outlets", "site:search")


@dataclass(frozen=True)
class Kind:
    """Rows of shown things, the columns of their key and their last change, and their address."""

    rows: Callable[[], QuerySet[Any]]
    key: str
    changed: str
    part_of_address: str
    view: str


def _shown(model: type[models.Model]) -> Callable[[], QuerySet[Any]]:
    manager: Any = model._default_manager
    return lambda: manager.filter(tally__stories__gt=0)


KINDS = {
    "stories": Kind(
        ShownStory.objects.all, "article_id", "article__updated_at", "article__slug", "site:story"
    ),
    "entities": Kind(_shown(Entity), "pk", "tally__newest", "slug", "site:entity"),
    "claims": Kind(_shown(Claim), "pk", "tally__newest", "pk", "site:claim"),
    "sources": Kind(_shown(Source), "pk", "tally__newest", "slug", "site:source"),
    "outlets": Kind(_shown(Outlet), "pk", "tally__newest", "slug", "site:outlet"),
}


@gzip_page
def index(request: HttpRequest) -> HttpResponse:
    """The sitemap of sitemaps; a query a kind."""
    parts = [("pages", 0, None)]
    for name, kind in KINDS.items():
        rows = kind.rows().order_by().annotate(part=F(kind.key) / A_PART).values("part")
        counted = rows.annotate(changed=Max(kind.changed), things=Count("*")).order_by("part")
        parts += [(name, row["part"], row["changed"]) for row in counted]
    entries = (
        (absolute(reverse("site:sitemap_part", args=[name, part])), changed)
        for name, part, changed in parts
    )
    return _xml("sitemapindex", "sitemap", entries)


@gzip_page
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """The addresses of one part."""
    if kind == "pages" and number == 0:
        return _xml("urlset", "url", ((absolute(reverse(page)), None) for page in PAGES))
    if kind not in KINDS or number > 2**40:
        raise Http404
    of = KINDS[kind]
    low = number * A_PART
    rows = (
        of.rows().order_by(of.key).filter(**{f"{of.key}__gte": low, f"{of.key}__lt": low + A_PART})
    )
    found = list(rows.values_list(of.part_of_address, of.changed))
    if not found:
        raise Http404
    return _xml(
        "urlset", "url", ((absolute(reverse(of.view, args=[key])), when) for key, when in found)
    )


def _xml(root: str, element: str, entries: Iterable[tuple[str, datetime | None]]) -> HttpResponse:
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement(root, {"xmlns": NAMESPACE})
    for address, changed in entries:
        xml.startElement(element, {})
        xml.addQuickElement("loc", address)
        if changed:
            xml.addQuickElement("lastmod", changed.isoformat(timespec="seconds"))
        xml.endElement(element)
    xml.endElement(root)
    xml.endDocument()
    return HttpResponse(out.getvalue(), content_type="application/xml; charset=utf-8")


@gzip_page
def news(request: HttpRequest) -> HttpResponse:
    """The stories of the last two days, as news search engines take them; one query."""
    since = timezone.now() - NEWS
    rows = ShownStory.objects.newest().filter(published_at__gte=since)
    values = rows.values_list(
        "title", "article__slug", "article__language", "outlet__name", "published_at"
    )
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", {"xmlns": NAMESPACE, "xmlns:news": NEWS_NAMESPACE})
    for row in values[:MOST_NEWS]:
        _news_entry(xml, *row)
    xml.endElement("urlset")
    xml.endDocument()
    return HttpResponse(out.getvalue(), content_type="application/xml; charset=utf-8")


def _news_entry(
    xml: SimplerXMLGenerator, title: str, slug: str, language: str, outlet: str, at: datetime
) -> None:
    xml.startElement("url", {})
    xml.addQuickElement("loc", absolute(reverse("site:story", args=[slug])))
    xml.startElement("news:news", {})
    xml.startElement("news:publication", {})
    xml.addQuickElement("news:name", clean(outlet or "Newsdesk"))
    xml.addQuickElement("news:language", language.split("-", maxsplit=1)[0])
    xml.endElement("news:publication")
    xml.addQuickElement("news:publication_date", at.isoformat(timespec="seconds"))
    xml.addQuickElement("news:title", clean(title))
    xml.endElement("news:news")
    xml.endElement("url")


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: all that readers may, but not each way to narrow a search."""
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /admin/",
        "Disallow: /search/?*&",
        "Disallow: /search/suggest",
        f"Sitemap: {absolute(reverse('site:sitemap'))}",
        f"Sitemap: {absolute(reverse('site:sitemap_news'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
