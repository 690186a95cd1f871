"""Content negotiation: of what there is, what the client likes best, by the weights it gives.

A media range with parameters that an offer lacks still means it: `application/json; charset=utf-8`
is JSON, and an unknown profile of JSON-LD is a wish.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.http.request import MediaType
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

LONGEST = 4000
ENCODINGS = ("", "identity")


class NotAcceptable(exceptions.NotAcceptable):
    """Nothing that there is would be accepted: says what there is."""

    def __init__(self, offered: Sequence[str]) -> None:
        there_is = ", ".join(dict.fromkeys(offered))
        super().__init__({"Accept": [f"Accept takes nothing that there is here: {there_is}."]})


class UnreadableEncoding(exceptions.APIException):
    """A compressed body, which nothing here reads."""

    status_code = 415

    def __init__(self) -> None:
        super().__init__({"Content-Encoding": ["Send the body as it is, not compressed."]})


class Negotiation(DefaultContentNegotiation):
    """REST framework's hook; reading as it does, writing as above."""

    def select_parser(self, request: Request, parsers: Sequence[Any]) -> Any:
        if request.headers.get("Content-Encoding", "").strip().lower() not in ENCODINGS:
            raise UnreadableEncoding()
        return super().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: Sequence[Any], format_suffix: Any = None
    ) -> tuple[Any, str]:
        offered = tuple(renderer.media_type for renderer in renderers)
        chosen = best(request.headers.get("Accept", ""), offered)
        if chosen is None:
            raise NotAcceptable(offered)
        return renderers[offered.index(chosen)], chosen


@lru_cache(maxsize=500)
def best(accept: str, offered: tuple[str, ...]) -> str | None:
    """Of the media types offered the one that an Accept header likes best, of equals the first;
    None where it takes none. No header takes all."""
    if not accept.strip():
        return offered[0]
    if len(accept) > LONGEST:
        return None
    try:
        ranges = [MediaType(part) for part in accept.split(",") if part.strip()]
    except ValueError:  # a parameter in an encoding that there is not
        return None
    liked = {offer: _liking(ranges, MediaType(offer)) for offer in offered}
    chosen = max(offered, key=lambda offer: liked[offer])
    return chosen if liked[chosen][0] > 0 else None


def _liking(ranges: Sequence[MediaType], offer: MediaType) -> tuple[float, int]:
    """The weight that the range which says most about the offer gives to it, and how much that
    is."""
    fitting = [(fit, given.quality) for given in ranges if (fit := _fit(given, offer))]
    fit, weight = max(fitting, default=(0, 0.0))
    return weight, fit


def _fit(given: MediaType, offer: MediaType) -> int:
    """How much a media range says about an offer; 0: nothing."""
    types = [part.lower() for part in (given.main_type, given.sub_type)]
    if types == ["*", "*"]:
        return 1
    if types == [offer.main_type, "*"]:
        return 2
    if types != [offer.main_type, offer.sub_type]:
        return 0
    asked = given.range_params.items()
    if not asked:
        return 4
    return 5 if asked <= offer.range_params.items() else 3
