"""From places in the text to sources, claims and ties: what every finder of attributions shares."""

from __future__ import annotations

from dataclasses import dataclass

from annotations.nlp.phrases import is_speech
from annotations.nlp.predictions import ClaimSpans, Predictions, Span, Spans, Tie
from annotations.nlp.speakers import Speakers
from annotations.nlp.tokens import QUOTES, sentences

# An attribution within another is as much less sure.
NESTED = 0.8
MARKS = "".join(QUOTES) + "".join(QUOTES.values())


@dataclass(frozen=True)
class Found:
    """One attribution in the places of its words. `pattern` says what the content is to the cue:
    "infinitive" and "object" are what somebody intends or judges, "passive" a subject and more."""

    source: Span | None
    cue: Spans
    content: Spans
    mode: str
    confidence: float
    reason: str
    pattern: str = ""


class Statements:
    """Collects the attributions of one text in `found`; knows its speakers.

    Who is `sure_of_sources` sees for himself that the words are a source: one that is no name and
    no known noun is then somebody unnamed, and not a reason to leave the attribution out.
    """

    def __init__(
        self, text: str, speakers: Speakers, suggester: str, *, sure_of_sources: bool = False
    ) -> None:
        self.sure_of_sources = sure_of_sources
        self.text = text
        self.speakers = speakers
        self.suggester = suggester
        self.found = Predictions()

    def keep(self, found: Found, outer: Tie | None, again: Tie | None = None) -> Tie | None:
        """The tie that this is, stored; None where the source is nobody who could say something.

        `outer` is the tie that it stands within, `again` one whose source goes on speaking.
        """
        source = again.source if again else None
        if found.source:
            within = outer.source if outer else None
            source = self.speakers.source(found.source, self.suggester, within)
            if source is None and not self.sure_of_sources:
                return None
            source = source or self.speakers.unnamed(found.source, self.suggester)
        content = tuple(part for span in found.content for part in self._parts(span))
        if not content:
            return None
        confidence = found.confidence * (NESTED if outer else 1.0)
        if source:
            confidence = min(confidence, source.confidence + 0.1)
            self.found.sources.append(source)
        name = source.name if source and source.kind != "unnamed" else ""
        sentence = normalised(self.text, content, name, found, source.kind if source else "")
        claim = ClaimSpans(content, sentence, confidence, found.reason, self.suggester)
        tie = Tie(
            claim=claim, source=source, cue=found.cue, manner=self._manner(content),
            mode=found.mode, confidence=confidence, reason=found.reason,
            suggester=self.suggester, parent=outer.claim if outer else None,
        )  # fmt: skip
        self.found.claims.append(claim)
        self.found.ties.append(tie)
        return tie

    def sentences_of(self, quotation: Span) -> Spans:
        return tuple(sentences(self.text, quotation.start, quotation.end))

    def _parts(self, span: Span) -> Spans:
        if self.text[span.start] in '“«„"' and is_speech(self.text, span):
            return self.sentences_of(span)
        return (span,)

    def _manner(self, content: Spans) -> str:
        words = self.text[content[0].start : content[-1].end]
        if words[0] in '“«„"':
            return "direct"
        return "mixed" if any(mark in words for mark in '“«„"') else "indirect"


def normalised(text: str, content: Spans, name: str, found: Found, kind: str) -> str:
    """The claim as one sentence: no quotation marks around it, no leading "that", the speaker's
    name for a leading pronoun, and for what somebody intends or praises, who does."""
    parts = [" ".join(text[a:b].split()).strip(MARKS).rstrip(",") for a, b in content]
    if found.pattern == "passive" and found.cue:
        words = _of_its_subject(parts, " ".join(text[slice(*found.cue[0])].split()))
    else:
        words = _one_after_another(parts, [text[a] in MARKS for a, _ in content])
    # A term in quotation marks at the end lost its closing mark above: it loses both.
    words = words.removeprefix("that ").strip(" ,;")
    if any(words.count(mark) != words.count(QUOTES[mark]) for mark in QUOTES if mark != '"'):
        words = words.translate({ord(mark): None for mark in MARKS})
    if found.pattern in ("infinitive", "object") and found.cue:
        cue = text[found.cue[0].start : found.cue[0].end]
        words = f"{name or 'Somebody'} {cue} {words}"
    else:
        words = _with_name(words, name, kind)
    words = words[:990]
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?", "…")) else ".")


def _of_its_subject(parts: list[str], cue: str) -> str:
    """ "This move" is viewed "as part of it" becomes "This move is part of it"; what is expected
    or said "to" be so keeps its verb."""
    subject, *rest = parts
    predicate = " ".join(rest)
    if predicate.startswith("to "):
        return f"{subject} {cue} {predicate}"
    return f"{subject} is {predicate.removeprefix('as ')}" if predicate else subject


def _one_after_another(parts: list[str], quoted: list[bool]) -> str:
    """The parts as they go on; a quotation that begins anew is a sentence of its own."""
    words = parts[0]
    for part, opens in zip(parts[1:], quoted[1:], strict=True):
        anew = opens and part[:1].isupper() and words[-1:] not in ".!?…"
        words += f". {part}" if anew else f" {part}"
    return words


def _with_name(words: str, name: str, kind: str) -> str:
    first, _, rest = words.partition(" ")
    own = {"person": ("he", "she"), "organisation": ("it", "they"), "outlet": ("it",)}
    return f"{name} {rest}" if name and rest and first.lower() in own.get(kind, ()) else words
