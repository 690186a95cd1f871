from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from annotations import deciding, knowledge, merging, names, sources
from annotations.deciding import Body
from annotations.models import Claim, Entity, Source
from annotations.tests.factories import (
    ClaimFactory,
    EntityFactory,
    SourceFactory,
    suggest,
)
from articles.changes import recording
from articles.errors import Refused, StaleVersion
from articles.models import Change
from articles.tests.factories import UserFactory, editor, make_article
from articles.tests.locking import waited_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return editor(username="ada")


def _mention(entity, ada):
    article = make_article()
    mention = suggest(article, "entity", "Ana Ruiz")
    return deciding.accept(annotation=mention, editor=ada, seen_version=1, body=Body(entity=entity))


def test_a_merged_entitys_mentions_and_names_go_to_the_winner(ada) -> None:
    winner = EntityFactory(name="Ana Ruiz")
    loser = knowledge.create_entity(name="A. Ruiz", type="person", aliases=["Ruiz A."], actor=ada)
    mention = _mention(loser, ada)
    merging.merge_entities(loser=loser, winner=winner, actor=ada)
    mention.refresh_from_db()
    loser.refresh_from_db()
    assert (mention.entity, loser.merged_into) == (winner, winner)
    assert {"A. Ruiz", "Ruiz A."} <= {alias.text for alias in winner.aliases.all()}


def test_merging_flattens_so_that_one_redirect_is_enough(ada) -> None:
    first, second, third = EntityFactory(), EntityFactory(), EntityFactory()
    merging.merge_entities(loser=first, winner=second, actor=ada)
    merging.merge_entities(loser=second, winner=third, actor=ada)
    first.refresh_from_db()
    assert first.merged_into == third


def test_the_claims_of_a_merged_speaker_are_the_winners(ada) -> None:
    winner, loser = EntityFactory(), EntityFactory()
    for entity in (winner, loser):
        sources.source_of_entity(entity=entity, actor=ada)
    words = suggest(make_article(), "source", "Ana Ruiz", type="person")
    said = deciding.accept(annotation=words, editor=ada, seen_version=1, body=Body(entity=loser))
    merging.merge_entities(loser=loser, winner=winner, actor=ada)
    said.refresh_from_db()
    assert said.source.entity == winner
    assert Source.objects.current().count() == 1


def test_an_entity_is_not_merged_into_itself_or_twice(ada) -> None:
    one, other = EntityFactory(), EntityFactory()
    with pytest.raises(Refused):
        merging.merge_entities(loser=one, winner=one, actor=ada)
    merging.merge_entities(loser=one, winner=other, actor=ada)
    with pytest.raises(Refused):
        merging.merge_entities(loser=one, winner=EntityFactory(), actor=ada)


def test_those_who_are_no_editors_merge_nothing() -> None:
    with pytest.raises(PermissionDenied):
        merging.merge_entities(loser=EntityFactory(), winner=EntityFactory(), actor=UserFactory())


def test_the_database_refuses_a_merge_into_a_merged_entity() -> None:
    merged = EntityFactory(merged_into=EntityFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        EntityFactory(merged_into=merged)


def test_the_database_refuses_an_unnamed_source_with_an_entity() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceFactory(kind="unnamed", entity=EntityFactory())


def test_the_database_refuses_a_wikidata_id_that_is_none() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EntityFactory(wikidata_id="42")


def test_a_wrong_wikidata_id_is_refused_naming_the_field(ada) -> None:
    with pytest.raises(Refused) as refusal:
        knowledge.create_entity(name="Ana", type="person", wikidata_id="42", actor=ada)
    assert refusal.value.field == "wikidata_id"


def test_a_name_is_found_however_it_is_cased(ada) -> None:
    entity = knowledge.create_entity(
        name="Institute for Amaro Studies", type="organisation", aliases=["IAS"], actor=ada
    )
    found = Entity.objects.called("ias") | Entity.objects.called("institute for amaro studies")
    assert list(found.distinct()) == [entity]


def test_entities_in_bulk_leave_known_names_alone(ada) -> None:
    knowledge.create_entity(name="Amaro", type="place", actor=ada)
    rows = [
        {"name": "AMARO", "type": "place"},
        {"name": "Amaro", "type": "person", "aliases": ["Don Amaro"]},
    ]
    made = knowledge.create_entities(rows=rows, actor=ada)
    assert [(e.type, e.slug) for e in made] == [("person", "amaro-2")]
    assert [alias.folded for alias in made[0].aliases.all()] == ["don amaro"]


def test_a_corrected_claim_keeps_its_place_and_gets_a_version(ada) -> None:
    claim = ClaimFactory(text="The bridge is safe.")
    changed = knowledge.change_claim(
        claim=claim, text="The Amaro bridge is safe.", actor=ada, seen_version=1
    )
    assert (changed.pk, changed.version) == (claim.pk, 2)


def test_a_sentence_that_another_claim_has_is_refused_naming_it(ada) -> None:
    other = ClaimFactory(text="The bridge is safe.")
    with pytest.raises(Refused) as refusal:
        knowledge.change_claim(
            claim=ClaimFactory(), text="the  bridge is SAFE.", actor=ada, seen_version=1
        )
    assert refusal.value.extra["claim"] == other.pk


def test_a_claim_changed_meanwhile_is_not_overwritten(ada) -> None:
    claim = ClaimFactory()
    knowledge.change_claim(claim=claim, text="First.", actor=ada, seen_version=1)
    with pytest.raises(StaleVersion):
        knowledge.change_claim(claim=claim, text="Second.", actor=ada, seen_version=1)


def test_a_place_speaks_as_an_organisation_and_an_event_not_at_all(ada) -> None:
    state = EntityFactory(type="place")
    assert sources.source_of_entity(entity=state, actor=ada).kind == "organisation"
    with pytest.raises(Refused):
        sources.source_of_entity(entity=EntityFactory(type="event"), actor=ada)


def test_claims_of_one_sentence_are_one_however_it_is_spaced(ada) -> None:
    texts = ("The bridge is safe.", "the bridge  is safe.")
    for text in texts:
        knowledge.find_or_create_claim(text=text, language="en", actor=ada)
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_entity_that_two_let_speak_at_once_is_one_source() -> None:
    entity, ada, bo = EntityFactory(type="person"), editor(), editor()
    found = []

    def speak() -> None:
        found.append(sources.source_of_entity(entity=entity, actor=bo))

    with waited_for(speak):
        made = sources.source_of_entity(entity=entity, actor=ada)
    assert found == [made]
    assert Change.objects.filter(subject_type="source", action="create").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_sentence_that_two_claim_at_once_is_one_claim() -> None:
    ada, bo = editor(), editor()
    found = []

    def make() -> None:
        claim = knowledge.find_or_create_claim(text="It is  safe.", language="en", actor=bo)
        found.append(claim)

    with waited_for(make):
        made = knowledge.find_or_create_claim(text="It is safe.", language="en", actor=ada)
    assert found == [made]


@pytest.mark.django_db(transaction=True)
def test_a_name_that_two_learn_at_once_is_no_error() -> None:
    entity = EntityFactory(name="Ana Ruiz")

    def learn() -> None:
        with recording(actor=editor()) as log:
            names.learn([(entity, "Ruiz Gil")], log)

    with waited_for(learn):
        learn()
    assert [alias.text for alias in entity.aliases.all()] == ["Ruiz Gil"]
