"""`Authorization: Token KEY`, and `Bearer KEY` for clients that know only that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from articles.roles import groups_of, limit, remember
from newsdesk.api.models import ApiToken, digest_of

# A busy client need not write its time of use at each request.
USED_EVERY = timedelta(minutes=1)
# Each request asks for one: what it needs to know of token and user, in one query that is put
# together once.
TOKENS = (
    ApiToken.objects.select_related("user")
    .only(
        "scopes", "expires_at", "last_used_at", "user__username", "user__is_active",
        "user__is_superuser",
    )
    .annotate(groups=groups_of("user"))
    .order_by()
)  # fmt: skip


def valid_token(**which: Any) -> ApiToken | None:
    """A token that is good at this moment, its user limited to its scopes; else None."""
    token = next(iter(TOKENS.filter(**which)), None)
    if token is None or token.is_expired or not token.user.is_active:
        return None
    limit(token.user, token.scopes)
    remember(token.user, token.groups)
    return token


class TokenAuthentication(BaseAuthentication):
    """The token's user, limited to its scopes; 401 for a token that is unknown, expired, or whose
    user is inactive."""

    keywords = (b"token", b"bearer")

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() not in self.keywords:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Write: Authorization: Token KEY")
        token = valid_token(digest=digest_of(parts[1].decode("latin-1")))
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired, or its user is inactive.")
        self._note_use(token)
        return token.user, token

    @staticmethod
    def _note_use(token: ApiToken) -> None:
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "`Token KEY`: see /desk/tokens/ and `manage.py token USERNAME`.",
        }  # fmt: skip
