from __future__ import annotations

import pytest
from django.utils import timezone

from annotations import deciding, reading, suggesting
from annotations.deciding import Body
from annotations.models import Annotation, Attribution, Run
from annotations.nlp.predictions import ClaimSpans, Mention, Predictions, Span, Tie
from annotations.nlp.suggester import Document
from annotations.tests.factories import EntityFactory, span_of
from articles.changes import Change
from articles.models import Article
from articles.revising import revise
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

TEXT = (
    "Ana Ruiz opened the bridge. The Amaro Bridge Authority (ABA) said that it was safe.\n\n"
    "“It is old,” said Ana Ruiz, who asked for a report.\n\nRead also: Ana Ruiz in court"
)


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def article() -> Article:
    EntityFactory(name="Ana Ruiz")
    return make_article(TEXT, title="Bridge")


def run_of(article: Article) -> Run:
    return Run.objects.filter(revision__article=article).first()


def read(article: Article, **options) -> Run:
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk, **options)
    run.refresh_from_db()
    return run


def words(kind: str, **match) -> list[str]:
    found = Annotation.objects.kept().filter(kind=kind, **match).select_related("revision")
    return [" … ".join(a.words()) for a in found.order_by("start")]


def test_saving_a_story_queues_one_run(article) -> None:
    assert run_of(article).state == "queued"
    assert reading.queue_run(revision=article.revision) == run_of(article)


def test_a_story_is_read_for_entities_claims_and_sources(article) -> None:
    run = read(article)
    assert (run.state, run.progress, run.error) == ("done", 100, "")
    assert words("entity") == ["Ana Ruiz", "Amaro Bridge Authority", "ABA", "Ana Ruiz"]
    assert words("claim") == ["that it was safe", "“It is old,”"]
    assert words("source") == ["The Amaro Bridge Authority (ABA)", "Ana Ruiz"]
    assert Attribution.objects.count() == 2


def test_boilerplate_is_not_read(article) -> None:
    read(article)
    assert max(Annotation.objects.values_list("end", flat=True)) < TEXT.index("Read also")


def test_a_known_name_is_linked_to_its_entity(article) -> None:
    read(article)
    assert Annotation.objects.filter(entity__name="Ana Ruiz").count() == 2


def test_each_suggestion_keeps_its_suggester_version_and_score(article) -> None:
    read(article)
    versions = {one.name: one.version for one in suggesting.current_suggesters()}
    for annotation in Annotation.objects.select_related("suggester", "run"):
        assert annotation.suggester.version == versions[annotation.suggester.name]
        assert 0 < annotation.confidence <= 1
        assert annotation.reason
        assert annotation.run == run_of(article)


def test_reading_again_changes_nothing(article) -> None:
    read(article)
    before = list(Annotation.objects.order_by("pk").values())
    read(article)
    assert list(Annotation.objects.order_by("pk").values()) == before


def test_a_rejected_suggestion_is_not_proposed_again(article, ada) -> None:
    read(article)
    rejected = Annotation.objects.filter(kind="claim").first()
    deciding.reject(annotation=rejected, editor=ada, seen_version=1)
    read(article)
    rejected.refresh_from_db()
    assert rejected.status == "rejected"
    assert words("claim", status="suggested") == ["“It is old,”"]


def test_what_was_moved_is_not_suggested_at_its_old_place(article, ada) -> None:
    read(article)
    moved = Annotation.objects.filter(kind="claim").first()
    spans = [span_of(article, "it was safe")]
    deciding.change(annotation=moved, editor=ada, seen_version=1, spans=spans)
    read(article)
    assert words("claim") == ["it was safe", "“It is old,”"]


def test_what_was_deleted_is_not_brought_back(article, ada) -> None:
    read(article)
    gone = Annotation.objects.filter(kind="entity").first()
    deciding.delete(annotation=gone, editor=ada, seen_version=1)
    read(article)
    assert words("entity") == ["Amaro Bridge Authority", "ABA", "Ana Ruiz"]


def test_no_mention_is_suggested_across_an_accepted_one(article, ada) -> None:
    spans = [span_of(article, "Ana Ruiz opened")]
    deciding.add(article=article, editor=ada, kind="entity", spans=spans, body=Body(type="event"))
    read(article)
    assert words("entity")[0] == "Ana Ruiz opened"
    assert words("entity").count("Ana Ruiz") == 1


def test_a_tie_that_somebody_undid_stays_undone(article, ada) -> None:
    read(article)
    tie = Attribution.objects.with_ends().first()
    deciding.untie(attribution=tie, editor=ada, seen_version=1)
    read(article)
    assert Attribution.objects.filter(status="rejected").count() == 1
    assert Attribution.objects.count() == 2


