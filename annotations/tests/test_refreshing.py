from __future__ import annotations

import pytest

from annotations import deciding, reading, suggesting
from annotations.models import Annotation
from annotations.nlp.predictions import ClaimSpans, Mention, Predictions, SourceSpan, Span
from annotations.tests.factories import (
    ClaimFactory,
    EntityFactory,
    SuggesterOf,
    span_of,
)
from articles.changes import Change
from articles.models import Article
from articles.revising import revise
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz said on Monday that the old bridge was safe."


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Bridge")


def read(article: Article, **says) -> None:
    """Have the article read by somebody who finds Ana Ruiz, as a mention and as a source, and a
    claim, and says of them what is given."""
    name, claim = (
        Span(*span_of(article, "Ana Ruiz")),
        Span(*span_of(article, "the old bridge was safe")),
    )
    sure = says.get("confidence", 0.8)
    found = Predictions(
        mentions=[Mention(name, says.get("type", "person"), "Ana Ruiz", sure, "read", "test")],
        sources=[SourceSpan(name, "person", says.get("called", "Ruiz"), sure, "speaks", "test")],
        claims=[ClaimSpans((claim,), says.get("sentence", "The bridge is safe."), sure, "", "test")],
    )  # fmt: skip
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk, suggesters=[SuggesterOf(found)])


def the(kind: str) -> Annotation:
    return Annotation.objects.kept().with_bodies().get(kind=kind)


def test_a_name_that_the_desk_knows_now_is_linked_when_it_is_read_again(article) -> None:
    read(article)
    assert the("entity").proposal == {"new": True}
    ana = EntityFactory(name="Ana Ruiz")
    read(article)
    assert (the("entity").entity, the("entity").proposal) == (ana, {})
    assert "Ana Ruiz" in the("entity").label


def test_candidates_that_came_since_are_proposed(article) -> None:
    read(article)
    place = EntityFactory(name="Ana Ruiz", type="place")
    read(article)
    assert the("entity").proposal == {"candidates": [place.pk]}


def test_a_claim_said_before_is_found_when_it_is_read_again(article) -> None:
    read(article)
    assert the("claim").proposal == {}
    claim = ClaimFactory(text="The bridge is safe.")
    read(article)
    assert the("claim").proposal == {"said_before": [{"claim": claim.pk, "similarity": 1.0}]}


def test_what_another_reading_says_of_a_place_replaces_what_was_said(article) -> None:
    read(article)
    read(article, type="organisation", called="Ana Ruiz", sentence="It holds.", confidence=0.6)
    said = [(a.type, a.label, a.confidence) for a in map(the, ("entity", "source", "claim"))]
    assert said == [
        ("organisation", "Ana Ruiz", 0.6), ("person", "Ana Ruiz", 0.6), ("", "It holds.", 0.6),
    ]  # fmt: skip


def test_a_refreshed_suggestion_is_the_newer_runs_and_a_new_version(article) -> None:
    read(article)
    first = the("claim")
    read(article, sentence="It holds.")
    assert (the("claim").pk, the("claim").version) == (first.pk, 2)
    assert the("claim").run_id > first.run_id


def test_each_refreshing_is_a_change_of_the_log(article) -> None:
    read(article)
    read(article, sentence="It holds.")
    (change,) = Change.objects.filter(action="refresh")
    assert (change.agent, change.subject_id) == ("reader", str(the("claim").uuid))
    assert (change.before["label"], change.after["label"]) == ("The bridge is safe.", "It holds.")


def test_what_reads_the_same_is_not_written(article) -> None:
    read(article)
    before = list(Annotation.objects.order_by("pk").values())
    read(article)
    assert list(Annotation.objects.order_by("pk").values()) == before
    assert not Change.objects.filter(action="refresh").exists()


@pytest.mark.parametrize("decide", [deciding.accept, deciding.reject])
def test_what_a_person_decided_is_not_refreshed(article, ada, decide) -> None:
    read(article)
    decide(annotation=the("claim"), editor=ada, seen_version=1)
    read(article, sentence="It holds.", confidence=0.6)
    assert (the("claim").label, the("claim").confidence) == ("The bridge is safe.", 0.8)


def test_what_a_person_opened_again_is_not_refreshed(article, ada) -> None:
    read(article)
    deciding.reject(annotation=the("claim"), editor=ada, seen_version=1)
    deciding.reopen(annotation=the("claim"), editor=ada, seen_version=2)
    read(article, sentence="It holds.")
    assert the("claim").label == "The bridge is safe."


def test_nor_is_it_where_the_text_moved_since(article, ada) -> None:
    read(article)
    deciding.reject(annotation=the("claim"), editor=ada, seen_version=1)
    deciding.reopen(annotation=the("claim"), editor=ada, seen_version=2)
    revise(article=article, text=f"Yes. {TEXT}", actor=ada, seen_version=1)
    article.refresh_from_db()
    read(article, sentence="It holds.")
    assert the("claim").label == "The bridge is safe."


def test_what_a_person_tied_is_not_refreshed(article, ada) -> None:
    read(article)
    deciding.tie(claim=the("claim"), source=the("source"), editor=ada)
    read(article, sentence="It holds.", called="Ana Ruiz")
    assert (the("claim").label, the("source").label) == ("The bridge is safe.", "Ruiz")


def test_what_a_person_added_is_not_refreshed(article, ada) -> None:
    spans = [span_of(article, "the old bridge was safe")]
    deciding.add(article=article, editor=ada, kind="claim", spans=spans)
    label = the("claim").label
    read(article, sentence="It holds.")
    assert the("claim").label == label


def test_who_decides_on_what_was_refreshed_meanwhile_is_told_so(article, ada) -> None:
    read(article)
    seen = the("claim")
    read(article, sentence="It holds.")
    with pytest.raises(deciding.StaleVersion):
        deciding.accept(annotation=seen, editor=ada, seen_version=seen.version)
