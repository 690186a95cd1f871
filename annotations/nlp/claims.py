"""Sentences that nobody is said to have said, and that are worth checking all the same."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np

from annotations.nlp.predictions import ClaimSpans, Predictions, Span, Tie
from annotations.nlp.tokens import tokens

REASON = "worth checking; the text ascribes it to nobody, so the outlet says it itself"
# How likely a sentence must be check-worthy, and how many a text may have at most: one in so many
# words, and one in a shorter text. A suggestion that an editor must refuse costs her more than one
# that she misses here.
LIKELY = 0.8
ONE_IN_WORDS = 200
FEWEST_WORDS = 6


def unattributed(
    text: str,
    spans: Sequence[Span],
    worth: np.ndarray,
    found: Predictions,
    suggester: str,
) -> Predictions:
    """Claims of the outlet itself: the likeliest sentences (`spans`, with a probability each in
    `worth`) that have no part in an attribution."""
    said = {span for tie in found.ties for span in (*tie.claim.spans, *tie.cue)}
    taken = _with_any(spans, said | {source.span for source in found.sources})
    free = [
        (float(p), span)
        for i, (span, p) in enumerate(zip(spans, worth, strict=True))
        if p >= LIKELY and i not in taken and _asserts(text, span)
    ]
    words = sum(len(text[slice(*span)].split()) for span in spans)
    best = sorted(free, reverse=True)[: max(1, words // ONE_IN_WORDS)]
    made = Predictions()
    for p, span in sorted(best, key=lambda pair: pair[1]):
        sentence = " ".join(text[slice(*span)].split())[:990]
        content = Span(span.start, span.end - 1) if text[span.end - 1] == "." else span
        claim = ClaimSpans((content,), sentence, p, REASON, suggester)
        made.claims.append(claim)
        made.ties.append(
            Tie(claim, None, (), "indirect", "asserts", p, REASON, suggester, by_outlet=True)
        )
    return made


def _with_any(sentences: Sequence[Span], parts: Iterable[Span]) -> set[int]:
    """Which of the sentences, in order, have something of the parts."""
    found: set[int] = set()
    for part in parts:
        i = bisect_right(sentences, (part.end - 1, float("inf"))) - 1
        while i >= 0 and sentences[i].end > part.start:
            found.add(i)
            i -= 1
    return found


def _asserts(text: str, span: Span) -> bool:
    """Whether it is a whole sentence that states something: no question, headline or fragment."""
    words = [t for t in tokens(text, *span) if t.is_word]
    return (
        len(words) >= FEWEST_WORDS
        and text[span.end - 1] in '.”"’'
        and text[span.start].isupper()
        and not text[span.end - 2 : span.end].startswith("?")
        and words[0].lower not in ("he", "she", "they", "it", "this", "that", "these", "those")
    )
