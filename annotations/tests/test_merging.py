from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from annotations import deciding, knowledge, sources
from annotations.deciding import Body
from annotations.merging import merge_claims, merge_sources
from annotations.models import Annotation, Claim, ClaimLink, ClaimReview
from annotations.tests.factories import ClaimFactory, EntityFactory, SourceFactory, suggest
from articles.changes import Change
from articles.errors import Refused, StaleVersion
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return editor(username="ada")


def said(claim: Claim, ada: User) -> Annotation:
    one = suggest(make_article(), "claim", "was safe", label=claim.text)
    return deciding.accept(annotation=one, editor=ada, seen_version=1, body=Body(claim=claim))


def test_the_winning_claim_gets_the_places_reviews_and_ties_of_the_other(ada) -> None:
    winner, loser, third = ClaimFactory.create_batch(3)
    place = said(loser, ada)
    review = ClaimReview.objects.create(
        claim=loser, rating="False", reviewer="Check", reviewed_on="2026-01-02"
    )
    ClaimLink.objects.create(claim=loser, other=third, kind="supports")
    ClaimLink.objects.create(claim=winner, other=third, kind="supports")
    ClaimLink.objects.create(claim=third, other=loser, kind="contradicts")
    ClaimLink.objects.create(claim=loser, other=winner, kind="same")
    merge_claims(loser=loser, winner=winner, actor=ada)
    place.refresh_from_db()
    review.refresh_from_db()
    loser.refresh_from_db()
    assert (place.claim, place.label) == (winner, winner.text)
    assert review.claim == winner
    assert loser.merged_into == winner
    assert set(ClaimLink.objects.values_list("claim", "other", "kind")) == {
        (winner.pk, third.pk, "supports"),
        (third.pk, winner.pk, "contradicts"),
    }


def test_a_merge_is_logged_with_how_each_row_stood(ada) -> None:
    winner, loser = ClaimFactory.create_batch(2)
    place = said(loser, ada)
    merge_claims(loser=loser, winner=winner, actor=ada)
    moved = Change.objects.of(place).last()
    assert moved.before["body"]["id"] == loser.pk
    assert moved.after["body"]["id"] == winner.pk
    assert Change.objects.of(loser).last().action == "merge"


def test_an_unnamed_source_becomes_the_named_one_that_it_was(ada) -> None:
    official = SourceFactory(name="an official", kind="unnamed")
    ministry = SourceFactory(name="Ministry", entity=EntityFactory(type="organisation"))
    words = suggest(make_article(), "source", "Ana Ruiz", type="unnamed")
    words = deciding.accept(
        annotation=words, editor=ada, seen_version=1, body=Body(source=official)
    )
    merge_sources(loser=official, winner=ministry, actor=ada)
    words.refresh_from_db()
    assert (words.source, words.type, words.label) == (ministry, "organisation", "Ministry")


def test_the_winning_source_becomes_the_entity_that_the_other_was(ada) -> None:
    entity = EntityFactory(type="organisation")
    loser, winner = SourceFactory(entity=entity), SourceFactory(name="The ministry")
    merge_sources(loser=loser, winner=winner, actor=ada)
    winner.refresh_from_db()
    assert winner.entity == entity


@pytest.mark.parametrize(
    ("loser", "winner", "reason"),
    [
        ({"with_entity": True}, {"with_entity": True}, "merge the two entities"),
        ({}, {"kind": "unnamed"}, "cannot become an unnamed one"),
    ],
)
def test_sources_that_cannot_be_one_are_refused_with_the_reason(
    ada, loser: dict, winner: dict, reason: str
) -> None:
    def made(with_entity: bool = False, **fields: str):
        return SourceFactory(entity=EntityFactory() if with_entity else None, **fields)

    with pytest.raises(Refused, match=reason):
        merge_sources(loser=made(**loser), winner=made(**winner), actor=ada)


def test_a_source_that_is_renamed_is_called_so_where_it_speaks(ada) -> None:
    source = SourceFactory(name="ministry")
    words = suggest(make_article(), "source", "Ana Ruiz")
    words = deciding.accept(annotation=words, editor=ada, seen_version=1, body=Body(source=source))
    sources.change_source(source=source, actor=ada, seen_version=1, name="The ministry")
    words.refresh_from_db()
    assert words.label == "The ministry"
    with pytest.raises(StaleVersion):
        sources.change_source(source=source, actor=ada, seen_version=1, name="Another")


def test_a_source_that_is_an_entity_cannot_be_made_unnamed(ada) -> None:
    source = SourceFactory(entity=EntityFactory())
    with pytest.raises(Refused, match="cannot be tied to an entity"):
        sources.change_source(source=source, actor=ada, seen_version=1, kind="unnamed")


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("Q42", "Q42"),
        (" q42 ", "Q42"),
        ("https://www.wikidata.org/wiki/Q42", "Q42"),
        ("https://m.wikidata.org/wiki/Q42#sitelinks", "Q42"),
        ("http://www.wikidata.org/entity/Q42", "Q42"),
        ("https://example.org/wiki/Q42", ""),
        ("Q0", ""),
        ("Queen", ""),
    ],
)
def test_a_wikidata_id_is_found_in_what_was_pasted(pasted: str, found: str) -> None:
    assert knowledge.wikidata_id_in(pasted) == found
