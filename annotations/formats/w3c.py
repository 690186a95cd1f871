"""W3C Web Annotation JSON-LD: the one representation of an annotation, written and read here.

Out: `annotation_to_jsonld`. In: `read_annotation`, which checks the shape and gives back plain
values; what they mean in this desk is for `annotations/importing.py` to say. Offsets are code
points, as the recommendation has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from annotations.formats import remains
from annotations.formats.contexts import contexts
from annotations.formats.kept import given_back
from annotations.formats.shape import shaped
from annotations.models import Annotation, Attribution, Entity, Source
from annotations.selectors import Resolved, resolved

if TYPE_CHECKING:
    from annotations.matching import Said

CONTEXT = 32
WIKIDATA = "http://www.wikidata.org/entity/"


def annotation_iri(annotation: Annotation, base: str) -> str:
    return f"{base}/api/annotations/{annotation.uuid}/"


def annotation_to_jsonld(
    annotation: Annotation,
    *,
    base: str,
    attributions: Iterable[Attribution] = (),
    candidates: Iterable[Entity] | None = None,
    said: Iterable[Said] = (),
) -> dict[str, Any]:
    """One annotation as JSON-LD. `attributions` are those of a claim's words.

    Of a suggestion also what may be meant: `candidates` for a mention (none of them: it is new to
    the desk; None: nobody looked), and for a claim what was `said` before.
    The annotation comes `with_bodies()`, so that no query is made here.
    """
    data: dict[str, Any] = {
        "@context": contexts(base),
        "id": annotation_iri(annotation, base),
        "type": "Annotation",
        "motivation": _motivation(annotation),
        "created": annotation.created_at.isoformat(),
        "modified": annotation.updated_at.isoformat(),
        **_makers(annotation),
        "kind": annotation.kind,
        "status": annotation.status,
        "confidence": annotation.confidence,
        "version": annotation.version,
        "reason": annotation.reason or None,
        "body": body_to_jsonld(annotation, base),
        "target": [_target(annotation, span, base) for span in annotation.spans],
    }
    if annotation.kind == "claim":
        data["attributions"] = [_attribution(tie, base) for tie in attributions]
        data["saidBefore"] = [_said(one, base) for one in said] or None
    if candidates is not None:
        data["candidates"] = [_candidate(entity, base) for entity in candidates]
    ours = {key: value for key, value in data.items() if value is not None}
    return given_back(ours | annotation.extra)


def _motivation(annotation: Annotation) -> str:
    if annotation.kind == "entity":
        return "identifying" if annotation.entity_id else "classifying"
    return {"claim": "describing", "source": "tagging"}[annotation.kind]


def _makers(annotation: Annotation) -> dict[str, Any]:
    makers: dict[str, Any] = {}
    if annotation.creator:
        makers["creator"] = {"type": "Person", "name": annotation.creator.get_username()}
    if annotation.suggester:
        makers["generator"] = {
            "type": "Software",
            "name": annotation.suggester.name,
            "softwareVersion": annotation.suggester.version,
        }
    return makers


def body_to_jsonld(annotation: Annotation, base: str) -> dict[str, Any]:
    """What an annotation is about."""
    writer = {"entity": _entity_body, "claim": _claim_body, "source": _source_body}
    return writer[annotation.kind](annotation, base)


def _entity_body(annotation: Annotation, base: str) -> dict[str, Any]:
    entity = annotation.entity
    if entity is None:
        return {
            "type": annotation.type.capitalize(),
            "name": annotation.label,
            "purpose": "classifying",
        }
    return _entity(entity, base) | {"purpose": "identifying"}


def _entity(entity: Entity, base: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "id": base + entity.get_absolute_url(),
        "type": entity.type.capitalize(),
        "name": entity.name,
    }
    if entity.wikidata_id:
        node["sameAs"] = [WIKIDATA + entity.wikidata_id]
    return node


def _candidate(entity: Entity, base: str) -> dict[str, Any]:
    about = {"description": entity.description} if entity.description else {}
    return _entity(entity, base) | about


def _said(said: Said, base: str) -> dict[str, Any]:
    return {
        "id": base + said.claim.get_absolute_url(),
        "type": "Claim",
        "text": said.claim.text,
        "similarity": said.similarity,
        "stories": [
            {
                "id": base + story.get_absolute_url(),
                "title": story.title,
                "date": story.date.isoformat(),
            }
            for story in said.stories
        ],
    }


def _claim_body(annotation: Annotation, base: str) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "Claim", "text": annotation.name, "purpose": "describing"}
    if annotation.claim:
        body = {"id": base + annotation.claim.get_absolute_url(), **body}
    return body


def _source_body(annotation: Annotation, base: str) -> dict[str, Any]:
    body = {"type": "Source", "sourceKind": annotation.type, "name": annotation.name}
    source: Source | None = annotation.source
    if source:
        body = {"id": base + source.get_absolute_url(), **body}
        if source.entity:
            body["entity"] = base + source.entity.get_absolute_url()
        if source.affiliation:
            body["affiliation"] = source.affiliation
        if source.unnamed_reason:
            body["unnamedReason"] = source.unnamed_reason
    return body | {"purpose": "tagging"}


def _target(annotation: Annotation, span: Sequence[int], base: str) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "source": base + annotation.article.get_absolute_url(),
        "revision": annotation.revision.number,
        "selector": selectors(annotation.revision.text, span),
    }


def selectors(text: str, span: Sequence[int]) -> list[dict[str, Any]]:
    """A span as position and quote: each says the same, and a reader may check one by the other."""
    start, end = span
    return [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - CONTEXT) : start],
            "suffix": text[end : end + CONTEXT],
        },
    ]


def _attribution(tie: Attribution, base: str) -> dict[str, Any]:
    claim = annotation_iri(tie.claim, base)
    text = tie.claim.revision.text
    return {
        "id": f"{claim}#attribution-{tie.uuid}",
        "attributedTo": annotation_iri(tie.source, base) if tie.source else None,
        "cue": [selectors(text, span) for span in tie.cue],
        "manner": tie.manner,
        "mode": tie.mode,
        "byOutlet": tie.by_outlet,
        "status": tie.status,
        "parent": _parent_iri(tie, base),
    }


def _parent_iri(tie: Attribution, base: str) -> str | None:
    if tie.parent is None:
        return None
    return f"{annotation_iri(tie.parent.claim, base)}#attribution-{tie.parent.uuid}"


@dataclass(frozen=True)
class ReadAttribution:
    """A tie as it came: `id`, `source` and `parent` are the sender's IRIs."""

    id: str
    source: str | None
    cue: list[list[int]]
    manner: str
    mode: str
    by_outlet: bool
    parent: str | None
    status: str = "accepted"


