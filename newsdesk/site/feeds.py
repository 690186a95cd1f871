"""Feeds: the newest stories, of all and of each thing, as Atom, RSS and JSON Feed.

They are the same for everybody, whoever is signed in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.db.models.functions import Greatest, Left
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.text import Truncator
from django.views.decorators.gzip import gzip_page

from annotations.models import Claim, Entity, ShownStory, Source
from annotations.shown import ShownStoryQuerySet
from articles.models import Outlet
from newsdesk.site.addresses import Moved, absolute, found, old_addresses
from newsdesk.site.searching.asking import BadSearch, read_search
from newsdesk.site.searching.finding import find

MOST = 50
SUMMARY = 400
# So long others may keep an answer.
SECONDS = 300
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Item:
    """A story in a feed."""

    uuid: str
    url: str
    title: str
    summary: str
    language: str
    author: str
    outlet: str
    published: datetime
    changed: datetime
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Feed:
    """A feed before it is written down: what it is of, its page, its own address, its stories."""

    title: str
    page: str
    address: str
    items: list[Item]


def _atom(feed: Feed) -> str:
    return _written(Atom1Feed, feed)


def _rss(feed: Feed) -> str:
    return _written(Rss201rev2Feed, feed)


def _written(generator: type[Any], feed: Feed) -> str:
    made = generator(
        title=feed.title,
        link=feed.page,
        description=feed.title,
        feed_url=feed.address,
        language="en",
        feed_guid=feed.address,
    )
    for item in feed.items:
        made.add_item(
            title=item.title,
            link=item.url,
            description=item.summary,
            unique_id=f"urn:uuid:{item.uuid}",
            unique_id_is_permalink=False,
            author_name=item.author or item.outlet or None,
            pubdate=item.published,
            updateddate=item.changed,
            categories=item.tags,
        )
    return str(made.writeString("utf-8"))


def _json(feed: Feed) -> str:
    """https://www.jsonfeed.org/version/1.1/"""
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "items": [_json_item(item) for item in feed.items],
    }
    return json.dumps(body, ensure_ascii=False)


def _json_item(item: Item) -> dict[str, Any]:
    author = item.author or item.outlet
    values = {
        "id": f"urn:uuid:{item.uuid}",
        "url": item.url,
        "title": item.title,
        "content_text": item.summary,
        "date_published": item.published.isoformat(),
        "date_modified": item.changed.isoformat(),
        "authors": [{"name": author}] if author else [],
        "tags": item.tags,
        "language": item.language,
    }
    return {name: value for name, value in values.items() if value}


FORMATS: dict[str, tuple[str, Callable[[Feed], str]]] = {
    "atom": ("application/atom+xml", _atom),
    "rss": ("application/rss+xml", _rss),
    "json": ("application/feed+json", _json),
}


def _answer(
    request: HttpRequest, stories: ShownStoryQuerySet, format: str, *, title: str, page: str
) -> HttpResponse:
    """The feed of the newest of these stories; 304 where the client has it. Three queries."""
    rows = list(_rows(stories))
    type, write = FORMATS[format]
    address = absolute(request.get_full_path())
    changed = max((row["changed"] for row in rows), default=None)
    etag = _etag(title, address, rows)
    stamp = int(changed.timestamp()) if changed else None
    answer = get_conditional_response(request, etag=etag, last_modified=stamp)
    if answer is None:
        feed = Feed(clean(title), absolute(page), address, _items(rows))
        answer = HttpResponse(write(feed), content_type=f"{type}; charset=utf-8")
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={SECONDS}"
    if changed:
        answer["Last-Modified"] = changed.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return answer


def _rows(stories: ShownStoryQuerySet) -> Any:
    """What the feed is made of; a story that was changed after it came out counts as changed."""
    return stories.annotate(
        changed=Greatest("published_at", "article__updated_at"),
        uuid=F("article__uuid"),
        slug=F("article__slug"),
        version=F("article__version"),
        language=F("article__language"),
        byline=F("article__byline"),
        outlet_name=F("outlet__name"),
        beginning=Left("revision__text", SUMMARY * 2),
    ).values(
        "pk", "title", "published_at", "changed", "uuid", "slug", "version", "language", "byline",
        "outlet_name", "entities", "beginning",
    )[:MOST]  # fmt: skip


