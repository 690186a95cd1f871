"""Entities to attach a tag to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from annotations import linking
from annotations.models import Annotation, Entity
from newsdesk.desk.candidates import candidates
from newsdesk.desk.gate import editors_only_json
from newsdesk.desk.given import key_in


@require_safe
@editors_only_json
def search(request: HttpRequest) -> JsonResponse:
    """`?q=` words of a name or alias, `?type=` the type that is likeliest; best first.

    With `?for=`, an annotation's identifier, what was proposed for it comes before all.
    """
    found = candidates(
        request.GET.get("q", ""),
        likely_type=request.GET.get("type", ""),
        first=_proposed(request.GET.get("for"), request.user),
    )
    return JsonResponse({"candidates": found})


def _proposed(identifier: str | None, user: Any) -> list[Entity]:
    key = key_in(identifier)
    if key is None:
        return []
    annotations = Annotation.objects.visible_to(user).filter(uuid=key)
    return next(iter(linking.candidates_of(annotations).values()), [])
