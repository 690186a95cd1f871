"""Which pronoun a first name goes with, where nearly all who have the name agree."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

GAZETTEER = Path(__file__).parent / "model" / "gazetteer.txt.gz"
PRONOUNS = {"female": ("she", "her"), "male": ("he", "him")}


@lru_cache(maxsize=1)
def _genders() -> dict[str, str]:
    with gzip.open(GAZETTEER, "rt", encoding="utf-8") as lines:
        pairs = (line.rstrip("\n").split("\t", 1) for line in lines)
        return {name: kind for kind, name in pairs if kind in PRONOUNS}


def fits(pronoun: str, name: str) -> bool:
    """Whether a person's name goes with "he" or "she"; unknown first names go with both."""
    kind = _genders().get(name.split(maxsplit=1)[0].lower()) if name.strip() else None
    return kind is None or pronoun in PRONOUNS[kind]
