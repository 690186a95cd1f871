"""Builders of test data: knowledge, and annotations on the words of a text."""

from __future__ import annotations

from typing import Any

import factory

from annotations.deciding import accept
from annotations.models import Annotation, Attribution, Claim, Entity, Source, Suggester
from annotations.nlp.predictions import Predictions
from annotations.nlp.suggester import Document
from articles.models import Article


class EntityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Entity

    name = factory.Sequence(lambda n: f"Entity {n}")
    slug = factory.Sequence(lambda n: f"entity-{n}")
    type = "person"


class ClaimFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Claim

    text = factory.Sequence(lambda n: f"Claim number {n} is true.")


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Source {n}")
    slug = factory.Sequence(lambda n: f"source-{n}")
    kind = "organisation"


TYPES = {"entity": "person", "source": "organisation", "claim": ""}


def span_of(article: Article, words: str, occurrence: int = 1) -> list[int]:
    """The span of the n-th occurrence of `words` in the article's text."""
    place = -1
    for _ in range(occurrence):
        place = article.text.index(words, place + 1)
    return [place, place + len(words)]


def suggest(
    article: Article, kind: str, words: str | list[str], *, occurrence: int = 1, **fields: Any
) -> Annotation:
    """A machine's suggestion on some words of the text, several for a broken span."""
    pieces = [words] if isinstance(words, str) else words
    suggester, _ = Suggester.objects.get_or_create(name="test", version="1")
    values = {
        "type": TYPES[kind],
        "label": " ".join(pieces),
        "confidence": 0.8,
        "reason": "the test says so",
        "suggester": suggester,
        **fields,
    }
    return Annotation.objects.create(
        article=article,
        revision=article.revision,
        kind=kind,
        spans=[span_of(article, piece, occurrence) for piece in pieces],
        start=0,
        end=1,
        **values,
    )


def suggest_tie(claim: Annotation, source: Annotation | None, **fields: Any) -> Attribution:
    """A machine's suggestion that the claim is the source's."""
    return Attribution.objects.create(
        claim=claim, source=source, suggester=claim.suggester, confidence=0.8, **fields
    )


class SuggesterOf:
    """Suggests what it is given, whatever it reads."""

    name, version = "test", "1"

    def __init__(self, predictions: Predictions) -> None:
        self.predictions = predictions

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        return self.predictions


def accept_all(article: Article, editor: Any) -> None:
    """Accept every suggestion on the article, entities first."""
    for kind in ("entity", "source", "claim"):
        for annotation in article.annotations.filter(kind=kind, status="suggested"):
            accept(annotation=annotation, editor=editor, seen_version=annotation.version)
