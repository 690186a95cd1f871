from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from annotations.nlp import spacy_pipeline
from annotations.nlp.dictionary import DictionarySuggester, Name
from annotations.nlp.predictions import Predictions, Span
from annotations.nlp.spacy_pipeline import SpacySuggester, names, parts, suggesters
from annotations.nlp.suggester import Document, read

ROOT = Path(__file__).parents[3]
PATTERNS = {
    "President Ana Ruiz": "PERSON", "Ben Sol": "PER", "the Bank of Kalvia’s": "ORG",
    "Kalvia": "GPE", "Upper Dranne": "LOC", "the Korsvik Dam": "FAC", "Callis Summit": "EVENT",
    "“River Songs”": "WORK_OF_ART", "the Water Act": "LAW", "Skarn-4": "PRODUCT",
    "Russian-Kazakh": "NORP", "Monday": "DATE", "the company": "ORG",
}  # fmt: skip


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory) -> str:
    """A pipeline's folder: names by a list, as in nobody's real pipeline."""
    import spacy  # it takes a second, and brings torch along

    nlp = spacy.blank("en")
    nlp.meta["name"], nlp.meta["version"] = "listed", "1.2"
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": text} for text, label in PATTERNS.items()])
    folder = tmp_path_factory.mktemp("spacy") / "en_listed"
    nlp.to_disk(folder)
    return str(folder)


def found(pipeline: str, text: str, *body: Span) -> list[tuple[str, str]]:
    mentions = SpacySuggester(pipeline).suggest(Document(text, body=body), Predictions()).mentions
    return [(text[slice(*m.span)], m.type) for m in mentions]


def test_each_label_is_one_of_our_types(pipeline) -> None:
    text = (
        "On Monday President Ana Ruiz, Ben Sol and the Bank of Kalvia’s chief saw the Korsvik Dam "
    )
    text += "on the Upper Dranne in Kalvia. The Callis Summit has “River Songs”, the Water Act, a "
    text += "Skarn-4 and Russian-Kazakh talks; the company paid."
    assert found(pipeline, text) == [
        ("Ana Ruiz", "person"), ("Ben Sol", "person"), ("Bank of Kalvia", "organisation"),
        ("Korsvik Dam", "place"), ("Upper Dranne", "place"), ("Kalvia", "place"),
        ("Callis Summit", "event"), ("River Songs", "work"), ("Water Act", "work"),
        ("Skarn-4", "product"), ("Russian", "group"), ("Kazakh", "group"),
    ]  # fmt: skip


NAMES = {
    ("the United Nations", "organisation"): ["United Nations"],
    ("The Hague", "place"): ["Hague"],
    ("Lt. Gen. Oskar Thale's", "person"): ["Oskar Thale"],
    ("Prime Minister Ana Ruiz", "person"): ["Ana Ruiz"],
    ("Mr. President", "person"): [],
    ("Dr.", "person"): [],
    ("James’", "person"): ["James"],
    ("“Ana Ruiz,”", "person"): ["Ana Ruiz"],
    ("Dranne Basin Authority (DBA", "organisation"): ["Dranne Basin Authority"],
    ("(DBA)", "organisation"): ["DBA"],
    ("Kalvia\n\nRead more", "place"): ["Kalvia"],
    ("Jean-Luc Roy", "person"): ["Jean-Luc Roy"],
    ("Russian-Kazakh", "group"): ["Russian", "Kazakh"],
    ("anti-Russian", "group"): ["anti-Russian"],
    ("the company", "organisation"): [],
    ("the", "organisation"): [],
    ("$5", "product"): [],
    ("北京", "place"): ["北京"],
}


@pytest.mark.parametrize(("words", "type"), NAMES)
def test_a_name_is_cut_as_the_guideline_says(words: str, type: str) -> None:
    text = f"é {words} é"
    spans = names(text, Span(2, 2 + len(words)), type)
    assert [text[slice(*span)] for span in spans] == NAMES[words, type]


