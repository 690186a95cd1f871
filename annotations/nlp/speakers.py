"""Who a source's words stand for: a name in them, a pronoun or noun resolved, or nobody named."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from annotations.nlp import lexicon
from annotations.nlp.genders import fits
from annotations.nlp.predictions import Mention, SourceSpan, Span
from annotations.nlp.tokens import Token, tokens

# By how the speaker was found.
NAMED, RESOLVED, DESCRIBED, GUESSED = 0.9, 0.7, 0.65, 0.5
KIND_OF_TYPE = {
    "person": "person", "organisation": "organisation", "place": "organisation",
    "group": "unnamed", "work": "document",
}  # fmt: skip
_REASON = re.compile(r",?\s+(who|which)\s+")
_POSSESSIVE = re.compile(r"[’']s?\s+\w|[’']s\b")
_SMALL_WORD = re.compile(r"[\s-]+([a-z]+)\b")
_FROM = re.compile(r"\b(from|by|of)\s+([Tt]he\s+)?$")
_ARTICLE = re.compile(r"^(the|a|an|its|his|her|their|this|that)\s+", re.IGNORECASE)


class Speakers:
    """The possible speakers of one text; remembers who spoke last."""

    def __init__(self, text: str, mentions: list[Mention]) -> None:
        self.text = text
        self.mentions = sorted(mentions, key=lambda m: m.span)
        self.starts = [m.span.start for m in self.mentions]
        self.last: dict[str, SourceSpan] = {}

    def source(
        self, span: Span, suggester: str, within: SourceSpan | None = None
    ) -> SourceSpan | None:
        """The source that the words are; None where they are nobody who could say something.

        `within` is whose words the source stands in: "I" in a quotation is the one quoted.
        """
        span, reason = self._cut_reason(span)
        words = tokens(self.text, span.start, span.end)
        if not words:
            return None
        found = (
            self._first_person(span, words, within)
            or self._pronoun(span, words, suggester)
            or self._named(span, suggester)
            or self._state(span, words, suggester)
            or self._described(span, words, suggester, reason)
        )
        if found:
            self._remember(found)
        return found

    def unnamed(self, span: Span, suggester: str) -> SourceSpan:
        """The words as somebody of whom no more is known."""
        words = self.text[slice(*span)]
        return SourceSpan(span, "unnamed", words, GUESSED, "says something", suggester)

    def _remember(self, found: SourceSpan) -> None:
        self.last["they"] = found
        if found.kind in ("unnamed", "document"):
            self.last["it"] = found
        elif found.kind == "person":
            self.last["person"] = found
        else:
            self.last["organisation"] = self.last["it"] = found

    def _first_person(
        self, span: Span, words: list[Token], within: SourceSpan | None
    ) -> SourceSpan | None:
        if within is None or words[0].lower not in lexicon.FIRST_PERSON:
            return None
        return self._like(within, span, f"“{words[0].text}” is {within.name}, who is quoted")

    def _cut_reason(self, span: Span) -> tuple[Span, str]:
        """ "an official, who asked not to be named": the words before "who", and the reason."""
        match = _REASON.search(self.text, span.start, span.end)
        if not match:
            return span, ""
        return Span(span.start, match.start()), self.text[match.end() : span.end].strip(" ,")

    def _pronoun(self, span: Span, words: list[Token], suggester: str) -> SourceSpan | None:
        """ "he", "it", "they", also "his office" and "its website": of whom the text spoke last."""
        word = words[0].lower
        if len(words) > 1:
            return self._possessive(span, words, suggester)
        if word not in lexicon.PRONOUNS:
            return None
        spoke = self._meant(word, span, suggester)
        return (
            self._like(spoke, span, f"“{words[0].text}” stands for {spoke.name}") if spoke else None
        )

    def _meant(self, word: str, span: Span, suggester: str) -> SourceSpan | None:
        wanted = lexicon.PRONOUNS[word] or "they"
        if wanted == "person":
            spoke = self.last.get("person")
            return (
                self._subject(word, span, suggester)
                or (spoke if spoke and fits(word, spoke.name) else None)
                or self._nearest(word, span, suggester)
            )
        return self.last.get("it" if word == "it" else wanted)

    def _possessive(self, span: Span, words: list[Token], suggester: str) -> SourceSpan | None:
        owner = lexicon.OWNERS.get(words[0].lower)
        kind = lexicon.SPEAKER_NOUNS.get(words[-1].lower)
        if owner is None or kind not in ("document", "outlet"):
            return None
        spoke = self._meant(owner, span, suggester)
        reason = f"“{words[0].text}” stands for {spoke.name}" if spoke else ""
        return self._like(spoke, span, reason) if spoke else None

    def _subject(self, pronoun: str, span: Span, suggester: str) -> SourceSpan | None:
        """The person with whom this sentence or the one before begins, if it is one only."""
        before = self.mentions[: bisect_left(self.starts, span.start)]
        for mention in reversed(before[-6:]):
            named = mention.type == "person" and fits(pronoun, mention.name)
            if named and self._opens(mention):
                return self._of_mention(mention, span, suggester)
        return None

    def _opens(self, mention: Mention) -> bool:
        """Whether only a title or role stands between the sentence's beginning and the name."""
        lead = self.text[max(0, mention.span.start - 60) : mention.span.start]
        lead = re.split(r"[.!?\n]\s+|[\n“\"]", lead)[-1]
        return len(lead) < 40 and "," not in lead

    def _like(self, spoke: SourceSpan, span: Span, reason: str) -> SourceSpan:
        return SourceSpan(
            span, spoke.kind, spoke.name, RESOLVED, reason, spoke.suggester, spoke.entity
        )

    def _nearest(self, pronoun: str, span: Span, suggester: str) -> SourceSpan | None:
        before = self.mentions[: bisect_left(self.starts, span.start)]
        people = (m for m in reversed(before) if m.type == "person" and fits(pronoun, m.name))
        mention = next(people, None)
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

    def _named(self, span: Span, suggester: str) -> SourceSpan | None:
        """The name in the words that is the head: "Trump's adviser Ana Ruiz" is Ana Ruiz."""
        heads = [m for m in self._inside(span) if not self._modifies(m, span)]
        people = [m for m in heads if m.type == "person"]
        if people:
            return self._of_mention(people[0], span, suggester)
        noun = self._head_noun(tokens(self.text, span.start, span.end))
        organisations = [m for m in heads if m.type in ("organisation", "work")]
        if organisations and (noun is None or noun.start >= organisations[0].span.start):
            return self._of_mention(organisations[0], span, suggester)
        states = [m for m in heads if m.type == "place"]
        # "Russia said", "the United States said"; not the "Florida Highway Patrol".
        whole = states and states[0].span.end == span.end
        if whole and noun is None and states[0].span.start - span.start <= 4:
            return self._of_mention(states[0], span, suggester)
        return None

    def _modifies(self, mention: Mention, span: Span) -> bool:
        """Whether a name only belongs to what follows it: "Renn's office", "Renn loyalists"."""
        after = self.text[mention.span.end : span.end]
        if _POSSESSIVE.match(after):
            return True
        follows = _SMALL_WORD.match(after)
        return bool(follows) and follows.group(1) not in lexicon.AFTER_NAMES  # type: ignore[union-attr]

    def _state(self, span: Span, words: list[Token], suggester: str) -> SourceSpan | None:
        """ "the Iraqi government", "the government of Burundi": the state itself."""
        head = self._head_noun(words)
        if head is None or head.lower not in lexicon.OF_STATES or len(words) > 7:
            return None
        for mention in self._inside(span):
            if mention.type == "place":
                return self._of_mention(mention, span, suggester)
            if mention.type == "group" and (state := self._state_of(mention)):
                return self._of_mention(state, span, suggester)
        return None

    def _state_of(self, group: Mention) -> Mention | None:
        """The state whose people the name is: a regular one if the text has it, else by list."""
        word = self.text[slice(*group.span)]
        name = lexicon.STATES_OF_PEOPLES.get(word.lower())
        stem = word.lower()[:4]
        for mention in self.mentions:
            if mention.type == "place" and (
                mention.name == name or (name is None and mention.name.lower().startswith(stem))
            ):
                return mention
        return replace(group, type="place", name=name, entity=None) if name else None

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
        if kind in ("document", "outlet") and (author := self._author(span, noun, kind)):
            return self._of_mention(author, span, suggester)
        name = _ARTICLE.sub("", self.text[span.start : span.end])
        organisations = [
            m for m in self._inside(span) if m.type in ("organisation", "place", "group")
        ]
        affiliation = organisations[0].name if organisations else ""
        theirs = words[0].lower in lexicon.OWNERS and kind == "organisation"
        if kind in ("person", "unnamed") or noun.lower in lexicon.UNNAMED_ALONE or theirs:
            words_as_they_are = self.text[span.start : span.end]
            return SourceSpan(
                span, "unnamed", words_as_they_are, DESCRIBED, f"“{noun.text}” can speak",
                suggester, affiliation=affiliation, unnamed_reason=reason,
            )  # fmt: skip
        name = name[:1].upper() + name[1:]
        return SourceSpan(span, kind, name, DESCRIBED, f"“{noun.text}” can speak", suggester)

    def _author(self, span: Span, noun: Token, kind: str) -> Mention | None:
        """Who a document is from: "a report by the UN", "its report"; pictures are nobody's."""
        for mention in self._inside(span):
            lead = self.text[span.start : mention.span.start]
            from_them = _FROM.search(lead) or mention.span.end <= noun.start or kind == "outlet"
            if mention.type in ("organisation", "person") and from_them:
                return None if noun.lower in lexicon.PICTURES else mention
        return None

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
        if len(names) == 1 and names[0].lower.endswith("s"):
            return None
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
