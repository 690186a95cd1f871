"""A long story with many suggestions, to measure the annotator on."""

from __future__ import annotations

import random
from typing import Any

# One paragraph of about 40 words; names and verbs vary by the random numbers.
NAMES = ("Ana Ruiz", "Bo Berg", "Port Amaro", "the Basin Authority", "Halvard", "Istrin", "Callis")
SAYS = ("said", "warned", "suggested", "denied", "announced", "told reporters")
THINGS = ("the old bridge", "the water treaty", "the night train", "the dam", "the harbour law")
DOES = ("was safe", "would cost less", "had to be closed", "was signed in haste", "leaks")


def make_story(*, words: int, seed: int = 1) -> str:
    """About so many words of news-like sentences in paragraphs of four."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    sentences: list[str] = []
    while sum(map(_words, sentences)) < words:
        sentences.append(_sentence(chance, len(sentences)))
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    return "\n\n".join(paragraphs)


def _words(sentence: str) -> int:
    return sentence.count(" ") + 1


def _sentence(chance: random.Random, number: int) -> str:
    who, says = chance.choice(NAMES), chance.choice(SAYS)
    what = f"{chance.choice(THINGS)} {chance.choice(DOES)}"
    return f"{who[0].upper()}{who[1:]} {says} on day {number} that {what}."


def make_suggestions(article: Any, *, most: int, seed: int = 1) -> int:
    """Suggest that many names, claims, sources and ties, spread evenly over the article; returns
    how many annotations there are. Entities are three in five of them."""
    from annotations.models import Annotation, Attribution, Suggester

    chance = random.Random(seed)  # noqa: S311 - no secret
    suggester, _ = Suggester.objects.get_or_create(name="bench", version="1")
    rows: list[Annotation] = []
    pairs: list[tuple[Annotation, Annotation, list[int]]] = []
    sentences = _sentences(article.text)
    for number, (start, end) in enumerate(sentences):
        if len(rows) >= most or not _due(number, len(sentences), len(rows), most):
            continue
        made = _of_sentence(article, suggester, start, end, chance)
        rows += made[:-1] if len(made) > 2 else made
        if len(made) > 2:
            pairs.append((made[-2], made[-3], made[-1]))
    Annotation.objects.bulk_create(rows)
    Attribution.objects.bulk_create(
        Attribution(claim=claim, source=source, cue=[cue], suggester=suggester, confidence=0.8)
        for claim, source, cue in pairs
    )
    return len(rows)


def _due(number: int, sentences: int, made: int, most: int) -> bool:
    return made <= most * (number + 1) / sentences


def _sentences(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for at, character in enumerate(text):
        if character == ".":
            found.append((start, at + 1))
            start = at + 2
            while start < len(text) and text[start] in " \n":
                start += 1
    return found


def _of_sentence(article: Any, suggester: Any, start: int, end: int, chance: random.Random) -> Any:
    """A name; or a source, its claim and the cue's span."""
    from annotations.models import Annotation

    sentence = article.text[start:end]
    says = next(word for word in SAYS if f" {word} on day" in sentence)
    cue = start + sentence.index(f" {says} on day") + 1
    that = start + sentence.index(" that ") + 6

    def row(kind: str, type: str, a: int, b: int) -> Annotation:
        one = Annotation(
            article=article, revision=article.revision, kind=kind, type=type, spans=[],
            label=article.text[a:b], confidence=round(chance.uniform(0.4, 0.99), 2),
            reason="made for measuring", suggester=suggester,
        )  # fmt: skip
        one.put_at([[a, b]])
        return one

    name = row("entity", "person", start, cue - 1)
    if chance.random() < 0.5:
        return [name]
    source = row("source", "person", start, cue - 1)
    claim = row("claim", "", that, end - 1)
    return [name, source, claim, [cue, cue + len(says)]]
