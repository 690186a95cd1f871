"""The desk's own model as a suggester: names, who says what, and sentences worth checking."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from annotations.nlp import decoding, lexicon
from annotations.nlp.claims import unattributed
from annotations.nlp.consistency import agreed
from annotations.nlp.decoding import NEAR
from annotations.nlp.forms import mended
from annotations.nlp.grouping import grouped
from annotations.nlp.merging import merged_mentions
from annotations.nlp.network import MODEL, Network, Reading, Run
from annotations.nlp.phrases import pieces_of, subject_from
from annotations.nlp.pieces import Pieces
from annotations.nlp.predictions import Mention, Predictions, Span, Tie
from annotations.nlp.quoting import with_whole_quotations
from annotations.nlp.speakers import Speakers
from annotations.nlp.statements import Found, Statements
from annotations.nlp.suggester import Document
from annotations.nlp.tokens import sentences

NAME = "reader"
# Code points in which the source after "according to" is looked for.
LONGEST_SOURCE = 200


@dataclass(frozen=True)
class ReadText:
    """A text with what the network says of it."""

    text: str
    pieces: Pieces
    spans: list[Span]  # sentences
    runs: list[Run]  # the same, as pieces
    reading: Reading

    @property
    def worth(self) -> np.ndarray:
        """How likely each sentence is worth checking."""
        return 1 / (1 + np.exp(-self.reading.worth))


def read_text(network: Network, text: str, stretches: Sequence[Span]) -> ReadText:
    """Read the stretches of a text that are to be read."""
    pieces = network.splitter.split(text)
    spans = [span for a, b in stretches for span in sentences(text, a, b)]
    starts = np.searchsorted(pieces.starts, [span.start for span in spans])
    ends = np.searchsorted(pieces.starts, [span.end for span in spans])
    runs = [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
    kept = [i for i, (a, b) in enumerate(runs) if a < b]
    spans, runs = [spans[i] for i in kept], [runs[i] for i in kept]
    return ReadText(text, pieces, spans, runs, network.read(pieces, runs))


def calibrated(probability: float, line: Sequence[float]) -> float:
    """Platt's logistic (1999): how often what is this sure was right on the dev sets."""
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(line[0] * math.log(p / (1 - p)) + line[1])))


def attributed(read: ReadText) -> list[decoding.Attributed]:
    """The attributions of a text in the order of their cues, as the network sees them and with
    quotations as they go."""
    cues = read.reading.cues
    seen = [decoding.attribution(read.text, read.pieces, cue) for cue in cues]
    found = decoding.shared_out([one for one in seen if one])
    return with_whole_quotations(read.text, found, read.spans)


class ReaderSuggester:
    """Suggests from one forward pass over a text. Safe to share between threads."""

    name = NAME

    def __init__(self, network: Network) -> None:
        self.network = network

    @cached_property
    def version(self) -> str:
        return str(self.network.config["version"])

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        """Nothing for a text that is not in English: that is all the reader learned."""
        if not document.language.startswith("en"):
            return Predictions()
        read = read_text(self.network, document.text, document.stretches)
        return self.suggest_from(read, so_far)

    def suggest_from(self, read: ReadText, so_far: Predictions) -> Predictions:
        """What `suggest` returns, for a text that is read already."""
        mentions = list(self.mentions(read))
        known = grouped(read.text, merged_mentions(so_far.mentions + mentions))
        statements = Statements(read.text, Speakers(read.text, known), NAME, sure_of_sources=True)
        self._attributions(read, statements)
        found = statements.found
        itself = unattributed(read.text, read.spans, read.worth, so_far + found, NAME)
        # Those of others too, where the reader made them surer or found what they are short for.
        return Predictions(known, found.sources, found.claims, found.ties) + itself

    def mentions(self, read: ReadText) -> Iterator[Mention]:
        """The names, each sentence by itself first, then agreed on through the text and by form."""
        lines = self.network.config["calibration"]
        found = decoding.mentions(read.pieces, read.reading, read.runs)
        found = mended(read.text, agreed(read.text, found, read.spans), read.spans)
        for one in found:
            sure = calibrated(one.probability, lines["mentions"][one.type])
            name = read.text[slice(*one.span)]
            yield Mention(one.span, one.type, name, sure, f"reads as a name of {one.type}", NAME)

    def _attributions(self, read: ReadText, statements: Statements) -> None:
        line = self.network.config["calibration"]["attributions"]
        found = attributed(read)
        kept: dict[int, Tie | None] = {}

        def keep(i: int) -> Tie | None:
            """In text order, for "he" is who spoke last; what it stands in comes first."""
            if i not in kept:
                outer = _outer(found, i)
                around = keep(outer) if outer is not None else None
                sure = calibrated(found[i].probability, line)
                kept[i] = statements.keep(_as_found(read.text, found[i], sure), around)
            return kept[i]

        for i in range(len(found)):
            keep(i)


def _outer(found: list[decoding.Attributed], i: int) -> int | None:
    """The attribution in whose content the i-th's cue stands, the smallest of them."""
    near = range(max(0, i - NEAR), min(len(found), i + NEAR + 1))
    inside = [j for j in near if _within(found[i], found[j]) and not _within(found[j], found[i])]
    return min(inside, key=lambda j: sum(b - a for a, b in found[j].content), default=None)


def _within(one: decoding.Attributed, other: decoding.Attributed) -> bool:
    return any(span.holds(one.cue) for span in other.content)


def _as_found(text: str, one: decoding.Attributed, sure: float) -> Found:
    words = text[slice(*one.cue)].lower().split()
    verb = next((word for word in reversed(words) if word in lexicon.MODES), words[-1])
    mode = lexicon.MODES.get(verb, "asserts")
    content = text[slice(*one.content[0])]
    pattern = "clause"
    if content.startswith("to ") and one.source:
        pattern = "infinitive"
    elif verb in lexicon.TAKES_OBJECT and not content.startswith(("that ", '"', "“")):
        pattern = "object"
    elif one.source is None and len(one.content) > 1:
        pattern = "passive"
    reason = f"“{' '.join(text[slice(*one.cue)].split())}” reads as a cue"
    return Found(_source(text, one), (one.cue,), one.content, mode, sure, reason, pattern)


def _source(text: str, one: decoding.Attributed) -> Span | None:
    """The source; after "according to" it follows at once, whatever the network sees elsewhere."""
    if text[slice(*one.cue)].lower() != "according to":
        return one.source
    if one.source and 0 <= one.source.start - one.cue.end <= 2:
        return one.source
    pieces = pieces_of(text, Span(one.cue.end, min(len(text), one.cue.end + LONGEST_SOURCE)))
    _, end = subject_from(pieces, 0)
    return Span(pieces[0].start, pieces[end - 1].end) if end else one.source


_shared: dict[Path, ReaderSuggester] = {}
_shared_lock = threading.Lock()


def reader_at(folder: Path) -> ReaderSuggester:
    """The one reader of this process with the model in a folder. The weights are in memory once:
    when another folder is asked for, the one before is let go."""
    with _shared_lock:
        if folder not in _shared:
            _shared.clear()
            _shared[folder] = ReaderSuggester(Network(folder))
        return _shared[folder]


def shared_reader() -> ReaderSuggester:
    """The one reader of this process with the shipped model."""
    return reader_at(MODEL)
