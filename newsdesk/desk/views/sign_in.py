"""Signing in: on a page of its own, or from the annotator without leaving it."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse, JsonResponse


class SignIn(LoginView):
    """Django's own; it goes on to addresses of this host only.

    A script that asks for JSON gets `signed_in`, the name, or a 422 with `detail`.
    """

    template_name = "desk/sign_in.html"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        name = self.request.user.get_username()
        return JsonResponse({"signed_in": name}) if self._by_script else answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if not self._by_script:
            return super().form_invalid(form)
        field, (reason, *_) = next(iter(form.errors.items()))
        return JsonResponse({"field": field, "detail": reason}, status=422)

    @property
    def _by_script(self) -> bool:
        return self.request.get_preferred_type(["text/html", "application/json"]) == (
            "application/json"
        )
