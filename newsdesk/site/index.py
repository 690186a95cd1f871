"""The indexes: all entities, claims, sources and outlets that readers see, by type and letter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.http import QueryDict

from annotations.models import Claim, ClaimReview, ClaimTally, Entity, Source
from articles.models import Outlet
from newsdesk.site import plurals

ROWS_A_PAGE = 60
Named = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choice:
    """One way to narrow or order the index: its name, how many that leaves, where it leads."""

    label: str
    count: int
    href: str
    is_chosen: bool


class _Counted(Paginator):
    """A paginator that is told how many there are: that is known from the letters."""

    def __init__(self, rows: QuerySet[Any], count: int) -> None:
        super().__init__(rows, ROWS_A_PAGE)
        self._count = count

    @property
    def count(self) -> int:  # type: ignore[override]
        return self._count


class Index:
    """What readers may choose from, and the page of rows they chose: two queries."""

    heading = ""
    told = ""
    # The address's name for the type, the field that has it, and its values with their names.
    type_name, type_field = "type", "type"
    types: Named = ()
    orders: Named = (("", "By name"), ("stories", "In most stories"))
    by_name: tuple[str, ...] = ("folded_name", "pk")

    def __init__(self, query: QueryDict) -> None:
        self._query = query

    @property
    def rows(self) -> QuerySet[Any]:
        """All that readers see."""
        raise NotImplementedError

    def _chosen(self, name: str, known: Named) -> str:
        value = self._query.get(name, "")
        return value if value in dict(known) else ""

    @cached_property
    def type(self) -> str:
        return self._chosen(self.type_name, self.types)

    @cached_property
    def order(self) -> str:
        return self._chosen("order", self.orders)

    @cached_property
    def letter(self) -> str:
        return self._chosen("letter", tuple((letter, "") for _, letter in self._counts))

    @cached_property
    def _counts(self) -> Counter[tuple[str, str]]:
        """How many there are of each type and letter."""
        type = F(self.type_field) if self.types else Value("", output_field=CharField())
        rows = self.rows.order_by().values_list(Cast(type, CharField()), "tally__letter")
        return Counter({(type, letter): n for type, letter, n in rows.annotate(n=Count("pk"))})

    def _count(self, type: str, letter: str) -> int:
        return sum(
            n
            for (its_type, its_letter), n in self._counts.items()
            if type in ("", its_type) and letter in ("", its_letter)
        )

    def _of_type(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(**{self.type_field: self.type})

    @property
    def by_type(self) -> list[Choice]:
        return self._choices("type", (("", "All"), *self.types)) if self.types else []

    @property
    def by_letter(self) -> list[Choice]:
        letters = sorted({letter for _, letter in self._counts if letter})
        return self._choices("letter", (("", "All"), *((x, x) for x in letters))) if letters else []

    @property
    def by_order(self) -> list[Choice]:
        return self._choices("order", self.orders)

    def _choices(self, which: str, values: Named) -> list[Choice]:
        now = {"type": self.type, "letter": self.letter, "order": self.order}
        return [
            self._choice(label, now | {which: value}, value == now[which])
            for value, label in values
        ]

    def _choice(self, label: str, chosen: dict[str, str], is_chosen: bool) -> Choice:
        count = self._count(chosen["type"], chosen["letter"])
        return Choice(label, count, self._address(**chosen), is_chosen)

    def _address(self, *, type: str, letter: str, order: str) -> str:
        parts = {self.type_name: type, "letter": letter, "order": order}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def address(self) -> str:
        """Of what is chosen, without the page."""
        return self._address(type=self.type, letter=self.letter, order=self.order)

    @cached_property
    def page(self) -> Page:
        rows = self.rows.select_related("tally")
        if self.type:
            rows = self._of_type(rows)
        if self.letter:
            rows = rows.filter(tally__letter=self.letter)
        order = ("-tally__stories", "pk") if self.order == "stories" else self.by_name
        paginator = _Counted(rows.order_by(*order), self._count(self.type, self.letter))
        return paginator.get_page(self._query.get("page"))


class EntityIndex(Index):
    heading, told = "Entities", "named in published stories"
    types = tuple(plurals.ENTITIES.items())

    @property
    def rows(self) -> QuerySet[Entity]:
        return Entity.objects.current().filter(tally__stories__gt=0)


class SourceIndex(Index):
    heading, told = "Sources", "quoted in published stories"
    type_name, type_field, types = "kind", "kind", tuple(plurals.SOURCES.items())

    @property
    def rows(self) -> QuerySet[Source]:
        return Source.objects.current().filter(tally__stories__gt=0)


class OutletIndex(Index):
    heading, told, by_name = "Outlets", "with published stories", ("name", "pk")

    @property
    def rows(self) -> QuerySet[Outlet]:
        return Outlet.objects.filter(tally__stories__gt=0)


class ClaimIndex(Index):
    """Sentences have no letter that anyone would look under; claims were rated or not."""

    heading, told = "Claims", "made in published stories"
    type_name = "rated"
    types = (("yes", "Rated"), ("no", "Not rated"))
    orders = (("", "Newest"), ("stories", "In most stories"))
    by_name = ("-pk",)

    @property
    def rows(self) -> QuerySet[Claim]:
        return Claim.objects.current().filter(tally__stories__gt=0)

    @cached_property
    def _counts(self) -> Counter[tuple[str, str]]:
        """There are many claims and few reviews: the reviews are counted."""
        seen = ClaimTally.objects.filter(stories__gt=0).count()
        reviews = ClaimReview.objects.filter(claim__tally__stories__gt=0)
        rated = reviews.values("claim").distinct().count()
        return Counter({("yes", ""): rated, ("no", ""): seen - rated})

    def _of_type(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rated = Exists(ClaimReview.objects.filter(claim=OuterRef("pk")))
        return rows.filter(rated if self.type == "yes" else ~rated)
