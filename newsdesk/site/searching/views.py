"""The search page and its suggestions."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page

from newsdesk.site.addresses import absolute
from newsdesk.site.heads import Head, feeds_of
from newsdesk.site.searching import names
from newsdesk.site.searching.asking import (
    LONGEST,
    ORDERS,
    BadSearch,
    Found,
    Search,
    read_search,
)
from newsdesk.site.searching.facets import Facet, facets
from newsdesk.site.searching.finding import MOST, find
from newsdesk.site.searching.showing import A_PAGE, Hit, hits
from newsdesk.site.structured import as_script, list_nodes

# With fewer stories than these, perhaps a name was misspelt.
FEW = 5
MOST_SUGGESTED = 12


@dataclass(frozen=True)
class Chip:
    """Something chosen, in words, and the address without it."""

    label: str
    address: str


class SearchPage:
    """What the page of a search shows. A fixed number of queries, however much is found."""

    def __init__(self, search: Search) -> None:
        self.search = search

    @cached_property
    def found(self) -> Found:
        return find(self.search)

    @cached_property
    def hits(self) -> list[Hit]:
        return hits(self.search, self.found)

    @cached_property
    def facets(self) -> list[Facet]:
        return facets(self.search, self.found.articles)

    @cached_property
    def named(self) -> list[names.Named]:
        """Entities, claims and sources that are called so: on the first page only."""
        if self.search.page > 1 or not self.search.words.is_plain:
            return []
        return names.named(self.search.text)

    @cached_property
    def meant(self) -> list[Chip]:
        """The words in which a name was perhaps misspelt, with the name as it is spelt."""
        if len(self.found.articles) >= FEW or self.search.page > 1:
            return []
        better = names.better_spelt(self.search.words.single())
        text = self.search.text
        for word, spelt in better.items():
            text = text.replace(word, spelt)
        return [Chip(text, f"?{_query(text)}")] if better else []

    @property
    def chips(self) -> list[Chip]:
        search = self.search
        return [Chip(choice.label, search.without(choice)) for choice in search.chosen]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form passes on beside the words."""
        return [pair for pair in self.search.pairs() if pair[0] != "q"]

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """The other orders: address, what it is called, whether it is this one."""
        return [
            (self._ordered(order), label, order == self.search.order)
            for order, label in ORDERS.items()
        ]

    def _ordered(self, order: str) -> str:
        pairs = [pair for pair in self.search.pairs() if pair[0] != "order"]
        return f"?{_query_of([*pairs, ('order', order)])}"

    @property
    def help(self) -> str:
        """What to do when nothing was looked for; empty when something was."""
        search = self.search
        if search.words.only_excludes:
            return "Say also what to find, not only what to leave out."
        if search.text and not search.words:
            return "There is no letter and no digit in this, so there is nothing to look for."
        return "Write what the stories should be about." if search.is_empty else ""

    @property
    def pages(self) -> tuple[str, str, int]:
        """The address before and after this page, if any, and how many there are."""
        last = max(1, -(-len(self.found.articles) // A_PAGE))
        page = self.search.page
        before = self.search.query(page=page - 1) if page > 1 else ""
        after = self.search.query(page=page + 1) if page < last else ""
        return before, after, last

    @property
    def most(self) -> int:
        return MOST

    @property
    def told(self) -> str:
        """How many stories there are, in words."""
        found = self.found
        with_words = found.total or 0
        alike = len(found.by_meaning)
        least = "more than " if found.is_more else ""
        stories = f"{least}{with_words:,} stor{'y' if with_words == 1 else 'ies'}"
        parts = [stories] if with_words else []
        if alike:
            parts.append(f"{alike} {'more ' if with_words else ''}by meaning")
        return ", ".join(parts)

    @cached_property
    def head(self) -> Head:
        """What the page says of itself, with the feeds of this very search."""
        query = self.search.query() if not self.search.is_empty else ""
        path = reverse("site:search") + query
        title = f"{self.search.text}: search" if self.search.text else "Search"
        return Head(
            title=title,
            description="Stories by words, by meaning, by who is named, who claims what, and when.",
            canonical=absolute(path),
            structured=as_script(list_nodes("Search", reverse("site:search"))),
            feeds=tuple(
                replace(feed, href=feed.href + query) for feed in feeds_of("feed_search") if query
            ),
        )


def _query(text: str) -> str:
    return _query_of([("q", text)])


def _query_of(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs)


@gzip_page
def search(request: HttpRequest) -> HttpResponse:
    """Stories by words, meaning, entity, claim, rating, source, outlet and date."""
    try:
        page = SearchPage(read_search(request.GET))
    except BadSearch as error:
        context = {"error": error, "q": request.GET.get("q", "")[:LONGEST]}
        return render(request, "site/search_refused.html", context, status=400)
    return render(request, "site/search.html", {"found": page, "head": page.head})


def suggest(request: HttpRequest) -> HttpResponse:
    """Entities, claims, sources and titles that go on from what is typed, as JSON.

    Where none do, names that are spelt nearly so.
    """
    text = " ".join(request.GET.get("q", "").split())
    if len(text) > LONGEST or "\x00" in text:
        return JsonResponse(
            {"error": f"At most {LONGEST} characters can be looked for."}, status=400
        )
    found = [*names.named(text, beginning=True), *names.titles(text)]
    if not found:
        spelt = names.better_spelt(text.split())
        found = [one for name in spelt.values() for one in names.named(name)]
    answer: dict[str, Any] = {
        "query": text,
        "suggestions": [asdict(one) for one in found[:MOST_SUGGESTED]],
        "search": f"{reverse('site:search')}?{_query(text)}",
    }
    return JsonResponse(answer)
