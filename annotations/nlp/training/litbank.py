"""LitBank's direct speech, from novels: who says a quotation, and by which verb.

LitBank has quotations and who speaks them, and no cues. Taught are quotations beside which the
narrative has a verb of saying with its subject ("...," said the parson; He answered, "..."). Of
all else that stands there, other verbs of saying among it, nothing is said.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotations.nlp import lexicon
from annotations.nlp.tokens import sentences
from annotations.nlp.training.samples import Attributed, Sample, Span

VERBS = frozenset(
    "said says replied cried answered exclaimed asked inquired enquired returned continued began "
    "murmured whispered demanded declared added observed remarked interrupted repeated rejoined "
    "responded muttered shouted called protested suggested explained insisted concluded announced "
    "admitted confessed interposed resumed urged growled sneered sobbed laughed ejaculated "
    "grumbled queried drawled gasped screamed retorted roared pleaded faltered persisted "
    "commented".split()
)
PRONOUNS = frozenset("he she i they we".split())
TITLES = frozenset("mr. mrs. miss mr mrs dr. sir lady lord captain aunt uncle madame".split())
# Marks of LitBank's quotations, as newspapers write them.
OPENS = {"“": "“", "‘": "“", '"': '"', "'": '"'}
CLOSES = {"”": "”", "’": "”", '"': '"', "'": '"'}
_GLUED = re.compile(r"[.,;:?!)\]”’]|n't|'\w*|\"|--+|—")
_STOPS = frozenset('. , ; : -- — “ " ? !'.split())
# The longest clause between two parts of one quotation, and the longest noun phrase, in words.
LONGEST_BREAK, LONGEST_PHRASE = 14, 5


@dataclass(frozen=True)
class Quote:
    """Words `first` to `end` of a document, marks included, and who speaks."""

    first: int
    end: int
    speaker: str


@dataclass(frozen=True)
class Told:
    """A clause that says whose a quotation is, as runs of words."""

    source: Span
    cue: Span


def quotes_of(document: dict) -> tuple[list[str], list[Quote]]:
    """The words of a document with the marks as news has them, and its quotations between marks."""
    offsets, words = [0], [word for sentence in document["sentences"] for word in sentence]
    for sentence in document["sentences"]:
        offsets.append(offsets[-1] + len(sentence))
    found = []
    for row in document["quotes"]:
        first, last = (offsets[row[k][0]] + row[k][1] for k in ("start", "end"))
        if first < last and words[first] in OPENS and words[last] in CLOSES:
            words[first], words[last] = OPENS[words[first]], CLOSES[words[last]]
            found.append(Quote(first, last + 1, row["speaker"]))
    return words, sorted(found, key=lambda quote: quote.first)


def written(words: Sequence[str], quotes: Iterable[Quote]) -> tuple[str, list[Span]]:
    """The words as a person would write them, and the place of each."""
    opening = {quote.first for quote in quotes}
    parts: list[str] = []
    places, place, glue = [], 0, True
    for i, word in enumerate(words):
        if not glue and (i in opening or not _GLUED.fullmatch(word)):
            parts.append(" ")
            place += 1
        parts.append(word)
        places.append((place, place + len(word)))
        place += len(word)
        glue = i in opening or word in ("(", "--", "—", "“", "‘")
    return "".join(parts), places


def after(words: Sequence[str], quote: Quote) -> Told | None:
    """The clause that follows a quotation: "said the parson", "he had answered"."""
    at = quote.end
    if at < len(words) and words[at] in VERBS:
        phrase = phrase_at(words, at + 1)
        return phrase and Told(phrase, (at, at + 1))
    phrase = phrase_at(words, at, verb_next=True)
    if phrase is None:
        return None
    end = phrase[1] + (words[phrase[1]] == "had")
    return Told(phrase, (phrase[1], end + 1)) if words[end] in VERBS else None


def before(words: Sequence[str], quote: Quote) -> Told | None:
    """The clause that leads to a quotation: "He answered :", "Mrs. Todd said gently ,"."""
    at = quote.first - 1
    if at < 2 or words[at] not in (",", ":"):
        return None
    at -= 1 + words[at - 1].endswith("ly")
    if words[at] not in VERBS:
        return None
    for length in range(1, LONGEST_PHRASE + 1):
        first = at - length
        begins = first == 0 or (first > 0 and words[first - 1] in {*_STOPS, "”", "and", "then"})
        if begins and phrase_at(words, first, verb_next=True) == (first, at):
            return Told((first, at), (at, at + 1))
    return None


def phrase_at(words: Sequence[str], at: int, *, verb_next: bool = False) -> Span | None:
    """A pronoun, a name or a short noun phrase from a word on, where it is plain where it ends:
    before a sign or an adverb, or with `verb_next` before a verb of saying."""
    if at >= len(words):
        return None
    if words[at].lower() in PRONOUNS:
        return at, at + 1
    named = _is_name(words[at])
    end = at + 1
    while end < min(len(words), at + LONGEST_PHRASE) and _goes_on(words[end], named):
        end += 1
    if not named and (words[at].lower() not in lexicon.DETERMINERS or end == at + 1):
        return None
    if end == len(words):
        return None
    ends_here = words[end] in VERBS or words[end] == "had"
    return (at, end) if ends_here or (not verb_next and _may_follow(words[end])) else None


def _is_name(word: str) -> bool:
    small = word.lower()
    known = small in lexicon.DETERMINERS or small in lexicon.NOT_NAMES
    return word[0].isupper() and not known and word[-1] not in "”\"'"


def _goes_on(word: str, named: bool) -> bool:
    if named:
        return word[0].isupper() or word in ("de", "van", "von")
    plain = word.isalpha() or "-" in word.strip("-")
    small = word.lower()
    return plain and not (
        small in VERBS or small == "had" or small in lexicon.PREPOSITIONS or small.endswith("ly")
        or small in lexicon.CLAUSE_WORDS or small in lexicon.PRONOUNS or small == "to"
    )  # fmt: skip


def _may_follow(word: str) -> bool:
    return word in _STOPS or word.endswith("ly")


def agrees(words: Sequence[str], phrase: Span, speaker: str) -> bool:
    """Whether a name beside a quotation may be its speaker's; other phrases always may."""
    name = [word.lower() for word in words[slice(*phrase)]]
    id_parts = {part.lower() for part in re.split(r"[_\W]+", speaker.rsplit("-", 1)[0])} - {""}
    if not _is_name(words[phrase[0]]) or not speaker[0].isupper():
        return True
    return bool({word for word in name if word not in TITLES} & id_parts)


