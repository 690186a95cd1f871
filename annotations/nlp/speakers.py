"""Who a source's words stand for: a name in them, a pronoun or noun resolved, or nobody named."""

from __future__ import annotations

import re
from bisect import bisect_left

from annotations.nlp import lexicon
from annotations.nlp.predictions import Mention, SourceSpan, Span
from annotations.nlp.tokens import Token, tokens

# By how the speaker was found.
NAMED, RESOLVED, DESCRIBED, GUESSED = 0.9, 0.7, 0.65, 0.5
KIND_OF_TYPE = {
    "person": "person", "organisation": "organisation", "place": "organisation",
    "group": "unnamed", "work": "document",
}  # fmt: skip
_REASON = re.compile(r",?\s+(who|which)\s+")
_ARTICLE = re.compile(r"^(the|a|an|its|his|her|their|this|that)\s+", re.IGNORECASE)


class Speakers:
    """The possible speakers of one text; remembers who spoke last."""

    def __init__(self, text: str, mentions: list[Mention]) -> None:
        self.text = text
        self.mentions = sorted(mentions, key=lambda m: m.span)
        self.starts = [m.span.start for m in self.mentions]
        self.last: dict[str, SourceSpan] = {}

    def source(self, span: Span, suggester: str) -> SourceSpan | None:
        """The source that the words are; None where they are nobody who could say something."""
        span, reason = self._cut_reason(span)
        words = tokens(self.text, span.start, span.end)
        if not words:
            return None
        found = (
            self._pronoun(span, words, suggester)
            or self._named(span, words, suggester)
            or self._described(span, words, suggester, reason)
        )
        if found and found.kind != "unnamed":
            self.last["person" if found.kind == "person" else "organisation"] = found
        return found

    def _cut_reason(self, span: Span) -> tuple[Span, str]:
        """ "an official, who asked not to be named": the words before "who", and the reason."""
        match = _REASON.search(self.text, span.start, span.end)
        if not match:
            return span, ""
        return Span(span.start, match.start()), self.text[match.end() : span.end].strip(" ,")

    def _pronoun(self, span: Span, words: list[Token], suggester: str) -> SourceSpan | None:
        word = words[0].lower
        if len(words) > 1 or word not in lexicon.PRONOUNS:
            return None
        wanted = lexicon.PRONOUNS[word] or "organisation"
        spoke = self.last.get(wanted)
        if spoke is None and wanted == "person":
            spoke = self._nearest(span, "person", suggester)
        if spoke is None:
            return None
        reason = f"“{words[0].text}” stands for {spoke.name}"
        return self._like(spoke, span, reason)

    def _like(self, spoke: SourceSpan, span: Span, reason: str) -> SourceSpan:
        return SourceSpan(
            span, spoke.kind, spoke.name, RESOLVED, reason, spoke.suggester, spoke.entity
        )

    def _nearest(self, span: Span, type: str, suggester: str) -> SourceSpan | None:
        before = self.mentions[: bisect_left(self.starts, span.start)]
        mention = next((m for m in reversed(before) if m.type == type), None)
        return self._of_mention(mention, span, suggester) if mention else None

    def _of_mention(self, mention: Mention, span: Span, suggester: str) -> SourceSpan:
        confidence = min(NAMED, mention.confidence + 0.05)
        reason = f"names {mention.name}"
        kind = KIND_OF_TYPE[mention.type]
        return SourceSpan(
            span, kind, mention.name, confidence, reason, suggester,
            None if kind == "unnamed" else mention.entity,
        )  # fmt: skip

    def _inside(self, span: Span) -> list[Mention]:
        low = bisect_left(self.starts, span.start)
        high = bisect_left(self.starts, span.end)
        return [m for m in self.mentions[low:high] if span.holds(m.span)]

    def _named(self, span: Span, words: list[Token], suggester: str) -> SourceSpan | None:
        inside = self._inside(span)
        noun = self._head_noun(words)
        people = [m for m in inside if m.type == "person"]
        if people:
            return self._of_mention(people[0], span, suggester)
        organisations = [m for m in inside if m.type == "organisation"]
        if organisations and (noun is None or noun.start >= organisations[0].span.start):
            return self._of_mention(organisations[0], span, suggester)
        states = [m for m in inside if m.type == "place"]
        # "Russia said", "the United States said"; not the "Florida Highway Patrol".
        whole = states and states[0].span.end == span.end
        if whole and noun is None and states[0].span.start - span.start <= 4:
            return self._of_mention(states[0], span, suggester)
        return None

    def _head_noun(self, words: list[Token]) -> Token | None:
        """The last noun that can speak before the first "of", "for", "at" or "in"."""
        head = None
        for word in words:
            if word.lower in ("of", "for", "at", "in", "from", "with", "on", "by", ","):
                break
            if word.lower in lexicon.SPEAKER_NOUNS:
                head = word
        return head

    def _described(
        self, span: Span, words: list[Token], suggester: str, reason: str
    ) -> SourceSpan | None:
        if called := _name_at_end(words):
            name = self.text[called[0].start : called[-1].end]
            return SourceSpan(span, "person", name, DESCRIBED, "a name after a role", suggester)
        noun = self._head_noun(words)
        if noun is None:
            return self._by_name_alone(span, words, suggester)
        kind = lexicon.SPEAKER_NOUNS[noun.lower]
        definite = words[0].lower == "the"
        if definite and kind in ("person", "organisation") and len(words) <= 4:
            resolved = self._spoken_of(noun, kind, span, suggester)
            if resolved:
                return self._like(resolved, span, f"“{noun.text}” stands for {resolved.name}")
        name = _ARTICLE.sub("", self.text[span.start : span.end])
        organisations = [
            m for m in self._inside(span) if m.type in ("organisation", "place", "group")
        ]
        affiliation = organisations[0].name if organisations else ""
        if kind in ("person", "unnamed") or noun.lower in lexicon.UNNAMED_ALONE:
            words_as_they_are = self.text[span.start : span.end]
            return SourceSpan(
                span, "unnamed", words_as_they_are, DESCRIBED, f"“{noun.text}” can speak",
                suggester, affiliation=affiliation, unnamed_reason=reason,
            )  # fmt: skip
        name = name[:1].upper() + name[1:]
        return SourceSpan(span, kind, name, DESCRIBED, f"“{noun.text}” can speak", suggester)

    def _spoken_of(self, noun: Token, kind: str, span: Span, suggester: str) -> SourceSpan | None:
        """Who "the think tank" or "the minister" is: whose name has it, else who spoke last."""
        before = self.mentions[: bisect_left(self.starts, span.start)]
        for mention in reversed(before):
            if mention.type == kind and noun.lower in mention.name.lower().split():
                return self._of_mention(mention, span, suggester)
        if kind == "organisation" and noun.lower in (
            "government",
            "court",
            "police",
            "army",
            "parliament",
        ):
            return None
        return self.last.get(kind)

    def _by_name_alone(self, span: Span, words: list[Token], suggester: str) -> SourceSpan | None:
        """A name that nobody knows yet: capitalised words, with a reporting verb after them."""
        names = [w for w in words if w.is_word and w.lower not in lexicon.DETERMINERS]
        if not names or len(names) > 6 or names[0].lower in lexicon.NOT_NAMES:
            return None
        capital = all(w.is_capital or w.lower in lexicon.SMALL_WORDS for w in names)
        if not capital:
            return None
        organisation = any(w.lower in lexicon.ORGANISATION_WORDS for w in names)
        acronym = len(names) == 1 and names[0].text.isupper()
        kind = "organisation" if organisation or acronym else "person"
        name = _ARTICLE.sub("", self.text[span.start : span.end])
        return SourceSpan(span, kind, name, GUESSED, "speaks under a name", suggester)


def _name_at_end(words: list[Token]) -> list[Token]:
    """The "Ana Ruiz" of "the department's official Ana Ruiz": capitals after a small role."""
    last = max(
        (i for i, w in enumerate(words) if w.text in lexicon.SPEAKER_NOUNS), default=len(words)
    )
    name = words[last + 1 :]
    return name if len(name) >= 2 and all(w.is_capital or w.text in "-'’." for w in name) else []
