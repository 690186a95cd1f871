"""The shape of a W3C annotation as it may come in, held by a JSON Schema.

What the recommendation lets one say in several ways is plain by then: see
`annotations/formats/plain.py`. What the values mean is not looked at here.
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from annotations import selectors
from annotations.formats.plain import Sent, plain
from articles.errors import Refused

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
IRI: Schema = {"type": "string", "maxLength": 2000}
IRI_OR_NOTHING: Schema = {"type": ["string", "null"], "maxLength": 2000}


def _text(longest: int) -> Schema:
    return {"type": "string", "maxLength": longest}


def _list(of: Schema, least: int, most: int) -> Schema:
    return {"type": "array", "items": of, "minItems": least, "maxItems": most}


ABSOLUTE: Schema = {**IRI, "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"}
WORDS: Schema = {"anyOf": [_text(2000), _list(_text(2000), least=0, most=20)]}


def _of_type(names: str, needs: str, **properties: Schema) -> Schema:
    """What selectors of some types are, whatever else they have."""
    return {
        "if": {"properties": {"type": {"enum": names.split()}}, "required": ["type"]},
        "then": {"properties": properties, "required": needs.split()},
    }


SELECTORS = _list(
    {
        "type": "object",
        "properties": {"type": STRING},
        "allOf": [
            _of_type(
                "TextPositionSelector DataPositionSelector", "",
                start={"type": "integer"}, end={"type": "integer"},
            ),
            _of_type("TextQuoteSelector", "", exact=STRING, prefix=STRING, suffix=STRING),
            _of_type("FragmentSelector CssSelector XPathSelector", "value", value=STRING),
        ],
    },
    least=1,
    most=selectors.MOST,
)  # fmt: skip
TARGET: Schema = {
    "type": "object",
    "properties": {
        "id": ABSOLUTE,
        "type": WORDS,
        "purpose": WORDS,
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
        "purpose": WORDS,
    },
}
# A body that is the sender's own, given back as it came.
OTHER_BODY: Schema = {
    "type": ["object", "string"],
    "pattern": ABSOLUTE["pattern"],
    "properties": {"id": ABSOLUTE, "type": WORDS, "purpose": WORDS},
    "if": {"properties": {"type": {"const": "TextualBody"}}, "required": ["type"]},
    "then": {"properties": {"value": STRING}, "required": ["value"]},
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
        "type": WORDS,
        "motivation": WORDS,
        "kind": {"enum": ["entity", "claim", "source"]},
        "status": {"enum": ["suggested", "accepted", "rejected"]},
        "body": _list(BODY, least=1, most=1),
        "target": _list(TARGET, least=1, most=100),
        "attributions": _list(ATTRIBUTION, least=0, most=100),
    },
    "required": ["body", "target"],
}
OTHER_BODIES: Schema = {"properties": {"body": {"type": "array", "items": OTHER_BODY}}}
_VALIDATOR = Draft202012Validator(ANNOTATION)
# Says only whether; of five thousand annotations few are wrong.
_QUICK = jsonschema_rs.Draft202012Validator(ANNOTATION)
_OTHERS = Draft202012Validator(OTHER_BODIES)
_KINDS = {
    "string": "text", "integer": "a whole number", "object": "an object", "array": "a list",
    "null": "null", "boolean": "true or false",
}  # fmt: skip


def shaped(data: Any) -> Sent:
    """`data` with lists where lists may be. Raises Refused, naming the field as a dotted path."""
    if not isinstance(data, dict):
        raise Refused("An annotation is a JSON object.", field="")
    sent = plain(data)
    error = None if _QUICK.is_valid(sent.data) else best_match(_VALIDATOR.iter_errors(sent.data))
    if error is None and sent.others:
        others = [*sent.others["before"], *sent.others["after"]]
        error = best_match(_OTHERS.iter_errors({"body": others}))
    if error:
        raise Refused(_in_words(error), field=_field(error))
    return sent


def _field(error: ValidationError) -> str:
    names = [str(step) for step in error.absolute_path if isinstance(step, str)]
    if error.validator == "required":
        names.append(next(name for name in error.validator_value if name not in error.instance))
    return ".".join(names)


def _in_words(error: ValidationError) -> str:
    allowed = error.validator_value
    if error.validator == "required":
        return "This is missing."
    if error.validator == "anyOf":
        return "This must be a text or a list of texts."
    if error.validator == "pattern":
        return "This must be an absolute IRI, such as an http address."
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
