"""Quotations belong to one attribution, whole: who says how one begins says all of it.

The network sees no further than its window, and in a long quotation it loses the thread.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from annotations.nlp.decoding import Attributed
from annotations.nlp.predictions import Span
from annotations.nlp.tokens import quotations, sentences

# What is left out between two sentences of a quotation.
LEFT_OUT = re.compile(r"^\[(?:\.\.\.|…)\]\s*|\s*\[(?:\.\.\.|…)\]$")


def with_whole_quotations(
    text: str, found: Sequence[Attributed], read: Sequence[Span]
) -> list[Attributed]:
    """The attributions, each with all sentences of the quotations that it has the beginning of,
    and none of those that another has the beginning of. What has no content left falls away.

    `read` are the sentences that were read, in order.
    """
    marks = quotations(text, read[0].start, read[-1].end) if read else []
    contents = [list(one.content) for one in found]
    for number, near in sorted(_meeting(found, marks).items()):
        quotation = marks[number]
        owners = [i for i in near if _owns(found[i], contents[i], quotation)]
        if not owners or any(_speaks_inside(found[i], quotation) for i in near):
            continue
        for i in near:
            if i in owners:
                contents[i] = _completed(text, contents[i], quotation)
            elif not quotation.overlaps(found[i].cue):
                contents[i] = [s for s in contents[i] if not _begins_in(s, quotation)]
    return [
        replace(one, content=tuple(content))
        for one, content in zip(found, contents, strict=True)
        if content
    ]


def _meeting(found: Sequence[Attributed], marks: Sequence[Span]) -> dict[int, list[int]]:
    """The quotations by number, with the attributions that have a part in each."""
    met: dict[int, list[int]] = defaultdict(list)
    for i, one in enumerate(found):
        numbers = {n for span in (one.cue, *one.content) for n in _overlapping(span, marks)}
        for number in numbers:
            met[number].append(i)
    return met


def _overlapping(span: Span, marks: Sequence[Span]) -> Iterator[int]:
    number = bisect_right(marks, (span.start, span.start))
    number -= number > 0 and marks[number - 1].end > span.start
    while number < len(marks) and marks[number].start < span.end:
        yield number
        number += 1


def _owns(one: Attributed, content: Sequence[Span], quotation: Span) -> bool:
    outside = not quotation.overlaps(one.cue)
    return outside and any(span.start <= quotation.start < span.end for span in content)


def _speaks_inside(one: Attributed, quotation: Span) -> bool:
    """Whether a cue stands in it that something outside hangs on: its marks are somebody else's."""
    return quotation.holds(one.cue) and any(not quotation.overlaps(s) for s in one.content)


def _begins_in(span: Span, quotation: Span) -> bool:
    return quotation.start < span.start < quotation.end


def _completed(text: str, content: Sequence[Span], quotation: Span) -> list[Span]:
    """The content with the whole quotation, a span a sentence."""
    head = next(span for span in content if span.start <= quotation.start < span.end)
    if head.end >= quotation.end:
        return [span for span in content if span == head or not _begins_in(span, quotation)]
    first, *others = sentences(text, *quotation)
    parts = [Span(head.start, first.end), *others]
    rest = [span for span in content if span != head and not _begins_in(span, quotation)]
    return sorted([*rest, *(_without_gap(text, part) for part in parts)])


def _without_gap(text: str, part: Span) -> Span:
    start, end = part
    for gap in LEFT_OUT.finditer(text[start:end]):
        if gap.start() == 0:
            start = part.start + gap.end()
        else:
            end = part.start + gap.start()
    return Span(start, end)
