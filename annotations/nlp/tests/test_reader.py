"""The shipped model at work, on stories that it was not trained on."""

from __future__ import annotations

import pytest

from annotations.nlp.dictionary import DictionarySuggester, Name
from annotations.nlp.lineup import line_up
from annotations.nlp.predictions import Predictions, Span, Tie
from annotations.nlp.reader import ReaderSuggester, calibrated, shared_reader
from annotations.nlp.suggester import Document, read

STORY = (
    "Marta Kowalczyk, the mayor of Gdynia, said on Monday that the harbour wall would hold. "
    "“We have checked every metre of it,” she told reporters. “There is no danger.”\n\n"
    "The Polish Red Cross denied the claim. According to the Maritime Institute, 412 households "
    "lost power during the storm. A senior official said the ministry had known for months.\n\n"
    "Kowalczyk hopes to reopen the harbour in May."
)


@pytest.fixture(scope="module")
def reader() -> ReaderSuggester:
    return shared_reader()


def found_in(
    text: str, reader: ReaderSuggester, names: tuple[Name, ...] = (), **about: object
) -> Predictions:
    document = Document(text, **about)  # type: ignore[arg-type]
    *_, (_, found) = read(document, line_up(DictionarySuggester(names), reader))
    return found


def told(text: str, tie: Tie) -> tuple[str, str, str]:
    cue = text[slice(*tie.cue[0])] if tie.cue else ""
    content = " … ".join(text[slice(*span)] for span in tie.claim.spans)
    return tie.source.name if tie.source else "", cue, content


@pytest.fixture(scope="module")
def said(reader: ReaderSuggester) -> list[tuple[str, str, str]]:
    return [told(STORY, tie) for tie in found_in(STORY, reader).ties]


def test_names_are_found_with_their_types(reader: ReaderSuggester) -> None:
    found = {(STORY[slice(*m.span)], m.type) for m in found_in(STORY, reader).mentions}
    assert {
        ("Marta Kowalczyk", "person"), ("Gdynia", "place"), ("Maritime Institute", "organisation"),
        ("Kowalczyk", "person"),
    } <= found  # fmt: skip


def test_a_last_name_is_of_the_person_named_in_full(reader: ReaderSuggester) -> None:
    names = {STORY[slice(*m.span)]: m.name for m in found_in(STORY, reader).mentions}
    assert names["Kowalczyk"] == "Marta Kowalczyk"


@pytest.mark.parametrize(
    ("source", "cue", "content"),
    [
        ("Marta Kowalczyk", "said", "that the harbour wall would hold"),
        ("Marta Kowalczyk", "told", "“We have checked every metre of it,”"),
        ("Maritime Institute", "According to", "412 households lost power during the storm"),
        ("A senior official", "said", "the ministry had known for months"),
        ("Marta Kowalczyk", "hopes", "to reopen the harbour in May"),
    ],
)
def test_who_says_what_is_found(
    said: list[tuple[str, str, str]], source: str, cue: str, content: str
) -> None:
    assert any(s == source and c == cue and words.startswith(content) for s, c, words in said)


def test_an_official_without_a_name_is_unnamed(reader: ReaderSuggester) -> None:
    sources = {s.name: s.kind for s in found_in(STORY, reader).sources}
    assert sources["A senior official"] == "unnamed"


def test_boilerplate_is_not_read(reader: ReaderSuggester) -> None:
    end = STORY.index("\n\n")
    found = found_in(STORY, reader, body=(Span(0, end),))
    assert found.mentions and all(m.span.end <= end for m in found.mentions)
    assert all(span.end <= end for claim in found.claims for span in claim.spans)


def test_a_text_in_another_language_is_left_to_the_dictionary(reader: ReaderSuggester) -> None:
    text = "Marta Kowalczyk sagte, die Mauer halte. Gdynia bleibt ruhig."
    known = (Name("Gdynia", "place", 7, "Gdynia"),)
    found = found_in(text, reader, known, language="de")
    assert [(m.name, m.entity) for m in found.mentions if m.entity] == [("Gdynia", 7)]
    assert all(m.suggester != "reader" for m in found.mentions)


def test_a_known_name_keeps_its_entity(reader: ReaderSuggester) -> None:
    known = (Name("Gdynia", "place", 7, "Gdynia"),)
    (found,) = [m for m in found_in(STORY, reader, known).mentions if m.name == "Gdynia"]
    assert found.entity == 7 and found.confidence > 0.9


def test_offsets_count_code_points_in_any_text(reader: ReaderSuggester) -> None:
    text = "👨‍👩‍👧 نص 北京\r\n\r\nZoe\u0301 Marte\u0301n said the dam in Port Amaro is safe 👍🏽."
    found = found_in(text, reader)
    assert "Zoe\u0301 Marte\u0301n" in [text[slice(*m.span)] for m in found.mentions]


@pytest.mark.parametrize("text", ["", " \n ", "a", "." * 5000, "Ana said " * 3000, "\u0301" * 50])
def test_nonsense_is_read_to_its_end(reader: ReaderSuggester, text: str) -> None:
    for mention in found_in(text, reader).mentions:
        assert 0 <= mention.span.start < mention.span.end <= len(text)


def test_a_long_text_is_read_in_windows_like_a_short_one(reader: ReaderSuggester) -> None:
    filler = "The harbour was calm and nobody was there. " * 80
    long = found_in(f"{filler}\n\n{STORY}", reader)
    shift = len(filler) + 2
    ours = {(m.span.start - shift, m.type) for m in long.mentions if m.span.start >= shift}
    alone = {(m.span.start, m.type) for m in found_in(STORY, reader).mentions}
    assert len(ours & alone) >= 0.8 * len(alone)


def test_reading_twice_gives_the_same(reader: ReaderSuggester) -> None:
    assert found_in(STORY, reader) == found_in(STORY, reader)


def test_calibration_keeps_the_order_and_stays_between_none_and_all() -> None:
    values = [calibrated(p, (0.7, -0.3)) for p in (0.0, 0.2, 0.5, 0.9, 1.0)]
    assert values == sorted(values) and values[0] > 0 and values[-1] < 1
