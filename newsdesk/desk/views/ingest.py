"""New stories: pasted, or uploaded as text files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from articles.revising import Stored, create_article
from newsdesk.desk.forms import NewForm
from newsdesk.desk.gate import editors_only


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def new(request: HttpRequest) -> HttpResponse:
    """The form; what is sent is stored all or not at all, and leads to the article."""
    form = NewForm(request.POST, request.FILES) if request.method == "POST" else NewForm()
    if form.is_bound and form.is_valid():
        stored = [create_article(draft=draft, actor=request.user) for draft in form.drafts]
        return _led_on(request, stored)
    status = 422 if form.is_bound else 200
    return render(request, "desk/new.html", {"form": form}, status=status)


def _led_on(request: HttpRequest, stored: list[Stored]) -> HttpResponse:
    for article, is_new in stored:
        if not is_new:
            messages.info(
                request, f"“{article.title}” has this text already. It was not stored twice."
            )
    if len(stored) == 1:
        return redirect("desk:article", pk=stored[0].article.pk)
    new = sum(one.is_new for one in stored)
    if new:
        stories = "stories are" if new > 1 else "story is"
        messages.success(request, f"{new} new {stories} being read.")
    return redirect("desk:queue")
