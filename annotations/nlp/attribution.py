"""The attribution rules: who says what, read from reporting verbs, "according to" and quotations.

No parser: a sentence is a list of words in which each quotation of speech counts as one. A cue is
found first, then the noun phrase that is its subject, then the words that are said. What is said
is read again for an attribution within it.
"""

from __future__ import annotations

from collections.abc import Iterator

from annotations.nlp import lexicon
from annotations.nlp.phrases import (
    Piece,
    after_time,
    ends_clause,
    pieces_of,
    subject_before,
    subject_from,
    units_of,
)
from annotations.nlp.predictions import Predictions, Span, Spans, Tie
from annotations.nlp.speakers import Speakers
from annotations.nlp.statements import Found, Statements
from annotations.nlp.suggester import Document

NAME, VERSION = "attribution rules", "1"
# How sure each pattern is; set by reading, to be calibrated when gold allows.
CONFIDENCE = {
    "according to": 0.85, "that": 0.85, "quotation": 0.85, "continued quotation": 0.7,
    "clause": 0.75, "inverted": 0.8, "infinitive": 0.65, "object": 0.65, "colon": 0.6,
    "passive": 0.45,
}  # fmt: skip
LONGEST_WAY_TO_THAT = 9
# As many pieces before "according to" are the beginning of what goes on after it.
SHORT_BEGINNING = 8


# What the trained reader does not see: quotations that stand without a cue.
WITHOUT_CUE = frozenset({"colon", "continued quotation"})


class AttributionSuggester:
    """Suggests sources, claims and the ties between them, from the rules above.

    Beside the reader, which finds what has a cue better, only from those in WITHOUT_CUE.
    """

    name, version = NAME, VERSION

    def __init__(self, *, beside_reader: bool = False) -> None:
        self.patterns = WITHOUT_CUE if beside_reader else frozenset(CONFIDENCE)

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        speakers = Speakers(document.text, so_far.mentions)
        statements = Statements(document.text, speakers, NAME)
        reader = _Reader(document.text, statements, so_far, self.patterns)
        for start, end in document.stretches:
            last: Tie | None = None
            for unit in units_of(document.text, start, end):
                last = reader.read(unit, last)
        return reader.statements.found


class _Reader:
    def __init__(
        self, text: str, statements: Statements, so_far: Predictions, patterns: frozenset[str]
    ) -> None:
        self.text = text
        self.statements = statements
        self.patterns = patterns
        said = [tie for tie in so_far.ties if not tie.by_outlet]
        self.direct = [tie for tie in said if tie.manner == "direct" and not tie.parent]
        self.cues = {span for tie in said for span in tie.cue}
        self.contents = [span for tie in said for span in tie.claim.spans]

    def read(self, unit: Span, last: Tie | None) -> Tie | None:
        """Read one sentence, or the sentences of one quotation; returns its last direct tie."""
        pieces = pieces_of(self.text, unit)
        if last and len(pieces) <= 2 and pieces and pieces[0].is_quotation:
            content = self.statements.sentences_of(pieces[0].span)
            found = _found(None, (), content, "continued quotation", last.mode)
            return self._keep(found, None, again=last)
        direct = None
        for found in _found_in(pieces):
            if tie := self._keep(found, None):
                self._read_inside(found, tie)
                direct = tie if tie.manner == "direct" else direct
        return direct or self._found_before(unit)

    def _found_before(self, unit: Span) -> Tie | None:
        """The direct attribution that an earlier suggester found here."""
        ends_here = (t for t in self.direct if t.cue and unit.holds(t.cue[0]))
        return next(ends_here, None)

    def _read_inside(self, found: Found, outer: Tie) -> None:
        if outer.manner == "direct" or found.pattern in ("object", "infinitive"):
            return
        for span in found.content:
            for inner in _found_in(pieces_of(self.text, span), nested=True):
                self._keep(inner, outer)

    def _keep(self, found: Found, outer: Tie | None, again: Tie | None = None) -> Tie | None:
        """What an earlier suggester found already is left to it."""
        known = any(cue.overlaps(other) for cue in found.cue for other in self.cues)
        known = known or found.pattern not in self.patterns
        if not found.cue:
            known = known or any(
                c.overlaps(other) for c in found.content for other in self.contents
            )
        return None if known else self.statements.keep(found, outer, again=again)


def _found(
    source: Span | None, cue: Spans, content: Spans, pattern: str, mode: str, verb: str = ""
) -> Found:
    reason = f"{pattern}, “{verb}”" if verb else pattern
    return Found(source, cue, content, mode, CONFIDENCE[pattern], reason, pattern)


def _found_in(pieces: list[Piece], *, nested: bool = False) -> Iterator[Found]:
    """The attributions of a sentence that are not inside another, from left to right."""
    place = 0
    while place < len(pieces):
        found, after = _at(pieces, place, nested)
        if found:
            yield found
        place = max(after, place + 1)


