"""An article's life: corrections, new texts, states, another reading, and its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import reading
from articles import publishing, revising
from articles.changes import Change
from articles.errors import Refused, StaleVersion
from articles.models import Article
from newsdesk.desk.forms import CorrectForm, ReviseForm
from newsdesk.desk.gate import editors_only
from newsdesk.desk.given import number_in

STATE_NEWS = {
    "published": "Published: readers see it now, with what is accepted.",
    "in_review": "Back in review: readers do not see it.",
    "archived": "Archived.",
    "draft": "A draft now.",
}
HISTORY_PAGE = 100


def _found(request: HttpRequest, pk: int) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user).with_text(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Two forms: what stands beside the text, and the text. `form` says which one was sent."""
    article = _found(request, pk)
    data, sent = request.POST, request.POST.get("form")
    correct = CorrectForm(article, data if sent == "correct" else None)
    revise = ReviseForm(
        data if sent == "revise" else None,
        initial={"text": article.text, "version": article.version},
        prefix="revise",
    )
    if _corrected(request, article, correct) or _revised(request, article, revise):
        return redirect("desk:article", pk=pk)
    context = {"article": article, "correct": correct, "revise": revise}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/edit.html", context, status=status)


def _corrected(request: HttpRequest, article: Article, form: CorrectForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    values = form.corrections()
    if not values:
        messages.info(request, "Nothing was changed.")
        return True
    saved = _saved(
        form,
        lambda: revising.correct(
            article=article,
            actor=request.user,
            seen_version=form.cleaned_data["version"],
            **values,
        ),
    )
    if saved:
        messages.success(request, "Saved.")
    return saved


def _revised(request: HttpRequest, article: Article, form: ReviseForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    values = form.cleaned_data
    saved = _saved(
        form,
        lambda: revising.revise(
            article=article,
            actor=request.user,
            text=values["text"],
            note=values["note"],
            seen_version=values["version"],
        ),
    )
    if saved:
        messages.success(request, "The new text is stored; it is being read.")
    return saved


def _saved(form: forms.Form, save: Callable[[], Any]) -> bool:
    """Whether it could be saved; if not, the form says why, and may be sent again."""
    try:
        save()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    except StaleVersion as stale:
        # The next time it is sent, it is sent knowingly.
        form.data = {**form.data.dict(), form.add_prefix("version"): stale.current.version}
        form.add_error(
            None,
            "Somebody changed this article while you were at it. What you typed is still here: "
            "look at the article as it is now, then save again to put yours in its place.",
        )
        return False
    return True


@require_POST
@editors_only
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """`to` is the new state, `version` the version that was seen."""
    article = _found(request, pk)
    to, seen = request.POST.get("to", ""), number_in(request.POST.get("version"))
    if seen is None:
        return HttpResponseBadRequest("Say which version you saw.")
    try:
        publishing.move(article=article, state=to, actor=request.user, seen_version=seen)
    except (Refused, StaleVersion) as error:
        messages.error(request, str(error))
    except PermissionDenied as denied:
        return render(request, "desk/forbidden.html", {"detail": str(denied)}, status=403)
    else:
        messages.success(request, STATE_NEWS[to])
    return redirect("desk:article", pk=pk)


@require_POST
@editors_only
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another reading of the newest text; leads back to where it was asked."""
    article = _found(request, pk)
    with transaction.atomic():
        # The lock makes two who ask at once ask for one run.
        locked = revising.lock_article(pk=article.pk)
        reading.queue_run(revision=locked.revision)
    messages.success(request, f"“{article.title}” will be read again.")
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("desk:article", pk=pk)


@require_safe
@editors_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The article's changes, newest first."""
    article = _found(request, pk)
    changes = Change.objects.filter(article=article).select_related("actor").order_by("-seq")
    page = Paginator(changes, HISTORY_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/history.html", {"article": article, "page": page})
