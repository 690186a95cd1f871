"""The API's own pages on the desk. They belong to this face, which has what they show; they stand
under /desk/, where people are signed in and look for them."""

from __future__ import annotations

from django.urls import path

from newsdesk.api.pages import tokens

app_name = "clients"

urlpatterns = [
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke", tokens.revoke, name="revoke_token"),
]
