"""The corpora as sentences of words with the tags that each word may have."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotations.nlp.training.labels import (
    CROSSNER,
    GMB,
    UNER,
    WIKIGOLD,
    WNUT,
    Scheme,
    allowed,
)

# Words before a name that GMB takes into it and we do not.
TITLES = frozenset(
    "President Vice-President Minister Prime Foreign Defense Secretary General Chancellor King "
    "Queen Prince Princess Pope Senator Senators Mr. Mrs. Ms. Dr. Judge Justice Ambassador "
    "Governor Mayor Colonel Gen. Lt. Col. Capt. Major Lieutenant Sergeant Ayatollah Sheikh "
    "Sultan Cardinal Archbishop Bishop Rev. Sir Congressman Congresswoman Representative Rep. "
    "Sen. Chairman Commissioner Admiral Professor Premier Chief U.N. Spokesman Spokeswoman "
    "Emperor Sheik".split()
)


@dataclass(frozen=True)
class Sentence:
    """Words, and for each the indices of `labels.TAGS` that it may have."""

    words: tuple[str, ...]
    allowed: tuple[frozenset[int], ...]


def _blocks(path: Path, separator: str | None, columns: tuple[int, int]) -> Iterator[list]:
    rows: list[tuple[str, str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                if rows:
                    yield rows
                rows = []
            elif not (line.startswith("# ") and "\t" not in line):
                parts = line.rstrip("\n").split(separator)
                rows.append((parts[columns[0]], parts[columns[1]]))
    if rows:
        yield rows


def _iob2(tags: Iterable[str]) -> list[str]:
    """IOB1, and slips of it, as IOB2: a mention begins with B."""
    fixed, before = [], "O"
    for tag in tags:
        begins = tag.startswith("I-") and before[2:] != tag[2:]
        fixed.append(f"B-{tag[2:]}" if begins else tag)
        before = tag
    return fixed


def _sentences(
    path: Path, scheme: Scheme, columns: tuple[int, int], separator: str | None = "\t"
) -> list[Sentence]:
    found = []
    for rows in _blocks(path, separator, columns):
        if rows[0][0] == "-DOCSTART-":
            continue
        tags = _iob2(tag for _, tag in rows)
        found.append(
            Sentence(tuple(word for word, _ in rows), tuple(allowed(t, scheme) for t in tags))
        )
    return found


def _without_titles(words: list[str], tags: list[str]) -> list[str]:
    tags = list(tags)
    for i, word in enumerate(words):
        if tags[i] == "B-per" and word in TITLES and i + 1 < len(tags):
            tags[i] = "O"
            if tags[i + 1] == "I-per":
                tags[i + 1] = "B-per"
    return tags


def tagged_blocks(
    path: Path, columns: tuple[int, int], separator: str | None = "\t"
) -> Iterator[tuple[list[str], list[str]]]:
    """The sentences of a file as words and IOB2 tags, the corpus's own."""
    for rows in _blocks(path, separator, columns):
        if rows[0][0] != "-DOCSTART-":
            yield [word for word, _ in rows], _iob2(tag for _, tag in rows)


def wikigold_blocks(folder: Path, part: str) -> list[tuple[list[str], list[str]]]:
    """As `wikigold`, with the corpus's own tags."""
    path = folder / "wikigold" / "wikigold-train.conll.gz"
    whole = list(tagged_blocks(path, (0, -1), None))
    cut = len(whole) * 9 // 10
    return whole[:cut] if part == "train" else whole[cut:]


def uner_ewt(folder: Path, part: str) -> list[Sentence]:
    """`part` is train or dev."""
    return _sentences(folder / "uner_ewt" / f"en_ewt-ud-{part}.iob2.gz", UNER, (1, 2))


def gmb(folder: Path) -> list[Sentence]:
    """Titles are no part of its names, and countries that it calls "gpe" are places."""
    blocks = list(_blocks(folder / "gmb" / "gmb-train.conll.gz", "\t", (0, 2)))
    seen = Counter((rows[0], rows[1][2:]) for block in blocks for rows in block)
    found = []
    for rows in blocks:
        words = [word for word, _ in rows]
        places = [t[2:] == "gpe" and seen[w, "geo"] > seen[w, "gpe"] for w, t in rows]
        tags = [f"{t[0]}-geo" if place else t for (_, t), place in zip(rows, places, strict=True)]
        tags = _without_titles(words, _iob2(tags))
        found.append(Sentence(tuple(words), tuple(allowed(tag, GMB) for tag in tags)))
    return found


def wnut17(folder: Path, part: str) -> list[Sentence]:
    return _sentences(folder / "wnut17" / f"wnut17-{part}.conll.gz", WNUT, (0, 1))


def crossner(folder: Path, domain: str, part: str) -> list[Sentence]:
    return _sentences(folder / "crossner" / f"{domain}-{part}.conll.gz", CROSSNER, (0, 1))


def wikigold(folder: Path, part: str) -> list[Sentence]:
    """Its last tenth is `dev`, kept out of `train`."""
    whole = _sentences(folder / "wikigold" / "wikigold-train.conll.gz", WIKIGOLD, (0, -1), None)
    cut = len(whole) * 9 // 10
    return whole[:cut] if part == "train" else whole[cut:]


def wikinews_texts(folder: Path) -> dict[str, str]:
    """Title, an empty line and the text of each Wikinews story, by its address."""
    texts = {}
    for path in sorted((folder / "wikinews_demo").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                texts[row["url"]] = f"{row['title'].strip()}\n\n{row['text']}"
    return texts


def gold(path: Path, texts: dict[str, str]) -> list[tuple[str, dict]]:
    """The hand-tagged stories of a file in `gold/`: each text with its tags."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(texts[tags["url"]], tags) for tags in map(json.loads, lines)]
