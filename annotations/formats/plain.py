"""What the Web Annotation data model lets one say in several ways, made plain: one or a list of
them, a text or an address instead of an object; and which of the bodies is for this desk. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from annotations.formats.kept import KEPT
from annotations.formats.story import LABELS
from annotations.selectors import RFC5147
from articles.errors import Refused

Json = dict[str, Any]

KIND_OF_TYPE = {"claim": "claim", "source": "source", **{t.lower(): "entity" for t in LABELS}}
KINDS = ("entity", "claim", "source")
FOLDERS = {"entities": "entity", "claims": "claim", "sources": "source"}
MOST_BODIES = 100
# Bodies of the data model that say nothing of what an annotation of this desk is.
_OTHER_TYPES = frozenset("TextualBody Choice Dataset Image Sound Text Video".split())
_OURS = re.compile(r"(?:^|/)(entities|claims|sources)/[^/?#]+/?$")
_WIKIDATA = re.compile(r"https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/Q\d+")
_REVISION = re.compile(r"/api/articles/\d+/revisions/(\d{1,9})/?$")
_SAYS_NOTHING = (
    "Nothing says what these words are: send a body of the type "
    f"{', '.join(sorted(LABELS))}, Claim or Source, or the address of an entity, a claim or a "
    "source here; or kind: claim, for what the words themselves say."
)


@dataclass(frozen=True)
class Sent:
    """An annotation as it came, with lists where lists may be. `body` is what the desk is told of
    it, `others` are bodies before and after that one, `types` further types of it."""

    data: Json
    kind: str
    body: Json
    others: dict[str, list[Any]] | None = None
    types: Sequence[str] = ()


def plain(data: Json) -> Sent:
    """Raises Refused, naming the field: body and bodyValue both, a body that is neither object nor
    address, none or several that say what the annotation is, a target that is a whole story."""
    listed = {name: value for name, value in data.items() if name not in (KEPT, "bodyValue")}
    if "target" in data:
        listed["target"] = [_target(part) for part in as_list(data["target"])]
    if isinstance(data.get("attributions"), list):
        listed["attributions"] = [_cues_listed(tie) for tie in data["attributions"]]
    raw = _bodies(data)
    bodies = [_body(part) for part in raw]
    given = data.get("kind")
    place, body = _told(bodies, given)
    around = {"before": raw[: max(place, 0)], "after": raw[place + 1 :]}
    kind = given or kind_of(body) or "entity"
    body, types = _typed(body)
    listed["body"] = [body]
    return Sent(listed, kind, body, around if len(raw) > (place >= 0) else None, types)


def as_list(value: Any) -> list[Any]:
    """The recommendation's "one or more": what is no list becomes a list of one."""
    return value if isinstance(value, list) else [value]


def kind_of(body: Any) -> str:
    """The kind of annotation that a body is of, by its type or its address; empty for others."""
    if not isinstance(body, dict):
        return ""
    for type in as_list(body.get("type")):
        kind = KIND_OF_TYPE.get(type.lower()) if isinstance(type, str) else None
        if kind:
            return kind
    ours = _OURS.search(body["id"]) if isinstance(body.get("id"), str) else None
    return FOLDERS[ours.group(1)] if ours else ""


def is_address_here(iri: str) -> bool:
    """Whether it looks as addresses of this desk's entities, claims and sources do."""
    return bool(_OURS.search(iri))


# Bodies


def _bodies(data: Json) -> list[Any]:
    if "bodyValue" not in data:
        return as_list(data["body"]) if "body" in data else []
    value = data["bodyValue"]
    if "body" in data:
        raise Refused("Send a body or a bodyValue, not both.", field="bodyValue")
    if not isinstance(value, str):
        raise Refused("This must be text.", field="bodyValue")
    return [{"type": "TextualBody", "value": value, "format": "text/plain"}]


def _body(body: Any) -> Any:
    if isinstance(body, str):
        return {"id": body}
    if not isinstance(body, dict):
        raise Refused("A body is an object, or the address of one.", field="body")
    if body.get("type") == "SpecificResource":
        body = _unwrapped(body)
    return {**body, "sameAs": as_list(body["sameAs"])} if "sameAs" in body else body


def _unwrapped(body: Json) -> Json:
    """What a SpecificResource is of, where the desk knows that."""
    source = body.get("source")
    named = source if isinstance(source, dict) else {"id": source}
    if not kind_of(named) and not _is_wikidata(named):
        return body
    rest = {name: value for name, value in body.items() if name not in ("type", "source")}
    return {**rest, **named}


