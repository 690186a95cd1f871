"""Which suggesters read a text, in which order: each sees what those before it found."""

from __future__ import annotations

from collections.abc import Iterable

from annotations.nlp.attribution import AttributionSuggester
from annotations.nlp.suggester import Suggester


def line_up(
    dictionary: Suggester, reader: Suggester, others: Iterable[Suggester] = ()
) -> list[Suggester]:
    """Known names first; then others' proposals and the reader's own; last, by rule, the quotations
    that stand without a cue, which go on with whoever the reader found speaking."""
    return [dictionary, *others, reader, AttributionSuggester(beside_reader=True)]
