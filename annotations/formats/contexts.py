"""The contexts of JSON-LD that an annotation has: the recommendation's, the desk's, and those that
a sender's own terms are from. Pure.

Theirs stand between the recommendation's, whose prefixes they may use, and all of ours, so that our
terms mean what we mean by them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from articles.errors import Refused

ANNO_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
DESK_PATH = "/api/context.jsonld"
DESK_CONTEXT: dict[str, Any] = {
    "@context": {
        "@version": 1.1,
        "desk": "urn:newsdesk:terms:",
        "schema": "https://schema.org/",
        "kind": "desk:kind",
        "status": "desk:status",
        "confidence": {
            "@id": "desk:confidence",
            "@type": "http://www.w3.org/2001/XMLSchema#double",
        },
        "version": "desk:version",
        "revision": "desk:revision",
        "reason": "desk:reason",
        "text": "schema:text",
        "sameAs": {"@id": "schema:sameAs", "@type": "@id"},
        "entity": {"@id": "desk:entity", "@type": "@id"},
        "sourceKind": "desk:sourceKind",
        "affiliation": "schema:affiliation",
        "unnamedReason": "desk:unnamedReason",
        "softwareVersion": "schema:softwareVersion",
        "attributions": {"@id": "desk:attribution", "@container": "@set"},
        "attributedTo": {"@id": "desk:attributedTo", "@type": "@id"},
        "cue": {"@id": "desk:cue", "@container": "@list"},
        "manner": "desk:manner",
        "mode": "desk:mode",
        "byOutlet": "desk:byOutlet",
        "parent": {"@id": "desk:parent", "@type": "@id"},
        "candidates": {"@id": "desk:candidate", "@container": "@list"},
        "description": "schema:description",
        "saidBefore": {"@id": "desk:saidBefore", "@container": "@list"},
        "similarity": {
            "@id": "desk:similarity",
            "@type": "http://www.w3.org/2001/XMLSchema#double",
        },
        "stories": {"@id": "desk:madeIn", "@container": "@list"},
        "title": "schema:headline",
        "date": {
            "@id": "schema:datePublished",
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        },
        "Person": "schema:Person",
        "Organisation": "schema:Organization",
        "Place": "schema:Place",
        "Event": "schema:Event",
        "Work": "schema:CreativeWork",
        "Product": "schema:Product",
        "Group": "desk:Group",
        "Claim": "schema:Claim",
        "Source": "desk:Source",
    }
}
MOST = 10
# Of one that is written out: what cannot change what the desk's own words say.
_KEYWORDS = frozenset(("@version", "@vocab"))
_DEFINITION = frozenset(("@id", "@type", "@container"))
_TYPES = frozenset(("@id", "@vocab", "@json", "@none"))
_CONTAINERS = ("@set", "@list")
_ADDRESS = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`]+")
_COMPACT = re.compile(r"(?P<prefix>[A-Za-z][A-Za-z0-9_-]*):(?!//)[^\s<>\"{}|\\^`]*")
# Prefixes of the recommendation's context.
_PREFIXES = frozenset("oa dc dcterms dctypes foaf rdf rdfs skos xsd iana owl as schema".split())


def contexts(base: str) -> list[str]:
    """The value of "@context" for documents of the desk at `base`."""
    return [ANNO_CONTEXT, f"{base}{DESK_PATH}"]


def with_theirs(theirs: list[Any], ours: list[Any]) -> list[Any]:
    """The value of "@context" for an annotation whose sender has contexts too."""
    return [ANNO_CONTEXT, *theirs, *ours]


def checked_contexts(given: Any) -> list[Any]:
    """The sender's own among the contexts. Raises Refused for what is no context, or is one that
    would make the desk's terms mean something else."""
    if given is None or given == ANNO_CONTEXT:
        return []
    listed = given if isinstance(given, list) else [given]
    theirs = [one for one in listed if not _is_known(one)]
    if len(theirs) > MOST:
        raise _refused(f"At most {MOST} contexts of your own fit here.")
    for one in theirs:
        _check(one)
    return theirs


def may_define(contexts: Sequence[Any], word: str) -> bool:
    """Whether a word means something by the sender's contexts, as far as can be seen: one that is
    named by its address may have any."""
    return any(
        isinstance(context, str) or word in context or "@vocab" in context for context in contexts
    )


def _is_known(context: Any) -> bool:
    return isinstance(context, str) and (context == ANNO_CONTEXT or context.endswith(DESK_PATH))


def _check(context: Any) -> None:
    if isinstance(context, str):
        if not _ADDRESS.fullmatch(context) or len(context) > 2000:
            raise _refused("A context is named by its http or https address.")
        return
    if not isinstance(context, dict):
        raise _refused("A context is an address, or an object that says what words mean.")
    for term, meaning in context.items():
        if term.startswith("@"):
            _check_keyword(term, meaning, context)
        elif not re.fullmatch(r"[^\s:/#]+", term) or not _defines(meaning, context):
            raise _refused(
                f"“{term[:100]}” must be a plain word, and stand for an http address or a urn, "
                "whole or by a prefix, or for an object with such an @id, and @type or @container "
                "at most."
            )


def _check_keyword(term: str, meaning: Any, context: dict[str, Any]) -> None:
    if term not in _KEYWORDS:
        raise _refused(f"{term[:100]} in a context would change what the desk's terms mean.")
    if not (meaning == 1.1 if term == "@version" else _names(meaning, context)):
        raise _refused(f"This is no value of {term}.")


def _names(meaning: Any, context: dict[str, Any]) -> bool:
    """Whether it is an address, or one by a prefix that stands for an address itself: others could
    go round in a circle."""
    if not isinstance(meaning, str):
        return False
    compact = _COMPACT.fullmatch(meaning)
    if compact and compact["prefix"] in context:
        return _is_address(context[compact["prefix"]])
    return _is_address(meaning) or bool(compact and compact["prefix"] in _PREFIXES)


def _is_address(meaning: Any) -> bool:
    return isinstance(meaning, str) and bool(_ADDRESS.fullmatch(meaning))


def _defines(meaning: Any, context: dict[str, Any]) -> bool:
    if not isinstance(meaning, dict):
        return _names(meaning, context)
    type, container = meaning.get("@type", "@none"), meaning.get("@container", "@set")
    return (
        meaning.keys() <= _DEFINITION
        and _names(meaning.get("@id"), context)
        and isinstance(type, str)
        and (type in _TYPES or _names(type, context))
        and container in _CONTAINERS
    )


def _refused(told: str) -> Refused:
    return Refused(told, field="@context")