def _told(bodies: Sequence[Any], kind: Any) -> tuple[int, Json]:
    """The body that says what the annotation is, and its place; -1 where the words say it."""
    if len(bodies) > MOST_BODIES:
        raise Refused(f"There may be at most {MOST_BODIES} bodies here.", field="body")
    telling = [n for n, body in enumerate(bodies) if kind_of(body)]
    telling = [n for n in telling if kind_of(bodies[n]) == kind] or telling
    telling = telling or [n for n, body in enumerate(bodies) if _is_wikidata(body)]
    telling = telling or _untold(bodies, kind)
    if len(telling) > 1:
        raise Refused(
            "Several of the bodies say what these words are: send an annotation for each.",
            field="body",
        )
    if telling:
        return telling[0], bodies[telling[0]]
    if kind == "claim":
        return _claim(bodies)
    raise Refused(_SAYS_NOTHING, field="body")


def _untold(bodies: Sequence[Any], kind: Any) -> list[int]:
    """Bodies whose kind is said beside them; and a single one of a type that nobody knows, so that
    it is refused for that."""
    if kind in KINDS:
        return [n for n, body in enumerate(bodies) if "type" not in body]
    is_strange = len(bodies) == 1 and "type" in bodies[0] and not _is_of_the_model(bodies[0])
    return [0] if is_strange else []


def _is_of_the_model(body: Json) -> bool:
    types = as_list(body["type"])
    return bool(types) and all(
        isinstance(type, str) and type in _OTHER_TYPES | {"SpecificResource"} for type in types
    )


def _claim(bodies: Sequence[Json]) -> tuple[int, Json]:
    """A claim in the words of a text beside it, or in its own."""
    texts = [n for n, body in enumerate(bodies) if _is_description(body)]
    if len(texts) != 1:
        return -1, {"type": "Claim"}
    given = bodies[texts[0]]
    text = {"type": "Claim", "text": given["value"]}
    plain = {"format"} if given.get("format") == "text/plain" else set()
    rest = {name: given[name] for name in given.keys() - plain - {"type", "value", "text"}}
    return texts[0], {**text, **rest}


def _is_description(body: Json) -> bool:
    is_text = body.get("type") == "TextualBody" and isinstance(body.get("value"), str)
    return is_text and body.get("purpose") in (None, "describing")


def _is_wikidata(body: Any) -> bool:
    iri = body.get("id") if isinstance(body, dict) else None
    return isinstance(iri, str) and bool(_WIKIDATA.fullmatch(iri))


def _typed(body: Json) -> tuple[Json, list[str]]:
    """The body with the one type that this desk knows, and what else it is."""
    types = body.get("type")
    if not isinstance(types, list) or not all(isinstance(type, str) for type in types):
        return body, []
    known = next((type for type in types if type.lower() in KIND_OF_TYPE), None)
    if known is None:
        return body, []
    return {**body, "type": known}, [type for type in types if type != known]


# Targets and ties


def _target(target: Any) -> Any:
    if isinstance(target, str):
        return _of_address(target, target)
    if not isinstance(target, dict):
        return target
    if "selector" not in target:
        return _without_selector(target)
    listed = {**target, "selector": as_list(target["selector"])}
    match = _REVISION.search(address_of(target))
    return {"revision": int(match.group(1)), **listed} if match else listed


def _without_selector(target: Json) -> Json:
    address = address_of(target)
    if "#" not in address:
        return target
    if "source" in target:
        return {**target, **_of_address(address, target["source"])}
    return _of_address(address, target)


def _of_address(address: str, resource: Any) -> Json:
    """A target that is an address with a fragment, such as `#char=10,20`."""
    place, _, fragment = address.partition("#")
    if not fragment:
        raise Refused(
            "This is a whole story: say which words of it, such as #char=10,20 for those from the "
            "tenth character to the twentieth, or by a selector.",
            field="target",
        )
    selector = {"type": "FragmentSelector", "value": unquote(fragment), "conformsTo": RFC5147}
    source = {**resource, "id": place} if isinstance(resource, dict) else place
    match = _REVISION.search(place)
    revision = {"revision": int(match.group(1))} if match else {}
    return {"source": source, "selector": [selector], **revision}


def address_of(target: Any) -> str:
    """The address of the story that a target is on; empty where it names none."""
    if isinstance(target, dict):
        target = target.get("source", target.get("id") if "selector" not in target else None)
        target = target.get("id") if isinstance(target, dict) else target
    return target if isinstance(target, str) else ""


def _cues_listed(tie: Any) -> Any:
    if not isinstance(tie, dict) or not isinstance(tie.get("cue"), list):
        return tie
    return {**tie, "cue": [as_list(cue) for cue in tie["cue"]]}
