"""Variations of tagged sentences: other names in their places, other signs.

Case is varied later, on the encoded batches (`encoded.py`), since the vocabulary is uncased.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from annotations.nlp.training import names
from annotations.nlp.training.corpora import Sentence
from annotations.nlp.training.labels import OURS, TAGS, allowed

Name = tuple[str, ...]
# How often a name is swapped, a last stop dropped, a sentence's quotation marks curled.
SWAPPED, STOPLESS, CURLED = 0.5, 0.15, 0.3
SWAPPABLE = ("person", "organisation", "place")
# Of first and last names that the lists give, so many people are made.
PEOPLE = 6000


def mentions_in(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    """(first, end, type) of the mentions whose type is known for certain."""
    tags = [TAGS[min(a)] if len(a) == 1 else "?" for a in sentence.allowed]
    i = 0
    while i < len(tags):
        end = i + 1
        if tags[i].startswith("B-"):
            while end < len(tags) and tags[end] == f"I-{tags[i][2:]}":
                end += 1
            yield i, end, tags[i][2:]
        i = end


def pool_of(
    sentences: Iterable[Sentence], gazetteers: Path, rng: np.random.Generator
) -> dict[str, list[Name]]:
    """Names by type: those of the sentences, of any language, and as many again from the lists."""
    pool: dict[str, set[Name]] = defaultdict(set)
    for sentence in sentences:
        for first, end, type in mentions_in(sentence):
            if type in SWAPPABLE and end - first <= 6:
                pool[type].add(sentence.words[first:end])
    listed: dict[str, list[str]] = defaultdict(list)
    for kind, name in names.entries(gazetteers):
        listed[kind].append(name.title() if name.isupper() else name)
    pool["place"] |= {_words(n) for n in rng.choice(listed["city"], PEOPLE)}
    pool["organisation"] |= {_words(n) for n in listed["company"]}
    firsts, lasts = rng.choice(listed["first"], PEOPLE), rng.choice(listed["last"], PEOPLE)
    pool["person"] |= {(str(a), str(b)) for a, b in zip(firsts, lasts, strict=True)}
    return {type: sorted(found) for type, found in pool.items()}


def _words(name: str) -> Name:
    return tuple(re.findall(r"[^\W_]+|[^\w\s]", str(name)))


def varied(
    sentences: Iterable[Sentence], pool: Mapping[str, list[Name]], rng: np.random.Generator
) -> list[Sentence]:
    """Each sentence once, with some of its names and signs changed."""
    return [_signs(_swapped(sentence, pool, rng), rng) for sentence in sentences]


def _swapped(
    sentence: Sentence, pool: Mapping[str, list[Name]], rng: np.random.Generator
) -> Sentence:
    words, tags = list(sentence.words), list(sentence.allowed)
    for first, end, type in reversed(list(mentions_in(sentence))):
        if type in pool and rng.random() < SWAPPED:
            name = pool[type][int(rng.integers(len(pool[type])))]
            words[first:end] = name
            begin, inside = allowed(f"B-{type}", OURS), allowed(f"I-{type}", OURS)
            tags[first:end] = [begin, *[inside] * (len(name) - 1)]
    return Sentence(tuple(words), tuple(tags))


def _signs(sentence: Sentence, rng: np.random.Generator) -> Sentence:
    words, tags = list(sentence.words), list(sentence.allowed)
    if len(words) > 1 and words[-1] in (".", "!") and rng.random() < STOPLESS:
        words, tags = words[:-1], tags[:-1]
    if rng.random() < CURLED:
        words = curled(words)
    return Sentence(tuple(words), tuple(tags))


def curled(words: Iterable[str]) -> list[str]:
    """Straight quotation marks as curly ones, opening and closing in turn."""
    found, opens = [], True
    for word in words:
        if word in ('"', "``", "''"):
            found.append("“" if opens else "”")
            opens = not opens
        else:
            found.append("’" if word == "'" else word)
    return found
