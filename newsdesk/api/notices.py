"""What the desk's pages tell chiefs about webhooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from newsdesk.api.models import Webhook


def paused(request: HttpRequest) -> dict[str, Any]:
    """Template context: `paused_webhooks`, those that failed until they were paused; looked up
    only by a page that asks for it."""
    rows = Webhook.objects.filter(state=Webhook.State.PAUSED, failures__gt=0)
    return {"paused_webhooks": SimpleLazyObject(lambda: list(rows))}
