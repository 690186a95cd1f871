"""Builders of what the readers' pages show: published stories with accepted marks."""

from __future__ import annotations

from datetime import date
from typing import Any

from annotations.models import Annotation, Claim, ClaimLink, ClaimReview
from annotations.tests.factories import accept_all, span_of, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import make_article

TEXT = "Ana Ruiz opened the bridge.\n\nThe bridge is safe & sound, Ruiz said. Others doubt it."


def story(
    ada: Any, text: str = TEXT, title: str = "Bridge", state: str = "published", **fields: Any
) -> Article:
    """A story with a mention, a claim and its source, all accepted."""
    article = make_article(text, title=title, state=state, **fields)
    suggest(article, "entity", "Ana Ruiz")
    claim = suggest(article, "claim", "The bridge is safe & sound", label="The bridge is safe.")
    source = suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    suggest_tie(claim, source, cue=[span_of(article, "said")])
    accept_all(article, ada)
    return article


def naming(ada: Any, name: str, others: list[str], title: str, **fields: Any) -> Article:
    """A published story of one sentence that names them all, each on its own words."""
    text = f"{title}: {name} met {', '.join(others) or 'nobody'} there."
    article = make_article(text, title=title, state="published", **fields)
    for words in [name, *others]:
        suggest(article, "entity", words)
    accept_all(article, ada)
    return article


def claiming(
    ada: Any, sentence: str, title: str, who: str = "Ana Ruiz", mode: str = "asserts"
) -> Annotation:
    """The claim's words in a published story of their own, tied to a person."""
    words = sentence.rstrip(".")
    article = make_article(f"{title}: {words}, {who} said.", title=title, state="published")
    claim = suggest(article, "claim", words, label=sentence)
    source = suggest(article, "source", who, type="person", label=who)
    suggest_tie(claim, source, cue=[span_of(article, "said")], mode=mode)
    accept_all(article, ada)
    claim.refresh_from_db()
    return claim


def rate(claim: Claim, rating: str = "False", **fields: Any) -> ClaimReview:
    """A dated review of the claim."""
    values = {"reviewer": "Fact Bureau", "reviewed_on": date(2026, 5, 3), "rating_value": 1}
    return ClaimReview.objects.create(claim=claim, rating=rating, **(values | fields))


def link(claim: Claim, other: Claim, kind: str = "contradicts") -> ClaimLink:
    return ClaimLink.objects.create(claim=claim, other=other, kind=kind)
