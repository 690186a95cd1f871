from __future__ import annotations

import pytest
from django.test import Client

from annotations.deciding import accept
from annotations.models import Claim, Entity
from annotations.tests.factories import ClaimFactory, EntityFactory, SourceFactory, suggest
from articles.changes import Change
from articles.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ADDRESSES = ["entities", "claims", "sources"]
FACTORIES = {"entities": EntityFactory, "claims": ClaimFactory, "sources": SourceFactory}


@pytest.fixture
def ana(article, ada) -> Entity:
    """An entity with one accepted mention."""
    mention = suggest(article, "entity", "Ana Ruiz")
    return accept(annotation=mention, editor=ada, seen_version=1).entity


def sent(entity: Entity, **changes: str) -> dict[str, str]:
    """The form of an entity as a browser sends it."""
    values = {"name": entity.name, "type": entity.type, "description": entity.description}
    return {**values, "wikidata_id": "", "aliases": "", "version": str(entity.version), **changes}


@pytest.mark.parametrize("shelf", ADDRESSES)
def test_an_empty_shelf_says_how_it_fills(as_ada, shelf: str) -> None:
    assert "what editors accept in a story stands here" in as_ada.get(f"/desk/{shelf}/").text


@pytest.mark.parametrize("shelf", ADDRESSES)
def test_a_shelf_finds_by_words_whatever_their_case(as_ada, shelf: str) -> None:
    one, other = FACTORIES[shelf].create_batch(2)
    page = as_ada.get(f"/desk/{shelf}/", {"q": str(one).upper()}).text
    assert f'href="{one.pk}/"' in page
    assert f'href="{other.pk}/"' not in page


@pytest.mark.parametrize("shelf", ADDRESSES)
def test_only_editors_see_the_shelves(shelf: str) -> None:
    row = FACTORIES[shelf]()
    client = Client()
    client.force_login(UserFactory())
    for address in (f"/desk/{shelf}/", f"/desk/{shelf}/{row.pk}/", f"/desk/{shelf}/{row.pk}/merge"):
        assert Client().get(address).status_code == 302
        assert client.get(address).status_code == 403


def test_an_entity_is_found_by_another_of_its_names(as_ada, ana, ada) -> None:
    as_ada.post(f"/desk/entities/{ana.pk}/", sent(ana, aliases="The bridge builder"))
    assert "Ana Ruiz" in as_ada.get("/desk/entities/?q=bridge+builder").text


def test_an_entity_shows_where_it_is_tagged(as_ada, ana, article) -> None:
    page = as_ada.get(f"/desk/entities/{ana.pk}/").text
    assert "Bridge opened" in page
    assert f"/desk/articles/{article.pk}/#tag-" in page
    assert "<strong>Ana Ruiz</strong> opened the bridge" in page


def test_a_wikidata_address_is_pasted_and_its_id_kept(as_ada, ana) -> None:
    pasted = "https://www.wikidata.org/wiki/Q42#P31"
    assert (
        as_ada.post(f"/desk/entities/{ana.pk}/", sent(ana, wikidata_id=pasted)).status_code == 302
    )
    ana.refresh_from_db()
    assert ana.wikidata_id == "Q42"
    assert Change.objects.of(ana).last().after["wikidata_id"] == "Q42"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 301}, "at most 300 characters"),
        ({"type": "planet"}, "not one of the available choices"),
        ({"wikidata_id": "Douglas Adams"}, "no Wikidata id in this"),
        ({"aliases": "y" * 301}, "longer than 300 characters"),
    ],
)
def test_what_cannot_be_stored_is_refused_beside_its_field(as_ada, ana, changes, reason) -> None:
    answer = as_ada.post(f"/desk/entities/{ana.pk}/", sent(ana, **changes))
    assert answer.status_code == 422
    assert reason in answer.text
    ana.refresh_from_db()
    assert ana.name == "Ana Ruiz"


def test_a_wikidata_id_that_another_entity_has_is_refused(as_ada, ana) -> None:
    EntityFactory(wikidata_id="Q42")
    answer = as_ada.post(f"/desk/entities/{ana.pk}/", sent(ana, wikidata_id="Q42"))
    assert answer.status_code == 422
    assert "already exists" in answer.text


