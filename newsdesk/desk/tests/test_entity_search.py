from __future__ import annotations

import pytest

from annotations.models import Alias
from annotations.tests.factories import EntityFactory, accept_all, suggest
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db


def names(client, **query) -> list[str]:
    found = client.get("/desk/entities/search", query).json()["candidates"]
    return [one["name"] for one in found]


def test_an_equal_name_comes_before_one_that_begins_so_before_one_that_has_it(as_ada) -> None:
    for name in ("Port Amaro", "Amaro Herald", "Amaro"):
        EntityFactory(name=name)
    assert names(as_ada, q="amaro") == ["Amaro", "Amaro Herald", "Port Amaro"]


def test_an_entity_is_found_by_its_alias_which_is_told(as_ada) -> None:
    entity = EntityFactory(name="Institute for the Study of War", type="organisation")
    Alias.objects.create(entity=entity, text="ISW")
    [found] = as_ada.get("/desk/entities/search", {"q": "isw"}).json()["candidates"]
    assert (found["id"], found["alias"]) == (entity.pk, "ISW")


def test_the_likely_type_comes_first(as_ada) -> None:
    EntityFactory(name="Jordan", type="person")
    EntityFactory(name="Jordan", type="place")
    found = as_ada.get("/desk/entities/search", {"q": "Jordan", "type": "place"}).json()
    assert [one["type"] for one in found["candidates"]] == ["place", "person"]


def test_a_candidate_says_in_how_many_stories_it_is(ada, as_ada) -> None:
    article = make_article("Ana Ruiz spoke.", title="One", state="published")
    suggest(article, "entity", "Ana Ruiz")
    accept_all(article, ada)
    [found] = as_ada.get("/desk/entities/search", {"q": "ana"}).json()["candidates"]
    assert found["stories"] == 1


def test_a_merged_entity_is_not_offered(as_ada) -> None:
    winner = EntityFactory(name="Ana Ruiz")
    EntityFactory(name="Ana Ruis", merged_into=winner)
    assert names(as_ada, q="ana") == ["Ana Ruiz"]


@pytest.mark.parametrize("query", ["", " ", "\0", "%", "_", "x" * 5000, "\ud800", "Ana\0"])
def test_nonsense_finds_nothing_and_breaks_nothing(query, as_ada) -> None:
    EntityFactory(name="Bo Lindqvist")
    assert names(as_ada, q=query.encode("utf-8", "replace").decode()) == []


@pytest.mark.parametrize("rows", [3, 12])
def test_the_search_costs_the_same_however_much_it_finds(
    rows, as_ada, django_assert_num_queries
) -> None:
    for number in range(rows):
        EntityFactory(name=f"Ana {number}")
    # Session, person, roles, entities, aliases.
    with django_assert_num_queries(5):
        names(as_ada, q="ana")


def test_what_was_proposed_for_a_tag_comes_first_whatever_it_is_called(as_ada) -> None:
    likely, other = EntityFactory(name="Jordan"), EntityFactory(name="Jordan")
    short = EntityFactory(name="Ana Ruiz")
    article = make_article("Jordan spoke.", title="One")
    proposal = {"candidates": [other.pk, short.pk]}
    tag = suggest(article, "entity", "Jordan", proposal=proposal)
    found = as_ada.get("/desk/entities/search", {"q": "Jordan", "for": tag.uuid}).json()
    assert [one["id"] for one in found["candidates"]] == [other.pk, short.pk, likely.pk]


def test_the_entity_that_a_source_may_be_comes_first(as_ada) -> None:
    other, speaker = EntityFactory(name="Jordan"), EntityFactory(name="Jordan")
    article = make_article("Jordan spoke.", title="One")
    tag = suggest(article, "source", "Jordan", type="person", proposal={"entity": speaker.pk})
    found = as_ada.get("/desk/entities/search", {"q": "Jordan", "for": tag.uuid}).json()
    assert [one["id"] for one in found["candidates"]] == [speaker.pk, other.pk]


@pytest.mark.parametrize("tag", ["", "x", "\0", "00000000-0000-0000-0000-000000000000"])
def test_a_tag_that_is_not_there_changes_nothing(tag, as_ada) -> None:
    EntityFactory(name="Ana Ruiz")
    assert names(as_ada, q="ana", **{"for": tag}) == ["Ana Ruiz"]


@pytest.mark.parametrize("pasted", ["Q42", "https://www.wikidata.org/wiki/Q42"])
def test_a_wikidata_id_finds_the_entity_that_has_it(as_ada, pasted: str) -> None:
    EntityFactory(name="Somebody", wikidata_id="Q42")
    EntityFactory(name="Q42 Street")
    assert names(as_ada, q=pasted) == ["Somebody"]
