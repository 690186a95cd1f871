"""The one place that decides between suggesters: one list of mentions without doubles."""

from __future__ import annotations

from dataclasses import replace

from annotations.nlp.predictions import Mention

# How sure the reader must be of a type to overrule the one that the knowledge base has.
OVERRULES = 0.9
READER = "reader"


def merged_mentions(mentions: list[Mention]) -> list[Mention]:
    """Mentions in text order, none overlapping: of those that overlap the longest stays.

    Where two suggesters have the same words, an entity that is known stays, unless the reader is
    sure that here the name is of another type ("Paris said she" is no place).
    """
    by_span: dict[object, Mention] = {}
    for mention in mentions:
        other = by_span.get(mention.span)
        by_span[mention.span] = _one(other, mention) if other else mention
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(by_span.values(), key=_longest_first):
        places = range(mention.span.start, mention.span.end)
        if taken.isdisjoint(places):
            kept.append(mention)
            taken.update(places)
    return sorted(kept, key=lambda m: m.span)


def _longest_first(mention: Mention) -> tuple[int, float, int]:
    return (mention.span.start - mention.span.end, -mention.confidence, mention.span.start)


def _one(first: Mention, second: Mention) -> Mention:
    read = next((m for m in (first, second) if m.suggester == READER), None)
    told = next((m for m in (first, second) if m.suggester != READER), None)
    if read is None or told is None:
        return max(first, second, key=lambda m: m.confidence)
    if read.type == told.type:
        sure = 1 - (1 - read.confidence) * (1 - told.confidence)
        return replace(told, confidence=max(told.confidence, min(sure, 0.99)))
    if told.entity is None or read.confidence >= OVERRULES:
        return read if read.confidence >= told.confidence or told.entity else told
    return told
