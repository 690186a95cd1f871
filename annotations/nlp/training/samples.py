"""What is taught about a text, whatever corpus it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from annotations.nlp.training.corpora import Sentence
from annotations.nlp.training.labels import OURS, TAGS, allowed

Span = tuple[int, int]
INSIDE = {
    i: TAGS.index(f"I-{tag[2:]}") if tag != "O" else i for i, tag in enumerate(TAGS)
}  # a tag that may begin a word, as one that goes on within it
EITHER = frozenset(range(len(TAGS)))


@dataclass(frozen=True)
class Attributed:
    """One attribution, by its places; a part that is not there is None or empty."""

    source: Span | None
    cue: Span
    content: tuple[Span, ...]


@dataclass
class Sample:
    """A text, its sentences, and what is known of it. What is None or left out is not taught.

    `words` are (start, end, allowed tags of `labels.TAGS`) of words or of whole mentions' words;
    `unsure` are places that may be a cue or not.
    """

    text: str
    sentences: list[Span]
    words: list[tuple[int, int, frozenset[int]]] | None = None
    attributions: list[Attributed] | None = None
    unsure: list[Span] = field(default_factory=list)
    worthiness: list[float] | None = None


def joined(words: Iterable[str], at: int = 0) -> tuple[str, list[Span]]:
    """Words with spaces between them, as the text and the place of each from `at` on."""
    places, place, parts = [], at, []
    for word in words:
        written = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")"}.get(word, word)
        places.append((place, place + len(written)))
        parts.append(written)
        place += len(written) + 1
    return " ".join(parts), places


def of_sentences(sentences: Iterable[Sentence]) -> Sample:
    """One sample of a whole corpus of tagged sentences, in its order."""
    texts, sample, place = [], Sample("", [], words=[]), 0
    assert sample.words is not None
    for sentence in sentences:
        text, places = joined(sentence.words, place)
        sample.words += [(*p, a) for p, a in zip(places, sentence.allowed, strict=True)]
        sample.sentences.append((place, place + len(text)))
        texts.append(text)
        place += len(text) + 1
    sample.text = "\n".join(texts)
    return sample


def tagged_words(
    places: Iterable[Span], mentions: Iterable[tuple[int, int, str]]
) -> list[tuple[int, int, frozenset[int]]]:
    """The words at `places` with our tags, from mentions as (start, end, type)."""
    by_start = sorted(mentions)
    found, k = [], 0
    for start, end in places:
        while k < len(by_start) and by_start[k][1] <= start:
            k += 1
        tag = "O"
        if k < len(by_start) and by_start[k][0] <= start:
            tag = f"{'B' if by_start[k][0] == start else 'I'}-{by_start[k][2]}"
        found.append((start, end, allowed(tag, OURS)))
    return found
