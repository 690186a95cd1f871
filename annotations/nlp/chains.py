"""The likeliest sequences of tags, many at once (Viterbi 1967)."""

from __future__ import annotations

import numpy as np

IMPOSSIBLE = -1e4


def best_paths(scores: np.ndarray, lengths: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """For scores (rows, words, tags) the best tags, int8 (rows, words), 0 past each row's length.

    `steps` (tags, tags) is what it costs or gains to go from a tag to the next.
    """
    rows, words, tags = scores.shape
    back = np.zeros((words, rows, tags), np.int8)
    best = scores[:, 0].copy()
    for i in range(1, words):
        paths = best[:, :, None] + steps
        back[i] = paths.argmax(1)
        ahead = paths.max(1) + scores[:, i]
        best = np.where((i < lengths)[:, None], ahead, best)
    found = np.zeros((rows, words), np.int8)
    tag = best.argmax(1)
    everyone = np.arange(rows)
    for i in range(words - 1, -1, -1):
        here = i < lengths
        found[here, i] = tag[here]
        if i:
            tag = np.where(here, back[i, everyone, tag], tag)
    return found


def iob_steps(transitions: np.ndarray | None, tags: int) -> np.ndarray:
    """Steps between O, B-a, I-a, B-b, I-b, ...: I only after B or I of its own kind."""
    steps = np.zeros((tags, tags), np.float32) if transitions is None else transitions.copy()
    for inside in range(2, tags, 2):
        allowed = steps[[inside - 1, inside], inside].copy()
        steps[:, inside] = IMPOSSIBLE
        steps[[inside - 1, inside], inside] = allowed
    return steps
