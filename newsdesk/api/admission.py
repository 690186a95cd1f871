"""What somebody was let in by, asked again while their answer stays open."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from articles.roles import holds, lets
from articles.sessions import user_of_session
from newsdesk.api.authentication import valid_token
from newsdesk.api.permissions import Rule


class Admission:
    """A token, or a session on the desk, and the rule that it passed.

    Tokens are revoked and expire, people are deactivated, lose roles and sign out: all of it ends
    what the admission let in.
    """

    def __init__(self, request: Request, rule: Rule) -> None:
        self._rule = rule
        self._token = request.auth.pk if request.auth is not None else None
        session = getattr(request, "session", None)
        self._session = session.session_key if session is not None else None

    def still_holds(self) -> bool:
        """As the database has it now."""
        user = self._user()
        if user is None or (self._rule.role and not holds(user, self._rule.role)):
            return False
        return lets(user, self._rule.scope)

    def _user(self) -> Any:
        """Whoever acts by it, limited to its scopes; None where it is worth nothing any more."""
        if self._token is not None:
            token = valid_token(pk=self._token)
            return token and token.user
        return user_of_session(self._session)
