from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from articles.admin import ReadOnly
from newsdesk.api.models import ApiToken, Delivery, GivenAnswer, Webhook


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """To look through and to take away; `manage.py token` makes them."""

    list_display = ["user", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at"]
    search_fields = ["user__username", "name", "prefix"]
    readonly_fields = ["user", "digest", "prefix", "scopes", "created_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Webhook)
class WebhookAdmin(ReadOnly, admin.ModelAdmin):
    """To look through: the desk's page of webhooks changes them. Secrets are not shown."""

    list_display = ["url", "description", "state", "failures", "created_at"]
    list_filter = ["state"]
    search_fields = ["url", "description"]
    exclude = ["secret", "former_secret"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["webhook", "seq", "event", "state", "attempts", "status_code", "tried_at"]
    list_filter = ["state"]
    list_select_related = ["webhook"]
    search_fields = ["event", "webhook__url"]
    show_full_result_count = False


@admin.register(GivenAnswer)
class GivenAnswerAdmin(ReadOnly, admin.ModelAdmin):
    """What was answered for clients' idempotency keys, for a day."""

    list_display = ["user", "key", "status", "at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "key"]
    exclude = ["body"]
