"""JSON as it may be stored, plain or as JSON-LD."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

import orjson
from rest_framework import renderers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.utils.encoders import JSONEncoder

JSON = "application/json"
JSON_LD = "application/ld+json"
PROFILED = f'{JSON_LD}; profile="http://www.w3.org/ns/anno.jsonld"'
DEEPEST = 50
# Escapes of what no text has, and numbers that may be too large or have more digits than 64 bits.
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|[0-9][eE]|[0-9]{16}|\x00")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StorableJSONParser(JSONParser):
    """Refuses, naming the field, what PostgreSQL cannot store: NUL, half a surrogate pair,
    numbers without end; and what is nested too deep to be meant."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read()
        charset = (parser_context or {}).get("encoding", "utf-8")
        if charset.lower() in ("utf-8", "utf8") and not _SUSPICIOUS.search(raw):
            return _quickly(raw)
        try:
            data = super().parse(io.BytesIO(raw), media_type, parser_context)
        except RecursionError:
            raise ParseError(TOO_DEEP) from None
        except LookupError:
            raise ParseError("There is no such character set.") from None
        for field, value in _leaves(data, "", 0):
            if isinstance(value, str) and _UNSTORABLE.search(value):
                detail = "This holds a character that no text has (NUL or half a surrogate pair)."
                raise ValidationError({field or "body": [detail]})
            if isinstance(value, float) and not math.isfinite(value):
                raise ValidationError({field or "body": ["This number is too large."]})
        return data


TOO_DEEP = f"The JSON is nested more than {DEEPEST} levels deep."


def _quickly(raw: bytes) -> Any:
    """What holds nothing that needs a closer look, read by a faster reader."""
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ParseError(f"JSON parse error - {error}") from None
    level, depth = [data], 0
    while (
        level := [
            part
            for whole in level
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, dict | list)
        ]
        if depth or isinstance(data, dict | list)
        else []
    ):
        depth += 1
        if depth >= DEEPEST:
            raise ParseError(TOO_DEEP)
    return data


class StorableJSONLDParser(StorableJSONParser):
    media_type = JSON_LD


class JSONRenderer(renderers.JSONRenderer):
    """REST framework's, by a faster writer."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        try:
            return orjson.dumps(data, _ENCODER.default, orjson.OPT_PASSTHROUGH_DATETIME)
        except TypeError:  # such as a number of more than 64 bits
            return super().render(data, accepted_media_type, renderer_context)


_ENCODER = JSONEncoder()


class JSONLDRenderer(JSONRenderer):
    """The same JSON under the media type of JSON-LD."""

    media_type = JSON_LD
    format = "jsonld"


class AnnotationRenderer(JSONLDRenderer):
    """The same under the media type that the recommendation gives to annotations."""

    media_type = PROFILED


def _leaves(data: Any, field: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > DEEPEST:
        raise ParseError(TOO_DEEP)
    if isinstance(data, dict):
        for name, part in data.items():
            yield field, name
            yield from _leaves(part, f"{field}.{name}".strip("."), depth + 1)
    elif isinstance(data, list):
        for part in data:
            yield from _leaves(part, field, depth + 1)
    else:
        yield field, data
