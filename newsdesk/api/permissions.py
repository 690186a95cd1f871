"""Who may do what over the API: a role and a scope for reading, and the same for writing.

The role is the person's, the scope their token's (somebody signed in on the desk has them all).
Without the role the answer is that this takes another person; with the role and without the
scope it names the scope. What single rows a client sees is decided where they are read, by
`visible_to(user)`, which heeds scopes too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from articles.roles import CHIEF, EDITOR, Scope, holds, lets

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class InsufficientScope(PermissionDenied):
    """The person may, but the token that they act with does not let it through."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This token lacks the scope {scope}: use one that has it.")
        self.scope = str(scope)


class Rule(NamedTuple):
    """What one kind of request takes; an empty role is anybody's."""

    scope: str
    role: str = EDITOR


OPEN = Rule(Scope.READ_PUBLISHED, role="")
READ_ALL = Rule(Scope.READ_ALL)
ANNOTATE = Rule(Scope.ANNOTATE)
OWN_TOKENS = Rule(Scope.ADMIN)
ADMIN = Rule(Scope.ADMIN, role=CHIEF)


class Ruled(BasePermission):
    """Reading takes `reads`, writing takes `writes`."""

    reads: ClassVar[Rule] = OPEN
    writes: ClassVar[Rule] = ANNOTATE

    def has_permission(self, request: Request, view: APIView) -> bool:
        rule = self.reads if request.method in SAFE_METHODS else self.writes
        if rule.role and not holds(request.user, rule.role):
            return False
        if not lets(request.user, rule.scope):
            raise InsufficientScope(rule.scope)
        return True


class ReadPublishedOrEdit(Ruled):
    """The rule where no other is given: all read what is visible to them, editors write."""

    message = "Only editors may write: send a token of an editor."


class EditorsOnly(Ruled):
    """For what shows unpublished work, such as the change log and the runs."""

    reads = READ_ALL
    message = "Only editors may do this: send a token of an editor."


class OwnTokens(Ruled):
    """An editor's own tokens."""

    reads = writes = OWN_TOKENS
    message = "Only editors have tokens: send a token of an editor."


class ChiefsOnly(Ruled):
    """For what concerns the desk as a whole, such as webhooks."""

    reads = writes = ADMIN
    message = "Only chiefs may do this: send a token of a chief."
