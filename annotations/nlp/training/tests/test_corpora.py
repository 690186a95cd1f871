from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from annotations.nlp.training import corpora
from annotations.nlp.training.labels import CROSSNER, GMB, TAGS, UNER, WIKIGOLD, allowed


def names(tag: str, scheme) -> set[str]:
    return {TAGS[i] for i in allowed(tag, scheme)}


def test_a_type_that_a_corpus_tells_apart_allows_only_ours() -> None:
    assert names("B-PER", UNER) == {"B-person"}
    assert names("I-politicalparty", CROSSNER) == {"I-organisation"}


def test_where_a_corpus_is_silent_its_unlabelled_words_may_be_what_it_does_not_annotate() -> None:
    assert {"O", "B-group", "I-work"} <= names("O", UNER)
    assert "B-person" not in names("O", UNER)
    assert names("O", WIKIGOLD) == {"O"}


def test_a_vague_label_allows_each_type_that_it_may_mean() -> None:
    assert names("B-art", GMB) == {"B-work", "B-product"}
    assert {"O", "B-event", "B-product"} <= names("I-MISC", WIKIGOLD) | names("B-MISC", WIKIGOLD)
    assert names("B-tim", GMB) == {"O"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def write(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write(text)

    write(
        "gmb/gmb-train.conll.gz",
        "President\tNNP\tB-per\nBush\tNNP\tI-per\nspoke\tVBD\tO\n\nHe\tPRP\tO\nleft\tVBD\tO\n\n"
        "Iran\tNNP\tB-geo\n\nIran\tNNP\tB-geo\n\nIran\tNNP\tB-gpe\n\nIranian\tJJ\tB-gpe\n",
    )
    write("wikigold/wikigold-train.conll.gz", "-DOCSTART- O\n\n" + "Rome I-LOC\nfell O\n\n" * 10)
    return tmp_path


def test_a_title_is_no_part_of_a_silver_name(folder: Path) -> None:
    first, second, *_ = corpora.gmb(folder)
    assert first.words == ("President", "Bush", "spoke")
    assert {TAGS[i] for i in first.allowed[1]} == {"B-person"}
    assert "B-person" not in {TAGS[i] for i in first.allowed[0]}
    assert second.words == ("He", "left")


def test_a_country_is_a_place_and_a_nationality_a_group(folder: Path) -> None:
    *_, country, nationality = corpora.gmb(folder)
    assert {TAGS[i] for i in country.allowed[0]} == {"B-place"}
    assert {TAGS[i] for i in nationality.allowed[0]} == {"B-group"}


def test_a_tenth_is_held_back_for_dev(folder: Path) -> None:
    train, dev = corpora.wikigold(folder, "train"), corpora.wikigold(folder, "dev")
    assert (len(train), len(dev)) == (9, 1)
    assert {TAGS[i] for i in dev[0].allowed[0]} == {"B-place"}
