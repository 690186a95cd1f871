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
    path("desk/", include("newsdesk.desk.urls")),
    path("", include("newsdesk.site.urls")),
]
