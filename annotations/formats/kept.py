"""What a sender's annotation says that this desk has no terms for, put back where it stood.

What stands at the annotation's own level is a member of `extra`. What stood deeper, in a body, a
target, a selector, is under "@kept" there, which `annotations/formats/remains.py` makes; it is held
to its place by the span's number, by a selector's type, by a maker's name. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import jsonschema_rs

from annotations.formats.contexts import with_theirs
from annotations.formats.uuids import uuid_in

KEPT = "@kept"
# How a line looks in which there is something to put back.
MARK = f'"{KEPT}":'

Json = dict[str, Any]

_OBJECT: Json = {"type": "object"}
_LIST: Json = {"type": "array"}
_REST: Json = {"type": "object", "additionalProperties": _OBJECT}
_TARGET: Json = {
    "type": ["object", "null"],
    "properties": {
        **dict.fromkeys(("rest", "source", "position", "quote"), _OBJECT),
        **dict.fromkeys(("type", "purpose", "others"), _LIST),
        "same": {
            "type": "object",
            "properties": {"at": _LIST, "selectors": _LIST},
            "required": ["at", "selectors"],
        },
    },
}
_SCHEMA: Json = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("context", "type", "motivation"), _LIST),
        "body": {
            "type": "object",
            "properties": {
                "rest": _OBJECT,
                **dict.fromkeys(("type", "purpose", "sameAs"), _LIST),
            },
        },
        "bodies": {
            "type": "object",
            "properties": {"before": _LIST, "after": _LIST},
            "required": ["before", "after"],
        },
        "target": {"type": "array", "items": _TARGET},
        **dict.fromkeys(("creator", "generator"), _REST),
        "attributions": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"rest": _OBJECT, "cue": {"type": "array", "items": _TARGET}},
            },
        },
    },
}
# A file may hold anything under the name.
_VALID = jsonschema_rs.Draft202012Validator(_SCHEMA)


def given_back(data: Json) -> Json:
    """The annotation with all that its sender said; `data` itself where there is no more."""
    if KEPT not in data:
        return data
    whole = {name: value for name, value in data.items() if name != KEPT}
    kept = data[KEPT]
    if not _VALID.is_valid(kept):
        return whole
    if kept.get("context"):
        whole["@context"] = with_theirs(kept["context"], _as_list(whole.get("@context")))
    for name in ("type", "motivation"):
        _more(whole, name, kept.get(name))
    for name in ("creator", "generator"):
        if isinstance(whole.get(name), dict):
            whole[name] = _with(whole[name], kept.get(name, {}).get(whole[name].get("name")))
    if isinstance(whole.get("body"), dict):
        whole["body"] = _bodies(whole["body"], kept)
    whole["target"] = _targets(whole.get("target"), kept.get("target", []))
    if kept.get("attributions") and isinstance(whole.get("attributions"), list):
        whole["attributions"] = [_tie(tie, kept["attributions"]) for tie in whole["attributions"]]
    return whole


def line_given_back(line: str) -> str:
    """The same for an annotation as JSON text."""
    return written(given_back(json.loads(line))) if MARK in line else line


def lines_given_back(lines: bytes) -> bytes:
    """The same for annotations as JSON, a line each."""
    if MARK.encode() not in lines:
        return lines
    given = (line_given_back(line) for line in lines.decode().split("\n"))
    return "\n".join(given).encode()


def item_given_back(line: str, contexts: Sequence[str]) -> str:
    """The same as part of a page that has these contexts."""
    return written(as_item(given_back(json.loads(line)), contexts))


def written(data: Json) -> str:
    """As PostgreSQL writes it: letters as they are, numbers with all their digits."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def without(extra: Json, place: str) -> Json:
    """What is kept, but for what stood in a place: "body" or "target"."""
    kept = extra.get(KEPT)
    if not isinstance(kept, dict) or place not in kept:
        return extra
    left = {name: value for name, value in kept.items() if name != place}
    others = {name: value for name, value in extra.items() if name != KEPT}
    return {**others, KEPT: left} if left else others


def with_ties(extra: Json, before: Json) -> Json:
    """What is kept, with what was kept of ties before."""
    ties = before.get(KEPT, {}).get("attributions")
    return {**extra, KEPT: {**extra.get(KEPT, {}), "attributions": ties}} if ties else extra


