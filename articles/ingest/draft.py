"""What ingest gives: a story read, not yet stored."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RelatedHeadline:
    """A headline listed under the story: no part of its text."""

    title: str
    url: str = ""


@dataclass(frozen=True)
class Zone:
    """A part of a text, half-open in code points; kind is body, caption or boilerplate."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Draft:
    """A story as read: `text` is NFC with newlines as \\n; `zones` count its code points.

    Zones are sorted and disjoint, and every character that is not white space lies in one.
    `title_is_made_up` says that the title was cut from the lead, which the text still has.
    """

    title: str
    title_is_made_up: bool
    text: str
    language: str
    outlet: str = ""
    byline: str = ""
    url: str = ""
    dated: datetime | None = None
    related: tuple[RelatedHeadline, ...] = ()
    zones: tuple[Zone, ...] = ()


class UnreadableText(ValueError):
    """What came in cannot be a story. The message says why and what to do; `field` says where."""

    def __init__(self, message: str, field: str = "text") -> None:
        super().__init__(message)
        self.field = field


def fingerprint(text: str) -> str:
    """64 hex digits that are the same for the same text, however its white space is laid out."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(folded.encode()).hexdigest()
