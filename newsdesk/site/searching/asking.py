"""A search as its address holds it: words, what was chosen to narrow it, order and page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.dateformat import format as format_date
from django.utils.http import urlencode

from annotations.models import Claim, ClaimReview, Entity, Source
from annotations.models.entity import EntityType
from articles.models import Outlet
from newsdesk.site.searching.words import Words, read_words

LONGEST = 300
MOST_CHOSEN = 12
LAST_PAGE = 200
ORDERS = {"best": "Best first", "newest": "Newest first"}
MANY = ("type", "entity", "claim", "rating", "source")
FIELDS = ("q", *MANY, "outlet", "from", "to", "order", "page")


class BadSearch(ValueError):
    """A search that cannot be answered: `field` of the address, and why in words."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Choice:
    """Something chosen to narrow a search: how the address says it, what it is, its key."""

    field: str
    value: str
    label: str
    key: Any


@dataclass(frozen=True)
class Search:
    """What is asked for. Made by `read_search`."""

    text: str = ""
    words: Words = field(default_factory=lambda: Words(()))
    chosen: tuple[Choice, ...] = ()
    order: str = "best"
    page: int = 1

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.chosen

    @property
    def told(self) -> str:
        """What is looked for, in words."""
        chosen = ", ".join(choice.label for choice in self.chosen)
        return " – ".join(filter(None, [self.text, chosen])) or "search"

    def by_date(self) -> Search:
        return replace(self, order="newest", page=1)

    def pairs(self) -> list[tuple[str, str]]:
        """Field and value as they stand in the address, without the page."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(choice.field, choice.value) for choice in self.chosen]
        return pairs + ([("order", self.order)] if self.order != "best" else [])

    def query(self, **more: Any) -> str:
        return "?" + urlencode([*self.pairs(), *more.items()])

    def has(self, field: str, value: str) -> bool:
        return any(c.field == field and c.value == value for c in self.chosen)

    def key(self, field: str) -> Any:
        return next((c.key for c in self.chosen if c.field == field), None)

    def with_choices(self, *pairs: tuple[str, str]) -> str:
        """The address narrowed by these; one that there can be one of gives way."""
        new = [Choice(field, value, "", None) for field, value in pairs]
        single = {field for field, _ in pairs if field not in MANY}
        kept = [choice for choice in self.chosen if choice.field not in single]
        return replace(self, chosen=(*kept, *new)).query()

    def without(self, *choices: Choice) -> str:
        """The address without something that was chosen."""
        return replace(self, chosen=tuple(c for c in self.chosen if c not in choices)).query()


def read_search(given: QueryDict) -> Search:
    """The search of an address. Raises BadSearch, naming the field, where it is none.

    One query for each kind of thing that was chosen.
    """
    for name in given:
        if name not in FIELDS:
            raise BadSearch(name, f"A search has no “{name}”.")
    text = " ".join(given.get("q", "").split())
    if len(text) > LONGEST or "\x00" in text:
        raise BadSearch("q", f"At most {LONGEST} characters can be looked for.")
    return Search(
        text=text,
        words=read_words(text),
        chosen=tuple(_choices(given)),
        order=_order(given.get("order", "best")),
        page=_page(given.get("page", "1")),
    )


def _order(order: str) -> str:
    if order not in ORDERS:
        raise BadSearch("order", f"The order must be one of {', '.join(ORDERS)}.")
    return order


def _page(page: str) -> int:
    if not page.isascii() or not page.isdecimal() or not 1 <= int(page[:9]) <= LAST_PAGE:
        raise BadSearch("page", f"A page is a number from 1 to {LAST_PAGE}.")
    return int(page)


def _choices(given: QueryDict) -> Iterable[Choice]:
    values = {name: _values(given, name) for name in (*MANY, "outlet", "from", "to")}
    if sum(map(len, values.values())) > MOST_CHOSEN:
        raise BadSearch("q", f"At most {MOST_CHOSEN} things can be chosen at once.")
    for name, reader in READERS.items():
        yield from reader(name, values[name])
    days = dict(_days(values))
    if len(days) == 2 and days["from"].key > days["to"].key:
        raise BadSearch("from", "The first day comes after the last one.")
    yield from days.values()


def _values(given: QueryDict, name: str) -> list[str]:
    """What is chosen in a field, each once; empty fields of a form are none."""
    values = list(dict.fromkeys(value for value in given.getlist(name) if value))
    if name not in MANY and len(values) > 1:
        raise BadSearch(name, "One of these can be chosen.")
    if any("\x00" in value for value in values):
        raise BadSearch(name, "There is a character in it that no text has.")
    return values


def _types(name: str, values: list[str]) -> Iterable[Choice]:
    for value in values:
        if value not in EntityType.values:
            raise BadSearch(name, f"The type must be one of {', '.join(EntityType.values)}.")
        yield Choice(name, value, str(EntityType(value).label), value)


def _ratings(name: str, values: list[str]) -> Iterable[Choice]:
    known = (
        set(ClaimReview.objects.filter(rating__in=values).values_list("rating", flat=True))
        if values
        else ()
    )
    for value in values:
        if value not in known:
            raise BadSearch(name, f"No claim was rated “{value}”.")
        yield Choice(name, value, value, value)


def _by_slug(model: Any) -> Callable[[str, list[str]], Iterable[Choice]]:
    """A reader of the slugs of shown things; a merged one stands for what it was merged into."""

    def read(name: str, slugs: list[str]) -> Iterable[Choice]:
        rows = model.objects.filter(slug__in=slugs, tally__stories__gt=0) if slugs else ()
        things = {thing.slug: thing for thing in rows}
        for slug in slugs:
            if slug not in things:
                raise BadSearch(name, f"No {name} of published stories is called “{slug}” here.")
            yield Choice(name, slug, things[slug].name, things[slug].pk)

    return read


def _claims(name: str, values: list[str]) -> Iterable[Choice]:
    numbers = [int(value) for value in values if value.isascii() and value.isdecimal()]
    rows = Claim.objects.filter(Q(pk__in=[n for n in numbers if n < 2**63]), tally__stories__gt=0)
    claims = {str(claim.pk): claim for claim in rows} if values else {}
    for value in values:
        if value not in claims:
            raise BadSearch(name, f"No published story makes a claim number “{value}”.")
        yield Choice(name, value, claims[value].text, claims[value].pk)


READERS: dict[str, Callable[[str, list[str]], Iterable[Choice]]] = {
    "type": _types,
    "entity": _by_slug(Entity),
    "claim": _claims,
    "rating": _ratings,
    "source": _by_slug(Source),
    "outlet": _by_slug(Outlet),
}


def _days(values: dict[str, list[str]]) -> Iterable[tuple[str, Choice]]:
    for name in ("from", "to"):
        for value in values[name]:
            try:
                day = date.fromisoformat(value)
            except ValueError:
                raise BadSearch(name, "A day is written like 2026-03-31.") from None
            if not 1400 < day.year < 2200:
                raise BadSearch(name, "Give a day between 1401 and 2199.")
            yield name, Choice(name, value, f"{name} {format_date(day, 'j F Y')}", day)


@dataclass(frozen=True)
class Found:
    """What a search found: keys of stories in their order, and how much of it was looked at.

    `total` is how many stories have the words; where that is more than were ranked and counted,
    `is_capped`, and where it is even more than were counted, `is_more`. `by_meaning` are those that
    have not the words, but mean alike.
    """

    articles: list[int] = field(default_factory=list)
    total: int = 0
    is_capped: bool = False
    by_meaning: frozenset[int] = frozenset()
    is_more: bool = False
