"""What a sender's annotation says that this desk has no terms for, at every depth: what is stored
as `extra`, and put back by `annotations/formats/kept.py`. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from annotations.formats import syntax
from annotations.formats.contexts import checked_contexts, may_define
from annotations.formats.kept import KEPT, tie_key
from annotations.formats.plain import Sent, is_address_here
from annotations.selectors import Resolved
from articles.errors import Refused

LARGEST = 64_000
DEEPEST = 20

# What the desk says of its own at each place; whatever else stands there is the sender's.
ANNOTATION = frozenset(
    "@context id type motivation created modified creator generator kind status confidence "
    "version reason body bodyValue target attributions candidates saidBefore".split()
)
BODY = {
    "entity": frozenset("id type name sameAs purpose".split()),
    "claim": frozenset("id type text purpose".split()),
    "source": frozenset(
        "id type sourceKind name entity affiliation unnamedReason purpose".split()
    ),
}  # fmt: skip
TARGET = frozenset("type source revision selector purpose".split())
PLAIN = {
    "TextPositionSelector": ("position", frozenset(("type", "start", "end"))),
    "TextQuoteSelector": ("quote", frozenset(("type", "exact", "prefix", "suffix"))),
}
# A fragment that resolves says what the desk's position says.
FRAGMENT = frozenset(("type", "value", "conformsTo"))
SOURCE = frozenset(("id",))
MAKER = frozenset(("type", "name", "softwareVersion"))
TIE = frozenset("id attributedTo cue manner mode byOutlet status parent".split())
# What each kind of annotation is for, which the desk says itself.
OWN_PURPOSES = frozenset(("identifying", "classifying", "describing", "tagging"))
PURPOSES = OWN_PURPOSES | frozenset(
    "assessing bookmarking commenting editing highlighting linking moderating questioning "
    "replying".split()
)

Json = dict[str, Any]


def extra_of(
    sent: Sent, *, targets: Sequence[Resolved], cues: Sequence[Sequence[Resolved]]
) -> Json:
    """All that is the sender's in an annotation as `shaped` gives it. `targets` and `cues` say what
    its selectors, and those of its ties, selected.

    Raises Refused, naming the field, for what could not be given back as it was meant: a keyword of
    JSON-LD, a purpose that nobody knows, what is too large or nested too deep.
    """
    data, contexts = sent.data, checked_contexts(sent.data.get("@context"))
    extra = _rest(data, ANNOTATION, "")
    kept = _filled({
        "context": contexts,
        "type": _others(data.get("type"), {"Annotation"}),
        "motivation": _purposes(data.get("motivation"), "motivation", contexts),
        "creator": _makers(data, "creator"),
        "generator": _makers(data, "generator"),
        "body": _body(sent, contexts),
        "bodies": sent.others,
        "target": _in_order(data["target"], targets),
        "attributions": _ties(data.get("attributions", ()), cues),
    })  # fmt: skip
    extra = {**extra, KEPT: kept} if kept else extra
    if extra:
        _hold_to_limits(extra)
    return extra


def _rest(data: Mapping[str, Any], known: frozenset[str], where: str) -> Json:
    if known.issuperset(data):
        return {}
    rest = {name: value for name, value in data.items() if name not in known}
    for name in rest:
        if name.startswith("@"):
            raise Refused(
                "Keywords of JSON-LD cannot be kept here: say id and type, and put a @context at "
                "the annotation's beginning.",
                field=_dotted(where, name),
            )
    return rest


def _body(sent: Sent, contexts: Sequence[Any]) -> Json:
    body = sent.body
    return _filled({
        "rest": _rest(body, BODY.get(sent.kind, BODY["entity"]), "body"),
        "type": sent.types,
        "purpose": _purposes(body.get("purpose"), "body.purpose", contexts),
        "sameAs": _same_as(body, sent.kind),
    })  # fmt: skip


def _same_as(body: Json, kind: str) -> list[str]:
    """Its addresses elsewhere; by the one here that it gets, or has, it goes already."""
    others: list[str] = body.get("sameAs", []) if kind == "entity" else []
    address = body.get("id", "")
    elsewhere = "://" in address and not is_address_here(address)
    return [address, *others] if elsewhere else others


def _in_order(targets: Sequence[Json], resolved: Sequence[Resolved]) -> list[Json | None]:
    """Of each span, in the order of the text, what its target says besides."""
    pairs = sorted(zip(targets, resolved, strict=True), key=lambda pair: pair[1].span)
    kept = [_target(target, found) or None for target, found in pairs]
    return kept if any(kept) else []


def _target(target: Json, found: Resolved) -> Json:
    source = target.get("source")
    return _filled({
        "rest": _rest(target, TARGET, "target"),
        "type": _others(target.get("type"), {"SpecificResource"}),
        "purpose": target.get("purpose"),
        "source": _rest(source, SOURCE, "target.source") if isinstance(source, dict) else None,
        **_selectors(target["selector"], found, "target.selector"),
    })  # fmt: skip


def _selectors(selectors: Sequence[Json], found: Resolved, where: str) -> Json:
    """Members of the desk's own selectors; selectors that say the same in other words, as long as
    the words stand there; selectors that select nothing here."""
    kept: Json = {}
    same, others = [], []
    for selector, resolves in zip(selectors, found.resolves, strict=True):
        name, known = PLAIN.get(selector.get("type", ""), ("", frozenset()))
        if name and "refinedBy" not in selector:
            rest = _rest(selector, known, where)
            if rest and name in kept:
                same.append(selector)
            elif rest:
                kept[name] = rest
        elif not resolves:
            others.append(selector)
        elif selector["type"] != "FragmentSelector" or not selector.keys() <= FRAGMENT:
            same.append(selector)
    kept["same"] = {"at": list(found.span), "selectors": same} if same else None
    return _filled({**kept, "others": others})


def _ties(ties: Sequence[Json], cues: Sequence[Sequence[Resolved]]) -> Json:
    kept = {}
    for tie, resolved in zip(ties, cues, strict=True):
        said = [
            _selectors(cue, found, "attributions.cue") or None
            for cue, found in zip(tie.get("cue", ()), resolved, strict=True)
        ]
        theirs = _filled({
            "rest": _rest(tie, TIE, "attributions"), "cue": said if any(said) else None
        })  # fmt: skip
        if theirs:
            kept[tie_key(tie.get("attributedTo"))] = theirs
    return kept


def _makers(data: Json, name: str) -> Json:
    """By name, what is said of a maker. Who made it the desk says: these come back where it says
    the same."""
    makers = data.get(name)
    listed = makers if isinstance(makers, list) else [makers]
    named = [one for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str)]
    return _filled({one["name"]: _rest(one, MAKER, name) for one in named})


def _purposes(given: Any, field: str, contexts: Sequence[Any]) -> list[str]:
    """Those that are not for the desk to say. Raises Refused for a word that means nothing."""
    purposes = _others(given, OWN_PURPOSES)
    for purpose in purposes:
        if purpose not in PURPOSES and ":" not in purpose and not may_define(contexts, purpose):
            raise Refused(
                f"“{purpose[:100]}” is none of {', '.join(sorted(PURPOSES))}: send its IRI, or a "
                "@context that has the word.",
                field=field,
            )
    return purposes


def _others(values: Any, ours: Collection[str]) -> list[str]:
    if values is None or (isinstance(values, str) and values in ours):
        return []
    listed = values if isinstance(values, list) else [values]
    return [value for value in dict.fromkeys(listed) if value not in ours]


def _filled(data: Json) -> Json:
    return {name: value for name, value in data.items() if value}


def _hold_to_limits(extra: Json) -> None:
    size = len(json.dumps(extra, ensure_ascii=False).encode())
    parts = list(_parts(extra))
    if size > LARGEST:
        largest = max(parts, key=lambda part: len(json.dumps(part.value)))
        raise Refused(
            f"Properties of your own may have {LARGEST:,} bytes in all; there are {size:,}.",
            field=largest.field,
        )
    contexts = extra.get(KEPT, {}).get("context", [])
    for part in parts:
        if _is_deeper(part.value, DEEPEST):
            raise Refused(
                f"A property of your own is nested {DEEPEST} levels deep at most.", field=part.field
            )
        said = part.value if part.name is None else {part.name: part.value}
        keyword = syntax.broken(said, contexts)
        if keyword:
            raise Refused(
                f"“{keyword[:100]}” is not used here as JSON-LD uses it, so that nobody could read "
                "the annotation.",
                field=part.field,
            )


class _Part(NamedTuple):
    """Something of the sender's own, by the field that it was sent in; `name` is the property's,
    where it is the value of one."""

    field: str
    name: str | None
    value: Any


def _parts(extra: Json) -> Iterator[_Part]:
    yield from (_Part(name, name, value) for name, value in extra.items() if name != KEPT)
    kept = extra.get(KEPT, {})
    yield from _rests("body", kept.get("body", {}))
    for maker in ("creator", "generator"):
        for rest in kept.get(maker, {}).values():
            yield from _rests(maker, {"rest": rest})
    for side in kept.get("bodies", {}).values():
        yield _Part("body", None, side)
    for target in kept.get("target", ()):
        yield from _in_target("target", target or {}, "target.selector")
    for tie in kept.get("attributions", {}).values():
        yield from _rests("attributions", tie)
        for cue in tie.get("cue", ()):
            yield from _in_target("attributions", cue or {}, "attributions.cue")


def _in_target(where: str, target: Json, selectors: str) -> Iterator[_Part]:
    yield from _rests(where, target)
    yield from _rests(f"{where}.source", {"rest": target.get("source", {})})
    for name in ("position", "quote"):
        yield from _rests(selectors, {"rest": target.get(name, {})})
    yield _Part(selectors, None, target.get("others", []))
    yield _Part(selectors, None, target.get("same", {}).get("selectors", []))


def _rests(where: str, kept: Json) -> Iterator[_Part]:
    for name, value in kept.get("rest", {}).items():
        yield _Part(_dotted(where, name), name, value)


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if not levels:
        return True
    parts = value.values() if isinstance(value, dict) else value
    return any(_is_deeper(part, levels - 1) for part in parts)


def _dotted(where: str, name: str) -> str:
    return f"{where}.{name}".strip(".")
