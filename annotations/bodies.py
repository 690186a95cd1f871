"""What an annotation is about, as an editor says it: found in the knowledge base, or made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from annotations import knowledge, sources
from annotations.formats.kept import KEPT, without
from annotations.models import Annotation, Claim, Entity, Source
from annotations.models.annotation import Kind
from annotations.models.entity import EntityType
from annotations.models.fields import fold
from annotations.models.source import SourceKind
from annotations.spans import words_of
from articles.errors import Refused


@dataclass(frozen=True)
class Body:
    """What an annotation is about, as far as the editor says: all of it may be left out.

    type: an entity's type or a source's kind. label: a name, or a claim's sentence. entity,
    claim, source: the very thing. wikidata_id: which thing of Wikidata an entity is. details: of
    an unnamed source, its affiliation and the reason for not naming it.
    """

    type: str = ""
    label: str = ""
    entity: Entity | None = None
    claim: Claim | None = None
    source: Source | None = None
    wikidata_id: str = ""
    details: dict[str, str] | None = None


NOTHING = Body()
# Of an unnamed source, in a proposal and in the source itself.
DETAILS = ("affiliation", "unnamed_reason")
LONGEST_LABEL = {Kind.ENTITY: 300, Kind.CLAIM: 1000, Kind.SOURCE: 300}


def set_body(annotation: Annotation, body: Body, editor: Any, *, settle: bool) -> None:
    """Apply what the editor says; with `settle`, find or make the thing it is about."""
    if len(body.label) > LONGEST_LABEL[Kind(annotation.kind)]:
        most = LONGEST_LABEL[Kind(annotation.kind)]
        raise Refused(f"At most {most:,} characters fit here.", field="label")
    setter = {Kind.ENTITY: _set_entity, Kind.CLAIM: _set_claim, Kind.SOURCE: _set_source}
    was = _known_as(annotation)
    setter[Kind(annotation.kind)](annotation, body, editor, settle)
    if KEPT in annotation.extra and body != NOTHING and any(was):
        _hold_kept(annotation, *was)


def _known_as(annotation: Annotation) -> tuple[Any, str]:
    return (annotation.body, annotation.name) if KEPT in annotation.extra else (None, "")


def _hold_kept(annotation: Annotation, thing: Any, name: str) -> None:
    """What a sender said of one thing is not true of another that it is about now."""
    is_same = thing == annotation.body if thing and annotation.body else None
    if is_same is None:
        is_same = fold(name, 1000) == fold(annotation.name, 1000)
    if not is_same:
        annotation.extra = without(annotation.extra, "body")


def text_of(annotation: Annotation) -> str:
    """The words that it stands on, in one line."""
    return words_of(annotation.revision.text, annotation.spans, joint=" ")


def is_named_by_its_words(annotation: Annotation) -> bool:
    """Whether its name is just what its words say: nobody gave it one."""
    words = text_of(annotation)
    return annotation.name == (sentence_of(words) if annotation.kind == Kind.CLAIM else words)


def forget_place(annotation: Annotation) -> None:
    """What a sender said of the words that it stood on, it says of no others."""
    annotation.extra = without(annotation.extra, "target")


def forget_name(annotation: Annotation) -> None:
    """Let it be named anew, by the words that it stands on now."""
    annotation.entity = annotation.claim = annotation.source = None
    annotation.label = ""


def check_entity_type(type: str) -> None:
    """Raise Refused for what is none."""
    if type not in EntityType.values:
        raise Refused(f"The type must be one of {', '.join(EntityType.values)}.", field="type")


def _set_entity(annotation: Annotation, body: Body, editor: Any, settle: bool) -> None:
    if body.wikidata_id:
        body = replace(body, entity=_identified(annotation, body, editor))
    if body.entity:
        annotation.entity = body.entity.merged_into or body.entity
        annotation.type = annotation.entity.type
        annotation.label = annotation.entity.name
        return
    if body.type:
        check_entity_type(body.type)
    if body.label or (body.type and body.type != annotation.type):
        annotation.entity = None
    annotation.type = body.type or annotation.type
    annotation.label = body.label or annotation.label or text_of(annotation)[:300]
    if not annotation.type:
        raise Refused("Say what type of entity it is.", field="type")
    if settle and annotation.entity is None:
        annotation.entity = knowledge.find_or_create_entity(
            name=annotation.label, type=annotation.type, actor=editor
        )


def _identified(annotation: Annotation, body: Body, editor: Any) -> Entity:
    """The entity with the Wikidata id: the one that the annotation names, where none has it yet."""
    known = Entity.objects.current().filter(wikidata_id=body.wikidata_id).first()
    if known:
        return known
    _set_entity(annotation, replace(body, wikidata_id=""), editor, settle=True)
    entity = annotation.entity
    if entity is None or (entity.wikidata_id and entity.wikidata_id != body.wikidata_id):
        has = f"has the Wikidata id {entity.wikidata_id}" if entity else "may be one of several"
        raise Refused(f"“{annotation.label}” {has}: say which entity it is.", field="wikidata")
    return knowledge.change_entity(
        entity=entity, actor=editor, seen_version=entity.version, wikidata_id=body.wikidata_id
    )


def _set_claim(annotation: Annotation, body: Body, editor: Any, settle: bool) -> None:
    if body.type:
        raise Refused("A claim has no type.", field="type")
    if body.claim:
        annotation.claim = body.claim.merged_into or body.claim
    elif body.label:
        annotation.claim = None
    annotation.label = body.label or annotation.label or sentence_of(text_of(annotation))
    if settle and annotation.claim is None:
        annotation.claim = knowledge.find_or_create_claim(
            text=annotation.label, language=annotation.article.language, actor=editor
        )
    if annotation.claim:
        annotation.label = annotation.claim.text


def sentence_of(words: str) -> str:
    """A claim's words as a sentence: no quotation marks around it, a capital, a full stop."""
    words = " ".join(words.split()).strip("\"'“”„«»‘’ ,;:").removeprefix("that ")[:990]
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?", "…")) else ".")


