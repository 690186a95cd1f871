from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from annotations.nlp.network import MODEL
from annotations.nlp.pieces import Splitter
from annotations.nlp.training import litbank
from annotations.nlp.training.encoded import IGNORED, encode
from annotations.nlp.training.samples import Sample


def document(text: str, *speakers: str) -> dict:
    """A document of sentences, one a line, of words with spaces between; its quotations stand
    between curly marks and belong to the speakers in turn."""
    sentences = [line.split() for line in text.strip().splitlines()]
    opens, quotes = None, []
    for i, words in enumerate(sentences):
        for j, word in enumerate(words):
            if word in ("“", "‘"):
                opens = [i, j]
            elif word in ("”", "’"):
                quotes.append({"start": opens, "end": [i, j], "speaker": speakers[len(quotes)]})
    return {"doc": "one", "sentences": sentences, "quotes": quotes}


def told(text: str, *speakers: str) -> list[tuple[str, str, list[str]]]:
    """What is read of a document: source, cue and contents of each attribution, in words."""
    sample = litbank.sample_of(document(text, *speakers))

    def words(span) -> str:
        return sample.text[slice(*span)]

    return [
        (words(tie.source), words(tie.cue), [words(span) for span in tie.content])
        for tie in sample.attributions or ()
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "expected"),
    [
        ("“ It is late , ” said the parson .", "Parson_T-1", ("the parson", "said")),
        ("“ It is late , ” said Mrs. Shaw gently .", "MRS__SHAW-1", ("Mrs. Shaw", "said")),
        ("“ It is late ! ” he cried .", "Tom-1", ("he", "cried")),
        ("“ It is late . ” his mother had replied .", "mother-3", ("his mother", "had replied")),
        ("He answered : “ It is late . ”", "Tom-1", ("He", "answered")),
        ("The old man said slowly , “ It is late . ”", "man-3", ("The old man", "said")),
    ],
)
def test_a_verb_of_saying_beside_a_quotation_is_its_cue(text, speaker, expected) -> None:
    (found,) = told(text, speaker)
    assert found[:2] == expected


@pytest.mark.parametrize(
    "text",
    [
        "“ It is late . ”",
        "“ It is late . ” The parson rode on .",
        "“ It is late , ” said the man whom everybody in town knew .",
        "He turned round and said , “ It is late . ”",
        "— It is late , said Tom .",
    ],
)
def test_where_it_is_not_plain_who_speaks_by_which_verb_nothing_is_taught(text) -> None:
    assert told(text, "Tom-1") == []


def test_a_name_that_is_not_the_speakers_is_no_source() -> None:
    assert told("“ It is late , ” said Emma .", "Tom_Sawyer-1") == []
    assert told("“ It is late , ” said Miss Emma .", "Emma-1")


def test_the_content_is_the_quotation_with_its_marks_a_span_a_sentence() -> None:
    ((*_, content),) = told("“ It is late .\nLet us go , ” he said .", "Tom-1")
    assert content == ["“It is late.", "Let us go,”"]


def test_a_quotation_that_goes_on_after_the_clause_is_one_content() -> None:
    ((*_, content),) = told("“ It is , ” said Tom , “ very late . ”", "Tom-1", "Tom-1")
    assert content == ["“It is,”", "“very late.”"]


def test_another_speakers_quotation_is_no_part_of_it() -> None:
    text = "“ It is late , ” said Tom .\n“ It is not , ” said Emma ."
    assert [tie[0] for tie in told(text, "Tom-1", "Emma-2")] == ["Tom", "Emma"]


def test_single_marks_are_written_as_news_has_them() -> None:
    ((*_, content),) = told("‘ It is late , ’ said Tom .", "Tom-1")
    assert content == ["“It is late,”"]


def test_what_stands_far_from_all_quotations_is_not_seen() -> None:
    text = "Far off .\nNear by .\n“ It is late , ” said Tom .\nHe went .\nThe day ended ."
    sample = litbank.sample_of(document(text, "Tom-1"))
    seen = [sample.text[slice(*span)] for span in sample.sentences]
    assert seen == ["Near by.", "“It is late,” said Tom.", "He went."]


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter.load(MODEL)


def cues(sample: Sample, splitter: Splitter) -> dict[str, int]:
    """The tag that is taught of each word, IGNORED where none is."""
    corpus = encode("litbank", sample, splitter)
    first = np.flatnonzero(corpus.pieces.first)
    spans = zip(corpus.pieces.starts[first], corpus.pieces.ends[first], strict=True)
    return {sample.text[a:b]: int(corpus.cues[i]) for i, (a, b) in zip(first, spans, strict=True)}


def test_what_litbank_does_not_annotate_is_left_out_of_the_loss(splitter) -> None:
    text = "Emma thought it odd .\n“ They claim it is late , ” said Tom ."
    tags = cues(litbank.sample_of(document(text, "Tom-1")), splitter)
    assert (tags["said"], tags["late"], tags["Tom"]) == (1, 0, 0)
    assert tags["claim"] == tags["thought"] == tags["odd"] == IGNORED


def test_no_entities_are_taught(splitter) -> None:
    sample = litbank.sample_of(document("“ It is late , ” said Tom .", "Tom-1"))
    assert not encode("litbank", sample, splitter).allowed.any()


def test_all_documents_make_one_sample(tmp_path: Path) -> None:
    one = document("“ It is late , ” said Tom .", "Tom-1")
    folder = tmp_path / "litbank_quotes"
    folder.mkdir()
    with gzip.open(folder / "litbank_quotes.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(f"{json.dumps(one)}\n{json.dumps(one)}\n")
    sample = litbank.quotations(tmp_path)
    assert [sample.text[slice(*tie.source)] for tie in sample.attributions or ()] == ["Tom", "Tom"]
    assert len(sample.sentences) == 2
