from __future__ import annotations

import numpy as np
import pytest

from annotations.nlp.network import MODEL
from annotations.nlp.pieces import Splitter
from annotations.nlp.training.encoded import IGNORED, Corpus, encode
from annotations.nlp.training.labels import TAGS
from annotations.nlp.training.lessons import Story, blanked, completed, gaps, sample_of

TEXT = "Ana Ruiz said that it rained.\n\nBo Lee said that it froze."
HALF = TEXT.index("Bo")


def mention(words: str, type: str = "person") -> dict:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "type": type, "name": words}


def span(words: str, at: int = 0) -> tuple[int, int]:
    start = TEXT.index(words, at)
    return start, start + len(words)


def tie(source: str, content: str) -> dict:
    at = TEXT.index(source)
    return {"source": span(source), "cue": span("said", at), "content": [span(content)]}


FIRST = {"mentions": [mention("Ana Ruiz")], "attributions": [tie("Ana Ruiz", "that it rained")]}
BOTH = {
    "mentions": [*FIRST["mentions"], mention("Bo Lee")],
    "attributions": [*FIRST["attributions"], tie("Bo Lee", "that it froze")],
}
DECIDED = Story(TEXT, FIRST, unknown=[(HALF - 2, len(TEXT))])


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter.load(MODEL)


def encoded(story: Story, splitter: Splitter) -> Corpus:
    return encode("story", sample_of(story, splitter), splitter)


def at(corpus: Corpus, words: str) -> int:
    return int(np.flatnonzero(corpus.pieces.starts == TEXT.index(words))[0])


def test_a_blanked_text_keeps_its_places_and_its_lines() -> None:
    text = blanked("One.\n\nRead also\nTwo", [(6, 16)])
    assert text == "One.\n\n         \nTwo"


def test_gaps_are_what_lies_between() -> None:
    assert gaps([(0, 3), (5, 8)], 10) == [(3, 5), (8, 10)]
    assert gaps([], 4) == [(0, 4)]
    assert gaps([(0, 4)], 4) == []


def test_what_is_known_is_taught(splitter) -> None:
    corpus = encoded(DECIDED, splitter)
    assert corpus.allowed[at(corpus, "Ana")] == 1 << TAGS.index("B-person")
    assert corpus.allowed[at(corpus, "rained")] == 1 << TAGS.index("O")
    assert [corpus.cues[at(corpus, word)] for word in ("said", "rained")] == [1, 0]


def test_nothing_is_taught_of_what_is_unknown(splitter) -> None:
    corpus = encoded(DECIDED, splitter)
    later = corpus.pieces.starts >= HALF
    assert not corpus.allowed[later].any()
    assert (corpus.cues[later] == IGNORED).all()


def test_no_cue_is_taught_nor_denied_where_it_is_unsure(splitter) -> None:
    story = Story(TEXT, {"mentions": [], "attributions": []}, unsure=[span("said")])
    corpus = encoded(story, splitter)
    assert corpus.cues[at(corpus, "said")] == IGNORED
    assert corpus.allowed[at(corpus, "said")] == 1 << TAGS.index("O")


def test_what_nobody_decided_is_taught_as_it_was_guessed(splitter) -> None:
    corpus = encoded(completed(DECIDED, Story(TEXT, BOTH)), splitter)
    assert corpus.allowed[at(corpus, "Bo")] == 1 << TAGS.index("B-person")
    assert len(corpus.ties) == 2


def test_no_guess_is_taught_where_people_decided() -> None:
    wrong = {"mentions": [mention("Ana", "place")], "attributions": []}
    assert completed(DECIDED, Story(TEXT, wrong)).tags == FIRST


def test_an_unsure_guess_is_taught_nowhere(splitter) -> None:
    nothing = {"mentions": [], "attributions": []}
    guess = Story(TEXT, nothing, unknown=[span("Bo Lee")], unsure=[span("said", HALF)])
    corpus = encoded(completed(DECIDED, guess), splitter)
    assert corpus.allowed[at(corpus, "Bo")] == 0
    assert corpus.allowed[at(corpus, "froze")] == 1 << TAGS.index("O")
    said = np.flatnonzero(corpus.pieces.starts == span("said", HALF)[0])
    assert corpus.cues[said] == IGNORED
    assert corpus.cues[at(corpus, "froze")] == 0


def test_a_story_is_measured_by_what_is_known_of_it() -> None:
    text, tags = DECIDED.to_measure()
    assert (text.strip(), tags) == ("Ana Ruiz said that it rained.", FIRST)