def _set_source(annotation: Annotation, body: Body, editor: Any, settle: bool) -> None:
    if body.type and body.type not in SourceKind.values:
        raise Refused(f"The kind must be one of {', '.join(SourceKind.values)}.", field="type")
    if body.source:
        annotation.source = body.source.merged_into or body.source
    elif body.entity:
        annotation.source = sources.source_of_entity(
            entity=body.entity.merged_into or body.entity, kind=body.type, actor=editor
        )
    elif body.label or (body.type and body.type != annotation.type):
        annotation.source, annotation.proposal = None, {}
    annotation.type = body.type or annotation.type
    annotation.label = body.label or annotation.label or text_of(annotation)[:300]
    if annotation.source:
        annotation.type, annotation.label = annotation.source.kind, annotation.source.name
    if not annotation.type:
        raise Refused("Say what kind of source it is.", field="type")
    if body.details is not None:
        _note_details(annotation, body.details)
    if settle and annotation.source is None:
        annotation.source = _settled_source(annotation, editor)
    if settle and annotation.source and annotation.type == SourceKind.UNNAMED:
        annotation.source = _described(annotation.source, annotation.proposal, editor)


def _note_details(annotation: Annotation, details: dict[str, str]) -> None:
    if annotation.type != SourceKind.UNNAMED:
        raise Refused("Only an unnamed source is described so.", field="affiliation")
    annotation.proposal = {**annotation.proposal, **details}


def _described(source: Source, proposal: dict[str, Any], editor: Any) -> Source:
    """The source, saying of itself what the proposal says of it."""
    said = {name: proposal[name] for name in DETAILS if name in proposal}
    if all(getattr(source, name) == value for name, value in said.items()):
        return source
    return sources.change_source(source=source, actor=editor, seen_version=source.version, **said)


def _settled_source(annotation: Annotation, editor: Any) -> Source:
    source = sources.find_or_create_source(
        name=annotation.label,
        kind=annotation.type,
        actor=editor,
        article_id=annotation.article_id,
        proposal=annotation.proposal,
    )
    if source is None:
        raise Refused(
            f"Several entities are called “{annotation.label}”: say which one it is.",
            field="entity",
        )
    return source
