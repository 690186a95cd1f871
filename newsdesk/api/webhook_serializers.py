"""What comes in and goes out about webhooks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from articles.actions import TYPES, actions_of
from articles.models import Article, Outlet
from newsdesk.api.given import Whole, WordField
from newsdesk.api.models import Delivery, Webhook


class WebhookSerializer(serializers.ModelSerializer):
    """A webhook and how it does, without its secret."""

    id = serializers.UUIDField(source="uuid")
    types = serializers.ListField(child=serializers.CharField(), help_text="none: all")
    actions = serializers.ListField(child=serializers.CharField(), help_text="none: all")
    outlet = serializers.CharField(source="outlet.name", default=None, allow_null=True)
    former_secret_until = serializers.DateTimeField(source="former_until", allow_null=True)
    next_attempt_at = serializers.SerializerMethodField()

    class Meta:
        model = Webhook
        fields = [
            "id", "url", "description", "types", "actions", "article", "outlet", "state",
            "paused_at", "paused_because", "seen", "failures", "failing_since",
            "next_attempt_at", "former_secret_until", "version", "created_at",
        ]  # fmt: skip

    def get_next_attempt_at(self, webhook: Webhook) -> str | None:
        return webhook.due_at.isoformat() if webhook.failures and not webhook.is_paused else None


class WebhooksSerializer(serializers.Serializer):
    results = WebhookSerializer(many=True)


class MadeWebhookSerializer(WebhookSerializer):
    """A new webhook with its secret, which is not shown again."""

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class SecretSerializer(serializers.ModelSerializer):
    former_secret_until = serializers.DateTimeField(source="former_until")

    class Meta:
        model = Webhook
        fields = ["secret", "former_secret_until"]


class OutletField(serializers.SlugRelatedField):
    """An outlet by its name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="name", queryset=Outlet.objects.all(), **options)
        self.error_messages["does_not_exist"] = "There is no outlet {value}."

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class FilterSerializer(Whole):
    """Where to send what."""

    url = serializers.CharField(max_length=2000)
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    types = serializers.ListField(
        child=WordField(TYPES), required=False, max_length=len(TYPES),
        help_text="Types of thing; none: all",
    )  # fmt: skip
    actions = serializers.ListField(
        child=WordField(actions_of()), required=False, max_length=len(actions_of()),
        help_text="What was done; none: all. Each must be one that some of the types has",
    )  # fmt: skip
    article = serializers.PrimaryKeyRelatedField(
        queryset=Article.objects.all(), required=False, allow_null=True,
        error_messages={
            "does_not_exist": "There is no article {pk_value}.",
            "incorrect_type": "article is the number of a story.",
        },
    )  # fmt: skip
    outlet = OutletField(required=False, allow_null=True)


class NewWebhookSerializer(FilterSerializer):
    after = serializers.IntegerField(
        required=False, min_value=0, max_value=10**18,
        help_text="Begin after this number of the log; else with what is written from now on",
    )  # fmt: skip


class ChangedWebhookSerializer(FilterSerializer):
    state = WordField(Webhook.State.choices, required=False)


class DeliverySerializer(serializers.ModelSerializer):
    """One change for one webhook; `message` is its `webhook-id`."""

    id = serializers.UUIDField(source="uuid")
    message = serializers.CharField(source="message_id")

    class Meta:
        model = Delivery
        fields = [
            "id", "message", "seq", "event", "state", "attempts", "created_at", "tried_at",
            "status_code", "took_ms", "error", "answer",
        ]  # fmt: skip


class DeliveriesSerializer(serializers.Serializer):
    results = DeliverySerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
