"""Addresses: one list a face."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from newsdesk import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/", include("newsdesk.api.urls")),
    path("desk/", include("newsdesk.api.pages.urls")),
    path("desk/", include("newsdesk.desk.urls")),
    path("", include("newsdesk.site.urls")),
]

# Clients of the API get problem details, people get pages.
handler400 = "newsdesk.errors.bad_request"
handler403 = "newsdesk.errors.forbidden"
handler404 = "newsdesk.errors.not_found"
handler500 = "newsdesk.errors.server_error"
