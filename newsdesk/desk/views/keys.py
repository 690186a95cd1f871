"""An editor's own keys."""

from __future__ import annotations

import json

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from articles.errors import Refused
from newsdesk.desk.gate import editors_only_json
from newsdesk.desk.given import Given
from newsdesk.desk.models import keep_keys


@require_http_methods(["PUT"])
@editors_only_json
def keys(request: HttpRequest) -> JsonResponse:
    """PUT `{"keys": {room: {command: [key]}}}`: 200 with what is kept; 400 or 422 with `detail`."""
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return JsonResponse({"detail": "This is no JSON."}, status=400)
    try:
        kept = keep_keys(user=request.user, keys=Given(data).value("keys"))
    except Refused as refused:
        return JsonResponse({"detail": str(refused), "field": refused.field}, status=422)
    return JsonResponse({"keys": kept})
