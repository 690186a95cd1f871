from __future__ import annotations

import pytest

from annotations.models import Entity
from articles.models import Article, Outlet
from articles.tests.factories import make_article
from newsdesk.site.rows import Rows

STORIES = Rows(
    Article,
    "id title",
    """LEFT JOIN articles_outlet outlet ON outlet.id = x.outlet_id
    LEFT JOIN annotations_storyvector vector ON vector.article_id = x.id
    WHERE x.id = ANY(%s) ORDER BY x.title DESC""",
    more="vector.model",
    outlet=(Outlet, "id name"),
)


@pytest.mark.django_db
def test_rows_have_what_was_asked_for_and_what_was_joined(django_assert_num_queries) -> None:
    first = make_article("One.", title="First", outlet="The Courier")
    second = make_article("Two.", title="Second")
    with django_assert_num_queries(1):
        found = STORIES.of({first.pk, second.pk})
        assert [row.title for row in found.values()] == ["Second", "First"]
        assert found[first.pk].outlet.name == "The Courier"
        assert found[second.pk].outlet is None
        assert found[first.pk].model is None
        assert found[first.pk] == first


@pytest.mark.django_db
def test_nothing_is_asked_where_there_are_no_keys(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert STORIES.of([]) == {}


def test_a_column_that_the_model_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="Entity has no colour"):
        Rows(Entity, "id name colour", "WHERE x.id = %s")
