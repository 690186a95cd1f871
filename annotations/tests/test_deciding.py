from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from annotations import deciding
from annotations.deciding import Body
from annotations.models import Annotation, Claim, Decision, Entity, Source
from annotations.tests.factories import EntityFactory, span_of, suggest, suggest_tie
from articles.changes import Change
from articles.errors import Refused, StaleVersion
from articles.models import Article
from articles.revising import revise
from articles.tests.factories import UserFactory, editor, make_article

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened the bridge. The bridge is safe, Ruiz said. An official said it was not."


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Bridge")


def test_accepting_a_mention_makes_its_entity(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    accepted = deciding.accept(annotation=mention, editor=ada, seen_version=1)
    assert (accepted.status, accepted.version) == ("accepted", 2)
    assert (accepted.entity.name, accepted.entity.type) == ("Ana Ruiz", "person")


def test_accepting_a_short_form_finds_the_entity_of_the_full_name(article, ada) -> None:
    full = suggest(article, "entity", "Ana Ruiz")
    short = suggest(article, "entity", "Ruiz", occurrence=2, label="Ana Ruiz")
    for mention in (full, short):
        deciding.accept(annotation=mention, editor=ada, seen_version=1)
    assert Entity.objects.count() == 1


def test_an_ambiguous_name_is_accepted_with_its_type_only(article, ada) -> None:
    EntityFactory(name="Ana Ruiz")
    EntityFactory(name="Ana Ruiz")
    mention = suggest(article, "entity", "Ana Ruiz")
    accepted = deciding.accept(annotation=mention, editor=ada, seen_version=1)
    assert (accepted.status, accepted.entity) == ("accepted", None)


def test_a_mention_attached_to_a_merged_entity_is_the_winners(article, ada) -> None:
    winner = EntityFactory()
    loser = EntityFactory(merged_into=winner)
    mention = suggest(article, "entity", "Ana Ruiz")
    accepted = deciding.accept(
        annotation=mention, editor=ada, seen_version=1, body=Body(entity=loser)
    )
    assert accepted.entity == winner


def test_an_accepted_mention_teaches_its_entity_a_name(article, ada) -> None:
    bridge = EntityFactory(type="place", name="Amaro Bridge")
    mention = suggest(article, "entity", "The bridge", type="place")
    deciding.accept(annotation=mention, editor=ada, seen_version=1, body=Body(entity=bridge))
    assert [alias.text for alias in bridge.aliases.all()] == ["The bridge"]


def test_a_last_name_is_not_learned(article, ada) -> None:
    person = EntityFactory(name="Ana Ruiz")
    mention = suggest(article, "entity", "Ruiz", occurrence=2, label="Ana Ruiz")
    deciding.accept(annotation=mention, editor=ada, seen_version=1)
    assert not person.aliases.exists()


def test_accepting_a_claim_and_its_source_accepts_the_tie(article, ada) -> None:
    claim = suggest(article, "claim", "The bridge is safe")
    source = suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    tie = suggest_tie(claim, source, cue=[span_of(article, "said")])
    deciding.accept(annotation=claim, editor=ada, seen_version=1)
    tie.refresh_from_db()
    assert tie.status == "suggested"
    deciding.accept(annotation=source, editor=ada, seen_version=1)
    tie.refresh_from_db()
    assert tie.status == "accepted"


def test_a_source_that_is_a_person_is_tied_to_its_entity(article, ada) -> None:
    source = suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    accepted = deciding.accept(annotation=source, editor=ada, seen_version=1)
    assert accepted.source.entity == Entity.objects.get(name="Ana Ruiz")


def test_unnamed_sources_of_two_stories_are_two(ada) -> None:
    sources = []
    for number in (1, 2):
        story = make_article(f"Story {number}. An official said no.", title=f"Story {number}")
        words = suggest(story, "source", "An official", type="unnamed")
        sources.append(deciding.accept(annotation=words, editor=ada, seen_version=1).source)
    assert sources[0] != sources[1]


def test_the_same_sentence_is_one_claim(article, ada) -> None:
    for story in (article, make_article("He said the bridge is safe.", title="Other")):
        words = "he bridge is safe"
        found = suggest(story, "claim", words, label="The bridge is safe.")
        deciding.accept(annotation=found, editor=ada, seen_version=1)
    assert Claim.objects.count() == 1


def test_a_stale_decision_is_refused_with_the_current_state(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    deciding.reject(annotation=mention, editor=ada, seen_version=1)
    with pytest.raises(StaleVersion) as refusal:
        deciding.accept(annotation=mention, editor=editor(), seen_version=1)
    assert refusal.value.current.status == "rejected"
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_who_decide_at_once_one_is_told(ada) -> None:
    mention = suggest(make_article(TEXT, title="Bridge"), "entity", "Ana Ruiz")
    outcomes = []

    def decide(person) -> None:
        try:
            deciding.reject(annotation=mention, editor=person, seen_version=1)
            outcomes.append("decided")
        except StaleVersion:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(p,)) for p in (ada, editor())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "stale"]


