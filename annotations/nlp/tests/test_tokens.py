from __future__ import annotations

import pytest

from annotations.nlp.tokens import quotations, sentences

SENTENCES = [
    ["He met Gen. Ruiz in the U.S. on Monday.", "Then he left."],
    ["J. Ruiz paid 3.5 million.", "Who?", "“Me!” she said."],
    ["“It is safe.", "It is new.”"],
    ["No stop here"],
    ["Headline without a stop\n", "And text."],
]


@pytest.mark.parametrize("parts", SENTENCES)
def test_sentences_end_where_they_do(parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[a:b] for a, b in sentences(text)] == [part.strip() for part in parts]


QUOTATIONS = {
    "He said “yes, «sure»” and left.": ["“yes, «sure»”"],
    'A "straight" one and one "open': ['"straight"'],
    "„Ja,“ «oui»": ["„Ja,“", "«oui»"],
    "“never closed": [],
}


@pytest.mark.parametrize("text", QUOTATIONS)
def test_quotations_are_found_with_their_marks(text: str) -> None:
    assert [text[a:b] for a, b in quotations(text)] == QUOTATIONS[text]
