"""The desk's pages of webhooks: how they do, what was sent, and what a chief may do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.errors import Refused, StaleVersion
from articles.roles import CHIEF
from newsdesk.api.hooks import managing
from newsdesk.api.models import Delivery, Webhook
from newsdesk.api.pages.forms import WebhookForm
from newsdesk.api.pages.gate import takes

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes(CHIEF)
def webhooks(request: HttpRequest) -> HttpResponse:
    """List and form. A new secret stands in this one answer."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    made = _made(request, form) if form.is_bound and form.is_valid() else None
    rows = Webhook.objects.select_related("outlet")
    context = {"webhooks": rows, "form": WebhookForm() if made else form, "shown": made}
    status = 422 if form.is_bound and not made else 200
    return render(request, "api/desk/webhooks.html", context, status=status)


def _made(request: HttpRequest, form: WebhookForm) -> Webhook | None:
    try:
        return managing.create_webhook(actor=request.user, **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None


@require_safe
@never_cache
@takes(CHIEF)
def webhook(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One webhook with its deliveries, newest first; `state` shows those in one state."""
    return _page(request, _found(uuid))


def _page(request: HttpRequest, found: Webhook, shown: Webhook | None = None) -> HttpResponse:
    rows = found.deliveries.order_by("-seq")
    state = request.GET.get("state", "")
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "webhook": found, "page": page, "state": state, "states": Delivery.State.choices,
        "shown": shown,
    }  # fmt: skip
    return render(request, "api/desk/webhook.html", context)


def _found(uuid: UUID) -> Webhook:
    return get_object_or_404(Webhook.objects.select_related("outlet", "article"), uuid=uuid)


@require_POST
@never_cache
@takes(CHIEF)
def rotate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A new secret, which stands in this one answer."""
    rotated = managing.rotate_secret(webhook=_found(uuid))
    return _page(request, _found(uuid), shown=rotated)


@require_POST
@takes(CHIEF)
def set_state(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Pause it, or let it go on; `to` says which, `version` what was seen."""
    to = request.POST.get("to", "")
    if to not in Webhook.State.values:
        return HttpResponse("Say which state.", status=400, content_type="text/plain")

    def change(found: Webhook, seen: int) -> None:
        managing.set_state(webhook=found, state=to, seen_version=seen, actor=request.user)

    said = "Paused: nothing is sent, and nothing lost." if to == "paused" else "It goes on."
    _tried(request, uuid, change, said)
    return redirect("clients:webhook", uuid=uuid)


@require_POST
@takes(CHIEF)
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take it away with its deliveries."""

    def change(found: Webhook, seen: int) -> None:
        managing.delete_webhook(webhook=found, seen_version=seen)

    if _tried(request, uuid, change, "The webhook is deleted."):
        return redirect("clients:webhooks")
    return redirect("clients:webhook", uuid=uuid)


def _tried(
    request: HttpRequest, uuid: UUID, change: Callable[[Webhook, int], Any], said: str
) -> bool:
    """Whether the change could be made to the version that was seen; the page says what came of
    it."""
    version = request.POST.get("version", "")
    try:
        change(_found(uuid), int(version) if version.isascii() and version.isdigit() else 0)
    except (StaleVersion, Refused) as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


@require_POST
@takes(CHIEF)
def send_again(request: HttpRequest, uuid: UUID, delivery: UUID) -> HttpResponse:
    """Send one delivery once more."""
    row = get_object_or_404(_found(uuid).deliveries.all(), uuid=delivery)
    try:
        managing.send_again(delivery=row)
        messages.success(request, f"Change {row.seq} is being sent again.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("clients:webhook", uuid=uuid)
