"""ETags of things that are changed: the version, which a write must name, and a digest of what was
shown, as some of it (names learned, ratings, attributions) changes without the thing itself."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from newsdesk.api.filters import number
from newsdesk.api.problems import PreconditionRequired

LARGEST = 2**31 - 1
_TAG = re.compile(r'(?:W/)?"?([0-9]+)(?:-[0-9a-f]{8})?"?')


def etag(version: int, data: Any) -> str:
    """The ETag of a thing at a version that is shown as `data`."""
    digest = hashlib.md5(JSONRenderer().render(data), usedforsecurity=False)
    return f'"{version}-{digest.hexdigest()[:8]}"'


def seen_version(request: Request) -> int:
    """The version in If-Match; 428 where it is missing, 400 where it is none of ours."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired()
    try:
        return version_in(header)
    except ValueError:
        detail = "If-Match is an ETag that this server gave."
        raise ValidationError({"If-Match": [detail]}) from None


def version_in(tag: str) -> int:
    """The version that an ETag names, with or without its digest. Raises ValueError."""
    match = _TAG.fullmatch(tag)
    return number(match.group(1) if match else "", largest=LARGEST)


def versioned(data: Any, version: int, status: int = 200, **headers: str) -> Response:
    """An answer that shows a thing at a version."""
    return Response(data, status=status, headers={"ETag": etag(version, data), **headers})
