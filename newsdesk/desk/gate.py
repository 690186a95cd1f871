"""Who may enter the desk: editors. Others are sent to sign in, or told in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from articles.roles import is_editor

View = Callable[..., HttpResponse]

SIGNED_OUT = "You are signed out. Sign in again; what you did before is kept."
NO_EDITOR = "Your account may not tag and edit. Ask a chief to make you an editor."


def editors_only(view: View) -> View:
    """Let editors pass; send who is signed out to sign in, and tell all others why not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_editor(request.user):
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            return render(request, "desk/forbidden.html", {"detail": NO_EDITOR}, status=403)
        # The address of a form is no page to come back to.
        back = request.get_full_path() if request.method == "GET" else reverse("desk:queue")
        return redirect_to_login(back)

    return guarded


def json_refusal(user: Any) -> JsonResponse | None:
    """What a script is answered whose person is no editor: 401 or 403, never a redirect.

    Who is signed in is told: what waits to be sent may be somebody else's.
    """
    if is_editor(user):
        return None
    if user.is_authenticated:
        told = {"detail": NO_EDITOR, "signed_in": user.get_username()}
        return JsonResponse(told, status=403)
    return JsonResponse({"detail": SIGNED_OUT, "sign_in": reverse("desk:sign_in")}, status=401)


def editors_only_json(view: View) -> View:
    """`editors_only` for what scripts ask."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return json_refusal(request.user) or view(request, *args, **kwargs)

    return guarded
