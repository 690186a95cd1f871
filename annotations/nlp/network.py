"""The trained network at work: pieces of a text in, scores of words, cues and sentences out.

Three ONNX graphs run on the CPU: the encoder over windows of a few sentences, then for each cue
that it sees the tags of its source and content, then the sentences' scores. Sessions are loaded
when first needed and shared by threads.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from annotations.nlp.chains import IMPOSSIBLE, best_paths, iob_steps
from annotations.nlp.pieces import HINTS, Pieces, Splitter

MODEL = Path(__file__).parent / "model"
# A window has at most so many pieces. It begins with the sentence before, if that is not longer
# than CONTEXT: what "he" is and whose quotation goes on stands there.
LONGEST, CONTEXT = 160, 48
# As many pieces before and after a cue are looked at for its source and content.
BEFORE, AFTER = 72, 96
# Pieces of one call, padding included: what a core's cache holds; larger ones are slower.
BATCH = 900
CLS, SEP = 101, 102
Run = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A run of pieces that is read at once; what is found before `own` is left to the window
    before it."""

    first: int
    own: int
    end: int

    def __len__(self) -> int:
        return self.end - self.first


@dataclass(frozen=True)
class Cue:
    """A cue as a run of pieces, how likely it is one, and for the words that begin at the pieces
    `words` their tags (0 O, 1 B-source, 2 I-source, 3 B-content, 4 I-content) and how sure those
    are."""

    run: Run
    probability: float
    words: np.ndarray
    tags: np.ndarray
    sure: np.ndarray


@dataclass
class Reading:
    """What the network says of a text. `entities` are log-probabilities (pieces, tags), `worth`
    and `vectors` are by sentence."""

    entities: np.ndarray
    cues: list[Cue] = field(default_factory=list)
    worth: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    vectors: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))


