"""Entities to attach a tag to."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from newsdesk.desk.candidates import candidates
from newsdesk.desk.gate import editors_only_json


@require_safe
@editors_only_json
def search(request: HttpRequest) -> JsonResponse:
    """`?q=` words of a name or alias, `?type=` the type that is likeliest; best first."""
    found = candidates(request.GET.get("q", ""), likely_type=request.GET.get("type", ""))
    return JsonResponse({"candidates": found})
