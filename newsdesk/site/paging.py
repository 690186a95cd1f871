"""Pages of stories by key: the ten-thousandth story costs no more than the first. Parts of a page
that are longer than it shows, each with pages of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

STORIES_A_PAGE = 20
ROWS_A_PART = 20
_FORM = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class StoryPage:
    """Some stories' keys, newest first, the key to go on from, and whether these are the newest."""

    articles: list[int]
    older: str
    is_first: bool


def key_of(published_at: datetime, article: int) -> str:
    """Where a page goes on, as addresses say it."""
    return f"{published_at.astimezone(UTC).strftime(_FORM)}-{article}"


def key_before(day: date) -> str:
    """The key of the newest story that came out before this day."""
    return key_of(datetime(day.year, day.month, day.day, tzinfo=UTC), 0)


def story_page(rows: QuerySet[Any], before: str, size: int = STORIES_A_PAGE) -> StoryPage:
    """The stories that follow the key; the newest ones where `before` is empty or no key."""
    key = _read(before)
    if key:
        at, article = key
        # Said twice, so that the index on the date is used from there on.
        rows = rows.filter(published_at__lte=at).filter(
            Q(published_at__lt=at) | Q(article__lt=article)
        )
    found: list[Any] = list(rows.values_list("published_at", "article_id")[: size + 1])
    older = key_of(*found[size - 1]) if len(found) > size else ""
    return StoryPage([article for _, article in found[:size]], older, is_first=key is None)


@dataclass(frozen=True)
class Part:
    """The part of a page that its address asks for alone, and from where on; no name: the page."""

    name: str = ""
    at: str = ""

    def shows(self, *names: str) -> bool:
        """Whether one of these parts is to be seen."""
        return not self.name or self.name in names

    def listed(self, name: str, rows: Any, size: int = ROWS_A_PART) -> Page:
        """The rows of a part: its first page, or the one that is asked for."""
        return Paginator(rows, size).get_page(self.at if self.name == name else 1)


def part_of(query: Mapping[str, str], names: Sequence[str]) -> Part:
    """The first of these parts that an address asks for."""
    return next((Part(name, query[name]) for name in names if query.get(name)), Part())


def _read(text: str) -> tuple[datetime, int] | None:
    at, _, article = text.partition("-")
    try:
        number = int(article)
        when = datetime.strptime(at, _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (when, number) if 0 <= number < 2**63 else None