def test_an_undecided_suggestion_that_is_not_found_again_is_taken_back(article) -> None:
    read(article)
    run = read(article, suggesters=[])
    assert run.state == "done"
    assert not Annotation.objects.kept().exists()


def test_a_name_that_an_editor_accepted_is_found_in_the_next_story(article, ada) -> None:
    spans = [span_of(article, "the bridge")]
    body = Body(type="place", label="Old Crossing")
    deciding.add(article=article, editor=ada, kind="entity", spans=spans, body=body)
    later = make_article("They met at the Old Crossing on Monday.", title="Later")
    read(later)
    assert words("entity", article=later) == ["Old Crossing"]


class Failing:
    name, version = "failing", "1"

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        raise ZeroDivisionError("no such thing")


def test_a_run_that_fails_says_why_and_is_tried_again_later(article) -> None:
    run = read(article, suggesters=[Failing()])
    assert (run.state, run.attempt) == ("queued", 1)
    assert run.error == "ZeroDivisionError: no such thing"
    assert run.due_at > timezone.now()


def test_a_run_that_fails_five_times_is_given_up(article) -> None:
    run = run_of(article)
    for _ in range(reading.MAX_ATTEMPTS):
        suggesting.read(run.pk, [Failing()])
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.finished_at
    again = reading.queue_run(revision=article.revision)
    assert again.pk != run.pk


class Overtaken:
    """While it reads, another worker takes the run over."""

    name, version = "slow", "1"

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        Run.objects.update(attempt=9)
        span = Span(0, 8)
        return Predictions(mentions=[Mention(span, "person", "Ana", 0.9, "slow", self.name)])


def test_an_attempt_that_was_overtaken_stores_nothing(article) -> None:
    read(article, suggesters=[Overtaken()])
    assert not Annotation.objects.exists()
    assert run_of(article).state == "running"


class Revising:
    name, version = "revising", "1"

    def __init__(self, article: Article) -> None:
        self.article = article

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        revise(article=self.article, text=TEXT + " More.", actor=editor(), seen_version=1)
        span = Span(0, 8)
        return Predictions(mentions=[Mention(span, "person", "Ana", 0.9, "", self.name)])


def test_what_is_found_in_a_text_that_was_revised_meanwhile_stays_with_that_text(article) -> None:
    read(article, suggesters=[Revising(article)])
    assert not Annotation.objects.attached().exists()


def test_each_suggestion_is_a_change_of_the_log(article) -> None:
    read(article)
    suggested = Change.objects.filter(action="suggest", subject_type="annotation")
    assert suggested.count() == Annotation.objects.count()
    assert {change.agent for change in suggested} == {"reader"}


def test_the_sweep_wakes_a_worker_for_a_run_whose_wake_up_was_lost(article) -> None:
    Run.objects.update(sent_at=timezone.now() - reading.PATIENCE)
    woken: list[int] = []
    assert reading.sweep(woken.append) == [run_of(article).pk]
    assert reading.sweep(woken.append) == []
    assert woken == [run_of(article).pk]


def test_the_sweep_finds_a_run_whose_worker_died(article) -> None:
    reading.begin_attempt(run_of(article).pk)
    woken: list[int] = []
    reading.sweep(woken.append)
    assert woken == [run_of(article).pk]


def test_the_sweep_leaves_alone_what_is_not_due(article) -> None:
    read(article, suggesters=[Failing()])
    assert reading.sweep(lambda run_id: None) == []


def test_a_run_that_kills_its_worker_each_time_is_given_up(article) -> None:
    run = run_of(article)
    for _ in range(reading.MAX_ATTEMPTS):
        assert reading.begin_attempt(run.pk)
    assert reading.begin_attempt(run.pk) is None
    run.refresh_from_db()
    assert (run.state, "died" in run.error) == ("failed", True)


class Telling:
    """Suggests the first sentence as a claim of the outlet itself."""

    name, version = "telling", "1"

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        claim = ClaimSpans((Span(0, 26),), "Ana Ruiz opened the bridge.", 0.8, "", self.name)
        tie = Tie(claim, None, (), "indirect", "asserts", 0.8, "", self.name, by_outlet=True)
        return Predictions(claims=[claim], ties=[tie])


def test_what_nobody_is_said_to_have_said_is_the_outlets_own_claim(article) -> None:
    read(article, suggesters=[Telling()])
    tie = Attribution.objects.get()
    assert tie.by_outlet and tie.source is None
    assert tie.snapshot()["by_outlet"] is True