@dataclass(frozen=True)
class ReadAnnotation:
    """An annotation as it came: its shape is right, its meaning not yet looked up."""

    id: str
    kind: str
    status: str
    spans: list[list[int]]
    body: dict[str, Any]
    revision: int | None
    attributions: list[ReadAttribution] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def without_revision(self) -> ReadAnnotation:
        """For whoever holds the words against the newest text, whatever its number."""
        return replace(self, revision=None)


def read_annotation(data: Any, text: str) -> ReadAnnotation:
    """Check a JSON-LD annotation against the text it is to stand in.

    Raises Refused naming the field: a selector that is missing or of a kind that is not
    understood, a quote that is not what stands at its position (both are shown), a body that
    does not say what the annotation is, what cannot be kept.
    """
    sent = shaped(data)
    targets = sent.data["target"]
    ties = sent.data.get("attributions", [])
    found = [resolved(t["selector"], text, where="target.selector") for t in targets]
    cues = [
        [resolved(cue, text, where="attributions.cue") for cue in tie.get("cue", [])]
        for tie in ties
    ]
    return ReadAnnotation(
        id=sent.data.get("id", ""),
        kind=sent.kind,
        status=sent.data.get("status", "accepted"),
        spans=[one.span for one in found],
        body=sent.body,
        revision=next((t["revision"] for t in targets if "revision" in t), None),
        attributions=[_read_attribution(*pair) for pair in zip(ties, cues, strict=True)],
        extra=remains.extra_of(sent, targets=found, cues=cues),
    )


def _read_attribution(tie: dict[str, Any], cue: list[Resolved]) -> ReadAttribution:
    return ReadAttribution(
        id=tie.get("id", ""),
        source=tie.get("attributedTo"),
        cue=[one.span for one in cue],
        manner=tie.get("manner", "indirect"),
        mode=tie.get("mode", "asserts"),
        by_outlet=tie.get("byOutlet", False),
        parent=tie.get("parent"),
        status=tie.get("status", "accepted"),
    )
