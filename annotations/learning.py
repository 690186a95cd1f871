"""The desk's reader learns from its editors: train, measure, and only then put to use."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.utils import timezone

from annotations import weights
from annotations.decided import Decided, decided_stories, undecided_texts
from annotations.nlp.evaluate import seed_story
from annotations.nlp.network import Network
from annotations.nlp.reader import ReaderSuggester
from annotations.nlp.training import comparing, teaching
from annotations.nlp.training.comparing import Comparison, Stories
from annotations.nlp.training.lessons import Story, completed, guessed
from articles.errors import Refused

# Stories whose number it divides are never taught, only measured by: always the same ones, so
# that no model is measured by what one before it was taught. Of the seeds it is every third.
HELD_OUT, SEEDS_HELD_OUT = 5, slice(2, None, 3)
# So many of the newest stories that nobody decided are gone through too.
UNDECIDED = 200
STEPS = 300

Say = Callable[[str], Any]


@dataclass(frozen=True)
class Outcome:
    """How the new model compares with the one that was in use, and whether it is used now."""

    version: str
    before: str
    compared: Comparison
    in_use: bool

    def table(self) -> str:
        return comparing.table(self.compared, self.before, self.version)


@dataclass(frozen=True)
class Course:
    """Which of the decided stories, and of the seeds' gold, are taught and which measured by."""

    decided: Sequence[Decided]
    seeds: Stories

    @cached_property
    def held_out(self) -> list[Decided]:
        return [one for one in self.decided if one.number % HELD_OUT == 0]

    @cached_property
    def taught(self) -> list[Decided]:
        measured = {text for text, _ in self.seeds[SEEDS_HELD_OUT]}
        return [one for one in self.decided if one.number % HELD_OUT and one.text not in measured]

    def replayed_seeds(self) -> list[Story]:
        """The gold of the seeds that are neither measured by nor decided at this desk."""
        left_out = {text for text, _ in self.seeds[SEEDS_HELD_OUT]}
        left_out |= {one.text for one in self.decided}
        return [Story(text, tags) for text, tags in self.seeds if text not in left_out]

    def to_measure(self, corpora: Path | None) -> dict[str, Stories]:
        """The stories that are measured by, under the names of their data sets."""
        data: dict[str, Stories] = {
            f"{len(self.held_out)} stories of the desk": [
                one.story.to_measure() for one in self.held_out
            ],
            f"{len(self.seeds[SEEDS_HELD_OUT])} of the seeds": self.seeds[SEEDS_HELD_OUT],
        }
        if corpora:
            data["hand-tagged dev stories"] = teaching.tagged_stories(corpora, "dev")
        return {name: stories for name, stories in data.items() if stories}


def train(
    *, steps: int = STEPS, corpora: Path | None = None, force: bool = False, say: Say
) -> Outcome:
    """Train a model on what was decided, measure it, and use it if it is not worse.

    Raises Refused where the tools are missing, or nothing is decided.
    """
    continuing = train_tools()
    course = Course(list(decided_stories()), gold_of_seeds())
    if not course.taught:
        raise Refused("There is nothing to learn yet: decide all that is suggested in a story.")
    say(f"{len(course.taught)} decided stories to learn from, {len(course.held_out)} held out.")
    lessons = _lessons(continuing, course, corpora)
    with weights.new_model() as (folder, version):
        continuing.continued(
            weights.SHIPPED, lessons, folder, steps=steps, config={"version": version}
        )
        present = weights.model_folder()
        compared = comparing.compared(present, folder, course.to_measure(corpora))
        _note(folder, stories=len(course.taught), compared=compared)
    return settle(version=version, compared=compared, force=force)


def settle(*, version: str, compared: Comparison, force: bool) -> Outcome:
    """Use the new model if it could be measured and is not worse, or if that is wanted anyway."""
    present = weights.version_of(weights.model_folder())
    measured = compared.together.tagged > 0
    good = force or (measured and not compared.is_worse)
    if good:
        weights.use(version)
    return Outcome(version, present, compared, good)


def train_tools() -> ModuleType:
    """The module that needs torch. Raises Refused where that is missing."""
    try:
        from annotations.nlp.training import continuing
    except ModuleNotFoundError as missing:
        raise Refused(
            f"Training needs {missing.name}, which is not installed: run `make train-tools`."
        ) from missing
    return continuing


def gold_of_seeds() -> Stories:
    """The seed stories with their gold, in the order of their names."""
    pages = sorted((settings.SEEDS / "gold").glob("*.jsonld"))
    return [seed_story(page, settings.SEEDS) for page in pages]


def _lessons(continuing: ModuleType, course: Course, corpora: Path | None) -> Any:
    reader = ReaderSuggester(Network(weights.SHIPPED))
    decided = [completed(one.story, guessed(one.story.text, reader)) for one in course.taught]
    if corpora:
        return continuing.Lessons(decided, [], corpora)
    guesses = [guessed(text, reader) for text in undecided_texts(UNDECIDED)]
    return continuing.Lessons(decided, [*course.replayed_seeds(), *guesses])


def _note(folder: Path, *, stories: int, compared: Comparison) -> None:
    together = compared.together
    notes = {
        "at": timezone.now().isoformat(),
        "stories": stories,
        "before": together.before,
        "after": together.after,
    }
    (folder / weights.NOTES).write_text(json.dumps(notes, indent=1) + "\n", encoding="utf-8")
