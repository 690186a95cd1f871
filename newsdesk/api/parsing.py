"""JSON as it may be stored: PostgreSQL holds neither NUL nor half a surrogate pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StorableJSONParser(JSONParser):
    """Refuses, naming the field, strings with characters that cannot be stored."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        data = super().parse(stream, media_type, parser_context)
        for field, text in _strings(data, ""):
            if _UNSTORABLE.search(text):
                detail = "This holds a character that no text has (NUL or half a surrogate pair)."
                raise ValidationError({field or "body": [detail]})
        return data


def _strings(data: Any, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield field, data
    elif isinstance(data, dict):
        for name, part in data.items():
            yield field, name
            yield from _strings(part, f"{field}.{name}".strip("."))
    elif isinstance(data, list):
        for part in data:
            yield from _strings(part, field)
