"""GMB's news with the attributions that our rules find in it: many, and not all of them right."""

from __future__ import annotations

from pathlib import Path

from annotations.nlp import lexicon
from annotations.nlp.attribution import AttributionSuggester
from annotations.nlp.predictions import Mention, Predictions, Span, Tie
from annotations.nlp.suggester import Document
from annotations.nlp.tokens import tokens
from annotations.nlp.training import corpora
from annotations.nlp.training.labels import TAGS
from annotations.nlp.training.samples import Attributed, Sample, of_sentences

# Patterns that are right often enough to be taught; the others stay unsure.
TAUGHT = ("according to", "that", "quotation", "clause", "inverted", "infinitive")


def gmb(folder: Path) -> Sample:
    """GMB with its names and our rules' attributions."""
    sample = of_sentences(corpora.gmb(folder))
    found = AttributionSuggester().suggest(
        Document(sample.text, body=tuple(Span(*s) for s in sample.sentences)),
        Predictions(mentions=_mentions(sample)),
    )
    taught = [tie for tie in found.ties if tie.cue and tie.reason.startswith(TAUGHT)]
    sample.attributions = [_attributed(tie) for tie in taught]
    cues = {tie.cue[0].start for tie in taught} | {
        t.start for tie in taught for t in tokens(sample.text, *tie.cue[0])
    }
    sample.unsure = [
        (word.start, word.end)
        for word in tokens(sample.text)
        if (word.lower in lexicon.MODES or word.lower in lexicon.PASSIVE_CUES)
        and word.start not in cues
    ]
    return sample


def _attributed(tie: Tie) -> Attributed:
    source = tuple(tie.source.span) if tie.source else None
    return Attributed(source, tuple(tie.cue[0]), tuple(map(tuple, tie.claim.spans)))  # type: ignore[arg-type]


def _mentions(sample: Sample) -> list[Mention]:
    found: list[Mention] = []
    assert sample.words is not None
    open_at: tuple[int, str] | None = None
    end_before = 0
    for start, end, allowed in [*sample.words, (len(sample.text), 0, frozenset({0}))]:
        tag = TAGS[min(allowed)] if len(allowed) == 1 else "O"
        if open_at and not tag.startswith("I-"):
            a, type = open_at
            name = sample.text[a:end_before]
            found.append(Mention(Span(a, end_before), type, name, 0.9, "", "gmb"))
            open_at = None
        if tag.startswith("B-"):
            open_at = (start, tag[2:])
        end_before = end
    return found
