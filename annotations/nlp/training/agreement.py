"""How far two people who tagged the same stories apart agree.

    python -m annotations.nlp.training.agreement

The second tagging is measured as if the first were right; F1 is the same either way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotations.nlp.scoring import Counts, add_counts, gold_spans, table

GOLD = Path(__file__).parent / "gold"


def stories(part: str) -> dict[str, Mapping[str, Any]]:
    """The tags of a file in `gold/`, by the story's address."""
    lines = (GOLD / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return {tags["url"]: tags for tags in map(json.loads, lines)}


def main() -> None:
    first = stories("train") | stories("dev")
    second = stories("second")
    counts: Counts = {}
    for url in sorted(first.keys() & second.keys()):
        add_counts(counts, gold_spans(second[url]), gold_spans(first[url]))
    print(f"{len(first.keys() & second.keys())} stories tagged twice")
    print(table(counts))


if __name__ == "__main__":
    main()
