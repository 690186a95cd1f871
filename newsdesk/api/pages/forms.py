"""The forms of the API's pages on the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from articles.actions import TYPES, actions_of
from articles.models import Article, Outlet
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


class WebhookForm(forms.Form):
    """A new webhook; `cleaned_data` is as `create_webhook` takes it."""

    url = forms.CharField(
        label="Address", max_length=2000, help_text="Where to send changes: https://…",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    description = forms.CharField(max_length=200, required=False, help_text="What it is for.")
    types = forms.MultipleChoiceField(
        choices=[(name, name.replace("_", " ").capitalize()) for name in TYPES],
        required=False, label="Types of thing", help_text="None: all of them.",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    actions = forms.MultipleChoiceField(
        choices=[(name, name.capitalize()) for name in actions_of()],
        required=False, label="What was done", help_text="None: whatever it was.",
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    outlet = forms.ModelChoiceField(
        Outlet.objects.all(), required=False, empty_label="any outlet", to_field_name="slug"
    )
    article = forms.ModelChoiceField(
        Article.objects.all(), required=False, widget=forms.NumberInput,
        help_text="The number of one story, if it is only about that.",
        error_messages={"invalid_choice": "There is no story with this number."},
    )  # fmt: skip
