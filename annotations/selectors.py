"""Selectors of the Web Annotation data model, resolved to spans of a text.

A list of selectors says the same thing in several ways: whatever of it resolves to text must agree.
A quote beside a position is held against it, and searched for only where nothing else says where.
Offsets are code points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from annotations.anchoring import Quotation, find_quotation
from articles.errors import Refused

RFC5147 = "http://tools.ietf.org/rfc/rfc5147"
# What these select is no range of a plain text.
NOT_OF_TEXT = {
    "DataPositionSelector": "counts bytes",
    "CssSelector": "selects elements of a page",
    "XPathSelector": "selects elements of a page",
    "SvgSelector": "selects a part of a picture",
}
DEEPEST = 5
_CHAR = re.compile(r"#?char=(\d{1,9})?(,)?(\d{1,9})?((?:;(?:length|md5)=[^;]*)*)")
_LENGTH = re.compile(r";length=(\d{1,9})(?:,|;|$)")

Selector = dict[str, Any]


class Selected(NamedTuple):
    """What one selector selects."""

    type: str
    start: int
    end: int


def span_of(selectors: Sequence[Any], text: str, *, where: str, depth: int = 0) -> list[int]:
    """The span that the selectors, which are alternatives, select in a text.

    Raises Refused, naming `where`: none of them resolves to text, two of them disagree (both are
    shown), a quote stands nowhere or in several places (those are shown).
    """
    if depth > DEEPEST:
        raise Refused(f"Selectors are nested more than {DEEPEST} deep.", field=where)
    kinds = [_kind(selector, where) for selector in selectors]
    at = [
        _placed(kind, selector, text, where, depth)
        for kind, selector in zip(kinds, selectors, strict=True)
        if kind in _PLACED
    ]
    quotes = [s for k, s in zip(kinds, selectors, strict=True) if k == "TextQuoteSelector"]
    if at:
        _hold_together(at, text, where)
        start, end = at[0].start, at[0].end
        for quote in quotes:
            _hold_to_quote(quote, start, end, text, where, depth)
        return [start, end]
    if quotes:
        return _of_quotes(quotes, text, where, depth)
    raise _nothing_of_text(kinds, where)


def _kind(selector: Any, where: str) -> str:
    if not isinstance(selector, dict):
        raise Refused("A selector is an object with a type.", field=where)
    kind = selector.get("type")
    return kind if isinstance(kind, str) else ""


def _nothing_of_text(kinds: Sequence[str], where: str) -> Refused:
    known = [*_PLACED, "TextQuoteSelector"]
    advice = f"Give one of {', '.join(known)}."
    for kind in kinds:
        if kind in NOT_OF_TEXT:
            return Refused(f"A {kind} {NOT_OF_TEXT[kind]}, which a story's plain text has not. "
                           f"{advice}", field=where)  # fmt: skip
    return Refused(f"There is no selector that this desk understands. {advice}", field=where)


def _placed(kind: str, selector: Selector, text: str, where: str, depth: int) -> Selected:
    start, end = _PLACED[kind](selector, text, where, depth)
    if not 0 <= start < end <= len(text):
        raise Refused(
            f"The position must be whole numbers with 0 <= start < end <= {len(text)}.", field=where
        )
    start, end = _refined(selector, start, end, text, where, depth)
    return Selected(kind, start, end)


def _position(selector: Selector, text: str, where: str, depth: int) -> tuple[int, int]:
    start, end = selector.get("start"), selector.get("end")
    if type(start) is not int or type(end) is not int:
        return -1, -1
    return start, end


def _fragment(selector: Selector, text: str, where: str, depth: int) -> tuple[int, int]:
    """`char=10,20` of RFC 5147, which counts places between characters."""
    value, standard = selector.get("value"), selector.get("conformsTo", RFC5147)
    match = _CHAR.fullmatch(value) if isinstance(value, str) else None
    if not match or not isinstance(standard, str) or "rfc5147" not in standard.lower():
        raise Refused("A FragmentSelector is understood by RFC 5147: char=10,20.", field=where)
    first, comma, last, checks = match.groups()
    if not comma:
        raise Refused("A place between two characters holds no words: write char=10,20.",
                      field=where)  # fmt: skip
    length = _LENGTH.search(checks or "")
    if length and int(length.group(1)) != len(text):
        raise Refused(
            f"The fragment is of a text of {length.group(1)} characters; this one has {len(text)}.",
            field=where,
        )
    return int(first or 0), len(text) if last is None else int(last)


def _range(selector: Selector, text: str, where: str, depth: int) -> tuple[int, int]:
    """From the beginning of one selector's words to the beginning of another's."""
    ends = []
    for name in ("startSelector", "endSelector"):
        given = selector.get(name)
        if not isinstance(given, dict | list) or not given:
            raise Refused(f"A RangeSelector has a {name}.", field=where)
        alternatives = given if isinstance(given, list) else [given]
        ends.append(span_of(alternatives, text, where=f"{where}.{name}", depth=depth + 1)[0])
    return ends[0], ends[1]


_PLACED: dict[str, Callable[[Selector, str, str, int], tuple[int, int]]] = {
    "TextPositionSelector": _position,
    "FragmentSelector": _fragment,
    "RangeSelector": _range,
}


def _refined(
    selector: Selector, start: int, end: int, text: str, where: str, depth: int
) -> tuple[int, int]:
    """What `refinedBy` selects within the words that the selector selects."""
    inner = selector.get("refinedBy")
    if inner is None:
        return start, end
    alternatives = inner if isinstance(inner, list) else [inner]
    if not alternatives:
        raise Refused("refinedBy is a selector.", field=f"{where}.refinedBy")
    words = text[start:end]
    first, last = span_of(alternatives, words, where=f"{where}.refinedBy", depth=depth + 1)
    return start + first, start + last


def _hold_together(at: Sequence[Selected], text: str, where: str) -> None:
    first = at[0]
    for other in at[1:]:
        if other[1:] != first[1:]:
            shown = [one._asdict() | {"words": text[one.start : one.end]} for one in (first, other)]
            raise Refused("The selectors select different words.", field=where, selected=shown)


def _hold_to_quote(
    quote: Selector, start: int, end: int, text: str, where: str, depth: int
) -> None:
    if quote.get("refinedBy") is not None:
        # Its own words are more than what is selected.
        refined = _of_quotes([quote], text, where, depth)
        if refined == [start, end]:
            return
    elif quote.get("exact") == text[start:end]:
        return
    raise Refused(
        "The quote is not what stands at the position.",
        field=where, quote=quote.get("exact"), at_position=text[start:end],
    )  # fmt: skip


def _of_quotes(quotes: Sequence[Selector], text: str, where: str, depth: int) -> list[int]:
    found = [_searched(quote, text, where, depth) for quote in quotes]
    _hold_together(found, text, where)
    return [found[0].start, found[0].end]


def _searched(quote: Selector, text: str, where: str, depth: int) -> Selected:
    exact, prefix, suffix = (quote.get(name) for name in ("exact", "prefix", "suffix"))
    if not isinstance(exact, str) or not exact:
        raise Refused("A TextQuoteSelector has the exact words.", field=where)
    context = [part if isinstance(part, str) else "" for part in (prefix, suffix)]
    found = find_quotation(text, Quotation(exact, *context))
    if found.place is None:
        raise Refused(found.why, field=where, found=found.shown(text))
    start, end = found.place, found.place + len(exact)
    return Selected("TextQuoteSelector", *_refined(quote, start, end, text, where, depth))
