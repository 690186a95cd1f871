from __future__ import annotations

import pytest

from annotations.nlp.decoding import tidied, trimmed
from annotations.nlp.predictions import Span


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("the dam is safe.", "the dam is safe"),
        (", the dam is safe,", "the dam is safe"),
        ("moved to the U.S.", "moved to the U.S."),
        ("“It is safe.”", "“It is safe.”"),
        (" that it holds;\n", "that it holds"),
    ],
)
def test_signs_around_the_words_fall_away(words: str, kept: str) -> None:
    text = f"x {words} y"
    assert text[slice(*trimmed(text, span(text, words)))] == kept


@pytest.mark.parametrize(
    ("text", "seen", "kept"),
    [
        # A mark that was left out, or one that stands alone, is put right.
        ("“It is safe,” she said.", ["It is safe,”"], ["“It is safe,”"]),
        ("“It is safe,” she said.", ["“It is safe"], ["“It is safe,”"]),
        ('He said "we won." Then', ['"we won.'], ['"we won."']),
        # A quotation that runs on has a span a sentence.
        ("“We won. We left,” he said.", ["“We won. We left,”"], ["“We won.", "We left,”"]),
        # Two spans stay two.
        ("“We won,” he said, “at last.”", ["“We won,”", "“at last.”"],
         ["“We won,”", "“at last.”"]),
        ("he said it leaks. It broke.", ["it leaks. It broke."], ["it leaks", "It broke"]),
        ("he said , .", [", ."], []),
    ],
)  # fmt: skip
def test_contents_have_whole_quotations_and_a_span_a_sentence(
    text: str, seen: list[str], kept: list[str]
) -> None:
    found = tidied(text, [span(text, words) for words in seen])
    assert [text[slice(*one)] for one in found] == kept
