"""The API's root and its docs page: guides, and the operations from the schema itself."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.models import Claim
from articles.models import Article
from articles.roles import Scope
from newsdesk.api.hooks import delivering, signing
from newsdesk.api.parsing import JSONRenderer
from newsdesk.api.resources import Resource
from newsdesk.api.schema import PROBLEMS

COLLECTIONS = (
    "articles", "annotations", "attributions", "entities", "claims", "sources", "runs", "changes",
    "export", "import", "tokens", "webhooks", "schema", "docs",
)  # fmt: skip


class Root(Resource):
    @extend_schema(operation_id="root", responses=dict[str, str])
    def get(self, request: Request) -> Response:
        """Where everything is."""
        return Response({name: f"{settings.SITE_URL}/api/{name}/" for name in COLLECTIONS})


class NoSuchAddress(APIView):
    """For addresses under /api/ that nothing answers, whatever the method."""

    permission_classes: ClassVar[list[Any]] = []
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return JSONRenderer(), JSONRenderer.media_type

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound("There is no such address; /api/ lists them.")


class OpenApi(Resource):
    """The schema of the API, made once a process: making it takes a while."""

    renderer_classes: ClassVar[list[Any]] = [
        OpenApiYamlRenderer, OpenApiYamlRenderer2, OpenApiJsonRenderer, OpenApiJsonRenderer2,
    ]  # fmt: skip

    @extend_schema(
        operation_id="schema",
        responses={(200, each.media_type): OpenApiTypes.OBJECT for each in renderer_classes},
    )
    def get(self, request: Request) -> Response:
        """All of this for machines: OpenAPI 3.1, as YAML or as JSON."""
        suffix = request.accepted_renderer.format
        headers = {"Content-Disposition": f'inline; filename="newsdesk.{suffix}"'}
        return Response(_schema(), headers=headers)


@cache
def _schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


# An editor's and a chief's scopes, by what they take.
ROLES = {
    Scope.READ_PUBLISHED: "anybody",
    Scope.READ_ALL: "editor",
    Scope.ANNOTATE: "editor",
    Scope.PUBLISH: "chief",
    Scope.ADMIN: "editor for tokens, chief for webhooks",
}


def docs(request: HttpRequest) -> HttpResponse:
    """A guide for each kind of client, then each operation with its parameters, body, answers and
    a call with curl."""
    story = Article.objects.published().exclude(url="").order_by("-published_at").first()
    claim = Claim.objects.shown().current().order_by("pk").first()
    context = {
        "base": settings.SITE_URL,
        "operations": _operations(settings.SITE_URL),
        "problems": PROBLEMS.items(),
        "scopes": [
            {"name": scope.value, "label": scope.label, "role": role}
            for scope, role in ROLES.items()
        ],
        # The examples are about something that is there, where anything is.
        "article": story.pk if story else 1,
        "story_url": story.url if story else "https://post.example.org/2026/117",
        "claim": claim.pk if claim else 1,
        "replay_seconds": signing.REPLAY_SECONDS,
        "replay_minutes": signing.REPLAY_SECONDS // 60,
        "largest_body": delivering.LARGEST_BODY // 1000,
    }
    return render(request, "api/docs.html", context)


@cache
def _operations(base: str) -> list[dict[str, Any]]:
    """The schema's operations, which do not change."""
    return [
        _operation(path, method, operation)
        for path, methods in _schema()["paths"].items()
        for method, operation in methods.items()
    ]


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "description": operation.get("description", ""),
        "parameters": operation.get("parameters", []),
        "body": body.get("schema", {}).get("$ref", "").rpartition("/")[2],
        "answers": list(operation["responses"]),
        "curl": _curl(path, method, bool(body)),
    }


def _curl(path: str, method: str, has_body: bool) -> str:
    parts = ["curl"]
    if method != "get":
        parts += [f"-X {method.upper()}", '-H "Authorization: Token $TOKEN"']
    if method in ("put", "patch", "delete"):
        parts.append("-H 'If-Match: \"1\"'")
    if has_body:
        parts.append("--json @body.json")
    return " ".join([*parts, settings.SITE_URL + path])
