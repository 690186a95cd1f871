"""What a page says of itself in its head, to search engines, feed readers and who shares it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from newsdesk.site import structured
from newsdesk.site.addresses import absolute, oembed_of
from newsdesk.site.claim import ClaimPage
from newsdesk.site.entity import EntityPage
from newsdesk.site.index import Index
from newsdesk.site.outlet import OutletPage
from newsdesk.site.source import SourcePage
from newsdesk.site.story import Story
from newsdesk.site.structured import Node, as_script

FORMATS = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}
# Search engines show no more of a description.
LONGEST = 155


@dataclass(frozen=True)
class Feed:
    """One format of the feed that goes with a page."""

    name: str
    type: str
    href: str


@dataclass(frozen=True)
class Head:
    """A page's title, what it is in a sentence, its one true address, OpenGraph's type of it,
    its feeds, the address of its oEmbed, and its structured data."""

    title: str
    description: str
    canonical: str
    structured: SafeString
    type: str = "website"
    feeds: tuple[Feed, ...] = ()
    oembed: str = ""
    published: str = ""


def feeds_of(name: str, **kwargs: Any) -> tuple[Feed, ...]:
    """The feeds with this address name, in each format."""
    return tuple(
        Feed(title, type, reverse(f"site:{name}", kwargs={**kwargs, "format": format}))
        for format, (title, type) in FORMATS.items()
    )


def _head(title: str, parts: Iterable[str], path: str, nodes: Iterable[Node], **more: Any) -> Head:
    """A head whose description is made of parts, each a sentence, and cut to what is shown."""
    text = " ".join(part.strip().rstrip(".") + "." for part in parts if part.strip())
    short = Truncator(" ".join(text.split())).chars(LONGEST)
    return Head(title, short, absolute(path), as_script(nodes), **more)


def of_front() -> Head:
    parts = ["News with what is claimed in it, who says so, and who and what is named"]
    feeds = feeds_of("feed_stories")
    title = "What is claimed, and who says so"
    return _head(title, parts, "/", structured.site_nodes(), feeds=feeds)


def of_story(story: Story) -> Head:
    article = story.article
    published = article.published_at.isoformat() if article.published_at else ""
    return _head(
        article.title, [article.text[: LONGEST * 2]], article.get_absolute_url(),
        structured.story_nodes(story), type="article", published=published,
    )  # fmt: skip


def of_entity(page: EntityPage) -> Head:
    entity = page.entity
    parts = [entity.description, f"Stories that name {entity.name}, what {entity.name} said, "
             "and what is said about it"]  # fmt: skip
    feeds = feeds_of("feed_entity", slug=entity.slug)
    nodes = structured.entity_nodes(page)
    return _head(entity.name, parts, entity.get_absolute_url(), nodes, feeds=feeds)


def of_claim(page: ClaimPage) -> Head:
    claim = page.claim
    ratings = [f"Rated {r.rating} by {r.reviewer}" for r in page.current_reviews]
    parts = [claim.text, *ratings, "Who says so, where and when, and what contradicts it"]
    path = claim.get_absolute_url()
    return _head(
        Truncator(claim.text).chars(70), parts, path, structured.claim_nodes(page),
        feeds=feeds_of("feed_claim", pk=claim.pk), oembed=oembed_of(path),
    )  # fmt: skip


def of_source(page: SourcePage) -> Head:
    source = page.source
    parts = [f"What {source.name} claims, how often, in which outlets, and how that was rated"]
    feeds = feeds_of("feed_source", slug=source.slug)
    nodes = structured.source_nodes(page)
    return _head(f"{source.name} as a source", parts, source.get_absolute_url(), nodes, feeds=feeds)


def of_outlet(page: OutletPage) -> Head:
    outlet = page.outlet
    parts = [f"Stories of {outlet.name}, with what they claim and who says so"]
    feeds = feeds_of("feed_outlet", slug=outlet.slug)
    nodes = structured.outlet_nodes(page)
    return _head(outlet.name, parts, outlet.get_absolute_url(), nodes, feeds=feeds)


def of_index(index: Index, path: str) -> Head:
    parts = [f"{index.heading} {index.told}, with in how many"]
    return _head(index.heading, parts, path, structured.list_nodes(index.heading, path))
