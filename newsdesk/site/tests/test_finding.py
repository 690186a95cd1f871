from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from annotations.tests.factories import accept_all, suggest
from articles.models import Article
from articles.tests.factories import editor, make_article, put_into
from newsdesk.site.searching.asking import read_search
from newsdesk.site.searching.finding import find
from newsdesk.site.searching.views import SearchPage

pytestmark = pytest.mark.django_db

# What each language makes of the word differs: "losers" are one thing in English, another in German.
WORD = "losers"


@pytest.fixture
def stories() -> list[int]:
    """Stories in three languages, the newest first; every other one names a person."""
    made = []
    for number in range(9):
        article = make_article(
            f"The {WORD} of Ana Ruiz, number {number}.", title=f"Number {number}",
            language=("en", "de", "fr")[number % 3], dated=datetime(2026, 3, 30 - number, tzinfo=UTC),
            state="published",
        )  # fmt: skip
        if number % 2:
            suggest(article, "entity", "Ana Ruiz")
            accept_all(article, editor(username=f"editor-{number}"))
        made.append(article.pk)
    return made


def search(query: str):
    return read_search(QueryDict(query))


@pytest.mark.parametrize(
    "query", [f"q={WORD}", f"q={WORD}&type=person", "type=person", "from=2026-01-01"]
)
@pytest.mark.parametrize("order", ["best", "newest"])
def test_what_is_too_much_to_count_is_found_in_the_same_order(stories, query, order) -> None:
    asked = search(f"{query}&order={order}")
    whole = find(asked)
    capped = find(asked, most_counted=2)
    assert capped.articles == whole.articles
    assert (whole.total, whole.is_more) == (len(whole.articles), False)
    assert (capped.total, capped.is_more) == (2, True)


def test_exactly_as_many_as_are_counted_are_not_more(stories) -> None:
    found = find(search(f"q={WORD}"), most_counted=len(stories))
    assert (found.total, found.is_more) == (len(stories), False)


def test_the_newest_of_all_languages_come_first(stories) -> None:
    assert find(search(f"q={WORD}&order=newest")).articles == stories


def test_a_story_that_is_taken_back_is_not_found_whatever_is_counted(stories) -> None:
    put_into(Article.objects.get(pk=stories[0]), "in_review")
    for most_counted in (2, 100):
        assert stories[0] not in find(search(f"q={WORD}"), most_counted=most_counted).articles


def test_the_page_says_that_there_are_more_than_were_counted(stories) -> None:
    page = SearchPage(search(f"q={WORD}"))
    assert page.told == "9 stories"
    page.found = replace(page.found, total=20_000, is_more=True)
    assert page.told == "more than 20,000 stories"
