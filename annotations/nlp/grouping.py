"""Which mentions of a text are of one entity: full names, last names, acronyms."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from annotations.nlp.predictions import Mention

_ACRONYM = re.compile(r"\s*\(\s*[\"'“]?$")
SMALL = frozenset("the a an of for and on in at to with by de la del des du der und et al".split())


def grouped(text: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions with `name` (and the entity, where one is known) shared through each group.

    A name joins a longer one of its type only where the text leaves no doubt: a part of one
    person's name that no other person has, an acronym that is introduced in brackets or that is the
    initials of one name.
    """
    heads = _heads(text, mentions)
    return [_joined(mention, heads.get((mention.type, mention.name))) for mention in mentions]


def _joined(mention: Mention, head: Mention | None) -> Mention:
    if head is None or mention.entity is not None:
        return mention
    reason = mention.reason
    if head.name != mention.name:
        reason = f"{reason}; short for “{head.name}”"[:300]
    return replace(mention, name=head.name, entity=head.entity, reason=reason)


def _heads(text: str, mentions: list[Mention]) -> dict[tuple[str, str], Mention]:
    """For each (type, name) that is short for another, the mention that has the full name."""
    full: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        key = (mention.type, mention.name)
        if key not in full or (full[key].entity is None and mention.entity is not None):
            full[key] = mention
    found = dict(full)
    found |= _people(full)
    found |= _acronyms(text, mentions, full)
    return found


def _people(full: dict[tuple[str, str], Mention]) -> dict[tuple[str, str], Mention]:
    """Single names that are the last or the first name of just one person of the text."""
    holders: dict[str, set[str]] = defaultdict(set)
    for type, name in full:
        parts = name.split()
        if type == "person" and len(parts) > 1:
            for part in {parts[0], parts[-1], " ".join(parts[1:])}:
                holders[part].add(name)
    return {
        ("person", part): full["person", next(iter(names))]
        for part, names in holders.items()
        if len(names) == 1 and ("person", part) in full
    }


def _acronyms(
    text: str, mentions: list[Mention], full: dict[tuple[str, str], Mention]
) -> dict[tuple[str, str], Mention]:
    found: dict[tuple[str, str], Mention] = {}
    for before, mention in pairwise(mentions):
        between = text[before.span.end : mention.span.start]
        if (
            _is_acronym(mention.name)
            and before.type == mention.type
            and _ACRONYM.fullmatch(between)
            and len(before.name) > len(mention.name)
        ):
            found[mention.type, mention.name] = full[before.type, before.name]
    by_initials: dict[tuple[str, str], set[str]] = defaultdict(set)
    for type, name in full:
        if len(name.split()) > 1:
            by_initials[type, _initials(name)].add(name)
    for type, name in full:
        names = by_initials.get((type, name.replace(".", "")), set())
        if _is_acronym(name) and len(names) == 1:
            found.setdefault((type, name), full[type, next(iter(names))])
    return found


def _is_acronym(name: str) -> bool:
    return len(name) >= 2 and " " not in name and sum(c.isupper() for c in name) >= 2


def _initials(name: str) -> str:
    return "".join(w[0] for w in re.split(r"[\s-]+", name) if w and w.lower() not in SMALL).upper()
