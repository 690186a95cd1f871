"""Fits how sure the reader says it is to how often it is right, on the dev sets.

    python -m annotations.nlp.training.calibrate --corpora FOLDER [--model FOLDER]

Writes `calibration` and `cue_threshold` into the model's `config.json`, and prints the expected
calibration error that five-fold cross-validation leaves (each mention judged by a line fitted to
the other folds), which is what a new text has to expect.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from annotations.nlp import decoding
from annotations.nlp.evaluate import POLITICS_TYPES, UNER_TYPES
from annotations.nlp.measuring import (
    Sure,
    calibration_error,
    mostly,
    score_sentences,
    score_stories,
)
from annotations.nlp.network import MODEL, Network
from annotations.nlp.predictions import Span
from annotations.nlp.reader import ReaderSuggester, attributed, calibrated, read_text
from annotations.nlp.training import corpora, teaching

FOLDS = 5
# A type with fewer mentions than this takes the line of all types.
FEWEST = 150
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def fitted(pairs: Sequence[tuple[float, bool]]) -> list[float]:
    """Slope and offset of the logistic line through (probability, right), by Newton's method,
    with a small pull towards (1, 0)."""
    p = np.clip(np.array([p for p, _ in pairs]), 1e-6, 1 - 1e-6)
    right = np.array([r for _, r in pairs], float)
    x = np.stack([np.log(p / (1 - p)), np.ones_like(p)], 1)
    line, pull = np.array([1.0, 0.0]), 1.0
    for _ in range(50):
        said = 1 / (1 + np.exp(-(x @ line)))
        slope = x.T @ (said - right) + pull * (line - [1, 0])
        bend = (x * (said * (1 - said))[:, None]).T @ x + pull * np.eye(2)
        step = np.linalg.solve(bend, slope)
        line = line - step
        if np.abs(step).max() < 1e-6:
            break
    return [round(float(v), 4) for v in line]


def lines_of(sure: Sequence[Sure]) -> dict[str, list[float]]:
    """A line for each type."""
    by_type: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in sure:
        by_type[one.type].append((one.confidence, one.right))
    common = fitted([pair for pairs in by_type.values() for pair in pairs])
    return {
        type: fitted(by_type[type]) if len(by_type[type]) >= FEWEST else common
        for type in decoding.TYPES
    }


def cross_validated(sure: Sequence[Sure]) -> float:
    """The calibration error of lines fitted without what they are judged on."""
    judged = []
    for fold in range(FOLDS):
        lines = lines_of([one for i, one in enumerate(sure) if i % FOLDS != fold])
        judged += [
            Sure(calibrated(one.confidence, lines[one.type]), one.right, one.type)
            for i, one in enumerate(sure)
            if i % FOLDS == fold
        ]
    return calibration_error(judged)


def attributions(
    reader: ReaderSuggester, folder: Path, threshold: float
) -> tuple[list[tuple[float, bool]], float]:
    """(probability, right) of the attributions found in the dev stories, and the cues' F1. Right is
    an attribution whose cue is one and whose content is for the most part that of the gold one."""
    reader.network.config["cue_threshold"] = threshold
    pairs, hits, gold_count = [], 0, 0
    for text, tags in teaching.tagged_stories(folder, "dev"):
        read = read_text(reader.network, text, [Span(0, len(text))])
        gold = {tuple(t["cue"]): t["content"] for t in tags["attributions"] if t["cue"]}
        gold_count += len(gold)
        for found in attributed(read):
            hits += tuple(found.cue) in gold
            near = [c for at, c in gold.items() if found.cue.overlaps(Span(*at))]
            pairs.append((found.probability, bool(near) and mostly(found.content, near[0])))
    return pairs, 2 * hits / max(1, gold_count + len(pairs))


def mentions(reader: ReaderSuggester, folder: Path) -> list[Sure]:
    """The mentions found in the dev sets, with the network's own probabilities."""
    politics = corpora.tagged_blocks(folder / "crossner/politics-dev.conll.gz", (0, 1))
    uner = corpora.tagged_blocks(folder / "uner_ewt/en_ewt-ud-dev.iob2.gz", (1, 2))
    wikigold = corpora.wikigold_blocks(folder, "dev")
    stories = teaching.tagged_stories(folder, "dev")
    return [
        *score_sentences(reader, uner, UNER_TYPES).sure,
        *score_sentences(reader, politics, POLITICS_TYPES).sure,
        *score_sentences(reader, wikigold, UNER_TYPES).sure,
        # News is what the desk reads: it counts twice.
        *score_stories([reader], stories)[0].sure * 2,
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL)
    options = parser.parse_args()
    reader = ReaderSuggester(Network(options.model))
    config = reader.network.config
    plain = [1.0, 0.0]
    config["calibration"] = {
        "mentions": dict.fromkeys(decoding.TYPES, plain), "attributions": plain,
    }  # fmt: skip
    tried = {t: attributions(reader, options.corpora, t) for t in THRESHOLDS}
    config["cue_threshold"] = max(tried, key=lambda t: tried[t][1])
    sure = mentions(reader, options.corpora)
    config["calibration"] = {
        "mentions": lines_of(sure),
        "attributions": fitted(tried[config["cue_threshold"]][0]),
    }
    for threshold, (_, f1) in tried.items():
        print(f"cue threshold {threshold}: F1 {f1:.3f}")
    print(
        f"error before {calibration_error(sure):.3f}, cross-validated {cross_validated(sure):.3f}"
    )
    path = options.model / "config.json"
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
