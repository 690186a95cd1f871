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
MOST = 20
_CHAR = re.compile(r"#?char=(\d{1,9})?(,)?(\d{1,9})?((?:;(?:length|md5)=[^;]*)*)")
_LENGTH = re.compile(r";length=(\d{1,9})(?:,|;|$)")

Selector = dict[str, Any]
Select = Callable[[Selector, str, str, int], "Selected"]


class Selected(NamedTuple):
    """What one selector selects."""

    type: str
    start: int
    end: int


class Resolved(NamedTuple):
    """What a list of selectors selects, and of each whether it does by itself."""

    span: list[int]
    resolves: tuple[bool, ...]


def span_of(selectors: Sequence[Any], text: str, *, where: str, depth: int = 0) -> list[int]:
    """The span that the selectors, which are alternatives, select in a text. Raises Refused as
    `resolved` does."""
    return resolved(selectors, text, where=where, depth=depth).span


def resolved(selectors: Sequence[Any], text: str, *, where: str, depth: int = 0) -> Resolved:
    """What the selectors, which are alternatives, select in a text.

    Those that select nothing in it are passed over, as long as another does. Raises Refused, naming
    `where`: none of them resolves to text (what was found for each is told), two of them disagree
    (both are shown), a quote stands nowhere or in several places (those are shown), a position or a
    quote is not what stands there.
    """
    if depth > DEEPEST:
        raise Refused(f"Selectors are nested more than {DEEPEST} deep.", field=where)
    if len(selectors) > MOST:
        raise Refused(f"There may be at most {MOST} selectors here.", field=where)
    kinds = [_kind(selector, where) for selector in selectors]
    found = _Found(kinds, selectors, text, where, depth)
    at = (
        found.by(_is_placed, _selected)
        or found.by(_is_quote, _searched)
        or found.by(_is_narrowed, _narrowed)
    )
    if not at:
        raise found.nothing()
    _hold_together(list(at.values()), text, where)
    start, end = next(iter(at.values()))[1:]
    for number, (kind, selector) in enumerate(zip(kinds, selectors, strict=True)):
        if number not in at and _is_quote(kind, selector):
            _hold_to_quote(selector, start, end, text, where)
            at[number] = Selected(kind, start, end)
    return Resolved([start, end], tuple(number in at for number in range(len(kinds))))


class _Found:
    """Tries selectors in turn, and remembers why some select nothing."""

    def __init__(
        self, kinds: Sequence[str], selectors: Sequence[Selector], text: str, where: str, depth: int
    ) -> None:
        self._all = list(enumerate(zip(kinds, selectors, strict=True)))
        self._text, self._where, self._depth = text, where, depth
        self._why: dict[int, Refused] = {}

    def by(self, is_tried: Callable[[str, Selector], bool], select: Select) -> dict[int, Selected]:
        """What those of a sort select, by their number."""
        found = {}
        for number, (kind, selector) in self._all:
            if not is_tried(kind, selector):
                continue
            try:
                found[number] = select(selector, self._text, self._where, self._depth)
            except Refused as refusal:
                if kind == "TextPositionSelector" and "refinedBy" not in selector:
                    raise
                self._why.setdefault(number, refusal)
        return found

    def nothing(self) -> Refused:
        """Why none of them selects anything."""
        why = [self._reason(number, kind) for number, (kind, _) in self._all]
        if len(why) == 1:
            return why[0]
        extra = next((refusal.extra for refusal in why if refusal.extra), {})
        told = "; ".join(
            f"{kind or 'one without a type'}: {str(refusal).removesuffix(_advice()).rstrip('.')}"
            for refusal, (_, (kind, _)) in zip(why, self._all, strict=True)
        )
        told = f"None of the selectors resolves: {told}.{_advice()}"
        return Refused(told, field=self._where, **extra)

    def _reason(self, number: int, kind: str) -> Refused:
        return self._why.get(number) or _nothing_of_text(kind, self._where)


def _is_placed(kind: str, selector: Selector) -> bool:
    return kind in _PLACED or (kind == "TextQuoteSelector" and "refinedBy" in selector)


def _is_quote(kind: str, selector: Selector) -> bool:
    return kind == "TextQuoteSelector" and "refinedBy" not in selector


def _is_narrowed(kind: str, selector: Selector) -> bool:
    return kind not in ("TextPositionSelector", "TextQuoteSelector") and "refinedBy" in selector


def _selected(selector: Selector, text: str, where: str, depth: int) -> Selected:
    place = _searched if selector["type"] == "TextQuoteSelector" else _placed
    return place(selector, text, where, depth)


def _narrowed(selector: Selector, text: str, where: str, depth: int) -> Selected:
    """Of what selects nothing here, such as elements of a page, the quote that names the words."""
    inner = selector["refinedBy"]
    quotes = [
        one
        for one in (inner if isinstance(inner, list) else [inner])
        if isinstance(one, dict) and one.get("type") == "TextQuoteSelector"
    ]
    if not quotes:
        kind = _kind(selector, where)
        raise _nothing_of_text(kind, where)
    start, end = span_of(quotes, text, where=f"{where}.refinedBy", depth=depth + 1)
    return Selected(_kind(selector, where), start, end)


def _kind(selector: Any, where: str) -> str:
    if not isinstance(selector, dict):
        raise Refused("A selector is an object with a type.", field=where)
    kind = selector.get("type")
    return kind if isinstance(kind, str) else ""


def _nothing_of_text(kind: str, where: str) -> Refused:
    told = "This is no selector that the desk understands."
    if kind in NOT_OF_TEXT:
        told = f"{kind} {NOT_OF_TEXT[kind]}, which a story's plain text has not."
    return Refused(told + _advice(), field=where)


def _advice() -> str:
    return f" Give one of {', '.join([*_PLACED, 'TextQuoteSelector'])}."


def _placed(selector: Selector, text: str, where: str, depth: int) -> Selected:
    kind = selector["type"]
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


def _choice(selector: Selector, text: str, where: str, depth: int) -> tuple[int, int]:
    """One of several selectors, whichever is understood."""
    items = selector.get("items")
    if not isinstance(items, list) or not items:
        raise Refused("A Choice has a list of items.", field=f"{where}.items")
    first, last = span_of(items, text, where=f"{where}.items", depth=depth + 1)
    return first, last


_PLACED: dict[str, Callable[[Selector, str, str, int], tuple[int, int]]] = {
    "TextPositionSelector": _position,
    "FragmentSelector": _fragment,
    "RangeSelector": _range,
    "Choice": _choice,
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


def _hold_to_quote(quote: Selector, start: int, end: int, text: str, where: str) -> None:
    if quote.get("exact") != text[start:end]:
        raise Refused(
            "The quote is not what stands at the position.",
            field=where, quote=quote.get("exact"), at_position=text[start:end],
        )  # fmt: skip


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
