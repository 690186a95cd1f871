from __future__ import annotations

import itertools

import numpy as np

from annotations.nlp.chains import best_paths, iob_steps


def brute_force(scores: np.ndarray, steps: np.ndarray) -> list[int]:
    paths = itertools.product(range(scores.shape[1]), repeat=len(scores))

    def worth(path: tuple[int, ...]) -> float:
        inside = sum(scores[i, tag] for i, tag in enumerate(path))
        return inside + sum(steps[a, b] for a, b in itertools.pairwise(path))

    return list(max(paths, key=worth))


def test_the_best_path_is_the_one_that_trying_all_finds() -> None:
    rng = np.random.default_rng(3)
    steps = iob_steps(rng.normal(size=(5, 5)).astype(np.float32), 5)
    scores = rng.normal(size=(6, 5, 5)).astype(np.float32) * 2
    lengths = np.array([5, 4, 3, 2, 1, 5])
    found = best_paths(scores, lengths, steps)
    for row, length in enumerate(lengths):
        assert found[row, :length].tolist() == brute_force(scores[row, :length], steps)
        assert not found[row, length:].any()


def test_inside_comes_only_after_its_own_kind() -> None:
    steps = iob_steps(None, 5)
    assert (steps[[1, 2], 2] == 0).all() and (steps[[3, 4], 4] == 0).all()
    assert (steps[[0, 3, 4], 2] < -1000).all() and (steps[[0, 1, 2], 4] < -1000).all()
