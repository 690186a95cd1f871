from __future__ import annotations

import numpy as np
import pytest

from annotations.nlp.network import MODEL
from annotations.nlp.pieces import Splitter
from annotations.nlp.training.encoded import Corpus, encode
from annotations.nlp.training.lessons import Story, sample_of
from annotations.nlp.training.tests.tools import needs_train_tools

pytestmark = needs_train_tools

NOTHING = {"mentions": [], "attributions": []}


@pytest.fixture(scope="module")
def story() -> Corpus:
    splitter = Splitter.load(MODEL)
    return encode(
        "story", sample_of(Story("It rained in Oslo. " * 20, NOTHING), splitter), splitter
    )


def shares(decided: list[Corpus], replay: list, pieces: int) -> tuple[float, float]:
    """The pieces that are gone through of what was decided, and of the replay."""
    from annotations.nlp.training.continuing import portions

    taught = portions(decided, replay, pieces=pieces)
    again = {id(corpus) for corpus, _ in replay}
    seen = [(len(c.pieces) * times, id(c) in again) for c, times in taught]
    return sum(n for n, r in seen if not r), sum(n for n, r in seen if r)


def copies(story: Corpus, count: int) -> list[Corpus]:
    return [Corpus(f"{n}", *list(vars(story).values())[1:]) for n in range(count)]


def test_half_of_what_is_seen_was_decided(story) -> None:
    budget = 100 * len(story.pieces)
    own, replayed = shares(copies(story, 20), [(c, 1.0) for c in copies(story, 20)], budget)
    assert own == pytest.approx(budget / 2, rel=0.2)
    assert replayed == pytest.approx(budget / 2, rel=0.2)


def test_a_few_stories_are_not_gone_through_for_ever(story) -> None:
    own, _ = shares(copies(story, 2), [], 10**6)
    assert own == 2 * 8 * len(story.pieces)


def test_of_very_many_stories_some_are_gone_through(story) -> None:
    budget = 20 * len(story.pieces)
    own, _ = shares(copies(story, 1000), [], budget)
    assert 0 < own <= budget


def test_at_least_one_story_is_gone_through(story) -> None:
    own, _ = shares(copies(story, 1000), [], 1)
    assert own == len(story.pieces)


def test_the_weights_of_a_replay_are_kept(story) -> None:
    from annotations.nlp.training.continuing import portions

    more, less = copies(story, 2)
    for corpus in (more, less):
        corpus.bounds = np.repeat(corpus.bounds, 100, 0)
    taught = portions(copies(story, 9), [(more, 3.0), (less, 1.0)], pieces=10**5)
    assert taught[-2][1] == pytest.approx(3 * taught[-1][1])
