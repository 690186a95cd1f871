"""The API's one rule: everybody reads what is visible to them, editors write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission

from articles.roles import is_editor

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class ReadPublishedOrEdit(BasePermission):
    """Reading is open, as each queryset starts at `visible_to(user)`; writing takes an editor."""

    message = "Only editors may write: send a token of an editor."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or is_editor(request.user)


class EditorsOnly(BasePermission):
    """For what shows unpublished work: the change log and the runs."""

    message = "Only editors may read this: send a token of an editor."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return is_editor(request.user)
