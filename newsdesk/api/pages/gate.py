"""Who may enter the API's pages on the desk: people with a role, signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.roles import holds

View = Callable[..., HttpResponse]


def takes(role: str) -> Callable[[View], View]:
    """Let those with the role pass; send who is signed out to sign in, tell all others why not."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if holds(request.user, role):
                return view(request, *args, **kwargs)
            if request.user.is_authenticated:
                detail = f"This takes the role of {role}. Ask a chief for it."
                return render(request, "desk/forbidden.html", {"detail": detail}, status=403)
            return redirect_to_login(request.get_full_path())

        return guarded

    return guard
