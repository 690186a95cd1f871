"""Two models on the same stories, before one takes the other's place. Needs no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotations.nlp.decoding import TYPES
from annotations.nlp.measuring import score_stories
from annotations.nlp.network import Network
from annotations.nlp.reader import ReaderSuggester
from annotations.nlp.scoring import TIES, Counts, scores

# So much one figure may fall by chance while all together get no worse; one tag, where it has few.
SLACK, TAGS = 0.02, 1
KINDS = {"mentions": TYPES, "attributions": TIES, "everything": (*TYPES, *TIES)}
Stories = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Row:
    """One kind of spans in one data set: how many are `tagged`, and F1 of strict spans."""

    data: str
    kind: str
    tagged: int
    before: float
    after: float

    @property
    def fell(self) -> bool:
        """Whether it fell by more than chance makes it."""
        return self.before - self.after > max(SLACK, TAGS / max(self.tagged, 1))


@dataclass(frozen=True)
class Comparison:
    """The figures of each data set, and of all spans of all data sets together."""

    rows: list[Row]
    together: Row

    @property
    def is_worse(self) -> bool:
        return self.together.after < self.together.before or any(row.fell for row in self.rows)


def compared(before: Path, after: Path, data: Mapping[str, Stories]) -> Comparison:
    """How the models in two folders do on stories with tags as in `gold/`, by data set.

    Each reads by itself, without dictionary and rules, which are the same for both.
    """
    old, new = ({n: _counts(f, stories) for n, stories in data.items()} for f in (before, after))
    rows = [row(name, kind, [old[name]], [new[name]]) for name in data for kind in KINDS]
    return Comparison(rows, row("all together", "everything", [*old.values()], [*new.values()]))


def _counts(folder: Path, stories: Stories) -> Counts:
    score, _ = score_stories([ReaderSuggester(Network(folder))], stories)
    return score.counts


def row(data: str, kind: str, old: Sequence[Counts], new: Sequence[Counts]) -> Row:
    """The figures of one kind, of the counts of one or more data sets."""
    before, after = (_sum(counts, KINDS[kind]) for counts in (old, new))
    return Row(data, kind, before[2], scores(before)["f1"], scores(after)["f1"])


def _sum(counts: Sequence[Counts], names: Sequence[str]) -> list[int]:
    found = [one[name] for one in counts for name in names if name in one]
    return [sum(numbers) for numbers in zip(*found, strict=True)] or [0] * 5


def table(compared: Comparison, before: str, after: str) -> str:
    """The figures of both models, by their versions, side by side, and how they changed."""
    width = max(len(before), len(after), 8)
    lines = [f"{'F1 of strict spans':42} {'tagged':>7}  {before:>{width}}  {after:>{width}}"]
    for one in [*compared.rows, compared.together]:
        lines.append(
            f"{one.data + ': ' + one.kind:42} {one.tagged:7}  {one.before:{width}.3f}"
            f"  {one.after:{width}.3f}  {one.after - one.before:+.3f}{' fell' if one.fell else ''}"
        )
    return "\n".join(lines)
