"""ETags: the version of a thing, in quotation marks, for If-Match and If-None-Match."""

from __future__ import annotations

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from newsdesk.api.filters import number
from newsdesk.api.problems import PreconditionRequired

LARGEST = 2**31 - 1


def etag(version: int) -> str:
    return f'"{version}"'


def seen_version(request: Request) -> int:
    """The version in If-Match; 428 where it is missing, 400 where it is none."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired()
    try:
        return number(header.removeprefix("W/").strip('"'), largest=LARGEST)
    except ValueError:
        detail = "If-Match is an ETag that this server gave."
        raise ValidationError({"If-Match": [detail]}) from None


def versioned(request: Request, data: object, version: int, status: int = 200) -> Response:
    """The answer with its ETag; 304 when a reader has this version already."""
    tag = etag(version)
    known = [
        t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")
    ]
    if request.method in ("GET", "HEAD") and tag in known:
        return Response(status=304, headers={"ETag": tag})
    return Response(data, status=status, headers={"ETag": tag})
