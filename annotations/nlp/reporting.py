"""What an evaluation found as tables in Markdown, and their place in the model card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotations.nlp.decoding import TYPES
from annotations.nlp.measuring import BUCKETS, QUOTED, Score, Sure, calibration_error, reliability
from annotations.nlp.scoring import TIES, scores

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass
class Result:
    """One data set: its name, what is scored in it, and its figures by name."""

    name: str
    score: Score
    extra: dict[str, float] = field(default_factory=dict)


def report(results: Sequence[Result], figures: Mapping[str, float]) -> str:
    """One table of all data sets' spans, one of the other figures, one of how reliable what is
    said of being sure is."""
    others = [f"| all sets | {name}: {value:.3g} |" for name, value in figures.items()]
    tables = {
        "data set | what | precision | recall | F1 | F1 by overlap | gold": [
            row for result in results for row in _spans(result)
        ],
        "data set | figure": [*others, *(row for result in results for row in _figures(result))],
        "data set | what | confidence | number | mean confidence | share right": [
            row for result in results for row in _reliability(result)
        ],
    }
    return "\n\n".join(
        "\n".join([f"| {head} |", f"|{'---|' * len(head.split(' | '))}", *rows])
        for head, rows in tables.items()
    )


def _spans(result: Result) -> Iterator[str]:
    counts = dict(result.score.counts)
    entities = [name for name in TYPES if name in counts]
    if entities:
        counts["all entities"] = [sum(counts[name][i] for name in entities) for i in range(5)]
    for name in (*entities, "all entities", *TIES, *QUOTED.values()):
        if name in counts:
            p, r, f, o = scores(counts[name]).values()
            yield (
                f"| {result.name} | {name} | {p:.3f} | {r:.3f} | {f:.3f} | {o:.3f} "
                f"| {counts[name][2]} |"
            )


def _sure(result: Result) -> dict[str, list[Sure]]:
    found = {"entities": result.score.sure, "attributions": result.score.sure_ties}
    return {what: sure for what, sure in found.items() if sure}


def _figures(result: Result) -> Iterator[str]:
    for what, sure in _sure(result).items():
        error = calibration_error(sure)
        yield f"| {result.name} | expected calibration error, {what}: {error:.3f} |"
    for name, value in result.extra.items():
        yield f"| {result.name} | {name}: {value:.3f} |"


def _reliability(result: Result) -> Iterator[str]:
    for what, sure in _sure(result).items():
        for low, number, said, right in reliability(sure):
            yield (
                f"| {result.name} | {what} | {low:.1f}-{low + 1 / BUCKETS:.1f} | {number} "
                f"| {said:.3f} | {right:.3f} |"
            )


def write_card(card: Path, table: str) -> None:
    """Put the tables between the card's two marks."""
    text = card.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    card.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
