"""A story's text as HTML, its marks as links. Pure: text and marks in, markup out.

Links cannot stand in links, so overlapping marks are shown as one flat row of pieces. A piece
leads where the shortest of its marks leads, as that says the most; its classes tell all kinds
that cover it, and `data-of` names the items of the page's lists that tell of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from annotations.segments import Paragraph, Segment, segmented

_WORDS = re.compile(r"[^\s!-/:-@\[-`{-~‘-‟…–—]")
Spans = Sequence[Sequence[int]]
# Of two marks on the very same words the one that tells more gets the link.
RANK = {"entity": 0, "source": 1, "claim": 2}


@dataclass(eq=False)
class Mark:
    """One annotation in the text: its kind, the list item of the page that tells of it, the
    address its link leads to, what it is in a few words, and its number where it has one."""

    kind: str
    key: str
    href: str
    title: str
    number: int = 0
    spans: Spans = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, int]:
        """The shortest first."""
        return sum(end - start for start, end in self.spans), RANK[self.kind]


class MarkedText:
    """The text's paragraphs as HTML. `zones` are (kind, start, end) of what is no body text."""

    def __init__(
        self, text: str, marks: Iterable[Mark], zones: Iterable[tuple[str, int, int]] = ()
    ) -> None:
        self._paragraphs = segmented(text, [(mark, mark.spans) for mark in marks])
        self._zones = list(zones)
        self._linked: set[Mark] = set()
        self._numbers = self._numbered()

    @cached_property
    def by_lines(self) -> bool:
        """Whether its paragraphs are lines: copied, such a text is to have no empty ones."""
        pairs = list(pairwise(self._paragraphs))
        return bool(pairs) and all(after.start - before.end == 1 for before, after in pairs)

    def html(self) -> SafeString:
        """An element for each paragraph, and nothing between the words that the text has not."""
        return mark_safe("\n".join(map(self._paragraph, self._paragraphs)))  # noqa: S308 - escaped piece by piece

    def _numbered(self) -> dict[int, list[Mark]]:
        """By where its last segment ends: the marks whose number stands there."""
        last: dict[Mark, int] = {}
        for paragraph in self._paragraphs:
            for segment in paragraph.segments:
                last.update((mark, segment.end) for mark in segment.marks if mark.number)
        numbers: dict[int, list[Mark]] = defaultdict(list)
        for mark, end in sorted(last.items(), key=lambda item: item[0].number):
            numbers[end].append(mark)
        return numbers

    def _paragraph(self, paragraph: Paragraph[Mark]) -> str:
        inner = "".join(map(self._piece, paragraph.segments))
        kind = next((k for k, start, end in self._zones if start <= paragraph.start < end), "")
        named = f' class="is-{kind}"' if kind else ""
        # Browsers copy an empty line after each <p>, which a text of lines has not.
        if self.by_lines:
            return f'<div role="paragraph"{named}>{inner}</div>'
        return f"<p{named}>{inner}</p>"

    def _piece(self, segment: Segment[Mark]) -> str:
        words = escape(segment.text)
        if segment.marks:
            words = self._tagged(words, sorted(segment.marks, key=lambda mark: mark.rank))
        return words + "".join(map(_number, self._numbers.get(segment.end, ())))

    def _tagged(self, words: str, marks: list[Mark]) -> str:
        kinds = " ".join(dict.fromkeys(f"tag-{mark.kind}" for mark in marks))
        keys = " ".join(dict.fromkeys(mark.key for mark in marks if mark.key))
        said = f'class="tag {kinds}" data-of="{keys}" title="{escape(marks[0].title)}"'
        leading = next((mark for mark in marks if mark.href), None)
        # A space or comma between two names is no link that anyone could name.
        if leading is None or not _WORDS.search(unescape(words)):
            return f"<span {said}>{words}</span>"
        # One stop of the Tab key for a mark, however many pieces it is in.
        again = ' tabindex="-1"' if leading in self._linked else ""
        self._linked.add(leading)
        return f'<a {said} href="{escape(leading.href)}"{again}>{words}</a>'


def _number(mark: Mark) -> str:
    """The claim's number as a link. It stands in an attribute, so that it is not copied."""
    label = f"Claim {mark.number}: who says so"
    return (
        f'<a class="who" href="#{mark.key}" id="mark-{mark.number}" aria-label="{label}" '
        f'data-number="{mark.number}"></a>'
    )
