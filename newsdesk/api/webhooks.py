"""Webhooks over the API: made, changed, paused, given new secrets; their deliveries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from newsdesk.api.filters import number_in
from newsdesk.api.hooks import managing
from newsdesk.api.models import Delivery, Webhook
from newsdesk.api.permissions import ChiefsOnly
from newsdesk.api.problems import BadParameter
from newsdesk.api.resources import Resource
from newsdesk.api.versions import seen_version
from newsdesk.api.webhook_serializers import (
    ChangedWebhookSerializer,
    DeliveriesSerializer,
    DeliverySerializer,
    MadeWebhookSerializer,
    NewWebhookSerializer,
    SecretSerializer,
    WebhookSerializer,
    WebhooksSerializer,
)

NO_STORE = {"Cache-Control": "no-store"}
LARGEST = 500
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="the ETag of the version that you saw",
)  # fmt: skip


def _etag(webhook: Webhook) -> dict[str, str]:
    return {"ETag": f'"{webhook.version}"'}


class WebhookView(Resource):
    """What all of these take: a chief, with a token that lets it through."""

    permission_classes = [ChiefsOnly]
    # Their ETag is for If-Match: how they do is no version of theirs.
    conditional = False

    def found(self, uuid: UUID) -> Webhook:
        return get_object_or_404(Webhook.objects.select_related("outlet"), uuid=uuid)

    def shown(self, webhook: Webhook) -> Response:
        return Response(WebhookSerializer(webhook).data, headers=_etag(webhook))


class WebhookList(WebhookView):
    @extend_schema(operation_id="webhooks_list", responses=WebhooksSerializer)
    def get(self, request: Request) -> Response:
        """All webhooks, oldest first, with how they do."""
        rows = Webhook.objects.select_related("outlet")
        return Response({"results": WebhookSerializer(rows, many=True).data})

    @extend_schema(request=NewWebhookSerializer, responses={201: MadeWebhookSerializer})
    def post(self, request: Request) -> Response:
        """Have changes sent to an address. The secret is in this answer and in no other."""
        given = NewWebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        webhook = managing.create_webhook(actor=request.user, **given.validated_data)
        headers = {"Location": f"/api/webhooks/{webhook.uuid}/", **NO_STORE, **_etag(webhook)}
        return Response(MadeWebhookSerializer(webhook).data, status=201, headers=headers)


class WebhookDetail(WebhookView):
    @extend_schema(responses=WebhookSerializer)
    def get(self, request: Request, uuid: UUID) -> Response:
        """One webhook, with how it does."""
        return self.shown(self.found(uuid))

    @extend_schema(
        request=ChangedWebhookSerializer, responses=WebhookSerializer, parameters=[IF_MATCH]
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        """Change it; or pause it, or let it go on, by `state` alone; with If-Match."""
        webhook, seen = self.found(uuid), seen_version(request)
        given = ChangedWebhookSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(given.validated_data)
        state = values.pop("state", None)
        if bool(state) == bool(values):
            raise BadParameter("state", "Send state, or other fields: one of these two.")
        if state:
            changed = managing.set_state(
                webhook=webhook, state=state, seen_version=seen, actor=request.user
            )
        else:
            changed = managing.change_webhook(webhook=webhook, seen_version=seen, **values)
        return self.shown(changed)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Delete it with its deliveries; with If-Match."""
        managing.delete_webhook(webhook=self.found(uuid), seen_version=seen_version(request))
        return Response(status=204)


class WebhookSecret(WebhookView):
    @extend_schema(request=None, responses=SecretSerializer)
    def post(self, request: Request, uuid: UUID) -> Response:
        """Get a new secret. For a day the one before signs as well."""
        webhook = managing.rotate_secret(webhook=self.found(uuid))
        return Response(SecretSerializer(webhook).data, headers=NO_STORE)


class DeliveryList(WebhookView):
    def parameters(self, method: str) -> tuple[str, ...]:
        return ("state", "before", "limit") if method in ("GET", "HEAD") else ()

    @extend_schema(
        responses=DeliveriesSerializer,
        parameters=[
            OpenApiParameter("state", enum=Delivery.State.values),
            OpenApiParameter(
                "before", OpenApiTypes.INT64, description="`next` of the page before this one"
            ),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {LARGEST}, else 50"),
        ],
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """What was or is to be sent to it, newest first; 30 days of it are kept."""
        limit = number_in(request, "limit", default=50, least=1, largest=LARGEST)
        rows = list(self._wanted(request, self.found(uuid))[: limit + 1])
        more = len(rows) > limit
        results = DeliverySerializer(rows[:limit], many=True).data
        return Response({"results": results, "next": rows[limit - 1].seq if more else None})

    @staticmethod
    def _wanted(request: Request, webhook: Webhook) -> QuerySet[Delivery]:
        rows = webhook.deliveries.order_by("-seq")
        state = request.query_params.get("state")
        if state is not None and state not in Delivery.State.values:
            raise BadParameter("state", f"state is one of {', '.join(Delivery.State.values)}.")
        if "before" in request.query_params:
            rows = rows.filter(seq__lt=number_in(request, "before", default=0))
        return rows.filter(state=state) if state else rows


class DeliveryAgain(WebhookView):
    @extend_schema(request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, uuid: UUID, delivery: UUID) -> Response:
        """Send it once more, out of turn, with the same `webhook-id`."""
        row = get_object_or_404(self.found(uuid).deliveries.all(), uuid=delivery)
        again = managing.send_again(delivery=row)
        return Response(DeliverySerializer(again).data, status=202)
