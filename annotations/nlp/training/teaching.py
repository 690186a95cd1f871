"""What each stage of training sees: the corpora, encoded and weighted."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from annotations.nlp.pieces import Splitter
from annotations.nlp.tokens import sentences
from annotations.nlp.training import corpora, litbank, newswire, parses, silver, varying
from annotations.nlp.training.encoded import Corpus, encode
from annotations.nlp.training.samples import (
    EITHER,
    Attributed,
    Sample,
    of_sentences,
    tagged_words,
)

GOLD = Path(__file__).parent / "gold"
DOMAINS = ("ai", "literature", "music", "science")


def claimbuster(folder: Path, *, held_back: bool) -> Sample:
    """Debate sentences with 1 for check-worthy; a tenth of the debates, by name, is held back."""
    with gzip.open(folder / "claimbuster" / "claimbuster-train.csv.gz", "rt", newline="") as lines:
        rows = list(csv.DictReader(lines))
    debates = sorted({row["File_id"] for row in rows})
    kept_back = set(debates[3::8])
    rows = [row for row in rows if (row["File_id"] in kept_back) == held_back]
    sample, place, texts = Sample("", [], worthiness=[]), 0, []
    assert sample.worthiness is not None
    for row in rows:
        text = " ".join(row["Text"].split())
        sample.sentences.append((place, place + len(text)))
        sample.worthiness.append(float(row["Verdict"] == "1"))
        texts.append(text)
        place += len(text) + 1
    sample.text = "\n".join(texts)
    return sample


def tagged_stories(folder: Path, part: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The texts and tags of a file in `gold/`."""
    rows = [json.loads(line) for line in (GOLD / f"{part}.jsonl").read_text("utf-8").splitlines()]
    texts = corpora.wikinews_texts(folder)
    firsts = [int(r["url"][4:]) for r in rows if r["url"].startswith("gmb:")]
    if firsts:
        texts |= newswire.texts(folder, firsts)
    return [(texts[row["url"]], row) for row in rows]


def curled(text: str) -> str:
    """With curly quotation marks for straight ones: as many code points, so that tags stay."""
    return "".join(varying.curled(text))


def _varied(folder: Path) -> list[corpora.Sentence]:
    rng = np.random.default_rng(7)
    found = [
        *corpora.uner_ewt(folder, "train"),
        *corpora.wikigold(folder, "train") * 2,
        *(s for d in ("politics", *DOMAINS) for s in corpora.crossner(folder, d, "train") * 4),
    ]
    pool = varying.pool_of([*found, *corpora.gmb(folder)], folder / "gazetteers", rng)
    return varying.varied(found, pool, rng)


def of_stories(stories: list[tuple[str, Mapping[str, Any]]], splitter: Splitter) -> Sample:
    """Hand-tagged stories as one sample: everything about them is known."""
    made, place, texts = Sample("", [], words=[], attributions=[]), 0, []
    assert made.words is not None and made.attributions is not None
    for text, tags in stories:
        made.sentences += [(a + place, b + place) for a, b in sentences(text)]
        pieces = splitter.split(text)
        places = [
            (int(a), int(b))
            for a, b in zip(pieces.starts[pieces.first], pieces.ends[pieces.first], strict=True)
        ]
        mentions = [
            (m["start"], m["end"], m["type"]) for m in tags["mentions"] if m["type"] != "date"
        ]
        made.words += [(a + place, b + place, t) for a, b, t in tagged_words(places, mentions)]
        for tie in tags["attributions"]:
            spans = [(a + place, b + place) for a, b in tie["content"]]
            source = tie["source"] and (tie["source"][0] + place, tie["source"][1] + place)
            if tie["cue"]:
                cue = (tie["cue"][0] + place, tie["cue"][1] + place)
                made.attributions.append(Attributed(source, cue, tuple(spans)))
        texts.append(text)
        place += len(text) + 2
    made.text = "\n\n".join(texts)
    return made


RE3D = {
    "Person": "person", "Organisation": "organisation", "Location": "place",
    "Nationality": "group", "Weapon": "product", "MilitaryPlatform": "product",
    "Vehicle": "product",
}  # fmt: skip


