"""The W3C Web Annotation data model's requirements as a JSON Schema, written from the
recommendation of 2017-02-23; the numbers are its sections. What it calls MUST is held; so is the
SHOULD where this desk means to keep it."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

IRI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"}
DATE = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$",
}
MOTIVATIONS = (
    "assessing bookmarking classifying commenting describing editing highlighting identifying "
    "linking moderating questioning replying tagging"
).split()
# One of the recommendation's; or an IRI, whole, by a prefix, or as a word of another context.
PURPOSE = {"anyOf": [{"enum": MOTIVATIONS}, IRI, {"type": "string", "pattern": r"^\w+$"}]}
AGENT = {
    "oneOf": [
        IRI,
        {
            "type": "object",  # 3.3.1
            "properties": {
                "id": IRI,
                "type": {"enum": ["Person", "Organization", "Software"]},
                "name": {"type": "string"},
            },
            "required": ["type"],
        },
    ]
}


def _one_or_more(of: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [of, {"type": "array", "items": of, "minItems": 1}]}


POSITION = {
    "type": "object",  # 4.2.5
    "properties": {
        "type": {"const": "TextPositionSelector"},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 1},
    },
    "required": ["type", "start", "end"],
}
QUOTE = {
    "type": "object",  # 4.2.4
    "properties": {
        "type": {"const": "TextQuoteSelector"},
        "exact": {"type": "string", "minLength": 1},
        "prefix": {"type": "string"},
        "suffix": {"type": "string"},
    },
    "required": ["type", "exact"],
}
# 4.2.1 to 4.2.9, and selectors of others.
OTHER_SELECTOR = {
    "type": "object",
    "properties": {"type": {"not": {"enum": ["TextPositionSelector", "TextQuoteSelector"]}}},
    "if": {
        "properties": {"type": {"enum": ["FragmentSelector", "CssSelector", "XPathSelector"]}},
        "required": ["type"],
    },
    "then": {"properties": {"value": {"type": "string"}}, "required": ["value"]},
}
SPECIFIC = {
    "type": "object",  # 4.1
    "properties": {
        "id": IRI,
        "type": {"const": "SpecificResource"},
        # Described, or just named.
        "source": {
            "anyOf": [IRI, {"type": "object", "properties": {"id": IRI}, "required": ["id"]}]
        },
        "selector": _one_or_more({"oneOf": [POSITION, QUOTE, OTHER_SELECTOR]}),
        "purpose": _one_or_more(PURPOSE),
    },
    "required": ["source"],
}
BODY = {
    "type": "object",
    "properties": {
        "id": IRI,  # 3.2.1
        "type": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "purpose": _one_or_more(PURPOSE),  # 3.3.5
    },
    # 3.2.4
    "if": {"properties": {"type": {"const": "TextualBody"}}, "required": ["type"]},
    "then": {"properties": {"value": {"type": "string"}}, "required": ["value"]},
}
ANNOTATION: dict[str, Any] = {
    "type": "object",  # 3.1
    "properties": {
        # The anno context comes in one or in a list, 3.1.
        "@context": {
            "anyOf": [
                {"const": "http://www.w3.org/ns/anno.jsonld"},
                {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
            ]
        },
        "id": IRI,  # exactly one
        "type": {"anyOf": [
            {"const": "Annotation"}, {"type": "array", "contains": {"const": "Annotation"}}
        ]},
        "body": _one_or_more({"anyOf": [IRI, BODY]}),
        "target": _one_or_more(SPECIFIC),
        "motivation": _one_or_more(PURPOSE),  # 3.3.5
        "created": DATE,  # 3.3.1
        "modified": DATE,
        "creator": _one_or_more(AGENT),
        "generator": _one_or_more(AGENT),
        "generated": DATE,
        # 3.1: not both.
        "bodyValue": False,
    },
    "required": ["@context", "id", "type", "target"],
}  # fmt: skip
PAGE: dict[str, Any] = {
    "type": "object",  # 5.2
    "properties": {
        "id": IRI,
        "type": {"const": "AnnotationPage"},
        "partOf": {
            "anyOf": [IRI, {"type": "object", "properties": {"id": IRI}, "required": ["id"]}]
        },
        "next": IRI,
        "items": {
            "type": "array",
            "items": {"anyOf": [IRI, {**ANNOTATION, "required": ["id", "type", "target"]}]},
        },
    },
    "required": ["id", "type", "items"],
}
COLLECTION: dict[str, Any] = {
    "type": "object",  # 5.1
    "properties": {
        "@context": ANNOTATION["properties"]["@context"],
        "id": IRI,
        "type": {"anyOf": [
            {"const": "AnnotationCollection"},
            {"type": "array", "contains": {"const": "AnnotationCollection"}},
        ]},
        "label": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "first": {"anyOf": [IRI, PAGE]},
        "last": IRI,
    },
    "required": ["@context", "id", "type"],
}  # fmt: skip


def hold(schema: dict[str, Any], data: Any) -> None:
    """Raises ValidationError where the data is not what the recommendation asks for."""
    Draft202012Validator(schema).validate(data)
