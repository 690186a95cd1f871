"""The API's own pages on the desk. They belong to this face, which has what they show; they stand
under /desk/, where people are signed in and look for them."""

from __future__ import annotations

from django.urls import path

from newsdesk.api.pages import tokens, webhooks

app_name = "clients"

urlpatterns = [
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke", tokens.revoke, name="revoke_token"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<uuid:uuid>/", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:uuid>/secret", webhooks.rotate, name="rotate_secret"),
    path("webhooks/<uuid:uuid>/state", webhooks.set_state, name="webhook_state"),
    path("webhooks/<uuid:uuid>/delete", webhooks.delete, name="delete_webhook"),
    path(
        "webhooks/<uuid:uuid>/deliveries/<uuid:delivery>/send",
        webhooks.send_again,
        name="send_again",
    ),
]