def without_wikidata(extra: Json) -> Json:
    """What is kept of a body that the desk itself gives the Wikidata id of."""
    body = extra.get(KEPT, {}).get("body", {})
    same = [iri for iri in body.get("sameAs", ()) if not _is_wikidata(iri)]
    if len(same) == len(body.get("sameAs", ())):
        return extra
    rest = {name: value for name, value in body.items() if name != "sameAs"}
    rest = {**rest, "sameAs": same} if same else rest
    left = without(extra, "body")
    return {**left, KEPT: {**left.get(KEPT, {}), "body": rest}} if rest else left


def as_item(data: Json, contexts: Sequence[str]) -> Json:
    """The annotation as part of a page that has these contexts: without its own, unless there are
    more of them."""
    if data.get("@context") != contexts:
        return data
    return {name: value for name, value in data.items() if name != "@context"}


def _bodies(body: Json, kept: Json) -> Any:
    own = kept.get("body", {})
    whole = _with(body, own.get("rest"))
    for name in ("type", "purpose"):
        _more(whole, name, own.get(name))
    _more(whole, "sameAs", _others_of(whole.get("sameAs"), own.get("sameAs")), listed=True)
    if "bodies" not in kept:
        return whole
    return [*kept["bodies"]["before"], whole, *kept["bodies"]["after"]]


def _others_of(ours: Any, theirs: Any) -> list[Any]:
    """Of the sender's addresses of the same thing, those that do not contradict the desk's."""
    if not any(_is_wikidata(iri) for iri in _as_list(ours)):
        return theirs or []
    return [iri for iri in theirs or [] if not _is_wikidata(iri)]


def _is_wikidata(iri: Any) -> bool:
    return isinstance(iri, str) and "wikidata.org/" in iri


def _targets(targets: Any, kept: list[Any]) -> Any:
    """By their number: an annotation that was put on more or on fewer words has none of it."""
    listed = _as_list(targets)
    if not isinstance(targets, list | dict) or len(listed) != len(kept):
        return targets
    return [_target(*pair) if pair[1] else pair[0] for pair in zip(listed, kept, strict=True)]


def _target(target: Any, kept: Json) -> Any:
    if not isinstance(target, dict):
        return target
    whole = _with(target, kept.get("rest"))
    for name in ("type", "purpose"):
        _more(whole, name, kept.get(name))
    source = whole.get("source")
    if kept.get("source") and isinstance(source, str):
        whole["source"] = {"id": source, **kept["source"]}
    whole["selector"] = list(_selectors(_as_list(whole.get("selector")), kept))
    return whole


def _selectors(selectors: list[Any], kept: Json) -> Iterator[Any]:
    rests = {"TextPositionSelector": "position", "TextQuoteSelector": "quote"}
    for selector in selectors:
        yield _with(selector, kept.get(rests.get(selector.get("type"), "")))
    position: Json = next((s for s in selectors if s.get("type") == "TextPositionSelector"), {})
    # What said the same in another way says it as long as the words stand there.
    if kept.get("same", {}).get("at") == [position.get("start"), position.get("end")]:
        yield from kept["same"]["selectors"]
    yield from kept.get("others", [])


def _tie(tie: Any, kept: Json) -> Any:
    theirs = kept.get(tie_key(tie.get("attributedTo"))) if isinstance(tie, dict) else None
    if not theirs:
        return tie
    whole = _with(tie, theirs.get("rest"))
    cues, rests = whole.get("cue", []), theirs.get("cue", [])
    if len(cues) == len(rests):
        whole["cue"] = [
            list(_selectors(_as_list(cue), rest)) if rest else cue
            for cue, rest in zip(cues, rests, strict=True)
        ]
    return whole


def tie_key(iri: Any) -> str:
    """What a tie is known by among those of its claim: the source's UUID."""
    return str(uuid_in(iri) or "")


def _with(ours: Json, rest: Any) -> Json:
    """The object with the sender's members; what the desk says itself stays as it is."""
    return {**ours, **{name: rest[name] for name in rest or {} if name not in ours}}


def _more(data: Json, name: str, theirs: Any, *, listed: bool = False) -> None:
    """Add the sender's values to the desk's."""
    ours = _as_list(data.get(name))
    values = [*ours, *(value for value in theirs or [] if value not in ours)]
    if len(values) > len(ours):
        data[name] = values if listed or len(values) > 1 else values[0]


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
