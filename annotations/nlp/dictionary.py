"""The dictionary suggester: names that the desk knows, and names that the story itself tells.

Known names are matched over words, the longest first. From the story come acronyms introduced
in brackets ("Institute for the Study of War (ISW)"), people introduced by a title ("President
Ana Ruiz"), and the later short forms of full names ("Ruiz").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from annotations.nlp.lexicon import (
    NOT_NAMES,
    ORGANISATION_WORDS,
    ROLES,
    SMALL_WORDS,
)
from annotations.nlp.predictions import Mention, Predictions, Span
from annotations.nlp.suggester import Document
from annotations.nlp.tokens import Token, tokens

NAME, VERSION = "dictionary", "1"
# How sure each way of finding a name is; set by reading, to be calibrated when gold allows.
KNOWN, AMBIGUOUS, INTRODUCED, SHORT_FORM, TITLED = 0.9, 0.55, 0.85, 0.8, 0.6

_ACRONYM = re.compile(r"\(\s*[\"'“]?([A-Z][A-Za-z&.-]{1,11}s?)[\"'”]?\s*\)")


@dataclass(frozen=True)
class Name:
    """A name or alias that the knowledge base has."""

    text: str
    type: str
    entity: int
    entity_name: str


@dataclass
class _Node:
    following: dict[str, _Node] = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)


class DictionarySuggester:
    """Finds the names it is made with, and those that the text introduces itself."""

    name, version = NAME, VERSION

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self.root = _Node()
        for name in names:
            node = self.root
            for token in tokens(name.text):
                node = node.following.setdefault(token.lower, _Node())
            node.names.append(name)

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        words = [t for a, b in document.stretches for t in tokens(document.text, a, b)]
        page = _Page(document.text, words)
        found = list(self._known(document.text, words))
        found += introduced_acronyms(page, found)
        found += titled_people(page, found)
        found = _longest(found)
        found += short_forms(page, found)
        return Predictions(mentions=_longest(found))

    def _known(self, text: str, words: list[Token]) -> Iterator[Mention]:
        place = 0
        while place < len(words):
            end, names = self._longest_at(text, words, place)
            if names:
                yield _mention_of(names, Span(words[place].start, words[end - 1].end))
            place = end if names else place + 1

    def _longest_at(self, text: str, words: list[Token], place: int) -> tuple[int, list[Name]]:
        node, best = self.root, (place, list[Name]())
        for i in range(place, len(words)):
            following = node.following.get(words[i].lower)
            if following is None or (i > place and _parted(text, words[i - 1], words[i])):
                break
            node = following
            written = text[words[place].start : words[i].end]
            names = [name for name in node.names if case_fits(name.text, written)]
            if names:
                best = (i + 1, names)
        return best


def _parted(text: str, before: Token, after: Token) -> bool:
    """Whether a paragraph ends between two words: no name runs over that."""
    return "\n\n" in text[before.end : after.start]


def case_fits(name: str, written: str) -> bool:
    """Acronyms and mixed names are matched as they are; others also in capitals throughout.

    A name in small letters throughout is matched in any case; nothing else matches small letters.
    """
    if name == written or name.islower():
        return True
    if name.isupper() or len(name) <= 3:
        return False
    return written.isupper() or (written[0] == name[0] and written.istitle() == name.istitle())


def _mention_of(names: list[Name], span: Span) -> Mention:
    entities = {name.entity: name for name in names}
    types = {name.type for name in names}
    one = names[0]
    sure = len(entities) == 1
    reason = (
        f"known as “{one.text}”" if sure else f"{len(entities)} entities are called “{one.text}”"
    )
    return Mention(
        span=span,
        type=one.type
        if len(types) == 1
        else "organisation"
        if "organisation" in types
        else one.type,
        name=one.entity_name if sure else one.text,
        confidence=KNOWN if sure else AMBIGUOUS,
        reason=reason,
        suggester=NAME,
        entity=one.entity if sure else None,
    )


def _longest(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.span.start, -m.span.end, -m.confidence)):
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
        elif mention.span.end - mention.span.start > kept[-1].span.end - kept[-1].span.start:
            kept[-1] = mention
    return kept


class _Page:
    """A text's words with what is looked up often: where they start and end."""

    def __init__(self, text: str, words: list[Token]) -> None:
        self.text = text
        self.words = words
        self.ends_in_order = [w.end for w in words]
        self.starts = {w.start for w in words}
        self.ends = set(self.ends_in_order)

    def before(self, place: int, count: int) -> list[Token]:
        """The last words, without signs, that end before `place`."""
        last = bisect_right(self.ends_in_order, place)
        return [w for w in self.words[max(0, last - 2 * count) : last] if w.is_word][-count:]

    def places(self, name: str) -> Iterator[Span]:
        """Where the name stands as whole words, cased as it is."""
        place = self.text.find(name)
        while place >= 0 and name:
            if place in self.starts and place + len(name) in self.ends:
                yield Span(place, place + len(name))
            place = self.text.find(name, place + len(name))


