"""From the network's scores to mentions and attributions in places of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from annotations.nlp.chains import best_paths, iob_steps
from annotations.nlp.network import Cue, Reading, Run
from annotations.nlp.pieces import Pieces
from annotations.nlp.predictions import Span, Spans
from annotations.nlp.tokens import QUOTES, quotations, sentences

# The order of the network's entity tags: O, then B and I of each type.
TYPES = ("person", "organisation", "place", "event", "work", "product", "group")
CLOSING = {closing: opening for opening, closing in QUOTES.items()}


# Attributions further apart than so many others have nothing to do with each other.
NEAR = 12


@dataclass(frozen=True)
class Found:
    """A mention as the network sees it. `types` are probabilities in the order of TYPES, of the
    span as it stands; `probability` is the least sure word's for being in a mention of its type."""

    span: Span
    type: str
    probability: float
    types: tuple[float, ...]


STEPS = iob_steps(None, 1 + 2 * len(TYPES))


def best_tags(scores: np.ndarray) -> np.ndarray:
    """The likeliest allowed sequence of tags for words' log-probabilities (words, tags)."""
    greedy = scores.argmax(1)
    if (STEPS[np.concatenate([[0], greedy[:-1]]), greedy] == 0).all():
        return greedy
    return best_paths(scores[None], np.array([len(scores)]), STEPS)[0]


def mentions(pieces: Pieces, reading: Reading, runs: Sequence[Run]) -> list[Found]:
    """The mentions of the sentences at `runs`, in order, not overlapping."""
    found: list[Found] = []
    for run in runs:
        words = run[0] + np.flatnonzero(pieces.first[slice(*run)])
        if not len(words):
            continue
        scores = reading.entities[words]
        tags = best_tags(scores)
        if tags.any():
            found += _spans(pieces, words, scores, tags)
    return found


def _spans(
    pieces: Pieces, words: np.ndarray, scores: np.ndarray, tags: np.ndarray
) -> Iterator[Found]:
    starts = np.flatnonzero(tags % 2 == 1)
    for i in starts.tolist():
        end = i + 1
        while end < len(tags) and tags[end] == tags[i] + 1:
            end += 1
        spread = np.exp(scores[i:end, 1:]).reshape(end - i, len(TYPES), 2).sum(2)
        of_type = spread.mean(0)
        t = (int(tags[i]) - 1) // 2
        sure = float(np.exp(scores[np.arange(i, end), tags[i:end]]).min())
        if end < len(tags):  # that it ends here
            sure = min(sure, 1 - float(np.exp(scores[end, tags[i] + 1])))
        span = Span(int(pieces.starts[words[i]]), int(pieces.ends[words[end - 1]]))
        yield Found(span, TYPES[t], sure, tuple(of_type.tolist()))


@dataclass(frozen=True)
class Attributed:
    """An attribution as the network sees it, in places of the text."""

    source: Span | None
    cue: Span
    content: Spans
    probability: float


def attribution(text: str, pieces: Pieces, cue: Cue) -> Attributed | None:
    """What a cue ties together; None where no content is seen."""
    starts = pieces.starts[cue.words]
    ends = pieces.ends[cue.words]

    def place(run: Run) -> Span:
        return Span(int(starts[run[0]]), int(ends[run[1] - 1]))

    runs = list(_runs(cue.tags, 3))
    content = tidied(text, [trimmed(text, place(run)) for run in runs])
    if not content:
        return None
    sure = [float(cue.sure[slice(*run)].mean()) for run in runs]
    probability = cue.probability * float(np.mean(sure))
    cue_span = Span(int(pieces.starts[cue.run[0]]), int(pieces.ends[cue.run[1] - 1]))
    # One source at most: the nearest.
    sources = [place(run) for run in _runs(cue.tags, 1)]
    source = min(sources, key=lambda span: _distance(cue_span, span), default=None)
    return Attributed(source, cue_span, tuple(content), probability)


def shared_out(found: list[Attributed]) -> list[Attributed]:
    """Each quotation to one cue: of two that claim the same words, and neither of which stands in
    the other's, the nearer has them. What has none left falls away."""
    kept = []
    for i, one in enumerate(found):
        near = found[max(0, i - NEAR) : i + NEAR + 1]
        content = tuple(s for s in one.content if not any(_nearer(b, one, s) for b in near))
        if content:
            kept.append(replace(one, content=content))
    return kept


def _nearer(other: Attributed, one: Attributed, span: Span) -> bool:
    if other is one or any(s.holds(one.cue) for s in other.content):
        return False
    if span.holds(other.cue) or not any(span.overlaps(s) for s in other.content):
        return False
    return _distance(other.cue, span) < _distance(one.cue, span)


def _distance(cue: Span, span: Span) -> int:
    return max(span.start - cue.end, cue.start - span.end, 0)


def _runs(tags: np.ndarray, begin: int) -> Iterator[Run]:
    """Runs of a kind's tags, `begin` or the one after it."""
    i = 0
    while i < len(tags):
        if tags[i] not in (begin, begin + 1):
            i += 1
            continue
        end = i + 1
        while end < len(tags) and tags[end] == begin + 1:
            end += 1
        yield i, end
        i = end


def trimmed(text: str, span: Span) -> Span:
    """Without white space, and without commas and stops that stand outside quotation marks."""
    start, end = span
    while start < end and text[start] in " \n\t,;:.–—":
        start += 1
    while end > start and text[end - 1] in " \n\t,;:–—":
        end -= 1
    if end > start and text[end - 1] == "." and not _is_abbreviation(text, end):
        end -= 1
    return Span(start, end)


def _is_abbreviation(text: str, end: int) -> bool:
    """Whether the full stop before `end` belongs to its word: "U.S.", "p.m."."""
    word = text[max(0, end - 8) : end - 1].rsplit(None, 1)
    return bool(word) and ("." in word[-1] or len(word[-1]) == 1)


def tidied(text: str, spans: list[Span]) -> list[Span]:
    """Contents in order, with both marks of a quotation or none, and a span a sentence."""
    found: list[Span] = []
    spans = [span for span in spans if span.start < span.end]
    marks = quotations(text, max(0, spans[0].start - 400), min(len(text), spans[-1].end + 400)) if (
        spans
    ) else []  # fmt: skip
    for span in spans:
        start, end = span
        for quotation in marks:
            inner = Span(quotation.start + 1, quotation.end - 1)
            if start == inner.start:
                start -= 1
            elif start == inner.end and end > quotation.end:
                start = quotation.end
            if (
                inner.end - 1 <= end <= inner.end and inner.start < end and start <= inner.start
            ) or (end == inner.end and start > quotation.start):
                end = quotation.end
        whole = trimmed(text, Span(start, end))
        parts = sentences(text, *whole) if whole.start < whole.end else []
        found += [
            trimmed(text, part) if k < len(parts) - 1 and _outside(part, marks) else part
            for k, part in enumerate(parts)
        ]
    return [span for span in found if any(c.isalnum() for c in text[slice(*span)])]


def _outside(span: Span, marks: list[Span]) -> bool:
    return not any(q.start < span.end <= q.end for q in marks)
