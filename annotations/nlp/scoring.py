"""How alike two taggings of a text are, by their spans: precision, recall and F1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Span = tuple[int, int]
Spans = dict[str, set[Span]]  # by what they are: each type of entity, source, cue, content
Counts = dict[str, list[int]]  # right, proposed, gold; then those that have an overlapping one
TIES = ("source", "cue", "content")


def gold_spans(tags: Mapping[str, Any]) -> Spans:
    """The spans of a story by what they are: each type of entity, source, cue, content."""
    found: Spans = defaultdict(set)
    for mention in tags["mentions"]:
        found[mention["type"]].add((mention["start"], mention["end"]))
    for tie in tags["attributions"]:
        add_tie(found, tie["source"], tie["cue"], tie["content"])
    return found


def add_tie(found: Spans, source: Any, cue: Any, content: Iterable[Any]) -> None:
    for name, spans in (("source", [source]), ("cue", [cue]), ("content", content)):
        found[name] |= {(span[0], span[1]) for span in spans if span}


def add_counts(counts: Counts, seen: Spans, gold: Spans) -> None:
    """Strict: the same span. By overlap: one that shares a character with it."""
    for name in {*seen, *gold}:
        s, g = seen.get(name, set()), gold.get(name, set())
        row = counts.setdefault(name, [0] * 5)
        row[0] += len(s & g)
        row[1] += len(s)
        row[2] += len(g)
        row[3] += sum(any(a < d and c < b for c, d in g) for a, b in s)
        row[4] += sum(any(a < d and c < b for c, d in s) for a, b in g)


def scores(row: list[int]) -> dict[str, float]:
    """Precision, recall and F1 of strict spans, and F1 by overlap."""
    right, seen, gold, seen_near, gold_near = row
    return {
        "precision": right / max(1, seen), "recall": right / max(1, gold),
        "f1": 2 * right / max(1, seen + gold),
        "overlap": _harmonic(seen_near / max(1, seen), gold_near / max(1, gold)),
    }  # fmt: skip


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def table(counts: Counts) -> str:
    """A line for each name, the types of entities first and together."""
    types = [name for name in sorted(counts) if name not in TIES]
    together = [sum(counts[name][i] for name in types) for i in range(5)]
    rows = {name: counts[name] for name in types} | {"all entities": together}
    rows |= {name: counts.get(name, [0] * 5) for name in TIES}
    lines = [f"{'':14} precision  recall      f1  by overlap  number"]
    for name, row in rows.items():
        p, r, f, o = scores(row).values()
        lines.append(f"{name:14} {p:9.3f} {r:7.3f} {f:7.3f} {o:11.3f} {row[2]:7}")
    return "\n".join(lines)
