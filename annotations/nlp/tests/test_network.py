from __future__ import annotations

import threading

import numpy as np
import pytest

from annotations.nlp.network import LONGEST, Network, cue_runs, windows_of

STORY = (
    "Ana Ruiz, the mayor of Port Amaro, said the dam is safe.\n\n"
    "“We looked at it twice,” she told reporters. The Ministry of Waters denied that it leaks."
)


@pytest.fixture(scope="module")
def network() -> Network:
    return Network()


def runs(*lengths: int) -> list[tuple[int, int]]:
    ends = np.cumsum(lengths).tolist()
    return list(zip([0, *ends[:-1]], ends, strict=True))


@pytest.mark.parametrize(
    "lengths",
    [(5,), (20,) * 30, (150, 150, 10), (700,), (10, 700, 10, 40, 40, 40), (160,), (161, 5)],
)
def test_every_piece_is_read_once_in_windows_that_are_not_too_long(lengths: tuple) -> None:
    windows = windows_of(runs(*lengths))
    own = [piece for w in windows for piece in range(w.own, w.end)]
    assert own == list(range(sum(lengths)))
    assert all(len(w) <= LONGEST and w.first <= w.own < w.end for w in windows)


def test_a_window_begins_with_the_short_sentence_before_it() -> None:
    second = windows_of(runs(120, 30, 100))[1]
    assert (second.first, second.own, second.end) == (120, 150, 250)


def test_sentences_with_something_unread_between_them_share_no_window() -> None:
    assert [(w.first, w.end) for w in windows_of([(0, 10), (40, 50)])] == [(0, 10), (40, 50)]


def test_neighbouring_words_are_one_cue_until_another_begins() -> None:
    scores = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]], float)
    first = np.array([True, True, True, True, True])
    assert [run for run, _ in cue_runs(scores, first, 0.5)] == [(1, 3), (3, 4)]


def test_reading_is_the_same_each_time_and_from_many_threads(network: Network) -> None:
    pieces = network.splitter.split(STORY)
    sentence = [(0, len(pieces))]
    expected = network.read(pieces, sentence).entities
    found: list[np.ndarray] = []

    def work() -> None:
        found.append(network.read(pieces, sentence).entities)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and all(np.allclose(one, expected, atol=1e-4) for one in found)


def test_like_sentences_have_near_vectors(network: Network) -> None:
    a, b, c = network.vectors(
        [
            "The Korsvik Dam is safe.",
            "Korsvik's dam is not in danger, it is safe.",
            "Nine players will miss the final in Doha.",
        ]
    )
    assert abs(float(a @ a) - 1) < 1e-3
    assert float(a @ b) > float(a @ c) + 0.3


def test_no_text_has_no_vector_of_length_one(network: Network) -> None:
    assert network.vectors(["", "The dam."]).shape == (2, network.config["size"])
    assert network.vectors([]).shape == (0, network.config["size"])
