"""Tokens over the API: a client's own, made, listed and revoked."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.errors import Refused
from articles.roles import Scope, lets
from newsdesk.api.given import Whole, WordField
from newsdesk.api.models import ApiToken, digest_of, make_token
from newsdesk.api.permissions import OwnTokens
from newsdesk.api.resources import Resource

NO_STORE = {"Cache-Control": "no-store"}


class TokenSerializer(serializers.ModelSerializer):
    """A token, without its key."""

    begins_with = serializers.CharField(source="prefix", read_only=True)
    scopes = serializers.ListField(child=WordField(Scope.choices))

    class Meta:
        model = ApiToken
        fields = [
            "id", "name", "begins_with", "scopes", "created_at", "last_used_at", "expires_at",
        ]  # fmt: skip


class TokensSerializer(serializers.Serializer):
    results = TokenSerializer(many=True)


class MadeTokenSerializer(TokenSerializer):
    """A new token with its key, which is never shown again."""

    key = serializers.SerializerMethodField()

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "key"]

    @extend_schema_field(serializers.CharField())
    def get_key(self, token: ApiToken) -> str:
        return self.context["key"]


class NewTokenSerializer(Whole):
    """`scopes` may hold no more than the token that asks; without them it gets the same."""

    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=WordField(Scope.choices), required=False, allow_empty=False,
        max_length=len(Scope.values),
    )  # fmt: skip
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


def checked(request: Request) -> dict[str, Any]:
    """The wish for a new token. Raises Refused where it is for more than the asker has."""
    given = NewTokenSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    own = [scope for scope in Scope.values if lets(request.user, scope)]
    values = {"scopes": own, **given.validated_data}
    beyond = [str(scope) for scope in values["scopes"] if scope not in own]
    if beyond:
        raise Refused(f"Your own token lacks {', '.join(beyond)}.", field="scopes")
    return values


class TokenList(Resource):
    permission_classes = [OwnTokens]

    @extend_schema(operation_id="tokens_list", responses=TokensSerializer)
    def get(self, request: Request) -> Response:
        """Your own tokens, newest first."""
        tokens = ApiToken.objects.of(request.user)
        return Response({"results": TokenSerializer(tokens, many=True).data})

    @extend_schema(request=NewTokenSerializer, responses={201: MadeTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make a token. Its key is in this answer and nowhere else."""
        key = make_token(user=request.user, **checked(request))
        token = ApiToken.objects.get(digest=digest_of(key))
        data = MadeTokenSerializer(token, context={"key": key}).data
        return Response(
            data, status=201, headers={"Location": f"/api/tokens/{token.pk}/", **NO_STORE}
        )


class TokenDetail(Resource):
    permission_classes = [OwnTokens]

    @extend_schema(responses=TokenSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One of your tokens."""
        token = get_object_or_404(ApiToken.objects.of(request.user), pk=pk)
        return Response(TokenSerializer(token).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Revoke it: whoever uses it is refused from now on."""
        get_object_or_404(ApiToken.objects.of(request.user), pk=pk).delete()
        return Response(status=204)
