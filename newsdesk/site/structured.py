"""What a page is about in schema.org's terms, as JSON-LD for those who read pages by machine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from annotations.models import Claim, ClaimReview, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.source import SourceKind
from articles.models import Article, Outlet
from newsdesk.site.addresses import absolute
from newsdesk.site.claim import ClaimPage
from newsdesk.site.entity import EntityPage
from newsdesk.site.outlet import OutletPage
from newsdesk.site.source import SourcePage
from newsdesk.site.story import Story

Node = dict[str, Any]

WIKIDATA = "https://www.wikidata.org/entity/"
# The address of a node that stands for the thing itself, not for its page.
ITSELF = "#it"
ENTITY_TYPES = {
    EntityType.PERSON: "Person",
    EntityType.ORGANISATION: "Organization",
    EntityType.PLACE: "Place",
    EntityType.EVENT: "Event",
    EntityType.WORK: "CreativeWork",
    EntityType.PRODUCT: "Thing",
    EntityType.GROUP: "Thing",
}
SOURCE_TYPES = {
    SourceKind.PERSON: "Person",
    SourceKind.ORGANISATION: "Organization",
    SourceKind.OUTLET: "NewsMediaOrganization",
    SourceKind.DOCUMENT: "CreativeWork",
    SourceKind.POST: "SocialMediaPosting",
    SourceKind.UNNAMED: "Thing",
}
# In a script, none of these may end it or begin a comment.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def as_script(nodes: Iterable[Node]) -> SafeString:
    """The nodes as the content of a `<script type="application/ld+json">`."""
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - what could end the script is escaped


def story_nodes(story: Story) -> list[Node]:
    article = story.article
    trail = [("Stories", "/"), (article.title, article.get_absolute_url())]
    return [_story(story), breadcrumbs(trail)]


def _story(story: Story) -> Node:
    article = story.article
    address = absolute(article.get_absolute_url())
    return _filled(
        {
            **_brief_story(article),
            "mainEntityOfPage": address,
            "inLanguage": article.language,
            "dateModified": article.revision.created_at.isoformat() if article.revision else "",
            "author": _author(article),
            "isBasedOn": article.url,
            "wordCount": len(article.text.split()),
            "mentions": [entity_node(n.entity) for _, group in story.named for n in group],
            "citation": [source_node(speaker.source) for speaker in story.speakers],
            "hasPart": [_brief_claim(s.claim) for s in story.claims],
        }
    )


def _brief_story(article: Article) -> Node:
    address = absolute(article.get_absolute_url())
    date = article.published_at or article.created_at
    node = {
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "headline": article.title,
        "datePublished": (article.dated or date).isoformat(),
        "publisher": outlet_node(article.outlet) if article.outlet else None,
    }
    return _filled(node)


def _author(article: Article) -> Node | None:
    if article.byline:
        return {"@type": "Person", "name": article.byline}
    return outlet_node(article.outlet) if article.outlet else None


def outlet_node(outlet: Outlet) -> Node:
    return _filled({"@type": "NewsMediaOrganization", "name": outlet.name, "url": outlet.url})


def entity_node(entity: Entity) -> Node:
    """The thing itself, with its page and what else is the same."""
    address = absolute(entity.get_absolute_url())
    node = {
        "@type": ENTITY_TYPES[EntityType(entity.type)],
        "@id": address + ITSELF,
        "name": entity.name,
        "url": address,
        "description": entity.description,
        "sameAs": WIKIDATA + entity.wikidata_id if entity.wikidata_id else "",
    }
    return _filled(node)


def source_node(source: Source) -> Node:
    """Who or what is cited; where it is an entity of the desk, that is what it is the same as."""
    address = absolute(source.get_absolute_url())
    kind = SourceKind(source.kind)
    affiliated = source.affiliation and kind == SourceKind.PERSON
    node = {
        "@type": SOURCE_TYPES[kind],
        "@id": address + ITSELF,
        "name": source.name,
        "url": address,
        "affiliation": {"@type": "Organization", "name": source.affiliation}
        if affiliated
        else None,
        "description": source.unnamed_reason,
    }
    return _filled(node)


def entity_nodes(page: EntityPage) -> list[Node]:
    entity = page.entity
    node = entity_node(entity) | {"alternateName": [alias.text for alias in page.aliases]}
    trail = [("Entities", "/entities/"), (entity.name, entity.get_absolute_url())]
    return [_filled(node), breadcrumbs(trail)]


def source_nodes(page: SourcePage) -> list[Node]:
    source = page.source
    node = source_node(source)
    if source.entity:
        node["sameAs"] = absolute(source.entity.get_absolute_url()) + ITSELF
    trail = [("Sources", "/sources/"), (source.name, source.get_absolute_url())]
    return [node, breadcrumbs(trail)]


def outlet_nodes(page: OutletPage) -> list[Node]:
    outlet = page.outlet
    trail = [("Outlets", "/outlets/"), (outlet.name, outlet.get_absolute_url())]
    return [outlet_node(outlet), breadcrumbs(trail)]


def claim_nodes(page: ClaimPage) -> list[Node]:
    claim = page.claim
    trail = [("Claims", "/claims/"), (claim.text, claim.get_absolute_url())]
    reviews = [_review(review, claim) for review in page.current_reviews]
    return [_claim(page), *reviews, breadcrumbs(trail)]


def _brief_claim(claim: Claim) -> Node:
    address = absolute(claim.get_absolute_url())
    return {"@type": "Claim", "@id": address + ITSELF, "text": claim.text, "url": address}


def _claim(page: ClaimPage) -> Node:
    stories = {s.annotation.article_id: s.annotation.article for s in page.made}
    node = {
        **_brief_claim(page.claim),
        "inLanguage": page.claim.language,
        "author": [source_node(maker.source) for maker in page.makers],
        "appearance": [_brief_story(article) for article in stories.values()],
    }
    return _filled(node)


def _review(review: ClaimReview, claim: Claim) -> Node:
    page = absolute(claim.get_absolute_url())
    rating = {"@type": "Rating", "alternateName": review.rating}
    if review.rating_value is not None:
        rating |= {"ratingValue": review.rating_value, "worstRating": 1, "bestRating": 5}
    node = {
        "@type": "ClaimReview",
        "@id": f"{page}#review-{review.pk}",
        "url": review.url or page,
        "claimReviewed": claim.text,
        "itemReviewed": {"@id": page + ITSELF},
        "author": {"@type": "Organization", "name": review.reviewer},
        "datePublished": review.reviewed_on.isoformat(),
        "reviewRating": rating,
        "reviewBody": review.evidence,
    }
    return _filled(node)


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> Node:
    """Of (name, path), from the index to the page itself."""
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": absolute(path)}
        for n, (name, path) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def list_nodes(name: str, path: str) -> list[Node]:
    """Of an index: its place on the site."""
    return [breadcrumbs([("Newsdesk", "/"), (name, path)])]


def site_nodes() -> list[Node]:
    """Of the start page: the site, and how it is searched."""
    home = absolute("/")
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": home + "search/?q={search_term_string}"},
        "query-input": "required name=search_term_string",
    }
    return [
        {
            "@type": "WebSite",
            "@id": home,
            "url": home,
            "name": "Newsdesk",
            "potentialAction": search,
        }
    ]


def _filled(node: Node) -> Node:
    """Without what is empty."""
    return {name: value for name, value in node.items() if value or value == 0}
