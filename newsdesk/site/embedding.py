"""A claim on other people's pages: a small card in a frame, and oEmbed to say how it is shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.clickjacking import xframe_options_exempt

from annotations.models import Claim
from articles.models import Article
from newsdesk.policy import POLICY
from newsdesk.site.addresses import Gone, Moved, absolute, found, old_addresses
from newsdesk.site.claim import ClaimPage
from newsdesk.site.feeds import SECONDS, clean

WIDTH, HEIGHT = 480, 260
NARROWEST, LOWEST = 240, 160
# Of those who make the claim, so many are named.
MOST_NAMED = 3
# The card does nothing and shows what everybody may see: any page may frame it, no other page.
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


@xframe_options_exempt
@old_addresses
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The claim, how it was rated and who makes it, small enough for a frame."""
    page = ClaimPage(found(Claim.objects.all(), AnonymousUser(), pk=pk))
    context = {"about": page, "makers": page.makers[:MOST_NAMED], "site": settings.SITE_URL}
    answer = render(request, "site/card.html", context)
    answer["Content-Security-Policy"] = FRAMED
    answer["Cache-Control"] = f"public, max-age={SECONDS}"
    return answer


def oembed(request: HttpRequest) -> HttpResponse:
    """https://oembed.com: how to show the claim, or the story, at an address of this site.

    Anybody may ask from anywhere; only what readers see is told.
    """
    form = request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return _refused("The format must be json or xml.", 501)
    try:
        sizes = [_size(request.GET.get(name, "")) for name in ("maxwidth", "maxheight")]
        body = _told(request.GET.get("url", ""), *sizes)
    except ValueError as error:
        return _refused(str(error), 400)
    except (Http404, Gone):
        return _refused("No published claim and no published story is at this address.", 404)
    answer = JsonResponse(body) if form == "json" else _as_xml(body)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={SECONDS}"
    return answer


def _refused(message: str, status: int) -> HttpResponse:
    return JsonResponse({"error": message}, status=status)


def _size(text: str) -> int | None:
    if text and (not text.isascii() or not text.isdecimal() or not 0 < int(text[:9]) < 10_000):
        raise ValueError("maxwidth and maxheight are whole numbers of pixels.")
    return int(text) if text else None


def _told(url: str, width: int | None, height: int | None) -> dict[str, Any]:
    """The answer for an address. Raises Http404 or Gone where nothing is shown there."""
    if not url:
        raise ValueError("Say which address: url=…")
    thing = _at(url)
    base = {
        "version": "1.0",
        "provider_name": "Newsdesk",
        "provider_url": absolute("/"),
        "cache_age": SECONDS,
    }
    if isinstance(thing, Article):
        outlet = {"author_name": thing.outlet.name} if thing.outlet else {}
        return {"type": "link", "title": clean(thing.title), **base, **outlet}
    wide = max(NARROWEST, min(WIDTH, width or WIDTH))
    high = max(LOWEST, min(HEIGHT, height or HEIGHT))
    html = format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" sandbox="allow-popups '
        'allow-popups-to-escape-sandbox allow-same-origin" loading="lazy"></iframe>',
        absolute(reverse("site:claim_card", args=[thing.pk])),
        wide,
        high,
        clean(thing.text),
    )
    title = Truncator(clean(thing.text)).chars(200)
    return {"type": "rich", "title": title, "html": html, "width": wide, "height": high, **base}


def _at(url: str) -> Claim | Article:
    """The claim or story of an address of this site, wherever it moved."""
    try:
        parts, site = urlsplit(url), urlsplit(settings.SITE_URL)
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        raise Http404 from None
    if parts.netloc != site.netloc or match.view_name not in ("site:claim", "site:story"):
        raise Http404
    model = Claim if match.view_name == "site:claim" else Article
    rows = Claim.objects.all() if model is Claim else Article.objects.select_related("outlet")
    try:
        return found(rows, AnonymousUser(), **match.kwargs)
    except Moved as moved:
        thing: Claim | Article = moved.thing
        return thing


def _as_xml(body: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(content_type="text/xml; charset=utf-8")
    xml = SimplerXMLGenerator(answer, "utf-8")
    xml.startDocument()
    xml.startElement("oembed", {})
    for name, value in body.items():
        xml.addQuickElement(name, str(value))
    xml.endElement("oembed")
    xml.endDocument()
    return answer
