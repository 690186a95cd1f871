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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from annotations.nlp import decoding
from annotations.nlp.dictionary import DictionarySuggester
from annotations.nlp.lineup import line_up
from annotations.nlp.measuring import (
    Score,
    average_precision,
    score_sentences,
    score_stories,
)
from annotations.nlp.network import MODEL, Network
from annotations.nlp.predictions import Span
from annotations.nlp.reader import ReaderSuggester, read_text
from annotations.nlp.reporting import Result, report, write_card
from annotations.nlp.scoring import add_counts, add_tie
from annotations.nlp.suggester import Document, read

ROOT = Path(__file__).parents[2]


UNER_TYPES = {"PER": "person", "LOC": "place", "ORG": "organisation"}
POLITICS_TYPES = {
    "person": "person", "politician": "person", "organisation": "organisation",
    "politicalparty": "organisation", "event": "event", "election": "event", "country": "place",
    "location": "place",
}  # fmt: skip


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
                    "manner": tie["manner"],
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
