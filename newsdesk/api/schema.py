"""The OpenAPI schema, made from the views: what each method takes and every answer it may give."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from newsdesk.api.paging import LARGEST, USUAL, Listing
from newsdesk.api.problems import MEDIA_TYPE

HEADER = OpenApiParameter.HEADER
MOVED = {301: OpenApiResponse(description="It was merged: Location is where it is now")}


class FieldErrorSerializer(serializers.Serializer):
    field = serializers.CharField(allow_blank=True)
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """A problem detail (RFC 9457). Some have more: the current state, what was found."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    instance = serializers.CharField(required=False)
    errors = FieldErrorSerializer(many=True, required=False)


PROBLEMS = {
    400: "Something in it cannot be read",
    401: "The token is missing, unknown or expired",
    403: "Role or scope do not allow it",
    404: "There is nothing at this address, or it is not published",
    406: "None of the media types asked for",
    409: "Somebody is doing the same at this moment",
    410: "It was deleted",
    412: "It was changed meanwhile: `current` is how it stands now",
    413: "The body is too large",
    415: "A media type that is not read here",
    422: "Readable, but not acceptable as it is",
    428: "If-Match is missing",
    429: "Too many requests: Retry-After says when to come back",
}


@cache
def pages_of(shown: type[serializers.Serializer]) -> serializers.Serializer:
    """The schema of a page of things."""
    name = shown.__name__.removesuffix("Serializer").removesuffix("Row") + "Page"
    return inline_serializer(
        name,
        {
            "count": serializers.IntegerField(help_text="Of the whole list, at its first page"),
            "next": serializers.URLField(allow_null=True, help_text="The next page"),
            "results": shown(many=True),
        },
    )


class Schema(AutoSchema):
    """Adds to each operation what its view says about itself, and the problems it may answer."""

    def get_override_parameters(self) -> list[OpenApiParameter]:
        view, method = self.view, self.method
        found = list(super().get_override_parameters())
        if method == "GET" and not getattr(view, "conditional", True):
            return found
        if method == "GET":
            listing = getattr(view, "listing", None)
            found += _of_listing(listing) if listing else []
            if getattr(view, "fields", ()):
                found.append(OpenApiParameter(
                    "fields", description="only these, with commas between: "
                    + ", ".join(view.fields)))  # fmt: skip
            found.append(OpenApiParameter(
                "If-None-Match", location=HEADER, description="an ETag that you have: 304"
            ))  # fmt: skip
        elif self._takes_version():
            found.append(OpenApiParameter(
                "If-Match", location=HEADER, description="the ETag that you saw; without it: 428"
            ))  # fmt: skip
        if getattr(getattr(view, method.lower(), None), "idempotent", False):
            found.append(OpenApiParameter(
                "Idempotency-Key", location=HEADER,
                description="up to 100 characters of yours: the same key and body within 24 hours "
                "gets the first answer again",
            ))  # fmt: skip
        return found

    def _takes_version(self) -> bool:
        if self.method == "POST":
            return "merge" in self.path
        one_version_only = "links" in self.path or "tokens" in self.path
        return self.method in ("PUT", "PATCH", "DELETE") and not one_version_only

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if self.method == "GET" and getattr(self.view, "conditional", True):
            bodies.setdefault("304", {"description": "You have it already"})
        for status in self._problems():
            bodies.setdefault(str(status), self._problem(status))
        return dict(sorted(bodies.items()))

    def _problem(self, status: int) -> dict[str, Any]:
        answer = OpenApiResponse(ProblemSerializer, PROBLEMS[status])
        return self._get_response_for_code(answer, str(status), [MEDIA_TYPE])

    def _problems(self) -> list[int]:
        found = [400, 401, 403, 406, 429]
        if "{" in self.path:
            found.append(404)
        if "/annotations/" in self.path and "{uuid}" in self.path:
            found.append(410)
        if self.method != "GET":
            found += [409, 413, 415, 422]
        if self._takes_version():
            found += [412, 428]
        return found


def _of_listing(listing: Listing) -> list[OpenApiParameter]:
    found = [
        OpenApiParameter(
            name, each.schema, description=_help(each.help, each.values),
        )
        for name, each in listing.filters.items()
    ]  # fmt: skip
    notes = [sort.note for sort in listing.sorts.values() if sort.note]
    found.append(OpenApiParameter(
        "sort", enum=listing.orders, default=listing.sort, description="; ".join(notes)
    ))  # fmt: skip
    found.append(OpenApiParameter(
        "page_size", OpenApiTypes.INT, description=f"1 to {LARGEST}, else {USUAL}"
    ))  # fmt: skip
    found.append(OpenApiParameter("cursor", description="where `next` goes on; asked as it is"))
    return found


def _help(help: str, values: Any) -> str:
    return "; ".join(filter(None, [help, ", ".join(values)]))


class SparseExtension(OpenApiSerializerExtension):
    """What `fields` can leave out is not required."""

    target_class = "newsdesk.api.serializers.Sparse"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if direction == "response":
            schema.pop("required", None)
        return schema