def test_offsets_are_code_points_of_the_whole_text(pipeline) -> None:
    text = "👩‍👩‍👧 Kalvia. 👍🏽 Kalvia. é Kalvia"
    after = text.index("👍")
    (mention,) = SpacySuggester(pipeline).suggest(
        Document(text, body=(Span(after, text.index("é")),)), Predictions()
    ).mentions  # fmt: skip
    assert mention.span == Span(text.index("Kalvia", after), text.index("Kalvia", after) + 6)


def test_it_says_who_found_the_name_and_how_sure(pipeline) -> None:
    suggester = SpacySuggester(pipeline)
    (mention,) = suggester.suggest(Document("In Kalvia."), Predictions()).mentions
    assert (suggester.name, suggester.version) == ("spacy", "en_listed-1.2")
    assert (mention.suggester, mention.confidence, mention.entity) == ("spacy", 0.5, None)
    assert "calls it GPE" in mention.reason


def test_what_the_dictionary_has_is_not_there_twice(pipeline) -> None:
    text = "President Ana Ruiz of Kalvia saw the Korsvik Dam."
    known = DictionarySuggester([Name("Ana Ruiz", "person", 7, "Ana Ruiz")])
    *_, (_, both) = read(Document(text), [known, SpacySuggester(pipeline)])
    assert [(text[slice(*m.span)], m.suggester, m.entity) for m in both.mentions] == [
        ("Ana Ruiz", "dictionary", 7), ("Kalvia", "spacy", None), ("Korsvik Dam", "spacy", None),
    ]  # fmt: skip


def test_of_names_that_overlap_the_longest_is_kept(pipeline) -> None:
    text = "They met at the Bank of Kalvia’s door."
    known = DictionarySuggester([Name("Kalvia", "place", 3, "Kalvia")])
    *_, (_, both) = read(Document(text), [known, SpacySuggester(pipeline)])
    assert [text[slice(*m.span)] for m in both.mentions] == ["Bank of Kalvia"]


def test_a_long_text_is_read_in_parts_between_sentences(monkeypatch) -> None:
    monkeypatch.setattr(spacy_pipeline, "LONGEST", 40)
    text = "One is here. Two is here too. Three. " + "X" * 90 + " End. Last."
    cut = list(parts(text, (Span(0, len(text)),)))
    assert "".join(text[slice(*part)] for part in cut) == text
    assert text[slice(*cut[0])] == "One is here. Two is here too. Three. "
    assert all(part.end - part.start <= 40 for part in cut)


def test_threads_share_a_pipeline(pipeline) -> None:
    suggester = SpacySuggester(pipeline)
    texts = [f"{'In Kalvia. ' * n}" for n in range(40)]
    with ThreadPoolExecutor(8) as pool:
        counts = pool.map(
            lambda text: len(suggester.suggest(Document(text), Predictions()).mentions), texts
        )
        assert list(counts) == list(range(40))


def test_without_a_pipeline_there_is_no_suggester() -> None:
    assert suggesters("") == []


def test_a_pipeline_is_one_suggester_a_process(pipeline) -> None:
    assert suggesters(pipeline) is suggesters(pipeline)
    assert [s.name for s in suggesters(pipeline)] == ["spacy"]


@pytest.mark.parametrize("name", ["en_not_there", "/no/such/folder", "not a name", "..", "en.core"])
def test_a_pipeline_that_is_not_there_is_told_and_left_out(name: str, caplog) -> None:
    suggesters.cache_clear()
    assert suggesters(name) == []
    assert f"NEWSDESK_SPACY_PIPELINE is {name}: there is no installed package" in caplog.text


def test_a_pipeline_that_cannot_be_loaded_suggests_nothing(tmp_path, caplog) -> None:
    (tmp_path / "meta.json").write_text("{}")
    (broken,) = suggesters(str(tmp_path))
    assert broken.suggest(Document("In Kalvia."), Predictions()) == Predictions()
    assert broken.version == f"{tmp_path.name[:40]}-not loaded"
    assert [r.levelno for r in caplog.records] == [logging.ERROR]


def test_spacy_is_imported_only_to_read() -> None:
    check = (
        "import sys; from annotations.nlp import spacy_pipeline as s; "
        "s.suggesters(''), s.suggesters('nothing'); sys.exit('spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False)
    assert done.returncode == 0
