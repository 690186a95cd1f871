"""Scores the reader on the dev sets and on the seeds, prints one table, writes the model card's.

    python -m annotations.nlp.evaluate --corpora FOLDER [--card docs/model-card.md]

Without --corpora only the seeds' gold is scored, and what the model card has on the rest stays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from annotations.nlp import decoding
from annotations.nlp.dictionary import DictionarySuggester
from annotations.nlp.lineup import line_up
from annotations.nlp.network import MODEL, Network
from annotations.nlp.predictions import Span
from annotations.nlp.reader import ReaderSuggester, read_text
from annotations.nlp.scoring import Counts, add_counts, add_tie, gold_spans, scores
from annotations.nlp.suggester import Document, read

BARE = ("person", "organisation", "place")
BUCKETS = 10
ROOT = Path(__file__).parents[2]


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


UNER_TYPES = {"PER": "person", "LOC": "place", "ORG": "organisation"}
POLITICS_TYPES = {
    "person": "person", "politician": "person", "organisation": "organisation",
    "politicalparty": "organisation", "event": "event", "election": "event", "country": "place",
    "location": "place",
}  # fmt: skip
GUM_TYPES = {type: type for type in (*BARE, "event")}


@dataclass
class Result:
    """One data set: its name, what is scored in it, and its figures by name."""

    name: str
    score: Score
    extra: dict[str, float] = field(default_factory=dict)


def dev_results(reader: ReaderSuggester, corpora_folder: Path) -> list[Result]:
    """The dev sets of the corpora folder, none of which is trained on."""
    from annotations.nlp.training import corpora, teaching

    found = []
    uner = list(corpora.tagged_blocks(corpora_folder / "uner_ewt/en_ewt-ud-dev.iob2.gz", (1, 2)))
    for lower in (False, True):
        name = "UNER EWT dev" + (", lower-cased" if lower else "")
        found.append(Result(name, score_sentences(reader, uner, UNER_TYPES, lower=lower)))
    politics = corpora.tagged_blocks(corpora_folder / "crossner/politics-dev.conll.gz", (0, 1))
    found.append(Result("CrossNER politics dev", score_sentences(reader, politics, POLITICS_TYPES)))
    wikigold = corpora.wikigold_blocks(corpora_folder, "dev")
    found.append(Result("wikigold, a tenth", score_sentences(reader, wikigold, UNER_TYPES)))
    suggesters = line_up(DictionarySuggester(), reader)
    stories = teaching.tagged_stories(corpora_folder, "dev")
    found.append(Result("tagged stories dev", *score_stories(suggesters, stories)))
    found.append(gum_result(reader, corpora_folder))
    rated = teaching.claimbuster(corpora_folder, held_back=True)
    assert rated.worthiness is not None
    values = worth_of(reader, rated.text, rated.sentences)
    precision = average_precision(values, np.array(rated.worthiness) > 0.5)
    found.append(
        Result("ClaimBuster, held-back debates", Score(), {"average precision": precision})
    )
    return found


def gum_result(reader: ReaderSuggester, corpora_folder: Path) -> Result:
    """GUM-open dev: source, cue and content as split off by rule from its eRST relations, without
    the signs that GUM has at a content's end and our guideline leaves outside."""
    from annotations.nlp.training import parses

    score = Score()
    for text, gold in parses.gum_attributions(corpora_folder, "dev"):
        read_one = read_text(reader.network, text, [Span(0, len(text))])
        seen: dict[str, set] = defaultdict(set)
        for cue in read_one.reading.cues:
            one = decoding.attribution(text, read_one.pieces, cue)
            if one:
                add_tie(seen, one.source, one.cue, one.content)
        gold["content"] = {decoding.trimmed(text, Span(*span)) for span in gold["content"]}
        add_counts(score.counts, seen, gold)
    return Result("GUM-open dev", score)


def worth_of(
    reader: ReaderSuggester, text: str, sentences: Sequence[tuple[int, int]]
) -> np.ndarray:
    """Check-worthiness of given sentences of a text."""
    pieces = reader.network.splitter.split(text)
    starts = np.searchsorted(pieces.starts, [a for a, _ in sentences]).tolist()
    ends = np.searchsorted(pieces.starts, [b for _, b in sentences]).tolist()
    return reader.network.read(pieces, list(zip(starts, ends, strict=True))).worth


def seed_result(reader: ReaderSuggester, seeds: Path) -> Result:
    """The seeds' gold, read without any knowledge base."""
    stories = [seed_story(page, seeds) for page in sorted((seeds / "gold").glob("*.jsonld"))]
    suggesters = line_up(DictionarySuggester(), reader)
    return Result("seeds/gold", *score_stories(suggesters, stories))


