"""Signing in."""

from __future__ import annotations

from django.contrib.auth.views import LoginView


class SignIn(LoginView):
    """Django's own; it goes on to addresses of this host only."""

    template_name = "desk/sign_in.html"
