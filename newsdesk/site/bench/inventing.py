"""Invented news of any size, with the skew of real news: few names are in many stories."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

SYLLABLES = (
    "ka ro mi tel van sur dor en li pas qui nor bel ta os ge ru hal fi mon ser ip lo cra".split()
)
TYPES = ("person", "organisation", "place", "event", "group")
MENTIONS, CLAIMS, SOURCES = 11, 5, 4
SENTENCES = 24
POOL = 20_000
# Of a claim's places, so many are of a claim that others make too.
REPEATED = 0.4


@dataclass
class Story:
    """A story: its text, and (kind, thing, start, end) of its marks."""

    title: str
    text: str
    outlet: int
    marks: list[tuple[str, int, int, int]] = field(default_factory=list)
    new_claims: list[str] = field(default_factory=list)


class Invention:
    """Names, words and sentences for so many stories. The same seed gives the same news."""

    def __init__(self, stories: int, seed: int = 6) -> None:
        self.stories = stories
        self.chance = np.random.default_rng(seed)
        self.words = self._words(30_000)
        self.sentences = self._sentences()
        self.entities = [self._name(n) for n in range(300 + stories // 5)]
        self.sources = len(self.entities) // 4
        self.outlets = [f"The {self._name(10**6 + n)} Post" for n in range(60)]
        self.claims = 0

    def _words(self, count: int) -> list[str]:
        parts = self.chance.integers(0, len(SYLLABLES), (count, 4))
        lengths = self.chance.integers(2, 5, count)
        made = (
            "".join(SYLLABLES[i] for i in row[:n]) for row, n in zip(parts, lengths, strict=True)
        )
        return list(dict.fromkeys(made))

    def _sentences(self) -> list[str]:
        chosen = self._skewed(len(self.words), (POOL, 17), 1.0)
        lengths = self.chance.integers(8, 18, POOL)
        return [
            " ".join(self.words[i] for i in row[:n]) + "."
            for row, n in zip(chosen, lengths, strict=True)
        ]

    def _skewed(self, count: int, shape: tuple[int, ...] | int, slope: float) -> np.ndarray:
        """Numbers below `count`, the low ones more often, as Zipf has it."""
        weights = np.arange(1, count + 1, dtype=float) ** -slope
        return self.chance.choice(count, size=shape, p=weights / weights.sum())

    def _name(self, number: int) -> str:
        first, last = self.words[number % 997], self.words[(number * 7919) % len(self.words)]
        return f"{first.title()} {last.title()}{'' if number < 10**6 else ' City'}"

    def all(self) -> Iterator[Story]:
        """The stories, the oldest first."""
        for _ in range(0, self.stories, 1000):
            yield from self._thousand()

    def _thousand(self) -> Iterator[Story]:
        sentences = self.chance.integers(0, POOL, (1000, SENTENCES))
        entities = self._skewed(len(self.entities), (1000, MENTIONS), 0.75)
        speakers = self._skewed(self.sources, (1000, SOURCES), 0.75)
        outlets = self._skewed(len(self.outlets), 1000, 0.9)
        for row in range(1000):
            yield self._story(sentences[row], entities[row], speakers[row], int(outlets[row]))

    def _story(
        self, sentences: np.ndarray, entities: np.ndarray, speakers: np.ndarray, outlet: int
    ) -> Story:
        lead = self.sentences[sentences[0]]
        story = Story(
            title=f"{self.entities[entities[0]]} {lead[:60].rpartition(' ')[0]}",
            text="",
            outlet=outlet,
        )
        things = itertools.chain(
            (("entity", int(thing)) for thing in entities),
            (("source", int(thing)) for thing in speakers),
            (("claim", 0) for _ in range(CLAIMS)),
        )
        pieces, length = [], 0
        for number, sentence in enumerate(sentences):
            kind, thing = next(things, ("", 0))
            piece = self._sentence(story, kind, thing, self.sentences[sentence], length)
            piece += "\n\n" if number % 4 == 3 else " "
            pieces.append(piece)
            length += len(piece)
        story.text = "".join(pieces).rstrip()
        return story

    def _sentence(self, story: Story, kind: str, thing: int, sentence: str, at: int) -> str:
        """The sentence with the mark that it carries, which is noted in the story."""
        if kind == "claim":
            text = sentence.capitalize()
            story.marks.append((kind, self._claim(story, text), at, at + len(text) - 1))
            return text
        if not kind:
            return sentence.capitalize()
        name = self.entities[thing]
        story.marks.append((kind, thing, at, at + len(name)))
        return f"{name} {'said that ' if kind == 'source' else ''}{sentence}"

    def _claim(self, story: Story, text: str) -> int:
        """The number of a claim that was made before, more likely an early one, or of a new one."""
        if self.claims and self.chance.random() < REPEATED:
            return int(self.claims * self.chance.random() ** 3)
        story.new_claims.append(f"{text} ({self.claims})")
        self.claims += 1
        return self.claims - 1
