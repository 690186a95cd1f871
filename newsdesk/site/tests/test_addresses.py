from __future__ import annotations

import pytest
from django.test import Client

from annotations import knowledge, merging
from annotations.models import Claim, Entity, Source
from annotations.tests.factories import EntityFactory, accept_all, suggest
from articles.errors import Refused
from articles.models import Article, OldSlug
from articles.revising import correct
from articles.tests.factories import editor, make_article, put_into

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened the bridge.\n\nThe bridge is safe, Ruiz said."


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def reader() -> Client:
    return Client()


def story(ada, state: str = "published", **fields) -> Article:
    article = make_article(TEXT, title="Bridge", state=state, **fields)
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "claim", "The bridge is safe", label="The bridge is safe.")
    suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    accept_all(article, ada)
    return article


def rename(entity: Entity, name: str, ada) -> Entity:
    entity.refresh_from_db()
    return knowledge.change_entity(entity=entity, actor=ada, seen_version=entity.version, name=name)


def leads_to(reader: Client, address: str) -> tuple[int, str]:
    answer = reader.get(address)
    return answer.status_code, answer.get("Location", "")


def test_a_renamed_story_is_found_under_its_old_address(ada, reader) -> None:
    article = story(ada)
    new = correct(article=article, actor=ada, seen_version=1, slug="Port Amaro: bridge")
    assert new.slug == "port-amaro-bridge"
    assert leads_to(reader, "/stories/bridge/") == (301, "/stories/port-amaro-bridge/")


def test_a_published_story_keeps_its_address_when_its_title_is_corrected(ada) -> None:
    assert correct(article=story(ada), actor=ada, seen_version=1, title="Other").slug == "bridge"


def test_a_story_that_was_never_published_leaves_no_old_address(ada) -> None:
    correct(article=story(ada, state="in_review"), actor=ada, seen_version=1, title="Other")
    assert not OldSlug.objects.exists()


def test_a_slug_without_letters_is_refused_by_name(ada) -> None:
    with pytest.raises(Refused) as refused:
        correct(article=story(ada), actor=ada, seen_version=1, slug="…")
    assert refused.value.field == "slug"


def test_a_renamed_entity_and_its_source_are_found_under_their_old_addresses(ada, reader) -> None:
    story(ada)
    rename(Entity.objects.get(), "Ana María Ruiz", ada)
    assert leads_to(reader, "/entities/ana-ruiz/") == (301, "/entities/ana-maria-ruiz/")
    assert leads_to(reader, "/sources/ana-ruiz/") == (301, "/sources/ana-maria-ruiz/")
    assert Source.objects.get().name == "Ana María Ruiz"


def test_an_entity_renamed_twice_is_found_under_both_and_back_again(ada, reader) -> None:
    story(ada)
    entity = Entity.objects.get()
    rename(entity, "Zoe", ada)
    rename(entity, "Ida", ada)
    assert leads_to(reader, "/entities/ana-ruiz/") == (301, "/entities/ida/")
    assert leads_to(reader, "/entities/zoe/") == (301, "/entities/ida/")
    rename(entity, "Ana Ruiz", ada)
    assert reader.get("/entities/ana-ruiz/").status_code == 200
    assert leads_to(reader, "/entities/ida/") == (301, "/entities/ana-ruiz/")


def test_an_address_that_somebody_had_is_given_to_nobody_else(ada) -> None:
    story(ada)
    rename(Entity.objects.get(), "Zoe", ada)
    new = knowledge.create_entity(name="Ana Ruiz", type="person", actor=ada)
    made = knowledge.create_entities(rows=[{"name": "Ana Ruiz", "type": "place"}], actor=ada)
    assert new.slug == "ana-ruiz-2"
    assert made[0].slug == "ana-ruiz-3"


def test_a_case_of_the_name_alone_does_not_change_the_address(ada) -> None:
    story(ada)
    assert rename(Entity.objects.get(), "ANA RUIZ", ada).slug == "ana-ruiz"


def test_the_old_address_of_a_merged_entity_leads_to_the_winner(ada, reader) -> None:
    story(ada)
    loser, winner = Entity.objects.get(), EntityFactory(name="Winner", slug="winner")
    rename(loser, "Loser", ada)
    merging.merge_entities(loser=loser, winner=winner, actor=ada)
    for slug in ("ana-ruiz", "loser"):
        assert leads_to(reader, f"/entities/{slug}/") == (301, "/entities/winner/")


def test_what_was_taken_back_says_that_it_is_gone(ada, reader) -> None:
    article = story(ada, outlet="The Amaro Post")
    things = [article, Entity.objects.get(), Claim.objects.get(), Source.objects.get()]
    put_into(article, "in_review")
    for thing in [*things, article.outlet]:
        answer = reader.get(thing.get_absolute_url())
        assert answer.status_code == 410, thing
        assert "no longer published" in answer.content.decode()


def test_the_old_address_of_what_was_taken_back_is_gone_too(ada, reader) -> None:
    article = story(ada)
    correct(article=article, actor=ada, seen_version=1, slug="other")
    put_into(Article.objects.get(), "archived")
    assert reader.get("/stories/bridge/").status_code == 410


def test_what_was_never_published_is_simply_not_there(ada, reader) -> None:
    article = story(ada, state="in_review")
    things = [article, Entity.objects.get(), Claim.objects.get(), Source.objects.get()]
    for thing in things:
        assert reader.get(thing.get_absolute_url()).status_code == 404, thing


def test_an_old_address_of_what_was_never_published_tells_nothing(ada, reader) -> None:
    story(ada, state="in_review")
    rename(Entity.objects.get(), "Zoe", ada)
    assert reader.get("/entities/ana-ruiz/").status_code == 404


def test_editors_see_what_readers_do_not(ada, reader) -> None:
    article = story(ada)
    put_into(article, "in_review")
    reader.force_login(ada)
    assert reader.get(article.get_absolute_url()).status_code == 200
