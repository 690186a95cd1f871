"""Names that their form tells, whatever the network makes of them.

Too few stand in any corpus for it to learn them: aircraft by maker and number, storms by kind and
name, events that begin with their year, laws by their last word, networks on which something was
posted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotations.nlp.decoding import TYPES, Found
from annotations.nlp.predictions import Span

# How sure a form is by itself, before calibration.
SURE = 0.9
AIRCRAFT = re.compile(
    r"\b(?:Boeing|Airbus|Bell|Cessna|Antonov|Tupolev|Ilyushin|Embraer|Bombardier|Sukhoi|Sikorsky) "
    r"(?!(?:19|20)\d\d\b)(?:[A-Z]{1,3}-?)?\d[\w-]*(?: (?:Max|MAX|Dreamliner|[Nn]eo)\b)?"
)
STORM = re.compile(
    r"\b(?:Tropical (?:Storm|Depression|Cyclone)|Hurricane|Typhoon|Cyclone) [A-Z][\w-]+"
)
NETWORK = re.compile(
    r"(?<=\b[Oo]n )(?:Twitter|Facebook|YouTube|Instagram|Telegram|WhatsApp|TikTok|Snapchat|"
    r"WeChat|Weibo|Reddit|LinkedIn|Twitch|Discord|Parler)\b(?! [A-Z])"
)
LAW = re.compile(r"(?:^| )(?:Act|Treaty|Protocol|Amendment|Constitution)$")
YEAR = re.compile(r"(?:19|20)\d\d\b")
TAIL = re.compile(r"(?: (?:in|of|at|on|for|and|the|by|with))+$")


def mended(text: str, found: list[Found], read: Iterable[Span]) -> list[Found]:
    """The mentions with what forms tell of them; new ones only in what was `read`."""
    kept = list(_years_joined(text, (_by_end(text, one) for one in found)))
    for pattern, type in ((AIRCRAFT, "product"), (STORM, "event"), (NETWORK, "product")):
        for stretch in read:
            for match in pattern.finditer(text, stretch.start, stretch.end):
                kept = _with(kept, Span(*match.span()), type)
    return kept


def _by_end(text: str, one: Found) -> Found:
    """No name ends in a preposition, and what is called an act or a treaty is a work."""
    name = text[slice(*one.span)]
    if tail := TAIL.search(name):
        return replace(one, span=Span(one.span.start, one.span.start + tail.start()))
    if one.type != "work" and LAW.search(name):
        return _made(one.span, "work", one.probability)
    return one


def _years_joined(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """An event that begins with a year, and another that follows it at once, are one."""
    before: Found | None = None
    for one in found:
        if before and _go_together(text, before, one):
            sure = min(before.probability, one.probability)
            before = replace(one, span=Span(before.span.start, one.span.end), probability=sure)
            continue
        if before:
            yield before
        before = one
    if before:
        yield before


def _go_together(text: str, before: Found, one: Found) -> bool:
    return (
        before.type == one.type == "event"
        and text[before.span.end : one.span.start] == " "
        and YEAR.match(text, before.span.start) is not None
        and YEAR.match(text, one.span.start) is None
    )


def _with(found: list[Found], span: Span, type: str) -> list[Found]:
    """The mentions with one at a place, instead of those inside it; a longer one stays."""
    near = [one for one in found if one.span.overlaps(span)]
    if any(not span.holds(one.span) for one in near):
        return found
    same = [one.probability for one in near if one.type == type]
    made = _made(span, type, max([SURE, *same]))
    return sorted([*(one for one in found if one not in near), made], key=lambda one: one.span)


def _made(span: Span, type: str, sure: float) -> Found:
    return Found(span, type, sure, tuple(float(name == type) for name in TYPES))