def re3d(folder: Path, splitter: Splitter) -> Sample:
    """Its names: of its mentions those in which every word but small ones has a capital."""
    made, place, texts = Sample("", [], words=[]), 0, []
    assert made.words is not None
    for documents in sorted((folder / "re3d_open").glob("*/documents.jsonl")):
        entities: dict[str, list] = {}
        for line in (documents.parent / "entities.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            entities.setdefault(row["documentId"], []).append(row)
        for line in documents.read_text("utf-8").splitlines():
            document = json.loads(line)
            text = document["text"]
            pieces = splitter.split(text)
            starts, ends = pieces.starts[pieces.first], pieces.ends[pieces.first]
            places = list(zip(starts.tolist(), ends.tolist(), strict=True))
            mentions = [
                m for row in entities.get(document["_id"], ()) if (m := _re3d_name(row, text))
            ]
            tagged = tagged_words(places, _longest(mentions))
            made.words += [
                (
                    a + place,
                    b + place,
                    EITHER if len(t) == 1 and 0 in t and text[a].isupper() else t,
                )
                for a, b, t in tagged
            ]
            made.sentences += [(a + place, b + place) for a, b in sentences(text)]
            texts.append(text)
            place += len(text) + 2
    made.text = "\n\n".join(texts)
    return made


def _re3d_name(row: Mapping[str, Any], text: str) -> tuple[int, int, str] | None:
    start, end = row["begin"], row["end"]
    type = RE3D.get(row["type"])
    words = text[start:end].split()
    while words and (words[0].lower() in ("the", "a", "an") or words[0] in corpora.TITLES):
        start += len(words[0]) + 1
        words = words[1:]
    small = ("of", "for", "the", "and", "de", "al", "in", "on")
    named = words and all(w[0].isupper() or w in small for w in words) and words[0][0].isupper()
    return (start, end, type) if type and named else None


def _longest(mentions: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for start, end, type in sorted(mentions, key=lambda m: m[0] - m[1]):
        if all(end <= a or b <= start for a, b, _ in kept):
            kept.append((start, end, type))
    return sorted(kept)


def pretraining(folder: Path, splitter: Splitter) -> list[tuple[Corpus, float]]:
    """The silver stage: each corpus with how often it is seen in an epoch."""
    return [
        (encode("gmb", silver.gmb(folder), splitter), 1.0),
        (
            encode(
                "ewt parses",
                parses.sample(folder / "ud_ewt/en_ewt-ud-train.conllu.gz", names=False),
                splitter,
            ),
            0.5,
        ),
        (
            encode(
                "gum",
                parses.sample(folder / "gum_open/gum_open-train.conllu.gz", names=True),
                splitter,
            ),
            1.0,
        ),
        (encode("claimbuster", claimbuster(folder, held_back=False), splitter), 0.5),
    ]  # fmt: skip


def gold(folder: Path, splitter: Splitter, stories: float = 1.5) -> list[tuple[Corpus, float]]:
    """The gold stage; the hand-tagged stories are seen `stories` times an epoch."""
    gum = parses.sample(folder / "gum_open/gum_open-train.conllu.gz", names=True)
    gum.attributions = None
    by_hand = tagged_stories(folder, "train")
    tagged = [
        ("uner", of_sentences(corpora.uner_ewt(folder, "train")), 3.0),
        ("wikigold", of_sentences(corpora.wikigold(folder, "train")), 1.5),
        ("wnut", of_sentences(corpora.wnut17(folder, "train")), 0.3),
        ("politics", of_sentences(corpora.crossner(folder, "politics", "train")), 3.0),
        *(
            (f"{d} {p}", of_sentences(corpora.crossner(folder, d, p)), 0.7)
            for d in DOMAINS
            for p in ("train", "dev")
        ),
        ("gum", gum, 0.5),
        ("re3d", re3d(folder, splitter), 0.5),
        ("claimbuster", claimbuster(folder, held_back=False), 0.4),
        ("stories", of_stories(by_hand, splitter), stories),
        ("stories curled", of_stories([(curled(t), tags) for t, tags in by_hand], splitter), 0.5),
        ("varied", of_sentences(_varied(folder)), 0.5),
        ("litbank", litbank.quotations(folder), 1.0),
    ]
    return [(encode(name, sample, splitter), weight) for name, sample, weight in tagged]
