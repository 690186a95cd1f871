"""How right a reader is: its spans against gold ones, its claimants, how sure it says it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from annotations.nlp.predictions import Span
from annotations.nlp.reader import ReaderSuggester, read_text
from annotations.nlp.scoring import Counts, add_counts, add_tie, gold_spans, scores
from annotations.nlp.suggester import Document, read

BUCKETS = 10


class Sure(NamedTuple):
    """How sure a mention was said to be, and whether it was right."""

    confidence: float
    right: bool
    type: str


@dataclass
class Score:
    """A data set's counts by name, and how sure each mention was."""

    counts: Counts = field(default_factory=dict)
    sure: list[Sure] = field(default_factory=list)

    def f1(self, *names: str) -> float:
        rows = [self.counts.get(name, [0] * 5) for name in names or self.counts]
        return scores([sum(row[i] for row in rows) for i in range(5)])["f1"]


def calibration_error(sure: Sequence[Sure]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BUCKETS)]
    for p, right, _ in sure:
        bins[min(int(p * BUCKETS), BUCKETS - 1)].append((p, right))
    return sum(
        abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins
    ) / max(1, len(sure))  # fmt: skip


def score_sentences(
    reader: ReaderSuggester,
    sentences: Iterable[tuple[Sequence[str], Sequence[str]]],
    types: Mapping[str, str],
    *,
    lower: bool = False,
) -> Score:
    """Each sentence by itself, as words with IOB2 tags; `types` maps the tags that are scored.

    What we find of other types, or over a mention whose tag is not mapped, counts for nothing.
    """
    score, wanted = Score(), set(types.values())
    for words, tags in sentences:
        text = " ".join(words)
        places: list[tuple[int, int]] = []
        for word in words:
            start = places[-1][1] + 1 if places else 0
            places.append((start, start + len(word)))
        gold: dict[str, set[tuple[int, int]]] = {type: set() for type in wanted}
        unmapped: list[tuple[int, int]] = []
        for first, end, tag in mentions_of(tags):
            span = (places[first][0], places[end - 1][1])
            if tag in types:
                gold[types[tag]].add(span)
            else:
                unmapped.append(span)
        given = text.lower() if lower else text
        seen: dict[str, set[tuple[int, int]]] = {type: set() for type in wanted}
        read_one = read_text(reader.network, given, [Span(0, len(given))])
        for mention in reader.mentions(read_one):
            at = (mention.span.start, mention.span.end)
            if mention.type not in wanted or any(a < at[1] and at[0] < b for a, b in unmapped):
                continue
            seen[mention.type].add(at)
            score.sure.append(Sure(mention.confidence, at in gold[mention.type], mention.type))
        add_counts(score.counts, seen, gold)
    return score


def mentions_of(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(first word, end, type) of IOB2 tags."""
    i = 0
    while i < len(tags):
        if tags[i] == "O":
            i += 1
            continue
        end = i + 1
        while end < len(tags) and tags[end] == f"I-{tags[i][2:]}":
            end += 1
        yield i, end, tags[i][2:]
        i = end


def score_stories(
    suggesters: Sequence[Any], stories: Iterable[tuple[str, Mapping[str, Any]]]
) -> tuple[Score, dict[str, float]]:
    """Whole stories with tags as in `training/gold`: spans of all kinds, and how many claims have
    the right claimant, how many sources are found to be unnamed rightly, false claims a story."""
    score = Score()
    right = ties = false = count = 0
    for text, tags in stories:
        count += 1
        *_, (_, found) = read(Document(text), suggesters)
        gold = gold_spans(tags)
        seen: dict[str, set] = defaultdict(set)
        for mention in found.mentions:
            seen[mention.type].add(tuple(mention.span))
            at = gold.get(mention.type, set())
            score.sure.append(Sure(mention.confidence, tuple(mention.span) in at, mention.type))
        attributed = [tie for tie in found.ties if not tie.by_outlet]
        for tie in attributed:
            add_tie(seen, tie.source and tie.source.span, tie.cue[0] if tie.cue else None,
                    tie.claim.spans)  # fmt: skip
        gold.pop("date", None)
        add_counts(score.counts, seen, gold)
        names = names_of(text, tags)
        for tie in tags["attributions"]:
            near = _same_claim(tie, attributed)
            ties += 1
            right += near is not None and is_claimant(near, tie["claimant"], names)
        false += sum(
            all(not _overlap(tie.claim.spans, g["content"]) for g in tags["attributions"])
            for tie in attributed
        )
    return score, {
        "claimant": right / max(1, ties), "false claims a story": false / max(1, count),
    }  # fmt: skip


def _overlap(spans: Iterable[Any], others: Iterable[Any]) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in spans for c, d in others)


def _same_claim(tie: Mapping[str, Any], found: list[Any]) -> Any:
    """The attribution found for a gold one: the same cue, or most of its content."""
    near = [
        (bool(f.cue and tie["cue"] and _overlap(f.cue, [tie["cue"]])),
         _overlap(f.claim.spans, tie["content"]), k)
        for k, f in enumerate(found)
    ]  # fmt: skip
    best = max(near, default=(False, 0, 0))
    return found[best[2]] if best[0] or best[1] > 0 else None


def names_of(text: str, tags: Mapping[str, Any]) -> dict[str, set[str]]:
    """For each entity of the tags all that the text calls it by name."""
    names: dict[str, set[str]] = defaultdict(set)
    for mention in tags["mentions"]:
        names[mention["name"]] |= {mention["name"], text[mention["start"] : mention["end"]]}
    return names


def is_claimant(found: Any, claimant: str, names: Mapping[str, set[str]]) -> bool:
    """Whether the source found is the gold claimant, by one of the names that the text has."""
    kind = claimant.split(" (", maxsplit=1)[0]
    if kind in ("unnamed", "document", "post"):
        return found.source is None or found.source.kind == kind
    called = {bare(name) for name in (claimant, *names.get(claimant, ()))}
    return found.source is not None and bare(found.source.name) in called


def bare(name: str) -> str:
    """A name without its article: "The Guardian" is "Guardian"."""
    return name.removeprefix("The ").removeprefix("the ")


def average_precision(values: np.ndarray, right: np.ndarray) -> float:
    """The mean of the precisions at each right one, the surest first."""
    order = np.argsort(-values, kind="stable")
    hits = right[order].astype(float)
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float((precision * hits).sum() / max(1.0, hits.sum()))
