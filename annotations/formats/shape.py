"""The shape of a W3C annotation as it may come in, held by a JSON Schema.

Where the recommendation allows one thing or a list of them (bodies, targets, selectors), lists
come out. What the values mean is not looked at here.
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from articles.errors import Refused

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
IRI: Schema = {"type": "string", "maxLength": 2000}
IRI_OR_NOTHING: Schema = {"type": ["string", "null"], "maxLength": 2000}


def _text(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest}


def _list(of: Schema, least: int, most: int) -> Schema:
    return {"type": "array", "items": of, "minItems": least, "maxItems": most}


SELECTORS = _list(
    {
        "type": "object",
        "properties": {
            "type": STRING,
            "start": {"type": "integer"},
            "end": {"type": "integer"},
            "exact": STRING,
            "prefix": STRING,
            "suffix": STRING,
        },
    },
    least=1,
    most=20,
)
TARGET: Schema = {
    "type": "object",
    "properties": {
        "selector": SELECTORS,
        "revision": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    },
    "required": ["selector"],
}
BODY: Schema = {
    "type": "object",
    "properties": {
        "id": IRI,
        "type": _text(100),
        "name": _text(300),
        "text": _text(1000),
        "sourceKind": _text(100),
        "entity": IRI,
        "sameAs": _list(IRI, least=0, most=20),
        "affiliation": _text(300),
        "unnamedReason": _text(500),
    },
}
ATTRIBUTION: Schema = {
    "type": "object",
    "properties": {
        "id": IRI,
        "attributedTo": IRI_OR_NOTHING,
        "cue": _list(SELECTORS, least=0, most=20),
        "manner": _text(100),
        "mode": _text(100),
        "byOutlet": {"type": "boolean"},
        "parent": IRI_OR_NOTHING,
        "status": {"enum": ["suggested", "accepted", "rejected"]},
    },
}
ANNOTATION: Schema = {
    "type": "object",
    "properties": {
        "id": IRI,
        "kind": {"enum": ["entity", "claim", "source"]},
        "status": {"enum": ["suggested", "accepted", "rejected"]},
        "body": _list(BODY, least=1, most=1),
        "target": _list(TARGET, least=1, most=100),
        "attributions": _list(ATTRIBUTION, least=0, most=100),
    },
    "required": ["body", "target"],
}
_VALIDATOR = Draft202012Validator(ANNOTATION)
# Says only whether; of five thousand annotations few are wrong.
_QUICK = jsonschema_rs.Draft202012Validator(ANNOTATION)
_KINDS = {
    "string": "text", "integer": "a whole number", "object": "an object", "array": "a list",
    "null": "null", "boolean": "true or false",
}  # fmt: skip


def shaped(data: Any) -> dict[str, Any]:
    """`data` with lists where lists may be. Raises Refused, naming the field as a dotted path."""
    if not isinstance(data, dict):
        raise Refused("An annotation is a JSON object.", field="")
    listed = _with_lists(data)
    error = None if _QUICK.is_valid(listed) else best_match(_VALIDATOR.iter_errors(listed))
    if error:
        raise Refused(_in_words(error), field=_field(error))
    return listed


def _with_lists(data: dict[str, Any]) -> dict[str, Any]:
    listed = dict(data)
    for name in ("body", "target"):
        if name in data:
            listed[name] = [_parts_listed(part) for part in as_list(data[name])]
    if isinstance(data.get("attributions"), list):
        listed["attributions"] = [_cues_listed(tie) for tie in data["attributions"]]
    return listed


def _parts_listed(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    lists = {name: as_list(part[name]) for name in ("selector", "sameAs") if name in part}
    return {**part, **lists}


def _cues_listed(tie: Any) -> Any:
    if not isinstance(tie, dict) or not isinstance(tie.get("cue"), list):
        return tie
    return {**tie, "cue": [as_list(cue) for cue in tie["cue"]]}


def as_list(value: Any) -> list[Any]:
    """The recommendation's "one or more": what is no list becomes a list of one."""
    return value if isinstance(value, list) else [value]


def _field(error: ValidationError) -> str:
    names = [str(step) for step in error.absolute_path if isinstance(step, str)]
    if error.validator == "required":
        names.append(next(name for name in error.validator_value if name not in error.instance))
    return ".".join(names)


def _in_words(error: ValidationError) -> str:
    allowed = error.validator_value
    if error.validator == "required":
        return "This is missing."
    if error.validator == "type":
        kinds = allowed if isinstance(allowed, list) else [allowed]
        return f"This must be {' or '.join(_KINDS[kind] for kind in kinds)}."
    if error.validator == "enum":
        return f"This must be one of {', '.join(allowed)}."
    limits = {
        "maxLength": f"At most {allowed} characters fit here.",
        "maxItems": f"There may be at most {allowed} here.",
        "minItems": f"There must be at least {allowed} here.",
        "minimum": f"This must be at least {allowed}.",
        "maximum": f"This must be at most {allowed}.",
    }
    return limits[error.validator]
