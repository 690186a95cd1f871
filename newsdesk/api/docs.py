"""The API's root and its docs page, made from the schema itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

COLLECTIONS = (
    "articles",
    "annotations",
    "entities",
    "claims",
    "sources",
    "changes",
    "schema",
    "docs",
)


class Root(APIView):
    @extend_schema(responses=dict[str, str])
    def get(self, request: Request) -> Response:
        """Where everything is."""
        return Response({name: f"{settings.SITE_URL}/api/{name}/" for name in COLLECTIONS})


def docs(request: HttpRequest) -> HttpResponse:
    """Each operation with its parameters, body, answers and a call with curl."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = [
        _operation(path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    context = {"operations": operations, "base": settings.SITE_URL}
    return render(request, "api/docs.html", context)


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