def _etag(title: str, address: str, rows: list[dict[str, Any]]) -> str:
    parts = [(row["pk"], row["version"], row["title"], row["entities"]) for row in rows]
    return f'"{hashlib.sha256(repr((title, address, parts)).encode()).hexdigest()[:32]}"'


def _items(rows: list[dict[str, Any]]) -> list[Item]:
    wanted = {pk for row in rows for pk in row["entities"]}
    names = dict(Entity.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [_item(row, names) for row in rows]


def _item(row: dict[str, Any], names: dict[int, str]) -> Item:
    return Item(
        uuid=str(row["uuid"]),
        url=absolute(reverse("site:story", args=[row["slug"]])),
        title=clean(row["title"]),
        summary=Truncator(clean(" ".join(row["beginning"].split()))).chars(SUMMARY),
        language=row["language"],
        author=clean(row["byline"]),
        outlet=clean(row["outlet_name"] or ""),
        published=row["published_at"],
        changed=row["changed"],
        tags=[clean(names[pk]) for pk in row["entities"] if pk in names],
    )


def clean(text: str) -> str:
    """Without the few signs that XML has no way to write."""
    return _NOT_XML.sub("", text)


View = Callable[..., HttpResponse]


def _feed(view: View) -> View:
    """A view of one format, packed; the feed of what moved leads to where it went."""

    @gzip_page
    @old_addresses
    @wraps(view)
    def answer(request: HttpRequest, *, format: str, **kwargs: Any) -> HttpResponse:
        if format not in FORMATS:
            raise Http404
        try:
            return view(request, format=format, **kwargs)
        except Moved as moved:
            key = {"slug": moved.thing.slug} if "slug" in kwargs else {"pk": moved.thing.pk}
            name = request.resolver_match.view_name if request.resolver_match else ""
            return HttpResponsePermanentRedirect(reverse(name, kwargs={**key, "format": format}))

    return answer


@_feed
def of_stories(request: HttpRequest, *, format: str) -> HttpResponse:
    """All stories."""
    stories = ShownStory.objects.newest()
    return _answer(request, stories, format, title="Newsdesk: newest stories", page="/")


@_feed
def of_entity(request: HttpRequest, *, format: str, slug: str) -> HttpResponse:
    """The stories that name it."""
    entity = found(Entity.objects.all(), AnonymousUser(), slug=slug)
    stories, title = ShownStory.objects.naming(entity), f"Newsdesk: {entity.name}"
    return _answer(request, stories, format, title=title, page=entity.get_absolute_url())


@_feed
def of_claim(request: HttpRequest, *, format: str, pk: int) -> HttpResponse:
    """The stories that make it."""
    claim = found(Claim.objects.all(), AnonymousUser(), pk=pk)
    stories, title = ShownStory.objects.claiming(claim), f"Newsdesk: claim “{claim.text}”"
    return _answer(request, stories, format, title=title, page=claim.get_absolute_url())


@_feed
def of_source(request: HttpRequest, *, format: str, slug: str) -> HttpResponse:
    """The stories in which it claims something."""
    source = found(Source.objects.all(), AnonymousUser(), slug=slug)
    stories, title = ShownStory.objects.quoting(source), f"Newsdesk: what {source.name} says"
    return _answer(request, stories, format, title=title, page=source.get_absolute_url())


@_feed
def of_outlet(request: HttpRequest, *, format: str, slug: str) -> HttpResponse:
    """The stories of an outlet."""
    outlet = found(Outlet.objects.all(), AnonymousUser(), slug=slug)
    stories, title = ShownStory.objects.from_outlet(outlet), f"Newsdesk: {outlet.name}"
    return _answer(request, stories, format, title=title, page=outlet.get_absolute_url())


@_feed
def of_search(request: HttpRequest, *, format: str) -> HttpResponse:
    """The newest stories that a search finds; its address has what the search's has."""
    try:
        search = read_search(request.GET)
    except BadSearch as error:
        text = f"{error.field}: {error}"
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
    articles = find(search.by_date()).articles[:MOST]
    stories = ShownStory.objects.filter(pk__in=articles).newest()
    page = reverse("site:search") + search.query()
    return _answer(request, stories, format, title=f"Newsdesk: {search.told}", page=page)
