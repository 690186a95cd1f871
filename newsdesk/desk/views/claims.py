"""What a suggested claim is like."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotations import matching
from annotations.matching import Said
from annotations.models import Annotation
from newsdesk.desk.gate import editors_only_json


@require_safe
@editors_only_json
def said_before(request: HttpRequest, claim: UUID) -> JsonResponse:
    """The claims that a suggestion, by its identifier, was matched with, the likest first."""
    annotations = Annotation.objects.visible_to(request.user).filter(uuid=claim)
    found = matching.said_before(annotations, user=request.user)
    return JsonResponse({"said": [_presented(one) for said in found.values() for one in said]})


def _presented(said: Said) -> dict[str, Any]:
    return {
        "id": said.claim.pk,
        "text": said.claim.text,
        "href": said.claim.get_absolute_url(),
        "similarity": said.similarity,
        "stories": [
            {
                "title": story.title,
                "href": reverse("desk:article", args=[story.pk]),
                "date": story.date.date(),
            }
            for story in said.stories
        ],
    }
