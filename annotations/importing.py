"""Annotations from elsewhere: what a W3C annotation means in this desk, looked up or made."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from annotations import deciding, knowledge
from annotations.deciding import Body
from annotations.formats.kept import with_ties, without_wikidata
from annotations.formats.w3c import WIKIDATA, ReadAnnotation, ReadAttribution, read_annotation
from annotations.models import Annotation, Attribution, Claim, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.fields import fold
from annotations.models.source import SourceKind
from annotations.targets import hold_to_story
from articles.changes import Recorder, recording
from articles.errors import Refused
from articles.models import Article
from articles.revising import lock_article

_SLUG = re.compile(r"/(entities|sources|claims)/([^/]+)/?$")
_RESOURCE = re.compile(r"/api/(?:entities|sources)/(\d{1,18})/?$")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def body_meant(read: ReadAnnotation, *, editor: Any) -> Body:
    """The desk's entity, claim or source for a body: by address, by name, else made anew.

    An address of ours that leads nowhere is refused, unless the body says enough to make it.
    """
    meant = {"entity": _entity_body, "claim": _claim_body, "source": _source_body}
    if read.kind not in meant:
        raise Refused("The kind is entity, claim or source.", field="kind")
    return meant[read.kind](read.body, editor)


def _slug(iri: str, folder: str) -> str:
    match = None if _RESOURCE.search(iri) and folder != "claims" else _SLUG.search(iri)
    return match.group(2) if match and match.group(1) == folder else ""


def _numbered(model: Any, iri: str) -> Any:
    """The entity or source at an address of the API. Raises Refused where there is none."""
    match = _RESOURCE.search(iri)
    if match is None:
        return None
    known = model.objects.filter(pk=int(match.group(1))).select_related("merged_into").first()
    if known is None:
        raise Refused("There is no such thing here.", field="body.id")
    return known


def _entity_body(body: dict[str, Any], editor: Any) -> Body:
    type = body.get("type", "").lower()
    slug = _slug(body.get("id", ""), "entities")
    if not slug:
        known = _numbered(Entity, body.get("id", "")) or _identified(body, type)
        return Body(entity=known) if known else Body(type=type, label=body.get("name", ""))
    known = Entity.objects.filter(slug=slug).select_related("merged_into").first()
    return Body(entity=known or _new_entity(body, type, slug, editor))


def entities_at(iris: Collection[str]) -> dict[str, Entity]:
    """By IRI, the entities of ours that stand there, in one query."""
    slugs = {iri: slug for iri in iris if (slug := _slug(iri, "entities"))}
    if not slugs:
        return {}
    rows = Entity.objects.filter(slug__in=set(slugs.values())).select_related("merged_into")
    by_slug = {entity.slug: entity for entity in rows}
    return {iri: by_slug[slug] for iri, slug in slugs.items() if slug in by_slug}


def _new_entity(body: dict[str, Any], type: str, slug: str, editor: Any) -> Entity:
    name = body.get("name", "")
    if not name:
        raise Refused("There is no such entity here.", field="body.id")
    same = list(Entity.objects.called(fold(name)).filter(type=type)[:2])
    if len(same) == 1:
        return same[0]
    return knowledge.create_entity(
        name=name, type=type, slug=slug, actor=editor, wikidata_id=_wikidata_id(body)
    )


def _identified(body: dict[str, Any], type: str) -> Entity | None:
    """The entity that has the Wikidata id of the body, and its type if that is said."""
    iris = [body.get("id", ""), *body.get("sameAs", [])]
    identifiers = [iri.rpartition("/")[2] for iri in iris if "wikidata.org/" in iri]
    if not identifiers:
        return None
    rows = Entity.objects.current().filter(wikidata_id__in=identifiers)
    known = (rows.filter(type=type) if type else rows).first()
    if known is None and not type:
        raise Refused(
            f"The desk knows no entity with the Wikidata id {identifiers[0][:20]} yet: say its "
            "type and its name.",
            field="body",
        )
    return known


def _wikidata_id(body: dict[str, Any]) -> str | None:
    for iri in body.get("sameAs", []):
        if "wikidata.org/" in iri:
            wikidata_id = iri.removeprefix(WIKIDATA).rpartition("/")[2]
            return None if Entity.objects.filter(wikidata_id=wikidata_id).exists() else wikidata_id
    return None


def _claim_body(body: dict[str, Any], editor: Any) -> Body:
    identifier = _slug(body.get("id", ""), "claims")
    if identifier.isdecimal() and len(identifier) < 18:
        known = Claim.objects.filter(pk=int(identifier)).select_related("merged_into").first()
        if known:
            return Body(claim=known)
    if identifier and not body.get("text"):
        raise Refused("There is no such claim here.", field="body.id")
    return Body(label=body.get("text", ""))


def _source_body(body: dict[str, Any], editor: Any) -> Body:
    kind = body.get("sourceKind", "")
    slug = _slug(body.get("id", ""), "sources")
    known = Source.objects.filter(slug=slug).select_related("merged_into").first() if slug else None
    known = known or _numbered(Source, body.get("id", ""))
    if known:
        return Body(source=known)
    entity_slug = _slug(body.get("entity", ""), "entities")
    entity = Entity.objects.filter(slug=entity_slug).first() if entity_slug else None
    if entity:
        return Body(source=knowledge.source_of_entity(entity=entity, kind=kind, actor=editor))
    if entity_slug and not body.get("name"):
        raise Refused("There is no such entity here.", field="body.entity")
    if not slug:
        return Body(type=kind, label=body.get("name", ""))
    return Body(source=_new_source(body, kind, slug, entity_slug, editor))


def _new_source(
    body: dict[str, Any], kind: str, slug: str, entity_slug: str, editor: Any
) -> Source:
    if not body.get("name"):
        raise Refused("There is no such source here.", field="body.id")
    if kind not in SourceKind.values:
        raise Refused("Say what kind of source it is.", field="body.sourceKind")
    if entity_slug:
        entity = knowledge.create_entity(
            name=body["name"],
            type=knowledge.ENTITY_OF_KIND.get(SourceKind(kind), EntityType.WORK),
            slug=entity_slug,
            actor=editor,
        )
        return knowledge.source_of_entity(entity=entity, kind=kind, actor=editor)
    return knowledge.create_source(
        name=body["name"],
        kind=kind,
        slug=slug,
        actor=editor,
        affiliation=body.get("affiliation", ""),
        unnamed_reason=body.get("unnamedReason", ""),
    )


def add_annotation(
    *, article: Article, data: Any, editor: Any, uuid: UUID | None = None
) -> Annotation:
    """One W3C annotation, added by a person or for one; with its ties to sources that are here.
    `uuid` is a wish.

    Raises Refused, naming the field, with nothing written.
    """
    with recording(actor=editor) as log:
        locked = lock_article(pk=article.pk)
        read = read_on(locked, data, locked.text)
        annotation = _add(locked, read, editor, log, uuid)
        if read.attributions:
            _tie_all([(read, annotation)], _by_uuid(article), editor)
    return annotation


def read_on(article: Article, data: Any, text: str) -> ReadAnnotation:
    """`read_annotation`, of an annotation that is to be on the article's text. Raises Refused where
    its target is another story."""
    hold_to_story(data, article)
    return read_annotation(data, text)


def add_page(*, article: Article, page: Any, editor: Any) -> list[Annotation]:
    """All items of an AnnotationPage, then the ties among them; all of it or nothing."""
    items = page.get("items") if isinstance(page, dict) else None
    if not isinstance(items, list):
        raise Refused("An AnnotationPage has a list of items.", field="items")
    with recording(actor=editor) as log:
        locked = lock_article(pk=article.pk)
        reads = [read_annotation(item, locked.text) for item in items]
        # Entities first: the sources that they are, and mentions, then find them.
        order = sorted(
            range(len(reads)), key=lambda i: ("entity", "source", "claim").index(reads[i].kind)
        )
        made = {i: _add(locked, reads[i], editor, log) for i in order}
        by_iri = {reads[i].id: annotation for i, annotation in made.items()}
        _tie_all([(reads[i], made[i]) for i in made], by_iri, editor)
    return [made[i] for i in range(len(reads))]


def _add(
    article: Article,
    read: ReadAnnotation,
    editor: Any,
    log: Recorder,
    uuid: UUID | None = None,
) -> Annotation:
    body = body_meant(read, editor=editor)
    return deciding.add_locked(
        log=log,
        article=article,
        editor=editor,
        kind=read.kind,
        spans=read.spans,
        body=body,
        revision=read.revision,
        status=read.status,
        extra=extra_of(read, body),
        uuid=_free(uuid) or _free_uuid(read.id),
    )


def properties_of(
    read: ReadAnnotation, body: Body, *, before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The sender's own properties of an annotation whose body means this. Of ties that are not said
    again, whose they are stays as it was `before`."""
    identified = body.entity is not None and body.entity.wikidata_id
    extra = without_wikidata(read.extra) if identified else read.extra
    return extra if read.attributions or not before else with_ties(extra, before)


