"""The forms of the API's pages on the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from articles.roles import Scope

DAYS = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "until it is revoked")]


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(max_length=100, help_text="What it is for: “CMS of the Amaro Post”.")
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        label="It may",
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ_PUBLISHED],
        error_messages={"required": "Choose what the token may do."},
    )
    days = forms.ChoiceField(choices=DAYS, required=False, label="It is valid for", initial="90")

    def expires_at(self) -> datetime | None:
        """When it expires; None for never."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None

    def values(self) -> dict[str, Any]:
        """As `make_token` takes them."""
        given = {name: self.cleaned_data[name] for name in ("name", "scopes")}
        return {**given, "expires_at": self.expires_at()}