def _at(pieces: list[Piece], i: int, nested: bool) -> tuple[Found | None, int]:
    word = pieces[i].lower
    if word == "according" and _word(pieces, i + 1) == "to":
        return _according_to(pieces, i)
    if word == ":" and i and _is_quotation(pieces, i + 1):
        return _colon(pieces, i)
    if word in lexicon.PASSIVE_CUES and _is_passive(pieces, i):
        return _passive(pieces, i)
    if word in lexicon.MODES and not pieces[i].is_quotation:
        return _verb(pieces, i, nested)
    return None, i + 1


def _word(pieces: list[Piece], i: int) -> str:
    return pieces[i].lower if 0 <= i < len(pieces) else ""


def _is_quotation(pieces: list[Piece], i: int) -> bool:
    return 0 <= i < len(pieces) and pieces[i].is_quotation


def _span(pieces: list[Piece], start: int, end: int) -> Span | None:
    """The characters of pieces[start:end] without signs at either end."""
    while start < end and pieces[start].text in ",;:—–-.":
        start += 1
    while end > start and pieces[end - 1].text in ",;:—–-.…":
        end -= 1
    return Span(pieces[start].start, pieces[end - 1].end) if start < end else None


def _spans(*spans: Span | None) -> Spans:
    return tuple(span for span in spans if span)


def _according_to(pieces: list[Piece], i: int) -> tuple[Found | None, int]:
    start, end = subject_from(pieces, i + 2)
    if start == end:
        return None, i + 2
    cue = (Span(pieces[i].start, pieces[i + 1].end),)
    # "According to X, C", "C, according to X", or in the middle: "C, according to X, goes on".
    goes_on = i <= 1 or (i < SHORT_BEGINNING and _word(pieces, end) == ",")
    rest = _span(pieces, end, ends_clause(pieces, end)) if goes_on else None
    content = _spans(_span(pieces, 0, i), rest)
    found = _found(_span(pieces, start, end), cue, content, "according to", "asserts")
    return found, len(pieces) if goes_on else end


def _colon(pieces: list[Piece], i: int) -> tuple[Found | None, int]:
    start = subject_before(pieces, i)
    if start is None or start != 0:
        return None, i + 1
    quotation = pieces[i + 1].span
    return _found(_span(pieces, start, i), (), (quotation,), "colon", "asserts"), i + 2


def _is_passive(pieces: list[Piece], i: int) -> bool:
    group = [_word(pieces, j) for j in range(_group_start(pieces, i), i)]
    is_be = any(word in ("is", "are", "was", "were", "been") for word in group)
    return is_be and _word(pieces, i + 1) in ("as", "that", "to")


def _passive(pieces: list[Piece], i: int) -> tuple[Found | None, int]:
    start = _group_start(pieces, i)
    first = subject_before(pieces, start)
    if first is None:
        return None, i + 1
    end = i + 1 if _word(pieces, i + 1) == "as" else i
    cue = Span(pieces[start].start, pieces[end].end)
    subject = None if _word(pieces, first) == "it" else _span(pieces, first, start)
    content = _spans(subject, _span(pieces, end + 1, ends_clause(pieces, end + 1)))
    mode = "believes" if pieces[i].lower not in ("said", "reported") else "asserts"
    return _found(None, (cue,), content, "passive", mode, pieces[i].text), len(pieces)


def _group_start(pieces: list[Piece], i: int) -> int:
    while i > 0 and pieces[i - 1].lower in lexicon.AUXILIARIES:
        i -= 1
    return i


def _verb(pieces: list[Piece], i: int, nested: bool) -> tuple[Found | None, int]:
    verb = pieces[i].lower
    start, end = _group_start(pieces, i), i + 1
    before, after = _word(pieces, start - 1), _word(pieces, end)
    group = {_word(pieces, j) for j in range(start, i)}
    is_passive = group & {"is", "are", "was", "were", "been", "be"}
    is_name = pieces[i].text[0].isupper() and i > 0
    if (
        is_name
        or is_passive
        or before in lexicon.DETERMINERS
        or before in ("to", "of", "'s", "who", "s")
    ):
        return None, end
    if verb.startswith("call") and after != "for":
        return None, end
    if (verb.startswith("call") and after == "for") or (
        verb.startswith("point") and after == "out"
    ):
        end += 1
    cue_start = start
    while _word(pieces, cue_start) in lexicon.ADVERBS and cue_start < i:
        cue_start += 1
    cue = (Span(pieces[cue_start].start, pieces[end - 1].end),)
    found = _inverted(pieces, start, end, cue, verb) or _plain(pieces, start, end, cue, verb)
    if found is None:
        return None, end
    last = max((span.end for span in found.content), default=0)
    return found, next((j for j in range(end, len(pieces)) if pieces[j].start >= last), len(pieces))


def _inverted(pieces: list[Piece], start: int, end: int, cue: Spans, verb: str) -> Found | None:
    """“Quotation,” said the mayor. Or: The bridge was safe, said the mayor."""
    before = start - 1
    if before < 0 or (_word(pieces, before) not in (",", "") and not _is_quotation(pieces, before)):
        return None
    if lexicon.MODES[verb] == "intends" or verb in lexicon.TAKES_OBJECT:
        return None
    first, last = subject_from(pieces, end)
    if first == last or not _looks_like_subject(pieces, first):
        return None
    quoted = [p.span for p in pieces[:start] if p.is_quotation]
    if not quoted and verb not in ("said", "says"):
        return None
    if quoted:
        quoted += [p.span for p in pieces[last:] if p.is_quotation]
        content = tuple(quoted)
    else:
        content = _spans(_span(pieces, 0, start))
    source = _span(pieces, first, last)
    return _found(source, cue, content, "inverted", lexicon.MODES[verb], verb)


