"""Samples as arrays of word pieces, and windows of them as batches.

A corpus is one long row of pieces in the order of its text. A window is a few sentences that follow
each other there, as the reader sees them; where it begins differs from epoch to epoch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from annotations.nlp.pieces import INITIAL, LOWER, MIXED, TITLE, UPPER, Pieces, Splitter
from annotations.nlp.training.samples import INSIDE, Sample, Span

IGNORED = 255
# Each window stands between BERT's two marks.
CLS, SEP, MASK = 101, 102, 103
# The share of pieces that are hidden in training.
HIDDEN = 0.12
# Tags of a cue's tokens, and of the tokens of its source and content.
CUE_TAGS = ("O", "B-cue", "I-cue")
TIE_TAGS = ("O", "B-source", "I-source", "B-content", "I-content")


@dataclass(frozen=True)
class Tied:
    """An attribution as runs of pieces, (first, end)."""

    cue: Span
    source: Span | None
    content: tuple[Span, ...]


@dataclass
class Corpus:
    """All of a corpus. `allowed` has a bit for each tag a word's first piece may have, 0 where
    nothing is known; `worthiness` and `vectors` are by sentence, zeros where there is no vector."""

    name: str
    pieces: Pieces
    bounds: np.ndarray  # (sentences, 2): runs of pieces
    allowed: np.ndarray  # uint16
    cues: np.ndarray  # uint8
    ties: list[Tied]
    worthiness: np.ndarray | None = None
    vectors: np.ndarray | None = None


def encode(name: str, sample: Sample, splitter: Splitter) -> Corpus:
    """Arrays of a sample. Pieces outside all sentences are in no window."""
    pieces = splitter.split(sample.text)
    bounds = [_run(pieces, span) for span in sample.sentences]
    kept = [i for i, run in enumerate(bounds) if run]
    worth = None
    if sample.worthiness is not None:
        worth = np.array([sample.worthiness[i] for i in kept], np.float32)
    cues = np.full(len(pieces), IGNORED, np.uint8)
    ties: list[Tied] = []
    if sample.attributions is not None:
        cues, ties = _attributions(sample, pieces)
    return Corpus(
        name, pieces, np.array([bounds[i] for i in kept], np.int32), _allowed(sample, pieces),
        cues, ties, worth,
    )  # fmt: skip


def _run(pieces: Pieces, span: Span) -> Span | None:
    first = int(np.searchsorted(pieces.starts, span[0], "left"))
    end = int(np.searchsorted(pieces.starts, span[1], "left"))
    return (first, end) if first < end else None


def _allowed(sample: Sample, pieces: Pieces) -> np.ndarray:
    bits = np.zeros(len(pieces), np.uint16)
    if not sample.words:
        return bits
    starts = np.array([w[0] for w in sample.words])
    begin = {tags: sum(1 << t for t in tags) for *_, tags in sample.words}
    inside = {tags: sum({1 << INSIDE[t] for t in tags}) for *_, tags in sample.words}
    index = np.searchsorted(starts, pieces.starts, "right") - 1
    for p in np.flatnonzero(pieces.first & (index >= 0)).tolist():
        start, end, tags = sample.words[index[p]]
        if pieces.starts[p] < end:
            bits[p] = begin[tags] if pieces.starts[p] == start else inside[tags]
    return bits


def _attributions(sample: Sample, pieces: Pieces) -> tuple[np.ndarray, list[Tied]]:
    assert sample.attributions is not None
    cues = np.where(pieces.first, 0, IGNORED).astype(np.uint8)
    for span in sample.unsure:
        if run := _run(pieces, span):
            cues[slice(*run)] = IGNORED
    ties = []
    for tie in sample.attributions:
        cue, contents = _run(pieces, tie.cue), [_run(pieces, span) for span in tie.content]
        if not cue:
            continue
        cues[slice(*cue)] = np.where(pieces.first[slice(*cue)], 2, IGNORED)
        cues[cue[0]] = 1
        source = _run(pieces, tie.source) if tie.source else None
        ties.append(Tied(cue, source, tuple(run for run in contents if run)))
    return cues, sorted(ties, key=lambda tie: tie.cue)


@dataclass(frozen=True)
class Window:
    corpus: Corpus
    first: int
    end: int
    sentences: tuple[int, int]

    def __len__(self) -> int:
        return self.end - self.first


def windows(corpus: Corpus, rng: np.random.Generator, longest: int) -> list[Window]:
    """All sentences in windows of at most `longest` pieces, and mostly of fewer."""
    found, i, count = [], 0, len(corpus.bounds)
    while i < count:
        limit = int(rng.integers(longest // 5, longest + 1))
        first, j = int(corpus.bounds[i, 0]), i + 1
        while j < count and corpus.bounds[j, 1] - first <= limit:
            j += 1
        end = min(int(corpus.bounds[j - 1, 1]), first + longest)
        found.append(Window(corpus, first, end, (i, j)))
        i = j
    return found


def shuffled(found: list[Window], rng: np.random.Generator, pieces: int) -> Iterator[list[Window]]:
    """Batches of about `pieces` pieces with windows of like lengths, in random order."""
    order = rng.permutation(len(found))
    batches = []
    for pool in np.array_split(order, max(1, len(order) // 1500)):
        batch: list[Window] = []
        for i in sorted(pool.tolist(), key=lambda i: len(found[i])):
            if batch and len(found[i]) * (len(batch) + 1) > pieces:
                batches.append(batch)
                batch = []
            batch.append(found[i])
        batches.append(batch)
    for i in rng.permutation(len(batches)).tolist():
        yield batches[i]


@dataclass
class Batch:
    """Arrays (windows, pieces), padded with 0; `tie_*` are (ties, pieces) with `tie_window` the
    window of each; sentences are listed through all windows, `sentence` is -1 between them."""

    ids: np.ndarray
    cases: np.ndarray
    hints: np.ndarray
    lengths: np.ndarray
    allowed: np.ndarray
    cues: np.ndarray
    sentence: np.ndarray
    worthiness: np.ndarray
    vectors: np.ndarray
    has_vector: np.ndarray
    tie_window: np.ndarray
    tie_cue: np.ndarray
    tie_tags: np.ndarray


def batch_of(found: list[Window], rng: np.random.Generator | None, size: int = 384) -> Batch:
    """The windows as a batch; with `rng` some lose their case, their hints or get capitals."""
    longest = max(map(len, found)) + 2
    shape = (len(found), longest)
    none = np.zeros(0)
    batch = Batch(
        ids=np.zeros(shape, np.int32),
        cases=np.zeros(shape, np.uint8),
        hints=np.zeros(shape, np.uint8),
        lengths=np.array([len(window) + 2 for window in found], np.int32),
        allowed=np.zeros(shape, np.uint16),
        cues=np.full(shape, IGNORED, np.uint8),
        sentence=np.full(shape, -1, np.int32),
        worthiness=none, vectors=none, has_vector=none,
        tie_window=none, tie_cue=none, tie_tags=none,
    )  # fmt: skip
    worth: list[float] = []
    vectors: list[np.ndarray] = []
    has: list[bool] = []
    ties: list[tuple[int, np.ndarray, np.ndarray]] = []
    for row, window in enumerate(found):
        corpus, a, b = window.corpus, window.first, window.end
        inner = slice(1, b - a + 1)
        batch.ids[row, 0], batch.ids[row, b - a + 1] = CLS, SEP
        batch.ids[row, inner] = corpus.pieces.ids[a:b]
        batch.cases[row, inner] = corpus.pieces.cases[a:b]
        batch.hints[row, inner] = corpus.pieces.hints[a:b]
        batch.allowed[row, inner] = corpus.allowed[a:b]
        batch.cues[row, inner] = corpus.cues[a:b]
        if rng is not None:
            _augment(batch, row, rng)
        for s in range(*window.sentences):
            start, end = (corpus.bounds[s] - a).tolist()
            batch.sentence[row, start + 1 : min(end, b - a) + 1] = len(worth)
            worth.append(-1.0 if corpus.worthiness is None else corpus.worthiness[s])
            vector = np.zeros(size) if corpus.vectors is None else corpus.vectors[s]
            vectors.append(vector)
            has.append(bool(vector.any()))
        ties += [(row, *_tie_arrays(tie, window, longest)) for tie in _ties_in(window)]
    batch.worthiness = np.array(worth, np.float32)
    batch.has_vector = np.array(has, bool)
    batch.vectors = np.array(vectors, np.float32)
    batch.tie_window = np.array([t[0] for t in ties], np.int64)
    batch.tie_cue = np.array([t[1] for t in ties]).reshape(-1, longest)
    batch.tie_tags = np.array([t[2] for t in ties], np.int64).reshape(-1, longest)
    return batch


def _augment(batch: Batch, row: int, rng: np.random.Generator) -> None:
    """Other case, no hints, hidden pieces. The vocabulary is uncased: to change the case is to
    change what is said of it."""
    cased = batch.cases[row]
    words = np.isin(cased, (LOWER, TITLE, UPPER, MIXED, INITIAL))
    dice = rng.random()
    if dice < 0.07:
        cased[words] = LOWER
    elif dice < 0.10:
        cased[words] = UPPER
    elif dice < 0.13:
        cased[words & (cased == LOWER)] = TITLE
    if rng.random() < 0.2:
        batch.hints[row] = 0
    # What a hidden word is must be read off its neighbours: so must a name nobody has seen before.
    ids = batch.ids[row]
    hidden = (rng.random(len(ids)) < HIDDEN) & (ids > SEP)
    ids[hidden] = MASK


def _ties_in(window: Window) -> list[Tied]:
    ties = window.corpus.ties
    return [t for t in ties if window.first <= t.cue[0] and t.cue[1] <= window.end]


def _tie_arrays(tie: Tied, window: Window, longest: int) -> tuple[np.ndarray, np.ndarray]:
    a, b = window.first, window.end
    cue = np.zeros(longest, bool)
    cue[tie.cue[0] - a + 1 : tie.cue[1] - a + 1] = True
    tags = np.full(longest, IGNORED, np.int64)
    tags[1 : b - a + 1] = np.where(window.corpus.pieces.first[a:b], 0, IGNORED)
    for name, runs in ((1, [tie.source] if tie.source else []), (3, tie.content)):
        for run in runs:
            first, end = max(run[0], a), min(run[1], b)
            if first < end:
                inside = tags[first - a + 1 : end - a + 1]
                inside[inside != IGNORED] = name + 1
                tags[first - a + 1] = name if run[0] >= a else name + 1
    return cue, tags
