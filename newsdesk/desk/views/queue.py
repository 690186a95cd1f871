"""The queue: what waits, and how far each story is."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsdesk.desk import listing
from newsdesk.desk.gate import editors_only

PAGE = 25


@require_safe
@editors_only
def queue(request: HttpRequest) -> HttpResponse:
    """Articles by state and outlet, sorted and paged."""
    wanted = listing.Wanted.of(request.GET)
    page = Paginator(wanted.rows(request.user), PAGE).get_page(request.GET.get("page"))
    runs = listing.newest_runs(page.object_list)
    context = {
        "wanted": wanted,
        "page": page,
        "rows": [(article, runs.get(article.pk)) for article in page],
        "totals": listing.totals(request.user),
        "outlets": listing.outlets(),
        "sorts": [(value, label) for value, (label, _) in listing.SORTS.items()],
    }
    return render(request, "desk/queue.html", context)