def extra_of(read: ReadAnnotation, body: Body) -> dict[str, Any]:
    """The same of a new one; among them where its sender had it, as the protocol asks."""
    extra = properties_of(read, body)
    if not read.id or _UUID.search(read.id) or "via" in extra:
        return extra
    return {**extra, "via": read.id}


def _free(uuid: UUID | None) -> UUID | None:
    taken = uuid is not None and Annotation.objects.filter(uuid=uuid).exists()
    return None if taken else uuid


def _free_uuid(iri: str) -> UUID | None:
    """The UUID that the sender's IRI holds, if no annotation here has it."""
    return _free(uuid_in(iri))


def uuid_in(iri: Any) -> UUID | None:
    """The UUID that an IRI holds."""
    match = _UUID.search(iri) if isinstance(iri, str) else None
    return UUID(match.group()) if match else None


def _by_uuid(article: Article) -> dict[str, Annotation]:
    """The article's annotations by their UUID, for senders that name them by our addresses."""
    return {str(a.uuid): a for a in article.annotations.kept().with_bodies()}


def _tie_all(
    read_and_made: Iterable[tuple[ReadAnnotation, Annotation]],
    known: dict[str, Annotation],
    editor: Any,
) -> None:
    """Make the ties, the outer ones before those nested in them."""
    waiting = [(tie, claim) for read, claim in read_and_made for tie in read.attributions]
    made: dict[str, Attribution] = {}
    while waiting:
        ready = [(tie, claim) for tie, claim in waiting if not tie.parent or tie.parent in made]
        if not ready:
            raise Refused("An attribution's parent is not among them.", field="attributions")
        for tie, claim in ready:
            made[tie.id] = _tie(tie, claim, known, made, editor)
        waiting = [pair for pair in waiting if pair not in ready]


def _tie(
    tie: ReadAttribution,
    claim: Annotation,
    known: dict[str, Annotation],
    made: dict[str, Attribution],
    editor: Any,
) -> Attribution:
    source = None
    if tie.source:
        match = _UUID.search(tie.source)
        source = known.get(tie.source) or (known.get(match.group()) if match else None)
        if source is None:
            raise Refused(
                "It is attributed to an annotation that is not here.", field="attributions"
            )
    return deciding.tie(
        claim=claim,
        source=source,
        editor=editor,
        cue=tie.cue,
        manner=tie.manner,
        mode=tie.mode,
        by_outlet=tie.by_outlet,
        parent=made.get(tie.parent) if tie.parent else None,
    )
