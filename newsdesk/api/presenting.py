"""Annotations as clients get them: W3C JSON-LD, with what else of them the client may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import orjson
from django.conf import settings

from annotations import linking, matching
from annotations.formats.contexts import contexts
from annotations.formats.kept import as_item
from annotations.formats.w3c import annotation_iri, annotation_to_jsonld
from annotations.models import Annotation, Attribution
from annotations.models.annotation import Status
from annotations.written import jsonld_texts
from newsdesk.api.paging import Page
from newsdesk.api.resources import address_with, sparse

# What is read of the rows of a page, which PostgreSQL writes.
PAGED = ("pk", "status")


def as_jsonld(user: Any, annotations: Iterable[Annotation]) -> list[dict[str, Any]]:
    """Annotations that came `with_bodies()`, with their ties and, of suggestions, what they may
    mean. A fixed number of queries."""
    annotations = list(annotations)
    ties = _ties([a for a in annotations if a.kind == "claim"], user)
    candidates = linking.candidates_of(filter(linking.is_open, annotations))
    said = matching.said_before(annotations, user=user)
    return [
        annotation_to_jsonld(
            a,
            base=settings.SITE_URL,
            attributions=ties[a.pk],
            candidates=candidates.get(a.pk),
            said=said.get(a.pk, ()),
        )
        for a in annotations
    ]


def _ties(claims: Collection[Annotation], user: Any) -> dict[int, list[Attribution]]:
    """By claim annotation, the ties to its sources that the user may see."""
    ties: dict[int, list[Attribution]] = defaultdict(list)
    if claims:
        rows = Attribution.objects.visible_to(user).filter(claim__in=claims)
        for tie in rows.select_related("claim__revision", "source", "parent__claim").order_by("pk"):
            ties[tie.claim_id].append(tie)
    return ties


def as_page(
    request: Any, page: Page, *, partly: list[str] | None = None, iris: bool = False
) -> dict[str, Any]:
    """A W3C AnnotationPage, of descriptions or of IRIs alone, of rows that have PAGED."""
    if iris:
        items: list[Any] = _iris(page.rows)
    else:
        items = [_item(text, partly) for text in _texts(request.user, page.rows)]
    collection = {
        "id": address_with(request, cursor=None, page_size=None, iris=None, fields=None),
        "type": "AnnotationCollection",
        "total": page.total,
    }
    data = {
        "@context": contexts(settings.SITE_URL),
        "id": address_with(request),
        "type": "AnnotationPage",
        "partOf": collection,
        "items": items,
    }
    return data | ({"next": address_with(request, cursor=page.next)} if page.next else {})


def _iris(rows: Iterable[Any]) -> list[str]:
    pks = [row.pk for row in rows]
    found = Annotation.objects.only("uuid").in_bulk(pks)
    return [annotation_iri(found[pk], settings.SITE_URL) for pk in pks]


def _texts(user: Any, rows: Collection[Any]) -> list[str | dict[str, Any]]:
    """Each as JSON that PostgreSQL wrote; suggestions that have more to show, as objects."""
    more = _with_more([row.pk for row in rows if row.status == Status.SUGGESTED])
    plain = [row.pk for row in rows if row.pk not in more]
    texts: dict[int, Any] = {**jsonld_texts(plain, user=user, base=settings.SITE_URL)}
    if more:
        found = list(Annotation.objects.filter(pk__in=more).with_bodies())
        texts.update(zip((a.pk for a in found), as_jsonld(user, found), strict=True))
    return [texts[row.pk] for row in rows]


def _with_more(suggested: Collection[int]) -> set[int]:
    """Those of suggestions that tell what they may mean, or are like others."""
    if not suggested:
        return set()
    rows = Annotation.objects.filter(pk__in=suggested).only("status", "entity_id", "proposal")
    return {a.pk for a in rows.order_by() if linking.is_open(a) or matching.is_like_others(a)}


def _item(text: str | dict[str, Any], partly: list[str] | None) -> Any:
    if isinstance(text, dict):
        return sparse(as_item(text, contexts(settings.SITE_URL)), partly)
    return orjson.Fragment(text) if partly is None else sparse(orjson.loads(text), partly)
