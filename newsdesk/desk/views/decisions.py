"""Where decisions come in: as JSON from the annotator, as a form where there is no script."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from annotations.undoing import MOVED
from articles.changes import Change
from articles.errors import Refused, StaleVersion
from articles.models import Article
from newsdesk.desk import undoable
from newsdesk.desk.batches import perform_batch
from newsdesk.desk.commands import Outcome, perform
from newsdesk.desk.gate import editors_only, editors_only_json
from newsdesk.desk.given import Given, number_in

log = logging.getLogger(__name__)


@require_POST
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand on to the form's or the script's way in, by what is sent."""
    answer = decide if request.content_type == "application/json" else decide_by_form
    return answer(request, pk)


@editors_only_json
def decide(request: HttpRequest, pk: int) -> JsonResponse:
    """200 with `changed` and `ties`, or for a batch with `results`, each with its `status`.

    400, 403 (also where `user`, who decided, is not who is signed in), 404, 409 (with `current`)
    or 422 with `detail`; 503 where two were at the same thing at the same moment.
    """
    article = Article.objects.visible_to(request.user).filter(pk=pk).first()
    if article is None:
        return JsonResponse({"detail": "There is no such article."}, status=404)
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return JsonResponse({"detail": "This is no JSON."}, status=400)
    try:
        refuse_another(data, request.user)
        answer = _answer(article, request.user, data)
    except (Refused, StaleVersion) as refusal:
        answer = refusal_answer(refusal)
    except PermissionDenied as denied:
        answer = {"status": 403, "detail": str(denied), **getattr(denied, "told", {})}
    except (IntegrityError, OperationalError):
        log.warning("a decision on article %s has to be sent again", pk, exc_info=True)
        answer = {"status": 503, "detail": "Somebody was at it at the same moment: send it again."}
    return JsonResponse(answer, status=answer.pop("status", 200))


class AnotherUser(PermissionDenied):
    """Decisions of somebody who is not the one that is signed in."""

    def __init__(self, whose: str, signed_in: str) -> None:
        super().__init__(f"These are decisions of {whose}, and you are signed in as {signed_in}.")
        self.told = {"signed_in": signed_in, "field": "user"}


def refuse_another(data: Any, editor: Any) -> None:
    """Raise AnotherUser unless what was sent is the editor's own, as far as it says whose it is."""
    whose = Given(data).words("user")
    if whose and whose != editor.get_username():
        raise AnotherUser(whose, editor.get_username())


def _answer(article: Article, editor: Any, data: Any) -> dict[str, Any]:
    if data.get("action") != "batch":
        return outcome_answer(perform(article=article, editor=editor, data=data))
    results = perform_batch(article=article, editor=editor, data=data)
    return {
        "results": [
            {"status": 200, **outcome_answer(one)}
            if isinstance(one, Outcome)
            else refusal_answer(one)
            for one in results
        ]
    }


def outcome_answer(outcome: Outcome) -> dict[str, Any]:
    return {"changed": outcome.changed, "ties": outcome.ties}


def refusal_answer(refusal: Refused | StaleVersion) -> dict[str, Any]:
    """Why not, in words, with what is needed to go on."""
    if isinstance(refusal, StaleVersion):
        return {"status": 409, **stale_answer(refusal)}
    return {**refusal.extra, "status": 422, "detail": str(refusal), "field": refusal.field}


def stale_answer(stale: StaleVersion) -> dict[str, Any]:
    """How the thing stands now, and who changed it last where that was a person."""
    kind, _ = stale.current.change_subject
    changes = Change.objects.of(stale.current).exclude(action=MOVED).select_related("actor")
    last = changes.last()
    return {
        "detail": str(stale),
        "subject": kind,
        "current": stale.current.snapshot(),
        "by": last.actor.get_username() if last and last.actor else None,
    }


@require_safe
@editors_only_json
def step(request: HttpRequest, pk: int, step: UUID) -> JsonResponse:
    """The `rows` of one step of the reader's own, for the page to undo it."""
    rows = undoable.rows_of(article_id=pk, editor=request.user, step=step)
    if not rows:
        return JsonResponse({"detail": "There is no such step of yours here."}, status=404)
    return JsonResponse({"rows": rows})


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
