"""The article page: a text with what was suggested and decided in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.publishing import MOVES, may_move
from newsdesk import serving
from newsdesk.desk import presenting
from newsdesk.desk.gate import editors_only
from newsdesk.desk.marking import paragraphs_html

# What a move to a state is called on its button, in the order of the buttons.
MOVE_NAMES = {
    "published": "Publish",
    "in_review": "Back to review",
    "archived": "Archive",
    "draft": "Make a draft",
}


@require_safe
@never_cache
@gzip_page
@editors_only
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Readable and, by forms, decidable without a script; the annotator starts from `state`."""
    shown = get_object_or_404(Article.objects.visible_to(request.user).with_text(), pk=pk)
    picture = presenting.picture_of(shown, request.user)
    context = {
        "article": shown,
        "text": paragraphs_html(shown.text, picture.annotations, presenting.speakers_of(picture)),
        "groups": presenting.groups_of(picture, shown.text),
        "detached": picture.detached,
        "run": picture.run,
        "related": shown.related_headlines.all(),
        "moves": moves(request, shown),
        "waits_for_chief": shown.state == "in_review"
        and not may_move(request.user, shown, "published"),
        "state": presenting.script_state(request, shown, picture),
        "modules": serving.modules_of("desk/main.js"),
    }
    return render(request, "desk/article.html", context)


def moves(request: HttpRequest, shown: Article) -> list[tuple[str, str]]:
    """The states that this person may put the article into, with the buttons' names."""
    return [
        (state, "Unpublish" if (shown.state, state) == ("published", "in_review") else name)
        for state, name in MOVE_NAMES.items()
        if state in MOVES[shown.state] and may_move(request.user, shown, state)
    ]
