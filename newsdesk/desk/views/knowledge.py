"""The pages of the knowledge base: `shelf` names which one, as in its address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from articles.errors import Refused, StaleVersion
from newsdesk.desk.gate import editors_only
from newsdesk.desk.given import number_in
from newsdesk.desk.knowledge_forms import EntityForm, KnowledgeForm
from newsdesk.desk.shelves import SHELVES, Shelf

PAGE = 50
MOST_CHOICES = 20
STALE = (
    "Somebody changed this while you were at it. What you typed is still here: look at it as it "
    "is now, then save again to put yours in its place."
)


@require_safe
@editors_only
def index(request: HttpRequest, shelf: str) -> HttpResponse:
    """What is on a shelf, searched and paged."""
    here = SHELVES[shelf]
    page = Paginator(here.rows(request.GET), PAGE).get_page(request.GET.get("page"))
    context = {"shelf": here, "page": page, "query": request.GET}
    return render(request, "desk/knowledge/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def new_entity(request: HttpRequest) -> HttpResponse:
    """An entity that no story named yet."""
    form = EntityForm(request.POST or None, initial={"version": 0})
    if (made := _saved(request, form, None)) is not None:
        messages.success(request, f"“{made.name}” is here now.")
        return redirect("desk:entities", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "desk/knowledge/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def thing(request: HttpRequest, shelf: str, pk: int) -> HttpResponse:
    """One thing: corrected, and where it is tagged. A merged one leads to what it became."""
    here = SHELVES[shelf]
    row = get_object_or_404(here.model, pk=pk)
    if row.merged_into_id:
        return redirect(f"desk:{shelf}", row.merged_into_id)
    initial = here.form.initial_of(row)
    form = here.form(request.POST or None, initial=initial)
    if _saved(request, form, row) is not None:
        messages.success(request, "Saved.")
        return redirect(f"desk:{shelf}", pk)
    places = here.places(row)
    context = {"shelf": here, "row": row, "form": form, "places": places, "twins": here.twins(row)}
    status = 422 if form.is_bound else 200
    return render(request, "desk/knowledge/thing.html", context, status=status)


def _saved(request: HttpRequest, form: KnowledgeForm, row: Any) -> Any:
    """What was saved; None where nothing was, and the form says why."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return form.save(row, actor=request.user)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except StaleVersion as stale:
        form.data = {**form.data.dict(), "version": stale.current.version}
        form.add_error(None, STALE)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def merge(request: HttpRequest, shelf: str, pk: int) -> HttpResponse:
    """Choose another (`q`), look at both (`into`), and make one of them (POST)."""
    here = SHELVES[shelf]
    loser = get_object_or_404(here.with_places(here.model.objects.current()), pk=pk)
    winner = _chosen(request, here, pk)
    if request.method == "POST" and winner is not None:
        try:
            here.merge(loser=loser, winner=winner, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"“{loser}” is “{winner}” now, wherever it was tagged.")
            return redirect(f"desk:{shelf}", winner.pk)
    context = {"shelf": here, "row": loser, "into": winner, "query": request.GET}
    if winner is None:
        context["choices"] = _choices(request, here, pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/knowledge/merge.html", context, status=status)


def _chosen(request: HttpRequest, here: Shelf, pk: int) -> Any:
    given = request.POST if request.method == "POST" else request.GET
    into = number_in(given.get("into"))
    rows = here.with_places(here.model.objects.current()).exclude(pk=pk)
    return rows.filter(pk=into).first() if into else None


def _choices(request: HttpRequest, here: Shelf, pk: int) -> Any:
    if not request.GET.get("q", "").strip():
        return None
    return here.rows(request.GET).exclude(pk=pk)[:MOST_CHOICES]
