"""Where decisions come in: as JSON from the annotator, as a form where there is no script."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from annotations.models import Decision
from articles.errors import Refused, StaleVersion
from articles.models import Article
from newsdesk.desk.commands import perform
from newsdesk.desk.gate import editors_only, editors_only_json
from newsdesk.desk.given import number_in


@require_POST
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand on to the form's or the script's way in, by what is sent."""
    answer = decide if request.content_type == "application/json" else decide_by_form
    return answer(request, pk)


@editors_only_json
def decide(request: HttpRequest, pk: int) -> JsonResponse:
    """200 with `changed` and `ties`; 400, 403, 404, 409 (with `current`) or 422 with `detail`."""
    article = Article.objects.visible_to(request.user).filter(pk=pk).first()
    if article is None:
        return JsonResponse({"detail": "There is no such article."}, status=404)
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return JsonResponse({"detail": "This is no JSON."}, status=400)
    try:
        outcome = perform(article=article, editor=request.user, data=data)
    except StaleVersion as stale:
        return JsonResponse(stale_answer(stale), status=409)
    except Refused as refused:
        answer = {**refused.extra, "detail": str(refused), "field": refused.field}
        return JsonResponse(answer, status=422)
    except PermissionDenied as denied:
        return JsonResponse({"detail": str(denied)}, status=403)
    return JsonResponse({"changed": outcome.changed, "ties": outcome.ties})


def stale_answer(stale: StaleVersion) -> dict[str, Any]:
    """How the thing stands now, and who decided it last where that is known."""
    kind, _ = stale.current.change_subject
    last = (
        Decision.objects.filter(annotation=stale.current).select_related("editor").last()
        if kind == "annotation"
        else None
    )
    return {
        "detail": str(stale),
        "subject": kind,
        "current": stale.current.snapshot(),
        "by": last.editor.get_username() if last else None,
    }


@editors_only
def decide_by_form(request: HttpRequest, pk: int) -> HttpResponse:
    """A button of the list: `do` is "action:id:version"; leads back to the article."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    action, _, rest = request.POST.get("do", "").partition(":")
    key, _, version = rest.partition(":")
    data = {"action": action, "id": key, "version": number_in(version)}
    try:
        perform(article=article, editor=request.user, data=data)
    except (StaleVersion, Refused, PermissionDenied) as error:
        messages.error(request, str(error))
        key = ""
    return redirect(reverse("desk:article", args=[pk]) + (f"#item-{key}" if key else ""))
