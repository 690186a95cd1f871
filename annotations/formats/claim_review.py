"""Claim reviews as schema.org's ClaimReview, in a DataFeed. Out only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Review:
    """A dated rating of a claim; `appearances` are the addresses of stories that make it."""

    id: int
    claim_page: str
    claim: str
    rating: str
    rating_value: int | None
    reviewer: str
    url: str
    evidence: str
    reviewed_on: str
    appearances: Sequence[str] = ()


class Writer:
    """A DataFeed whose items are ClaimReviews. Its end closes the JSON: a part of it is none."""

    media_type = "application/ld+json"
    extension = "jsonld"

    def __init__(self) -> None:
        self.records = 0

    def begin(self) -> bytes:
        return (
            b'{"@context":"https://schema.org","@type":"DataFeed","name":"Claim reviews",'
            b'"dataFeedElement":['
        )

    def add(self, reviews: Sequence[Review]) -> bytes:
        return "".join(self._items(reviews)).encode()

    def end(self) -> bytes:
        return b"\n]}\n"

    def _items(self, reviews: Sequence[Review]) -> Iterator[str]:
        for review in reviews:
            yield ",\n" if self.records else "\n"
            yield json.dumps(claim_review(review), ensure_ascii=False)
            self.records += 1


def claim_review(review: Review) -> dict[str, Any]:
    """One review in schema.org's terms; what is not known is left out. Its number is the cursor."""
    rating = {
        "@type": "Rating", "ratingValue": review.rating_value, "bestRating": 5, "worstRating": 1,
        "alternateName": review.rating,
    }  # fmt: skip
    if review.rating_value is None:
        rating = {"@type": "Rating", "alternateName": review.rating}
    item = {
        "@type": "Claim",
        "@id": review.claim_page,
        "text": review.claim,
        "appearance": [{"@type": "CreativeWork", "url": url} for url in review.appearances],
    }
    data = {
        "@type": "ClaimReview",
        "identifier": review.id,
        "url": review.url or review.claim_page,
        "claimReviewed": review.claim,
        "datePublished": review.reviewed_on,
        "author": {"@type": "Organization", "name": review.reviewer},
        "reviewRating": rating,
        "reviewBody": review.evidence,
        "itemReviewed": item,
    }
    return {name: value for name, value in data.items() if value not in ("", [])}
