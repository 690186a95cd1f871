"""What editors decided, story by story, in the form in which the reader is taught.

A stretch of a text is known when people decided all that was suggested in it: then what is not
tagged there is known to be nothing. In a story without an open suggestion that is all of it, else
the paragraphs in which something was decided and nothing is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from annotations.models import Annotation, Attribution, Run
from annotations.models.annotation import Kind, Status
from annotations.models.run import RunState
from annotations.nlp.predictions import Span
from annotations.nlp.tokens import sentences
from annotations.nlp.training.lessons import Story, apart, blanked, gaps, places_of, within
from annotations.segments import paragraph_spans
from annotations.spans import overlap
from annotations.suggesting import document_of
from articles.models import Article

NAMELESS = ("unnamed", "document", "post")


@dataclass(frozen=True)
class Decided:
    """A story by its number, with its text as readers have it and what is known of it."""

    number: int
    text: str
    story: Story


def decided_stories() -> Iterator[Decided]:
    """The stories of which some stretch is known, in the order in which they came in."""
    decided = Annotation.objects.kept().attached().exclude(status=Status.SUGGESTED)
    for article in _read_articles().filter(Exists(decided.filter(article=OuterRef("pk")))):
        annotations = list(article.annotations.kept().attached().with_bodies())
        stretches = _body(article)
        known = _known_stretches(article.text, stretches, annotations)
        if known:
            story = _story(article, stretches, known, annotations)
            yield Decided(article.pk, article.text, story)


def undecided_texts(most: int) -> Iterator[str]:
    """The newest texts in which nobody decided anything, as they are read."""
    decided = Annotation.objects.attached().exclude(status=Status.SUGGESTED)
    articles = _read_articles().exclude(Exists(decided.filter(article=OuterRef("pk"))))
    for article in articles.order_by("-pk")[:most]:
        yield blanked(article.text, gaps(_body(article), len(article.text)))


def _read_articles() -> Any:
    """Those whose newest text was read: before that, nothing suggested means nothing."""
    done = Run.objects.filter(revision=OuterRef("revision"), state=RunState.DONE)
    return Article.objects.filter(Exists(done)).select_related("revision").order_by("pk")


def _body(article: Article) -> Sequence[Span]:
    assert article.revision is not None
    return document_of(article.revision).stretches


def _known_stretches(
    text: str, body: Sequence[Span], annotations: Sequence[Annotation]
) -> list[tuple[int, int]]:
    open_ = [a.spans for a in annotations if a.status == Status.SUGGESTED]
    decided = [a.spans for a in annotations if a.status != Status.SUGGESTED]
    if not open_:
        return [(start, end) for start, end in body]
    parts = [
        (max(a, start), min(b, end))
        for a, b in paragraph_spans(text)
        for start, end in body
        if max(a, start) < min(b, end)
    ]
    return [
        part
        for part in parts
        if any(overlap(spans, [part]) for spans in decided)
        and not any(overlap(spans, [part]) for spans in open_)
    ]


def _story(
    article: Article,
    body: Sequence[Span],
    known: Sequence[tuple[int, int]],
    annotations: Sequence[Annotation],
) -> Story:
    accepted = [a for a in annotations if a.status == Status.ACCEPTED]
    claims = [a for a in accepted if a.kind == Kind.CLAIM]
    ties = _attributions(claims)
    whole = [tie for tie in ties if all(within(span, known) for span in places_of(tie))]
    length = len(article.text)
    return Story(
        blanked(article.text, gaps(body, length)),
        {"mentions": _mentions(accepted, known), "attributions": whole},
        unknown=gaps(known, length),
        unsure=[
            *(tie["cue"] for tie in ties if tie["cue"] and tie not in whole),
            *_without_cue(article.text, claims, ties),
        ],
    )


def _mentions(
    accepted: Sequence[Annotation], known: Sequence[tuple[int, int]]
) -> list[dict[str, Any]]:
    """The accepted mentions as rows of `gold/`; of those that overlap the longest."""
    spans = [(start, end, a) for a in accepted if a.kind == Kind.ENTITY for start, end in a.spans]
    kept: dict[tuple[int, int], dict[str, Any]] = {}
    for start, end, a in sorted(spans, key=lambda row: (row[0] - row[1], row[0])):
        if within((start, end), known) and apart((start, end), list(kept)):
            row = {"start": start, "end": end, "type": a.type, "name": a.name}
            kept[start, end] = row
    return [kept[span] for span in sorted(kept)]


def _attributions(claims: Sequence[Annotation]) -> list[dict[str, Any]]:
    """The claims' accepted ties, to an accepted source or to nobody, as rows of `gold/`."""
    ties = Attribution.objects.kept().filter(
        Q(source__isnull=True) | Q(source__status=Status.ACCEPTED),
        claim__in=[claim.pk for claim in claims],
        status=Status.ACCEPTED,
    )
    return [_attribution(tie) for tie in ties.with_ends()]


def _without_cue(
    text: str, claims: Sequence[Annotation], ties: Sequence[dict[str, Any]]
) -> list[Span]:
    """The sentences of claims of which nobody said by what words they are somebody's."""
    told = [span for tie in ties if tie["cue"] for span in tie["content"]]
    untold = [span for claim in claims for span in claim.spans if apart(span, told)]
    return [sentence for sentence in sentences(text) if not apart(sentence, untold)]


def _attribution(tie: Attribution) -> dict[str, Any]:
    return {
        "source": tuple(tie.source.spans[0]) if tie.source else None,
        "cue": tuple(tie.cue[0]) if tie.cue else None,
        "content": [tuple(span) for span in tie.claim.spans],
        "claimant": _claimant(tie.source),
    }


def _claimant(source: Annotation | None) -> str:
    if source is None:
        return "unnamed"
    return source.type if source.type in NAMELESS else source.name
