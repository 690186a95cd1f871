"""Whether what a sender says of its own is JSON-LD: one wrong keyword would keep a processor from
reading the whole annotation, or the whole page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from annotations.formats.contexts import DESK_CONTEXT

# What stands under other words is passed over by processors, unless an address or a context of the
# sender's says what they mean.
_TERMS = frozenset(DESK_CONTEXT["@context"]) | frozenset(
    # The terms of the recommendation's context; its properties first.
    "accessibility annotationService audience body bodyValue cached canonical conformsTo copyOf "
    "created creator email email_sha1 end endSelector exact first format generated generator "
    "homepage hasState id items label language last member modified motivation name next nickname "
    "partOf prefix prev processingLanguage purpose refinedBy renderedVia rights scope selector "
    "source sourceDate sourceDateEnd sourceDateStart start startIndex startSelector state "
    "styleClass styledBy stylesheet suffix target textDirection total type value via "
    "Agent Annotation AnnotationCollection AnnotationPage Audience Choice Composite CssSelector "
    "CssStylesheet DataPositionSelector Dataset Feedback FragmentSelector HttpRequestState Image "
    "Independents List Motivation Organization Person RangeSelector ResourceSelection Selector "
    "Software Sound SpecificResource State Style SvgSelector Text TextPositionSelector "
    "TextQuoteSelector TextualBody TimeState Video XPathSelector "
    "assessing bookmarking classifying commenting describing editing highlighting identifying "
    "linking moderating questioning replying tagging auto ltr rtl "
    "as dc dcterms dctypes foaf iana oa owl rdf rdfs schema skos xsd".split()
)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_OF_VALUES = frozenset(("@value", "@type", "type", "@language"))


def broken(value: Any, contexts: list[Any]) -> str:
    """The keyword in a value that is no JSON-LD; empty where all is well."""
    return next(_broken(value, contexts), "")


def _broken(value: Any, contexts: list[Any]) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _broken(part, contexts)
    elif isinstance(value, dict):
        if "@value" in value:
            yield from [] if _is_value(value) else ["@value"]
            return
        for name, part in value.items():
            if name in ("id", "@id", "type", "@type") or name.startswith("@"):
                yield from [] if _is_right(name, part, value) else [name]
            if name in ("@list", "@set") or _means_something(name, contexts):
                yield from _broken(part, contexts)


def _means_something(name: str, contexts: list[Any]) -> bool:
    """Whether a property's name means something to a processor."""
    return ":" in name or name in _TERMS or bool(contexts)


def _is_right(keyword: str, part: Any, whole: dict[str, Any]) -> bool:
    if keyword in ("id", "@id"):
        return isinstance(part, str)
    if keyword in ("type", "@type"):
        types = part if isinstance(part, list) else [part]
        return all(isinstance(type, str) for type in types)
    return keyword in ("@list", "@set") and len(whole) == 1


def _is_value(value: dict[str, Any]) -> bool:
    plain, type = value["@value"], value.get("@type", value.get("type"))
    language = value.get("@language")
    return (
        value.keys() <= _OF_VALUES
        and (plain is None or isinstance(plain, str | bool | int | float))
        and len(value) <= 2
        and (type is None or (isinstance(type, str) and bool(_IRI.fullmatch(type))))
        and (language is None or (isinstance(language, str) and isinstance(plain, str)))
    )