def test_each_decision_is_one_version_and_one_row(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    mention = deciding.reject(annotation=mention, editor=ada, seen_version=1)
    mention = deciding.reopen(annotation=mention, editor=ada, seen_version=2)
    rows = list(mention.decisions.values_list("version", "action"))
    assert rows == [(2, "reject"), (3, "reopen")]


def test_what_a_machine_said_is_kept_after_acceptance(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz", confidence=0.7)
    accepted = deciding.accept(annotation=mention, editor=ada, seen_version=1)
    assert (accepted.suggester.name, accepted.confidence) == ("test", 0.7)


def test_a_changed_type_is_accepted_with_that_type(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    changed = deciding.change(
        annotation=mention, editor=ada, seen_version=1, body=Body(type="place")
    )
    assert (changed.status, changed.type, changed.entity.type) == ("accepted", "place", "place")


def test_a_moved_span_is_where_it_was_put(article, ada) -> None:
    mention = suggest(article, "entity", "Ana")
    moved = deciding.change(
        annotation=mention, editor=ada, seen_version=1, spans=[span_of(article, "Ana Ruiz")]
    )
    assert moved.words() == ["Ana Ruiz"]


def test_words_can_be_tagged_by_hand_in_several_spans(article, ada) -> None:
    spans = [span_of(article, "The bridge is safe"), span_of(article, "it was not")]
    added = deciding.add(article=article, editor=ada, kind="claim", spans=spans)
    assert (added.status, added.creator, added.version) == ("accepted", ada, 1)
    assert added.words() == ["The bridge is safe", "it was not"]


def test_a_place_that_is_tagged_already_is_refused_naming_what_is_there(article, ada) -> None:
    there = suggest(article, "entity", "Ana Ruiz")
    with pytest.raises(Refused) as refusal:
        deciding.add(
            article=article, editor=ada, kind="entity",
            spans=[span_of(article, "Ana Ruiz")], body=Body(type="person"),
        )  # fmt: skip
    assert refusal.value.extra["annotation"] == str(there.uuid)


@pytest.mark.parametrize(
    "spans",
    [[], [[5, 5]], [[8, 3]], [[0, 9999]], [[-1, 4]], [[0, 5], [3, 9]], [[3, 4]], [["a", 4]],
     "0-5", None, [[0, 1, 2]], [[0.0, 4.0]], [[True, 4]]],
)  # fmt: skip
def test_spans_that_cannot_be_are_refused_naming_the_field(article, ada, spans) -> None:
    with pytest.raises(Refused) as refusal:
        deciding.add(article=article, editor=ada, kind="claim", spans=spans)
    assert refusal.value.field == "spans"
    assert not Annotation.objects.exists()


def test_a_place_of_an_older_text_is_carried_to_the_newest(article, ada) -> None:
    revise(article=article, text="Late. " + TEXT, actor=ada, seen_version=1)
    added = deciding.add(article=article, editor=ada, kind="claim", spans=[[0, 8]], revision=1)
    assert added.spans == [[6, 14]]


@pytest.mark.parametrize("number", [1, 3])
def test_a_place_without_a_certain_place_in_the_newest_text_is_refused(
    number, article, ada
) -> None:
    revise(article=article, text="All is different now.", actor=ada, seen_version=1)
    with pytest.raises(Refused) as refusal:
        deciding.add(article=article, editor=ada, kind="claim", spans=[[0, 8]], revision=number)
    assert refusal.value.field == "revision"


def test_a_deleted_annotation_is_gone_for_readers_and_can_be_restored(article, ada) -> None:
    added = deciding.add(article=article, editor=ada, kind="claim", spans=[[0, 8]])
    deleted = deciding.delete(annotation=added, editor=ada, seen_version=1)
    assert not Annotation.objects.kept().exists()
    restored = deciding.restore(annotation=deleted, editor=ada, seen_version=2)
    assert (restored.status, restored.deleted_at) == ("accepted", None)


def test_those_who_are_no_editors_decide_nothing(article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    with pytest.raises(PermissionDenied):
        deciding.accept(annotation=mention, editor=UserFactory(), seen_version=1)


def test_a_claim_is_not_tied_to_a_source_of_another_story(article, ada) -> None:
    claim = suggest(article, "claim", "The bridge is safe")
    elsewhere = suggest(make_article(), "source", "Ana Ruiz")
    with pytest.raises(Refused):
        deciding.tie(claim=claim, source=elsewhere, editor=ada)


def test_tying_twice_changes_the_tie(article, ada) -> None:
    claim = suggest(article, "claim", "The bridge is safe")
    source = suggest(article, "source", "Ruiz", occurrence=2)
    deciding.tie(claim=claim, source=source, editor=ada)
    tie = deciding.tie(claim=claim, source=source, editor=ada, mode="denies")
    assert (tie.version, tie.mode) == (2, "denies")


def test_a_decision_is_logged_with_its_state_before_and_after(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    deciding.reject(annotation=mention, editor=ada, seen_version=1)
    change = Change.objects.of(mention).get()
    assert (change.before["status"], change.after["status"]) == ("suggested", "rejected")
    assert change.actor == ada


def test_a_refused_decision_leaves_nothing_behind(article, ada) -> None:
    EntityFactory(name="Ruiz", type="person")
    EntityFactory(name="Ruiz", type="person")
    source = suggest(article, "source", "Ruiz", occurrence=2, type="person")
    before = Change.objects.count()
    with pytest.raises(Refused):
        deciding.accept(annotation=source, editor=ada, seen_version=1)
    assert (Change.objects.count(), Source.objects.count()) == (before, 0)


BAD_ROWS = [
    {"spans": [[0, 5000]]},
    {"spans": [[5, 5]]},
    {"spans": [[0, 5], [3, 9]]},
    {"status": "perhaps"},
    {"kind": "claim"},
    {"type": "planet"},
    {"confidence": 1.5},
    {"suggester": None, "creator": None},
]


@pytest.mark.parametrize("values", BAD_ROWS, ids=",".join)
def test_the_database_holds_the_rules_too(article, values) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    with pytest.raises(IntegrityError), transaction.atomic():
        Annotation.objects.filter(pk=mention.pk).update(**values)


def test_the_database_refuses_a_second_annotation_at_a_place(article) -> None:
    suggest(article, "entity", "Ana Ruiz")
    with pytest.raises(IntegrityError), transaction.atomic():
        suggest(article, "entity", "Ana Ruiz")


def test_the_database_refuses_an_accepted_claim_without_its_claim(article) -> None:
    words = suggest(article, "claim", "The bridge is safe")
    with pytest.raises(IntegrityError), transaction.atomic():
        Annotation.objects.filter(pk=words.pk).update(status="accepted")


def test_the_database_refuses_to_alter_a_decision(article, ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    deciding.reject(annotation=mention, editor=ada, seen_version=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.update(action="accept")
