"""The shallow syntax of the attribution rules: units, pieces, where a subject and a clause end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from annotations.nlp import lexicon
from annotations.nlp.predictions import Span
from annotations.nlp.tokens import quotations, sentences, tokens

# A quotation of at least so many words, or one that ends like a sentence, is speech; others are
# words used with reserve.
WORDS_OF_SPEECH = 5
LONGEST_SUBJECT = 30
STOPS = frozenset({",", ";", ":", "—", "–", ".", "!", "?", "…"})


class Piece(NamedTuple):
    """A word, a sign, or a whole quotation of speech."""

    start: int
    end: int
    text: str
    is_quotation: bool = False

    @property
    def lower(self) -> str:
        return "" if self.is_quotation else self.text.lower()

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def is_speech(text: str, span: Span) -> bool:
    """Whether a quotation is somebody's speech rather than a term in quotation marks."""
    words = text[span.start + 1 : span.end - 1]
    return len(words.split()) >= WORDS_OF_SPEECH or words.rstrip().endswith((",", ".", "!", "?"))


def units_of(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences; those that one quotation runs over are one unit."""
    spoken = [q for q in quotations(text, start, end) if is_speech(text, q)]
    unit: Span | None = None
    for sentence in sentences(text, start, end):
        if unit and any(q.start < unit.end and sentence.start < q.end for q in spoken):
            unit = Span(unit.start, sentence.end)
            continue
        if unit:
            yield unit
        unit = sentence
        while spoken and spoken[0].end <= unit.start:
            spoken.pop(0)
    if unit:
        yield unit


def pieces_of(text: str, unit: Span) -> list[Piece]:
    """The unit's words and signs, each quotation of speech as one piece."""
    pieces, place = [], unit.start
    for quotation in quotations(text, unit.start, unit.end):
        if is_speech(text, quotation) and quotation.start >= place:
            pieces += [Piece(*token) for token in tokens(text, place, quotation.start)]
            pieces.append(Piece(*quotation, text[quotation.start : quotation.end], True))
            place = quotation.end
    return pieces + [Piece(*token) for token in tokens(text, place, unit.end)]


def ends_clause(pieces: list[Piece], start: int) -> int:
    """Where the clause that begins at `start` ends: at a later "according to", at another
    subject's clause after a comma and a conjunction, or with the sentence."""
    for i in range(start, len(pieces)):
        word = pieces[i].lower
        if word == "according" and i > start:
            return i
        if word == ";":
            return i
        joins = word in ("and", "but", "while", "whereas") and pieces[i - 1].text == ","
        if joins and i > start and _reports_later(pieces, i + 1):
            return i - 1
    return len(pieces)


def _reports_later(pieces: list[Piece], start: int) -> bool:
    """Whether a subject of its own with a reporting verb follows."""
    for i in range(start + 1, min(len(pieces), start + 12)):
        if pieces[i].lower in lexicon.MODES:
            return any(
                p.lower in lexicon.SPEAKER_NOUNS
                or p.lower in lexicon.PRONOUNS
                or p.text[0].isupper()
                for p in pieces[start:i]
            )
        if pieces[i].text in STOPS:
            return False
    return False


def after_time(pieces: list[Piece], start: int) -> int:
    """Past "on Friday", "yesterday morning" or "on 3 May", which tell when it was said."""
    i = start
    if i < len(pieces) and pieces[i].lower in ("on", "late", "early", "last", "this"):
        i += 1
        while i < len(pieces) and pieces[i].text.isdecimal():
            i += 1
    named = i
    while i < len(pieces) and pieces[i].lower in lexicon.TIMES:
        i += 1
    return i if i > named else start


def subject_from(pieces: list[Piece], start: int) -> tuple[int, int]:
    """The noun phrase that begins at `start`, as (start, end)."""
    end = start
    while end < len(pieces) and end - start < LONGEST_SUBJECT:
        piece = pieces[end]
        if piece.is_quotation or (piece.text in STOPS and not _is_inside(pieces, end)):
            break
        if piece.lower in lexicon.CLAUSE_WORDS and piece.lower != "and" and end > start:
            break
        if piece.lower in ("who", "in", "on", "during", "published", "released", "seen") and (
            end > start and not pieces[end - 1].text[0].isupper()
        ):
            break
        end += 1
    return start, _with_apposition(pieces, start, end)


def _is_inside(pieces: list[Piece], i: int) -> bool:
    """A full stop within a name: "U.S.", "Gen. Ruiz", "J. Ruiz"."""
    if pieces[i].text != "." or i == 0 or i + 1 >= len(pieces):
        return False
    return len(pieces[i - 1].text) <= 4 and pieces[i - 1].text[0].isupper()


def _with_apposition(pieces: list[Piece], start: int, end: int) -> int:
    """After a name, ", the mayor of Port Amaro" belongs to it where a sign ends it."""
    if end + 2 >= len(pieces) or pieces[end].text != "," or end == start:
        return end
    if pieces[end + 1].lower not in ("a", "an", "the") or not pieces[end - 1].text[0].isupper():
        return end
    for i in range(end + 2, min(len(pieces), end + 14)):
        if pieces[i].text in (",", "."):
            words = {p.lower for p in pieces[end + 1 : i]}
            return i if words & set(lexicon.SPEAKER_NOUNS) else end
    return end


def subject_before(pieces: list[Piece], verb: int) -> int | None:
    """Where the noun phrase that ends right before `verb` begins; None where there is none."""
    end = verb
    if end and pieces[end - 1].text == ",":
        return _before_apposition(pieces, end - 1)
    start = end
    while start > 0 and end - start < LONGEST_SUBJECT:
        piece = pieces[start - 1]
        if piece.is_quotation or (piece.text in STOPS and not _is_inside(pieces, start - 1)):
            break
        if piece.lower in lexicon.CLAUSE_WORDS and not _joins_names(pieces, start - 1):
            break
        if piece.lower in lexicon.MODES and start - 1 > 0 and _is_verb(pieces, start - 1):
            break
        start -= 1
    if start and pieces[start - 1].lower in lexicon.PREPOSITIONS:
        start -= 1
    first = _without_preposition(pieces, start, end)
    return first if first is not None and first < end else None


def _joins_names(pieces: list[Piece], i: int) -> bool:
    """An "and" within one phrase: "Moldova and Ukraine said"."""
    both = 0 < i < len(pieces) - 1
    return (
        both
        and pieces[i].lower == "and"
        and pieces[i - 1].text[0].isupper()
        and pieces[i + 1].text[0].isupper()
    )


def _is_verb(pieces: list[Piece], i: int) -> bool:
    before = pieces[i - 1].lower
    return before not in lexicon.DETERMINERS and before not in ("of", "s", "in", "for")


def _before_apposition(pieces: list[Piece], comma: int) -> int | None:
    """The subject in "Ana Ruiz, the mayor, said": it begins before the comma before this one."""
    for i in range(comma - 1, max(-1, comma - LONGEST_SUBJECT), -1):
        if pieces[i].is_quotation:
            return None
        if pieces[i].text == ",":
            return subject_before(pieces, i) if i > 0 and _is_apposition(pieces, i, comma) else None
    return None


def _is_apposition(pieces: list[Piece], start: int, end: int) -> bool:
    """What stands between two commas: "the mayor", "mayor of Rome", or a name after a role."""
    first = pieces[start + 1]
    if first.lower in ("a", "an", "the", "who", "whose", "which", "one"):
        return True
    if first.lower in lexicon.SPEAKER_NOUNS or first.lower in lexicon.ROLES:
        return True
    inside = pieces[start + 1 : end]
    return len(inside) > 1 and all(piece.text[0].isupper() for piece in inside)


def _without_preposition(pieces: list[Piece], start: int, end: int) -> int | None:
    """In "After the vote the minister said" the subject is the last phrase, not the first."""
    if start >= end:
        return None
    if pieces[start].lower not in lexicon.PREPOSITIONS:
        return start
    linked = ("of", "for", "in", "at", "by", "from", "with", "on", "to", "and")
    for i in range(end - 1, start + 1, -1):
        fresh = pieces[i - 1].lower not in linked and pieces[i - 1].text not in "-'’("
        opens = pieces[i].lower in lexicon.DETERMINERS or pieces[i].lower in lexicon.PRONOUNS
        capital = pieces[i].text[0].isupper() and not pieces[i - 1].text[0].isupper()
        if fresh and (opens or capital) and pieces[i - 1].lower not in lexicon.PREPOSITIONS:
            return i
    return None