def told_of(words: Sequence[str], quotes: list[Quote]) -> Iterator[tuple[Told, list[Quote]]]:
    """Each clause that tells a speaker, with the quotations that it is about, no one twice."""
    done: set[int] = set()
    for i, quote in enumerate(quotes):
        if i in done:
            continue
        told, parts = after(words, quote), [quote]
        if told is None:
            told = before(words, quote)
        elif i + 1 < len(quotes) and _is_same(words, told, quote, quotes[i + 1]):
            parts.append(quotes[i + 1])
            done.add(i + 1)
        if told and agrees(words, told.source, quote.speaker):
            yield told, parts


def _is_same(words: Sequence[str], told: Told, quote: Quote, following: Quote) -> bool:
    """Whether a quotation goes on after the clause that stands in it."""
    gap = words[max(told.cue[1], told.source[1]) : following.first]
    return (
        quote.speaker == following.speaker
        and following.first - quote.end <= LONGEST_BREAK
        and not any(word in VERBS for word in gap)
        and not any(word in ("”", '"') for word in gap)
    )


def sample_of(document: dict) -> Sample:
    """A document's sentences that have a told quotation, and one on either side of them."""
    words, quotes = quotes_of(document)
    text, places = written(words, quotes)
    made, known = Sample(text, [], attributions=[]), []
    assert made.attributions is not None
    every = sentences(text)

    def at(run: Span) -> Span:
        return places[run[0]][0], places[run[1] - 1][1]

    for told, parts in told_of(words, quotes):
        spans = [at((part.first, part.end)) for part in parts]
        content = [piece for span in spans for piece in _cut(span, every)]
        made.attributions.append(Attributed(at(told.source), at(told.cue), tuple(content)))
        known.append((min(spans[0][0], at(told.source)[0], at(told.cue)[0]),
                      max(spans[-1][1], at(told.source)[1], at(told.cue)[1])))  # fmt: skip
    made.unsure = _unsure(words, places, known, {tie.cue for tie in made.attributions})
    made.sentences = _near(every, known)
    return made


def _cut(span: Span, every: Sequence[Span]) -> Iterator[Span]:
    """A quotation by its sentences."""
    for start, end in every:
        if start < span[1] and span[0] < end:
            yield max(start, span[0]), min(end, span[1])


def _unsure(
    words: Sequence[str], places: Sequence[Span], known: Sequence[Span], cues: set[Span]
) -> list[Span]:
    """Where LitBank does not say whether something is a cue: outside the clauses and quotations
    that were understood, and at each verb of saying inside them."""
    inside = {
        i
        for start, end in known
        for i, (a, b) in enumerate(places)
        if start <= a and b <= end
    }  # fmt: skip
    return [
        place
        for i, (word, place) in enumerate(zip(words, places, strict=True))
        if not any(a <= place[0] < b for a, b in cues)
        and (i not in inside or word.lower() in VERBS or word.lower() in lexicon.MODES)
    ]


def _near(every: list, known: Sequence[Span]) -> list[Span]:
    kept: set[int] = set()
    for i, (start, end) in enumerate(every):
        if any(start < b and a < end for a, b in known):
            kept |= {i - 1, i, i + 1}
    return [tuple(every[i]) for i in sorted(kept) if 0 <= i < len(every)]


def quotations(folder: Path) -> Sample:
    """All documents as one sample."""
    made, place, texts = Sample("", [], attributions=[]), 0, []
    assert made.attributions is not None
    with gzip.open(
        folder / "litbank_quotes" / "litbank_quotes.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        for line in lines:
            one = sample_of(json.loads(line))
            made.sentences += [_moved(span, place) for span in one.sentences]
            made.unsure += [_moved(span, place) for span in one.unsure]
            made.attributions += [
                Attributed(
                    tie.source and _moved(tie.source, place), _moved(tie.cue, place),
                    tuple(_moved(span, place) for span in tie.content),
                )
                for tie in one.attributions or ()
            ]  # fmt: skip
            texts.append(one.text)
            place += len(one.text) + 2
    made.text = "\n\n".join(texts)
    return made


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by
