"""The desk's page of tokens: an editor's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from articles.errors import Refused
from articles.roles import EDITOR
from newsdesk.api.models import ApiToken, make_token
from newsdesk.api.pages.forms import TokenForm
from newsdesk.api.pages.gate import takes


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes(EDITOR)
def tokens(request: HttpRequest) -> HttpResponse:
    """List and form. A new key stands in this one answer, so that it is kept nowhere."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    key = _made(request, form) if form.is_bound and form.is_valid() else ""
    context = {
        "tokens": ApiToken.objects.of(request.user),
        "form": TokenForm() if key else form,
        "key": key,
    }
    status = 422 if form.is_bound and not key else 200
    return render(request, "api/desk/tokens.html", context, status=status)


def _made(request: HttpRequest, form: TokenForm) -> str:
    try:
        return make_token(user=request.user, **form.values())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return ""


@require_POST
@takes(EDITOR)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse whoever uses it from now on."""
    token = get_object_or_404(ApiToken.objects.of(request.user), pk=pk)
    token.delete()
    messages.success(request, f"“{token.name}” is revoked.")
    return redirect("clients:tokens")
