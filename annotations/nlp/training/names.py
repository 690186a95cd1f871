"""Makes the gazetteer that ships with the model from the lists in the corpora folder.

    python -m annotations.nlp.training.names CORPORA gazetteer.txt.gz

Left out are names that GMB's news has as common words at least as often in small letters as with a
capital, since a hint on "nice" or "of" helps nobody.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from annotations.nlp.training import corpora

COMMONEST_SURNAMES = 30_000
_COMPANY_FORM = re.compile(
    r"\s+(Inc\.?|Corp\.?|Company|Corporation|plc|Ltd\.?|Co\.?|Group|Holdings|\(.*\))$"
)


def words_of(name: str) -> list[str]:
    """As the tokenizer's words: runs of letters and digits, and signs one by one, small."""
    return re.findall(r"[^\W_]+|[^\w\s]", unicodedata.normalize("NFC", name).lower())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _census(folder: Path, which: str, most: int) -> Iterator[str]:
    path = folder / f"us_census_1990_dist.{which}.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(most), lines, strict=False):
            yield line.split()[0]


def entries(folder: Path) -> Iterator[tuple[str, str]]:
    """(kind, name as written) of every list in `folder`, the corpora's `gazetteers`."""
    for which in ("female.first", "male.first"):
        yield from (("first", name) for name in _census(folder, which, 5000))
    yield from (("last", name) for name in _census(folder, "all.last", COMMONEST_SURNAMES))
    for name in (folder / "us_legislators_current.txt").read_text(encoding="utf-8").splitlines():
        parts = name.split()
        yield from (("first", parts[0]), ("last", parts[-1]))
    for row in _rows(folder / "world_cities_geonames.csv.gz"):
        yield from (
            ("city", row["name"]),
            ("region", row["subcountry"]),
            ("region", row["country"]),
        )
    for row in _rows(folder / "countries.csv"):
        yield from (("region", row["UNTERM English Short"]), ("region", row["CLDR display name"]))
        yield "city", row["Capital"]
    for row in _rows(folder / "sp500_companies.csv"):
        yield "company", row["Security"]
        yield "company", _COMPANY_FORM.sub("", row["Security"])


def genders(folder: Path) -> Iterator[tuple[str, str]]:
    """("female" or "male", name) of first names that one of them has ten times as often."""
    often: dict[str, dict[str, float]] = {}
    for which in ("female", "male"):
        path = folder / f"us_census_1990_dist.{which}.first.txt.gz"
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            often[which] = {line.split()[0].lower(): float(line.split()[1]) for line in lines}
    for which, other in (("female", "male"), ("male", "female")):
        for name, share in often[which].items():
            if share > 10 * often[other].get(name, 0.0):
                yield which, name


def common_words(folder: Path) -> set[str]:
    """Words that GMB has more often in small letters than not."""
    seen: Counter[str] = Counter()
    for sentence in corpora.gmb(folder):
        for word in sentence.words:
            seen[word] += 1
    small = {word for word in seen if word.islower() and seen[word] >= 2}
    return {word for word in small if seen[word] >= seen[word.title()]}


def build(folder: Path, target: Path) -> int:
    """Write `target`; returns how many names it has."""
    common = common_words(folder)
    lines = set()
    for kind, name in entries(folder / "gazetteers"):
        words = words_of(name)
        if words and not (len(words) == 1 and (words[0] in common or len(words[0]) < 2)):
            lines.add(f"{kind}\t{' '.join(words)}\n")
    lines |= {f"{kind}\t{name}\n" for kind, name in genders(folder / "gazetteers")}
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as out:
        out.write("".join(sorted(lines)).encode())
    return len(lines)


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), Path(sys.argv[2])), "names")