def seed_story(page: Path, seeds: Path) -> tuple[str, dict[str, Any]]:
    """A gold page as a text with tags in the form of `training/gold`."""
    gold = json.loads(page.read_text(encoding="utf-8"))
    whole = (seeds / f"{page.stem}.txt").read_text(encoding="utf-8")
    text = _part_with_hash(whole, gold["partOf"]["textLength"], gold["partOf"]["textSha256"])
    sources = {item["id"]: item for item in gold["items"] if item["kind"] == "source"}
    tags: dict[str, Any] = {"mentions": [], "attributions": []}
    for item in gold["items"]:
        spans = [_position(target["selector"]) for target in item["target"]]
        if item["kind"] == "entity":
            (start, end), body = spans[0], item["body"]
            type = body["type"].lower()
            tags["mentions"].append(
                {"start": start, "end": end, "type": type, "name": body["name"]}
            )
        for tie in item.get("attributions", ()):
            source = sources.get(tie["attributedTo"])
            tags["attributions"].append(
                {
                    "source": _position(source["target"][0]["selector"]) if source else None,
                    "cue": _position(tie["cue"][0]) if tie["cue"] else None,
                    "content": spans,
                    "claimant": _claimant(source),
                }
            )
    return text, tags


def _part_with_hash(whole: str, length: int, digest: str) -> str:
    """Where in a file the text begins that its gold was made on, by the text's hash."""
    for start in range(len(whole) - length + 1):
        part = whole[start : start + length]
        if hashlib.sha256(part.encode()).hexdigest() == digest:
            return part
    raise ValueError("the story is not the one that its gold was made on")


def _position(selectors: Any) -> tuple[int, int]:
    return selectors[0]["start"], selectors[0]["end"]


def _claimant(source: Mapping[str, Any] | None) -> str:
    if source is None:
        return "unnamed"
    kind = source["body"]["sourceKind"]
    return kind if kind in ("unnamed", "document", "post") else source["body"]["name"]


def speed(reader: ReaderSuggester, texts: Sequence[str]) -> dict[str, float]:
    """Words a second in bulk, milliseconds for a story of 400 words, seconds to load, MiB held."""
    began = time.perf_counter()
    fresh = ReaderSuggester(Network(reader.network.folder))
    fresh.network.load()
    loading = time.perf_counter() - began
    words = sum(len(text.split()) for text in texts)
    suggesters = line_up(DictionarySuggester(), reader)

    def read_all(text: str) -> None:
        for _ in read(Document(text), suggesters):
            pass

    story = " ".join(max(texts, key=len).split()[:400])
    read_all(story)
    began = time.perf_counter()
    for text in texts:
        read_all(text)
    bulk = words / (time.perf_counter() - began)
    times = []
    for _ in range(20):
        began = time.perf_counter()
        read_all(story)
        times.append(time.perf_counter() - began)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "words a second": bulk, "ms for 400 words": 1000 * float(np.median(times)),
        "s to load": loading, "MiB at most": held,
    }  # fmt: skip


def report(results: Sequence[Result], figures: Mapping[str, float]) -> str:
    """One Markdown table of all data sets, and one of the other figures."""
    lines = [
        "| data set | what | precision | recall | F1 | F1 by overlap | gold |",
        "|---|---|---|---|---|---|---|",
    ]
    others = [("all sets", f"{name}: {value:.3g}") for name, value in figures.items()]
    for result in results:
        entities = [n for n in (*decoding.TYPES,) if n in result.score.counts]
        counts = dict(result.score.counts)
        if entities:
            counts["all entities"] = [sum(counts[n][i] for n in entities) for i in range(5)]
        for name in (*entities, "all entities", "source", "cue", "content"):
            if name in counts:
                p, r, f, o = scores(counts[name]).values()
                lines.append(
                    f"| {result.name} | {name} | {p:.3f} | {r:.3f} | {f:.3f} | {o:.3f} "
                    f"| {counts[name][2]} |"
                )
        if result.score.sure:
            error = calibration_error(result.score.sure)
            others.append((result.name, f"expected calibration error: {error:.3f}"))
        others += [(result.name, f"{name}: {value:.3f}") for name, value in result.extra.items()]
    lines += ["", "| data set | figure |", "|---|---|", *(f"| {a} | {b} |" for a, b in others)]
    return "\n".join(lines)


BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def write_card(card: Path, table: str) -> None:
    """Put the table between the card's two marks."""
    text = card.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    card.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def evaluated(folder: Path, corpora_folder: Path | None, seeds: Path) -> str:
    """The report on the model in `folder`."""
    reader = ReaderSuggester(Network(folder))
    results = dev_results(reader, corpora_folder) if corpora_folder else []
    results.append(seed_result(reader, seeds))
    texts = [seed_story(page, seeds)[0] for page in sorted((seeds / "gold").glob("*.jsonld"))]
    if corpora_folder:
        from annotations.nlp.training import corpora

        texts += list(corpora.wikinews_texts(corpora_folder).values())
    return report(results, speed(reader, texts))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpora", type=Path, help="the folder that has the dev sets")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--against", type=Path, help="another model, reported after the first")
    parser.add_argument("--card", type=Path, default=ROOT / "docs" / "model-card.md")
    options = parser.parse_args()
    table = evaluated(options.model, options.corpora, ROOT / "seeds")
    print(table)
    if options.against:
        print(f"\nand {options.against}:\n")
        print(evaluated(options.against, options.corpora, ROOT / "seeds"))
    elif options.corpora and options.model == MODEL:
        write_card(options.card, table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
