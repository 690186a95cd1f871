"""What every page is bound by: its content security policy, and the roles templates may ask for."""

from __future__ import annotations

from collections.abc import Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

from articles.roles import is_chief, is_editor

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class ContentSecurityPolicyMiddleware:
    """Set `Content-Security-Policy` on every answer; works in sync and async chains."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if iscoroutinefunction(self.get_response):
            return self._async_call(request)
        return self._guard(self.get_response(request))

    async def _async_call(self, request: HttpRequest) -> HttpResponse:
        return self._guard(await self.get_response(request))

    @staticmethod
    def _guard(response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


def roles(request: HttpRequest) -> dict[str, bool]:
    """Template context: `is_editor` and `is_chief` of the person signed in."""
    # A request with a wrong host is refused before anybody is looked up.
    user = getattr(request, "user", None)
    return {"is_editor": is_editor(user), "is_chief": is_chief(user)}