def test_who_saves_after_a_colleague_is_told_and_keeps_what_she_typed(as_ada, ana) -> None:
    Entity.objects.filter(pk=ana.pk).update(version=ana.version + 1)
    answer = as_ada.post(f"/desk/entities/{ana.pk}/", sent(ana, name="Ana María Ruiz"))
    assert answer.status_code == 422
    assert "Somebody changed this while you were at it" in answer.text
    assert 'value="Ana María Ruiz"' in answer.text
    ana.refresh_from_db()
    again = sent(ana, name="Ana María Ruiz")
    assert as_ada.post(f"/desk/entities/{ana.pk}/", again).status_code == 302


def test_saving_without_a_change_changes_nothing(as_ada, ana) -> None:
    as_ada.post(f"/desk/entities/{ana.pk}/", sent(ana))
    before = ana.version
    ana.refresh_from_db()
    assert ana.version == before


def test_an_entity_that_no_story_names_is_made(as_ada) -> None:
    fresh = Entity(name="Bo Berg", type="person", version=0)
    answer = as_ada.post("/desk/entities/new/", sent(fresh, aliases="B. Berg\r\nBerg"))
    made = Entity.objects.get()
    assert answer.url == f"/desk/entities/{made.pk}/"
    assert sorted(made.aliases.values_list("text", flat=True)) == ["B. Berg", "Berg"]


def test_two_entities_are_merged_after_both_were_shown(as_ada, ana, article) -> None:
    twin = EntityFactory(name="ana ruiz")
    assert f"merge?into={twin.pk}" in as_ada.get(f"/desk/entities/{ana.pk}/").text
    merge = f"/desk/entities/{ana.pk}/merge"
    assert f"?into={twin.pk}" in as_ada.get(merge, {"q": "ana"}).text
    assert (
        "All 1 place of “Ana Ruiz” will be “ana ruiz”" in as_ada.get(f"{merge}?into={twin.pk}").text
    )
    answer = as_ada.post(merge, {"into": twin.pk})
    assert answer.url == f"/desk/entities/{twin.pk}/"
    assert as_ada.get(f"/desk/entities/{ana.pk}/").url == answer.url
    assert article.annotations.get().entity == twin


@pytest.mark.parametrize("into", ["", "0", "999999", "x", "9" * 30])
def test_a_merge_into_nothing_merges_nothing(as_ada, ana, into: str) -> None:
    assert as_ada.post(f"/desk/entities/{ana.pk}/merge", {"into": into}).status_code == 422
    ana.refresh_from_db()
    assert ana.merged_into is None


def test_claims_and_sources_are_merged_too(as_ada) -> None:
    for shelf in ("claims", "sources"):
        loser, winner = FACTORIES[shelf].create_batch(2)
        as_ada.post(f"/desk/{shelf}/{loser.pk}/merge", {"into": winner.pk})
        loser.refresh_from_db()
        assert loser.merged_into == winner


def test_a_merge_that_is_refused_says_why(as_ada) -> None:
    one, other = (SourceFactory(entity=EntityFactory()) for _ in range(2))
    answer = as_ada.post(f"/desk/sources/{one.pk}/merge", {"into": other.pk})
    assert answer.status_code == 422
    assert "merge the two entities" in answer.text


def test_a_claim_gets_another_sentence_unless_another_claim_has_it(as_ada) -> None:
    claim, other = ClaimFactory.create_batch(2)
    address = f"/desk/claims/{claim.pk}/"
    as_ada.post(address, {"text": "The bridge is safe.", "version": 1})
    assert Claim.objects.get(pk=claim.pk).text == "The bridge is safe."
    taken = as_ada.post(address, {"text": other.text, "version": 2})
    assert "Another claim has this sentence already" in taken.text


def test_the_reason_for_not_naming_belongs_to_unnamed_sources(as_ada) -> None:
    source = SourceFactory(name="an official", kind="unnamed")
    address = f"/desk/sources/{source.pk}/"
    values = {"name": source.name, "affiliation": "the ministry", "unnamed_reason": "fear"}
    refused = as_ada.post(address, {**values, "kind": "person", "version": 1})
    assert "Only an unnamed source has a reason" in refused.text
    assert as_ada.post(address, {**values, "kind": "unnamed", "version": 1}).status_code == 302
    source.refresh_from_db()
    assert (source.affiliation, source.unnamed_reason) == ("the ministry", "fear")