def introduced_acronyms(page: _Page, known: list[Mention]) -> list[Mention]:
    """Long form, acronym, and every later use of either, as mentions of one name."""
    found: list[Mention] = []
    by_span = {m.span: m for m in known}
    introduced: set[tuple[str, str]] = set()
    for match in _ACRONYM.finditer(page.text):
        acronym = match.group(1)
        long = _long_form(page, match.start(), acronym)
        if long is None or (page.text[long.start : long.end], acronym) in introduced:
            continue
        name = page.text[long.start : long.end]
        introduced.add((name, acronym))
        same = by_span.get(long)
        model = Mention(
            span=long,
            type=same.type if same else "organisation",
            name=same.name if same else name,
            confidence=max(INTRODUCED, same.confidence if same else 0),
            reason=f"“{acronym}” is introduced for it",
            suggester=NAME,
            entity=same.entity if same else None,
        )
        spans = [*page.places(name), *page.places(acronym)]
        found += [replace(model, span=span) for span in spans]
    return found


def _long_form(page: _Page, bracket: int, acronym: str) -> Span | None:
    """The words before the bracket whose initials are the acronym; small words may be left out."""
    letters = [letter.lower() for letter in acronym if letter.isupper()]
    before = page.before(bracket, 3 * len(letters) + 2)
    wanted, place = list(letters), len(before) - 1
    first = None
    while wanted and place >= 0:
        word = before[place]
        if word.lower[0] == wanted[-1] and (word.is_capital or word.lower not in SMALL_WORDS):
            wanted.pop()
            first = word
        elif word.lower not in SMALL_WORDS:
            return None
        place -= 1
    if wanted or first is None or not first.is_capital or len(letters) < 2:
        return None
    end = before[-1].end
    return None if page.text[end:bracket].strip() else Span(first.start, end)


def titled_people(page: _Page, known: list[Mention]) -> list[Mention]:
    """Two or three capitalised words after a role ("spokesperson Ana Ruiz") name a person."""
    text, words = page.text, page.words
    taken = {m.span.start for m in known}
    found = []
    for i, word in enumerate(words):
        if word.lower not in ROLES:
            continue
        start = i + 1
        if start < len(words) and words[start].text == ".":
            start += 1
        end = _capital_run(text, words, start)
        span = Span(words[start].start, words[end - 1].end) if end > start else None
        if span and 2 <= _count_words(words[start:end]) <= 4 and span.start not in taken:
            name = text[span.start : span.end]
            reason = f"after “{word.text}”"
            found.append(Mention(span, "person", name, TITLED, reason, NAME))
    first = {m.name: m for m in reversed(found)}
    return [replace(m, span=s) for m in first.values() for s in page.places(m.name)]


def _count_words(run: list[Token]) -> int:
    return sum(1 for token in run if token.is_word)


def _capital_run(text: str, words: list[Token], start: int) -> int:
    """The end of a run of capitalised words, with hyphens and apostrophes inside them."""
    end = start
    while end < len(words):
        word = words[end]
        inside = word.text in "-'’" and end > start and words[end - 1].end == word.start
        if inside and end + 1 < len(words) and words[end + 1].start == word.end:
            if not words[end + 1].is_capital:
                break
            end += 2
        elif word.is_word and word.is_capital and word.lower not in NOT_NAMES:
            if end > start and text[words[end - 1].end : word.start] not in ("", " "):
                break
            if word.lower in ROLES or word.lower in ORGANISATION_WORDS:
                break
            end += 1
        else:
            break
    return end


def short_forms(page: _Page, found: list[Mention]) -> list[Mention]:
    """Last names of people named in full before, where only one of them has it."""
    people: dict[str, dict[str, Mention]] = defaultdict(dict)
    others: set[str] = set()
    for mention in found:
        parts = page.text[mention.span.start : mention.span.end].split()
        if mention.type != "person":
            others.update(parts if len(parts) == 1 else ())
        elif len(parts) > 1:
            people[parts[-1]].setdefault(mention.name, mention)
    shared = []
    for last, named in people.items():
        if len(named) > 1 or last in others or len(last) < 2 or last.lower() in NOT_NAMES:
            continue
        (full,) = named.values()
        confidence = min(full.confidence, SHORT_FORM)
        reason = f"short for “{full.name}”"
        shared += [
            replace(full, span=span, confidence=confidence, reason=reason)
            for span in page.places(last)
            if span.start > full.span.end
        ]
    return shared