class Network:
    """The graphs in a folder, with its `config.json`."""

    def __init__(self, folder: Path = MODEL, threads: int = 0) -> None:
        self.folder = folder
        self.threads = threads
        self._lock = threading.Lock()

    @cached_property
    def config(self) -> dict[str, Any]:
        return json.loads((self.folder / "config.json").read_text(encoding="utf-8"))

    @cached_property
    def splitter(self) -> Splitter:
        return Splitter.load(self.folder)

    def _session(self, name: str) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        # Workers share their cores: threads that wait must not hold them.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        path = str(self.folder / f"{name}.onnx")
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    @cached_property
    def _sessions(self) -> dict[str, Any]:
        return {name: self._session(name) for name in ("encoder", "ties", "sentences")}

    def load(self) -> None:
        """Load everything now rather than at the first text."""
        with self._lock:
            _ = (self.config, self.splitter, self._sessions)

    def read(self, pieces: Pieces, sentences: Sequence[Run]) -> Reading:
        """Read a text whose sentences are runs of pieces, in order and apart."""
        self.load()
        reading = Reading(np.zeros((len(pieces), self.config["tags"]), np.float32))
        means = np.zeros((len(sentences), self.config["size"]), np.float32)
        of_piece = np.full(len(pieces), -1, np.int32)
        for i, (first, end) in enumerate(sentences):
            of_piece[first:end] = i
        for batch in _batches(windows_of(sentences)):
            states, entities, cues = self._encode([pieces] * len(batch), batch)
            for row, window in enumerate(batch):
                own = slice(window.own, window.end)
                inner = slice(window.own - window.first + 1, window.end - window.first + 1)
                reading.entities[own] = entities[row, inner]
                _add_by_sentence(means, of_piece[own], states[row, inner])
            reading.cues += self._ties(pieces, batch, states, cues)
        counts = np.bincount(of_piece[of_piece >= 0], minlength=len(sentences))
        means /= np.maximum(counts, 1)[:, None]
        if len(sentences):
            reading.worth, reading.vectors = self._sessions["sentences"].run(None, {"means": means})
        reading.cues.sort(key=lambda cue: cue.run)
        return reading

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """A unit vector for each short text, shape (texts, size): near ones mean alike. Of a long
        text the beginning counts; a text without words has zeros."""
        self.load()
        found = np.zeros((len(texts), self.config["size"]), np.float32)
        split = [self.splitter.split(text) for text in texts]
        order = sorted((i for i, p in enumerate(split) if len(p)), key=lambda i: len(split[i]))
        per_call = max(1, BATCH // (LONGEST + 2))
        for k in range(0, len(order), per_call):
            some = order[k : k + per_call]
            windows = [Window(0, 0, min(len(split[i]), LONGEST)) for i in some]
            states, *_ = self._encode([split[i] for i in some], windows)
            means = [states[r, 1 : len(w) + 1].mean(0) for r, w in enumerate(windows)]
            _, found[some] = self._sessions["sentences"].run(None, {"means": np.array(means)})
        return found

    def _encode(
        self, texts: Sequence[Pieces], batch: list[Window]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        shape = (len(batch), max(map(len, batch)) + 2)
        ids, cases, hints = (np.zeros(shape, np.int64) for _ in range(3))
        mask = np.zeros(shape, np.float32)
        for row, (pieces, window) in enumerate(zip(texts, batch, strict=True)):
            a, b, inner = window.first, window.end, slice(1, len(window) + 1)
            ids[row, 0], ids[row, len(window) + 1] = CLS, SEP
            ids[row, inner] = pieces.ids[a:b]
            cases[row, inner] = pieces.cases[a:b]
            hints[row, inner] = pieces.hints[a:b]
            mask[row, : len(window) + 2] = 1
        bits = ((hints[..., None] >> np.arange(HINTS)) & 1).astype(np.float32)
        states, entities, cues = self._sessions["encoder"].run(
            None, {"ids": ids, "cases": cases, "hints": bits, "mask": mask}
        )
        return states, log_softmax(entities), np.exp(log_softmax(cues))

    def _ties(
        self, pieces: Pieces, batch: list[Window], states: np.ndarray, cues: np.ndarray
    ) -> list[Cue]:
        found: list[tuple[int, Run, float]] = []
        for row, window in enumerate(batch):
            scores = cues[row, 1 : len(window) + 1]
            for run, probability in cue_runs(scores, pieces.first[window.first : window.end],
                                             self.config["cue_threshold"]):  # fmt: skip
                if run[0] + window.first >= window.own:
                    found.append((row, run, probability))
        if not found:
            return []
        near = [_around(run, len(batch[row])) for row, run, _ in found]
        width = max(end - first for first, end in near)
        some = np.zeros((len(found), width, states.shape[2]), np.float32)
        marked, mask = np.zeros((2, len(found), width), np.float32)
        for i, ((row, (first, end), _), (a, b)) in enumerate(zip(found, near, strict=True)):
            some[i, : b - a] = states[row, a:b]
            marked[i, first + 1 - a : end + 1 - a] = 1
            mask[i, : b - a] = 1
        (scores,) = self._sessions["ties"].run(None, {"states": some, "cue": marked, "mask": mask})
        return list(self._tagged(pieces, batch, found, near, scores))

    def _tagged(
        self, pieces: Pieces, batch: list[Window], found: list[tuple[int, Run, float]],
        near: list[Run], scores: np.ndarray,
    ) -> Iterator[Cue]:  # fmt: skip
        """The cues with the best tags of the words around them; a cue's own words have none."""
        words, at_words = [], []
        for i, ((row, (first, end), _), (a, b)) in enumerate(zip(found, near, strict=True)):
            window = batch[row]
            # Row 0 of a window is its mark, so piece p of it is row p + 1.
            at = np.flatnonzero(pieces.first[window.first : window.end])
            at = at[(at + 1 >= a) & (at + 1 < b)]
            own = scores[i, at + 1 - a]
            own[(at >= first) & (at < end), 1:] = IMPOSSIBLE
            words.append(own)
            at_words.append(at + window.first)
        lengths = np.array(list(map(len, words)))
        padded = np.zeros((len(words), int(lengths.max()), scores.shape[2]), np.float32)
        for i, own in enumerate(words):
            padded[i, : len(own)] = own
        tags = best_paths(padded, lengths, self._steps)
        sure = np.exp(log_softmax(padded))
        for i, (row, (first, end), probability) in enumerate(found):
            n, start = int(lengths[i]), batch[row].first
            own = tags[i, :n]
            yield Cue(
                (first + start, end + start), probability, at_words[i], own,
                sure[i, np.arange(n), own],
            )  # fmt: skip

    @cached_property
    def _steps(self) -> np.ndarray:
        return iob_steps(np.array(self.config["transitions"], np.float32), 5)


def _around(cue: Run, length: int) -> Run:
    """The rows of a window of so many pieces that are looked at for a cue's source and content."""
    return max(0, cue[0] + 1 - BEFORE), min(length + 2, cue[1] + 1 + AFTER)


def _add_by_sentence(sums: np.ndarray, of_piece: np.ndarray, states: np.ndarray) -> None:
    """Add to each sentence's row of `sums` the states of its pieces, which lie together."""
    begins = np.flatnonzero(np.diff(of_piece, prepend=-2))
    kept = of_piece[begins] >= 0
    sums[of_piece[begins[kept]]] += np.add.reduceat(states, begins, axis=0)[kept]


def log_softmax(scores: np.ndarray) -> np.ndarray:
    scores = scores - scores.max(-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(-1, keepdims=True))


def cue_runs(
    scores: np.ndarray, first: np.ndarray, threshold: float
) -> Iterator[tuple[Run, float]]:
    """Cues in probabilities (pieces, 3) of O, B and I at each word's first piece."""
    starts = np.flatnonzero(first)
    inside = 1 - scores[starts, 0]
    likely = inside >= threshold
    ends = np.append(starts[1:], len(first))
    i = 0
    while i < len(starts):
        if not likely[i]:
            i += 1
            continue
        j = i + 1
        while j < len(starts) and likely[j] and scores[starts[j], 2] >= scores[starts[j], 1]:
            j += 1
        yield (int(starts[i]), int(ends[j - 1])), float(inside[i:j].mean())
        i = j


def windows_of(sentences: Sequence[Run]) -> list[Window]:
    """Sentences that follow each other, as many as fit; one that is too long is cut, and each
    part begins with the end of the part before."""
    found: list[Window] = []
    i = 0
    while i < len(sentences):
        first, end = sentences[i]
        before = sentences[i - 1] if i else None
        near = before and first - before[0] <= CONTEXT and before[1] == first
        start = before[0] if before and near else first
        i += 1
        if end - start > LONGEST:
            found += [
                Window(max(first, a - CONTEXT), a, min(end, a + LONGEST - CONTEXT))
                for a in range(first, end, LONGEST - CONTEXT)
            ]
            continue
        while i < len(sentences) and sentences[i][0] == end and sentences[i][1] - start <= LONGEST:
            end = sentences[i][1]
            i += 1
        found.append(Window(start, first, end))
    return found


def _batches(windows: list[Window]) -> Iterator[list[Window]]:
    batch: list[Window] = []
    for window in sorted(windows, key=len):
        if batch and (len(window) + 2) * (len(batch) + 1) > BATCH:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch
