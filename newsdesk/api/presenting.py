"""Annotations as clients get them: W3C JSON-LD, with what else of them the client may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings

from annotations import linking, matching
from annotations.formats.w3c import annotation_iri, annotation_to_jsonld, contexts
from annotations.models import Annotation, Attribution
from newsdesk.api.paging import Page
from newsdesk.api.resources import address_with, sparse


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
    """A W3C AnnotationPage, of descriptions or of IRIs alone."""
    if iris:
        items: list[Any] = [annotation_iri(a, settings.SITE_URL) for a in page.rows]
    else:
        items = [_item(one, partly) for one in as_jsonld(request.user, page.rows)]
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


def _item(annotation: dict[str, Any], partly: list[str] | None) -> dict[str, Any]:
    annotation.pop("@context")
    return sparse(annotation, partly)