def _looks_like_subject(pieces: list[Piece], i: int) -> bool:
    word = _word(pieces, i)
    return word != "that" and (
        pieces[i].text[0].isupper() or word in lexicon.DETERMINERS or word in lexicon.SPEAKER_NOUNS
        or word in lexicon.PRONOUNS
    )  # fmt: skip


def _plain(pieces: list[Piece], start: int, end: int, cue: Spans, verb: str) -> Found | None:
    """The mayor said ..."""
    first = subject_before(pieces, start)
    if first is None:
        return None
    source = _span(pieces, first, start)
    mode = lexicon.MODES[verb]
    for pattern, content in _contents(pieces, first, end, verb):
        if content:
            return _found(source, cue, content, pattern, mode, verb)
    return None


def _contents(pieces: list[Piece], first: int, end: int, verb: str) -> Iterator[tuple[str, Spans]]:
    """What may be the words said, the best pattern first."""
    end = after_time(pieces, end)
    stop = ends_clause(pieces, end)
    quoted_before = tuple(p.span for p in pieces[:first] if p.is_quotation)
    quoted_after = tuple(p.span for p in pieces[end:stop] if p.is_quotation)
    if (quoted_before and _word(pieces, first - 1) in ("", ",")) or _is_quotation(
        pieces, first - 1
    ):
        yield "quotation", quoted_before + quoted_after
    that = next(
        (j for j in range(end, min(stop, end + LONGEST_WAY_TO_THAT)) if _word(pieces, j) == "that"),
        None,
    )
    if verb in lexicon.TAKES_INFINITIVE and "to" in [
        _word(pieces, j) for j in range(end, min(stop, end + LONGEST_WAY_TO_THAT))
    ]:
        direct = _word(pieces, end) == "to" or verb not in lexicon.INTENDS
        if direct and that is None:
            yield "infinitive", _spans(_span(pieces, end, stop))
    if that is not None:
        yield "that", _spans(_span(pieces, that, stop))
    if quoted_after and quoted_after[0].start - pieces[end - 1].end <= 60:
        starts_quoted = _is_quotation(pieces, end) or _word(pieces, end) in (",", ":", "on", "in")
        if starts_quoted or verb not in lexicon.TAKES_OBJECT:
            yield "quotation", quoted_after
    if first > 1 and _word(pieces, first - 1) == "," and _closes(pieces, end, stop):
        later = _span(pieces, end, stop) if _word(pieces, end) == "," else None
        yield "clause", _spans(_span(pieces, 0, first - 1), later)
    if verb in lexicon.INTENDS:
        return
    if verb in lexicon.TAKES_OBJECT or verb.startswith("call"):
        yield "object", _spans(_span(pieces, end, _object_end(pieces, end, stop)))
    else:
        start = _after_hearer(pieces, end, verb)
        if _starts_clause(pieces, start, stop, verb):
            yield "clause", _spans(_span(pieces, start, stop))


def _closes(pieces: list[Piece], end: int, stop: int) -> bool:
    """Whether nothing is said after the verb: it ends there, or after a time or a comma."""
    word = _word(pieces, end)
    return end >= stop or word in (",", ".", "on", "in", "at", "during", "yesterday", "adding")


def _object_end(pieces: list[Piece], start: int, stop: int) -> int:
    return next((j for j in range(start, stop) if _word(pieces, j) in (",", ";")), stop)


def _after_hearer(pieces: list[Piece], i: int, verb: str) -> int:
    """After whom it is told: "told reporters", "told Fox News"."""
    if verb not in ("tell", "tells", "told"):
        return i
    if pieces[i : i + 1] and pieces[i].text[0].isupper():
        while i < len(pieces) and pieces[i].text[0].isupper():
            i += 1
        return after_time(pieces, i)
    if _word(pieces, i) in lexicon.DETERMINERS:
        i += 1
    return after_time(pieces, i + 1)


def _starts_clause(pieces: list[Piece], i: int, stop: int, verb: str) -> bool:
    """Whether a clause may begin here: "said the bridge was safe", not "said goodbye".

    After a verb that takes other things too ("reported a fire", "reported a fire was out") it has
    a finite verb near.
    """
    if i + 2 >= len(pieces):
        return False
    word = _word(pieces, i)
    if word in ("of", "to", "about", "by", "with", "for", "from", "as", "and", "or", ",", ".", ")"):
        return False
    finite = word in lexicon.SUBJECT_PRONOUNS or any(
        _word(pieces, j) in lexicon.FINITE for j in range(i + 1, min(stop, i + 12))
    )
    if verb in lexicon.NEEDS_THAT or word == "no":
        return finite
    return word not in ("goodbye", "hello", "yes", "nothing", "so")
