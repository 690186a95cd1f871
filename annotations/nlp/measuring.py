"""How right a reader is: its spans against gold ones, its claimants, how sure it says it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from annotations.nlp.predictions import Span, Tie
from annotations.nlp.reader import ReaderSuggester, read_text
from annotations.nlp.scoring import (
    TIES,
    Counts,
    Spans,
    add_counts,
    add_tie,
    gold_spans,
    scores,
)
from annotations.nlp.suggester import Document, read

BUCKETS = 10
QUOTED = {name: f"{name}, direct speech" for name in TIES}


class Sure(NamedTuple):
    """How sure a mention was said to be, and whether it was right."""

    confidence: float
    right: bool
    type: str


@dataclass
class Score:
    """A data set's counts by name, and how sure each mention was, and each attribution."""

    counts: Counts = field(default_factory=dict)
    sure: list[Sure] = field(default_factory=list)
    sure_ties: list[Sure] = field(default_factory=list)

    def f1(self, *names: str) -> float:
        rows = [self.counts.get(name, [0] * 5) for name in names or self.counts]
        return scores([sum(row[i] for row in rows) for i in range(5)])["f1"]


class Bin(NamedTuple):
    """Those who said to be sure from `low` on, up to a tenth more: how many they are, how sure they
    said to be on average, and which share of them was right."""

    low: float
    number: int
    said: float
    right: float


def reliability(sure: Sequence[Sure]) -> list[Bin]:
    """Ten bins of equal width, without the empty ones (DeGroot and Fienberg 1983)."""
    bins: list[list[Sure]] = [[] for _ in range(BUCKETS)]
    for one in sure:
        bins[min(int(one.confidence * BUCKETS), BUCKETS - 1)].append(one)
    return [
        Bin(
            k / BUCKETS,
            len(found),
            _mean(o.confidence for o in found),
            _mean(o.right for o in found),
        )
        for k, found in enumerate(bins)
        if found
    ]


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def calibration_error(sure: Sequence[Sure]) -> float:
    """Expected calibration error over these bins (Guo et al. 2017)."""
    off = sum(one.number * abs(one.said - one.right) for one in reliability(sure))
    return off / max(1, len(sure))


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


@dataclass
class _Told:
    """What is counted of stories beside spans."""

    stories: int = 0
    words: int = 0
    gold: int = 0
    claimants: int = 0
    false: int = 0
    own: int = 0
    most_own: int = 0
    own_ascribed: int = 0

    def add(self, text: str, tags: Mapping[str, Any], ties: Sequence[Tie]) -> None:
        attributed = [tie for tie in ties if not tie.by_outlet]
        own = [tie for tie in ties if tie.by_outlet]
        names = names_of(text, tags)
        for gold in tags["attributions"]:
            near = _same_claim(gold, attributed)
            self.claimants += near is not None and is_claimant(near, gold["claimant"], names)
        self.stories += 1
        self.words += len(text.split())
        self.gold += len(tags["attributions"])
        self.false += sum(not _in_gold(tie, tags) for tie in attributed)
        self.own += len(own)
        self.most_own = max(self.most_own, len(own))
        self.own_ascribed += sum(_in_gold(tie, tags) for tie in own)

    def figures(self) -> dict[str, float]:
        return {
            "claimant": self.claimants / max(1, self.gold),
            "false claims a story": self.false / max(1, self.stories),
            "the outlet's own claims a story": self.own / max(1, self.stories),
            "the outlet's own claims in 400 words": 400 * self.own / max(1, self.words),
            "the outlet's own claims, most in one story": self.most_own,
            "the outlet's own claims, share that the gold ascribes to somebody": (
                self.own_ascribed / max(1, self.own)
            ),
        }


def score_stories(
    suggesters: Sequence[Any], stories: Iterable[tuple[str, Mapping[str, Any]]]
) -> tuple[Score, dict[str, float]]:
    """Whole stories with tags as in `training/gold`: spans of all kinds, and how many claims have
    the right claimant, false claims a story, and how many the outlet is said to make itself."""
    score, told = Score(), _Told()
    for text, tags in stories:
        *_, (_, found) = read(Document(text), suggesters)
        gold = gold_spans(tags)
        seen: dict[str, set] = defaultdict(set)
        for mention in found.mentions:
            seen[mention.type].add(tuple(mention.span))
            at = gold.get(mention.type, set())
            score.sure.append(Sure(mention.confidence, tuple(mention.span) in at, mention.type))
        for tie in found.ties:
            if not tie.by_outlet:
                add_tie(seen, tie.source and tie.source.span, tie.cue[0] if tie.cue else None,
                        tie.claim.spans)  # fmt: skip
                score.sure_ties.append(Sure(tie.confidence, _is_told(tie, tags), "attribution"))
        gold.pop("date", None)
        add_counts(score.counts, seen, gold)
        add_counts(score.counts, *_of_quotations(found.ties, tags))
        told.add(text, tags, found.ties)
    return score, told.figures()


def _overlap(spans: Iterable[Any], others: Iterable[Any]) -> int:
    return sum(max(0, min(b, d) - max(a, c)) for a, b in spans for c, d in others)


def _of_quotations(ties: Iterable[Tie], tags: Mapping[str, Any]) -> tuple[Spans, Spans]:
    """The spans of direct speech by itself: found ones, which are direct or meet a direct gold one,
    and gold ones."""
    found: Spans = defaultdict(set)
    gold: Spans = defaultdict(set)
    direct = [one for one in tags["attributions"] if one.get("manner") == "direct"]
    for one in direct:
        add_tie(gold, one["source"], one["cue"], one["content"])
    for tie in ties:
        met = any(_overlap(tie.claim.spans, one["content"]) for one in direct)
        if not tie.by_outlet and (met or tie.manner == "direct"):
            add_tie(found, tie.source and tie.source.span, tie.cue[0] if tie.cue else None,
                    tie.claim.spans)  # fmt: skip
    return _named_quoted(found), _named_quoted(gold)


def _named_quoted(spans: Spans) -> Spans:
    return {QUOTED[name]: spans[name] for name in QUOTED if spans[name]}


def _in_gold(tie: Tie, tags: Mapping[str, Any]) -> bool:
    """Whether the gold ascribes any of it to somebody."""
    return any(_overlap(tie.claim.spans, gold["content"]) for gold in tags["attributions"])


def _is_told(tie: Tie, tags: Mapping[str, Any]) -> bool:
    """Whether it is, for the most part, what the gold ascribes by that cue, or without one."""
    return any(
        bool(tie.cue) == bool(gold["cue"])
        and (not tie.cue or _overlap(tie.cue, [gold["cue"]]) > 0)
        and mostly(tie.claim.spans, gold["content"])
        for gold in tags["attributions"]
    )


def mostly(spans: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether they share more than half of what both have together."""
    shared = _overlap(spans, others)
    return 2 * shared > sum(b - a for a, b in (*spans, *others)) - shared


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
