"""What a desk's stories teach: what its editors decided, and elsewhere what a model is sure of.

The second is what the model says already. To be told it again while it learns the first keeps it
from forgetting it (Li and Hoiem 2016, "Learning without Forgetting"). Needs no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotations.nlp.network import Network
from annotations.nlp.pieces import Splitter
from annotations.nlp.predictions import Predictions, Tie
from annotations.nlp.reader import ReaderSuggester
from annotations.nlp.suggester import Document
from annotations.nlp.training.encoded import Corpus, encode
from annotations.nlp.training.samples import Sample, Span
from annotations.nlp.training.teaching import of_stories

# What a model says itself is taught where it is at least so sure.
SURE = 0.9
Spans = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Story:
    """A text with its tags as in `gold/`. Inside `unknown` nobody said what is tagged; inside
    `unsure` there may be a cue or none. What is not to be read is blanked."""

    text: str
    tags: Mapping[str, Any]
    unknown: Spans = ()
    unsure: Spans = ()

    def to_measure(self) -> tuple[str, Mapping[str, Any]]:
        """The text without what is unknown of it, where no tag stands, and the tags."""
        return blanked(self.text, self.unknown), self.tags


def blanked(text: str, spans: Spans) -> str:
    """The text with spaces for what stands in the spans: all else stays at its place."""
    for start, end in spans:
        blank = "".join(c if c == "\n" else " " for c in text[start:end])
        text = text[:start] + blank + text[end:]
    return text


def gaps(spans: Spans, length: int) -> list[Span]:
    """What of a text so long is in none of the spans, which are in order."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), length]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a < b]


def within(span: Sequence[int], stretches: Spans) -> bool:
    """Whether one of the stretches holds all of the span."""
    return any(a <= span[0] and span[1] <= b for a, b in stretches)


def apart(span: Sequence[int], stretches: Spans) -> bool:
    """Whether the span shares no character with any of the stretches."""
    return all(span[1] <= a or b <= span[0] for a, b in stretches)


def places_of(tie: Mapping[str, Any]) -> list[Span]:
    """Where the source, the cue and the content of an attribution stand."""
    return [span for span in (tie["source"], tie["cue"], *tie["content"]) if span]


def guessed(text: str, reader: ReaderSuggester) -> Story:
    """A text with what the reader says of it; where it is not sure, nothing is known."""
    found = reader.suggest(Document(text), Predictions())
    sure = [m for m in found.mentions if m.confidence >= SURE]
    mentions = [{"start": m.span.start, "end": m.span.end, "type": m.type} for m in sure]
    ties = [tie for tie in found.ties if not tie.by_outlet]
    return Story(
        text,
        {"mentions": mentions, "attributions": [_row(t) for t in ties if t.confidence >= SURE]},
        unknown=[m.span for m in found.mentions if m.confidence < SURE],
        unsure=[cue for tie in ties if tie.confidence < SURE for cue in tie.cue],
    )


def _row(tie: Tie) -> dict[str, Any]:
    source, cue = tie.source and tie.source.span, tie.cue[0] if tie.cue else None
    return {"source": source, "cue": cue, "content": tie.claim.spans}


def completed(story: Story, guess: Story) -> Story:
    """What people said of a story and, where they said nothing, what was guessed."""
    open_ = story.unknown
    mentions = [m for m in guess.tags["mentions"] if within((m["start"], m["end"]), open_)]
    ties = [t for t in guess.tags["attributions"] if all(within(s, open_) for s in places_of(t))]
    others = [t["cue"] for t in guess.tags["attributions"] if t["cue"] and t not in ties]
    return Story(
        story.text,
        {
            "mentions": [*story.tags["mentions"], *mentions],
            "attributions": [*story.tags["attributions"], *ties],
        },
        unknown=[span for span in guess.unknown if not apart(span, open_)],
        unsure=[*story.unsure, *(s for s in [*guess.unsure, *others] if not apart(s, open_))],
    )


def sample_of(story: Story, splitter: Splitter) -> Sample:
    """The story as it is taught: nothing where nothing is known."""
    sample = of_stories([(story.text, story.tags)], splitter)
    assert sample.words is not None
    sample.words = [word for word in sample.words if apart(word[:2], story.unknown)]
    sample.unsure = [(start, end) for start, end in (*story.unsure, *story.unknown)]
    return sample


def corpus_of(story: Story, network: Network) -> Corpus:
    """The story's arrays. Which sentences are worth a check, and their vectors, are the network's
    own: nobody at the desk decides on them, and claims are found again by their vectors."""
    corpus = encode("desk", sample_of(story, network.splitter), network.splitter)
    reading = network.read(corpus.pieces, [(int(a), int(b)) for a, b in corpus.bounds])
    corpus.worthiness = 1 / (1 + np.exp(-reading.worth))
    corpus.vectors = reading.vectors
    return corpus


def corpora_of(stories: Iterable[Story], network: Network) -> list[Corpus]:
    """Those of the stories that have any words."""
    found = [corpus_of(story, network) for story in stories if story.text.strip()]
    return [corpus for corpus in found if len(corpus.bounds)]
