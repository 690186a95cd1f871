"""Annotations from elsewhere: what a W3C annotation means in this desk, looked up or made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from annotations import deciding
from annotations.bodies import Body
from annotations.formats.kept import with_ties, without_wikidata
from annotations.formats.uuids import uuid_in
from annotations.formats.w3c import ReadAnnotation, ReadAttribution, read_annotation
from annotations.meanings import Meanings
from annotations.models import Annotation, Attribution
from annotations.targets import hold_to_story
from articles.changes import Recorder, recording
from articles.errors import Refused
from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.revising import lock_article


def body_meant(read: ReadAnnotation, *, editor: Any) -> Body:
    """The desk's entity, claim or source for a body: by address, by name, else made anew.

    An address of ours that leads nowhere is refused, unless the body says enough to make it.
    """
    return Meanings(editor).of(read)


def add_annotation(
    *,
    article: int,
    data: Any,
    editor: Any,
    uuid: UUID | None = None,
    among: ArticleQuerySet | None = None,
) -> Annotation:
    """One W3C annotation on the article of that number, added by a person or for one; with its ties
    to sources that are here. `uuid` is a wish.

    Raises Refused, naming the field, with nothing written, and Article.DoesNotExist where the
    article is not one of those `among` which it is to be.
    """
    with recording(actor=editor) as log:
        locked = lock_article(pk=article, among=among)
        read = read_on(locked, data, locked.text)
        annotation = _add(locked, read, editor, log, uuid)
        if read.attributions:
            _tie_all([(read, annotation)], _by_uuid(locked), editor)
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
    if not read.id or uuid_in(read.id) or "via" in extra:
        return extra
    return {**extra, "via": read.id}


def _free(uuid: UUID | None) -> UUID | None:
    taken = uuid is not None and Annotation.objects.filter(uuid=uuid).exists()
    return None if taken else uuid


def _free_uuid(iri: str) -> UUID | None:
    """The UUID that the sender's IRI holds, if no annotation here has it."""
    return _free(uuid_in(iri))


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
        source = known.get(tie.source) or known.get(str(uuid_in(tie.source)))
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
