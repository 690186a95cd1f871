"""Goes on training from the weights that the desk was shipped with. Needs torch.

Each training begins with the shipped weights and sees all that was decided so far, so that no
mistakes of one pile up in the next.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from annotations.nlp.network import Network
from annotations.nlp.training import teaching
from annotations.nlp.training.encoded import Corpus
from annotations.nlp.training.export import export
from annotations.nlp.training.lessons import Story, corpora_of
from annotations.nlp.training.model import Weights
from annotations.nlp.training.restore import restore
from annotations.nlp.training.train import Stage, train

# Word pieces in a step; and how often at most a decided story is gone through.
PIECES, PASSES = 1200, 8
# Twice this rate learns 20 stories nearly by heart and forgets others (docs/learning.md).
RATE, SEED = 5e-5, 1
# A corpus of more sentences is no single story.
LONG = 500
Taught = list[tuple[Corpus, float]]


@dataclass(frozen=True)
class Lessons:
    """What editors decided, and what is gone through beside it so that the rest is not forgotten:
    the corpora in a folder, where there is one, else the stories in `replay`."""

    decided: Sequence[Story]
    replay: Sequence[Story]
    corpora: Path | None = None


def continued(
    start: Path, lessons: Lessons, target: Path, *, steps: int, config: dict[str, Any]
) -> None:
    """Write into `target` the model of `start` after at most so many steps; its `config.json` is
    that of `start` with what `config` has."""
    network = Network(start)
    taught = portions(
        corpora_of(lessons.decided, network), _replayed(lessons, network), pieces=steps * PIECES
    )
    reader = restore(start)
    with tempfile.TemporaryDirectory() as work:
        train(reader, taught, Stage("desk", 1, RATE, pieces=PIECES), Path(work), Weights())
    for name in ("tokenizer.json", "gazetteer.txt.gz", "NOTICE"):
        shutil.copy(start / name, target / name)
    # The export keeps what it finds there, calibration too, and adds what the graphs leave out.
    (target / "config.json").write_text(json.dumps(network.config | config), encoding="utf-8")
    with _quietly():
        export(reader, target)


@contextmanager
def _quietly() -> Iterator[None]:
    """The exporters tell their whole way, and that they are to be replaced one day."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _replayed(lessons: Lessons, network: Network) -> Taught:
    if lessons.corpora:
        return teaching.gold(lessons.corpora, network.splitter)
    return [(corpus, 1.0) for corpus in corpora_of(lessons.replay, network)]


def portions(decided: Sequence[Corpus], replay: Taught, *, pieces: int) -> Taught:
    """How often each corpus is gone through. What was decided has half of the pieces, and is gone
    through PASSES times at most; the replay has as many as it, by the weights that it comes with.
    """
    own = sum(len(corpus.pieces) for corpus in decided)
    other = sum(len(corpus.pieces) * weight for corpus, weight in replay)
    times = min(PASSES, pieces / 2 / own)
    again = min(PASSES, times * own / other) if other else 0.0
    rng = np.random.default_rng(SEED)
    taught = _rounded([(corpus, times) for corpus in decided], rng) or [(decided[0], 1.0)]
    return taught + _rounded([(corpus, again * weight) for corpus, weight in replay], rng)


def _rounded(wanted: Taught, rng: np.random.Generator) -> Taught:
    """A story is gone through as a whole or not: a part of its few windows might be none."""
    found = [
        (corpus, n if len(corpus.bounds) > LONG else int(n) + float(rng.random() < n % 1))
        for corpus, n in wanted
    ]
    return [(corpus, times) for corpus, times in found if times]
