"""The terms of http://www.w3.org/ns/anno.jsonld that this desk uses, written from the vocabulary's
tables (Web Annotation Vocabulary, section 3, and the data model's), and the containers' terms of
the Linked Data Platform: so that documents are read as others read them, without a network."""

from __future__ import annotations

from typing import Any

OA, AS = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#"
DC, DCTERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
RDF, XSD = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2001/XMLSchema#"
FOAF, LDP = "http://xmlns.com/foaf/0.1/", "http://www.w3.org/ns/ldp#"


def _node(iri: str) -> dict[str, str]:
    return {"@id": iri, "@type": "@id"}


def _date(iri: str) -> dict[str, str]:
    return {"@id": iri, "@type": f"{XSD}dateTime"}


def _number(iri: str) -> dict[str, str]:
    return {"@id": iri, "@type": f"{XSD}nonNegativeInteger"}


MOTIVATIONS = (
    "assessing bookmarking classifying commenting describing editing highlighting identifying "
    "linking moderating questioning replying tagging"
).split()
CLASSES = (
    "Annotation Choice CssSelector DataPositionSelector FragmentSelector HttpRequestState "
    "RangeSelector SpecificResource SvgSelector TextPositionSelector TextQuoteSelector TextualBody "
    "TimeState XPathSelector"
).split()
ANNO: dict[str, Any] = {
    "id": {"@type": "@id", "@id": "@id"},
    "type": {"@type": "@id", "@id": "@type"},
    **{name: OA + name for name in CLASSES},
    "AnnotationCollection": f"{AS}OrderedCollection",
    "AnnotationPage": f"{AS}OrderedCollectionPage",
    "Person": f"{FOAF}Person",
    "Organization": f"{FOAF}Organization",
    "Software": f"{AS}Application",
    **{name: OA + name for name in MOTIVATIONS},
    "body": _node(f"{OA}hasBody"),
    "target": _node(f"{OA}hasTarget"),
    "source": _node(f"{OA}hasSource"),
    "selector": _node(f"{OA}hasSelector"),
    "refinedBy": _node(f"{OA}refinedBy"),
    "startSelector": _node(f"{OA}hasStartSelector"),
    "endSelector": _node(f"{OA}hasEndSelector"),
    "purpose": {"@id": f"{OA}hasPurpose", "@type": "@vocab"},
    "motivation": {"@id": f"{OA}motivatedBy", "@type": "@vocab"},
    "exact": f"{OA}exact",
    "prefix": f"{OA}prefix",
    "suffix": f"{OA}suffix",
    "start": _number(f"{OA}start"),
    "end": _number(f"{OA}end"),
    "value": f"{RDF}value",
    "created": _date(f"{DCTERMS}created"),
    "modified": _date(f"{DCTERMS}modified"),
    "creator": _node(f"{DCTERMS}creator"),
    "generator": _node(f"{AS}generator"),
    "generated": _date(f"{DCTERMS}issued"),
    "name": f"{FOAF}name",
    "rights": _node(f"{DCTERMS}rights"),
    "canonical": _node(f"{OA}canonical"),
    "via": _node(f"{OA}via"),
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "total": _number(f"{AS}totalItems"),
    "first": _node(f"{AS}first"),
    "last": _node(f"{AS}last"),
    "next": _node(f"{AS}next"),
    "partOf": _node(f"{AS}partOf"),
    "items": {"@id": f"{AS}items", "@type": "@id", "@container": "@list"},
}
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": {"@context": ANNO},
    "http://www.w3.org/ns/ldp.jsonld": {"@context": {"BasicContainer": f"{LDP}BasicContainer"}},
}
