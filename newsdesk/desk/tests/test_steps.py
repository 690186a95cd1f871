"""Steps: many decisions in one request, done once, and told to the page."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import deciding
from annotations.models import Decision
from annotations.tests.factories import EntityFactory, span_of, suggest
from articles.changes import Change
from articles.tests.factories import make_article
from newsdesk.desk import undoable
from newsdesk.desk.tests.stepping import accept, act, do, send, undo

pytestmark = pytest.mark.django_db


def test_many_decisions_are_one_step_of_the_log(article, mention, claim, as_ada, ada) -> None:
    step, results = do(as_ada, article, accept(mention), act("reject", claim))
    assert [result["status"] for result in results] == [200, 200]
    assert [result["changed"][0]["status"] for result in results] == ["accepted", "rejected"]
    tags = Change.objects.of_step(step, actor=ada).filter(subject_type="annotation")
    assert [change.action for change in tags] == ["accept", "reject"]


def test_one_that_is_refused_does_not_lose_the_others(article, mention, claim, bo, as_ada) -> None:
    deciding.reject(annotation=mention, editor=bo, seen_version=1)
    nobody = {"action": "accept", "id": str(uuid4()), "version": 1}
    _, results = do(as_ada, article, accept(mention), nobody, {"action": "x"}, accept(claim))
    assert [result["status"] for result in results] == [409, 422, 422, 200]
    assert (results[0]["by"], results[0]["current"]["status"]) == ("bo", "rejected")
    assert [result["field"] for result in results[1:3]] == ["id", "action"]


def test_a_step_that_is_sent_again_changes_nothing_and_is_answered_alike(
    article, mention, claim, source, as_ada
) -> None:
    added = {
        "action": "add", "id": str(uuid4()), "kind": "entity", "type": "place",
        "spans": [span_of(article, "bridge")],
    }  # fmt: skip
    tie = {
        "action": "tie",
        "id": str(uuid4()),
        "claim": str(claim.uuid),
        "source": str(source.uuid),
    }
    decisions = [accept(mention), act("reopen", mention, 2), accept(claim), added, tie]
    step, first = do(as_ada, article, *decisions)
    before = Change.objects.count()
    _, again = do(as_ada, article, *decisions, step=step)
    assert [one["status"] for one in again] == [200] * 5
    assert [one["changed"] for one in again] == [one["changed"] for one in first]
    assert again[4]["ties"] == first[4]["ties"]
    assert Change.objects.count() == before


def test_a_step_that_was_half_sent_is_finished(article, mention, claim, as_ada) -> None:
    step, _ = do(as_ada, article, accept(mention))
    _, results = do(as_ada, article, accept(mention), accept(claim), step=step)
    assert [result["status"] for result in results] == [200, 200]
    assert Decision.objects.count() == 2


def test_what_was_done_stays_done_though_a_colleague_went_on(article, mention, bo, as_ada) -> None:
    step, _ = do(as_ada, article, accept(mention))
    deciding.reject(annotation=mention, editor=bo, seen_version=2)
    _, [result] = do(as_ada, article, accept(mention), step=step)
    assert (result["status"], result["changed"][0]["version"]) == (200, 2)
    mention.refresh_from_db()
    assert mention.status == "rejected"


def test_the_step_of_one_is_not_the_step_of_another(article, mention, claim, as_ada, as_bo) -> None:
    step, _ = do(as_ada, article, accept(mention))
    _, [result] = do(as_bo, article, accept(mention), step=step)
    assert result["status"] == 409


def test_decisions_of_somebody_else_are_not_done_in_my_name(article, mention, as_bo) -> None:
    data = {"action": "batch", "step": str(uuid4()), "user": "ada", "decisions": [accept(mention)]}
    answer = send(as_bo, article, data)
    assert (answer.status_code, answer.json()["signed_in"]) == (403, "bo")
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"step": None}, "step"),
        ({"step": "x"}, "step"),
        ({"step": 3}, "step"),
        ({"undoes": "x"}, "undoes"),
        ({"undoes": str(UUID(int=7))}, "undoes"),
        ({"decisions": None}, "decisions"),
        ({"decisions": []}, "decisions"),
        ({"decisions": {}}, "decisions"),
        ({"decisions": [3]}, "decisions"),
        ({"decisions": [{}] * 5001}, "decisions"),
        ({"revision": "1"}, "revision"),
        ({"user": 3}, "user"),
    ],
)
def test_a_batch_that_will_not_do_is_refused_with_its_field(values, field, article, as_ada) -> None:
    sound = {"action": "batch", "step": str(uuid4()), "decisions": [{"action": "accept"}]}
    answer = send(as_ada, article, {**sound, **values})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    "decision",
    [
        {},
        {"action": None},
        {"action": ["accept"], "id": []},
        {"action": "accept"},
        {"action": "accept", "id": "x"},
        {"action": "accept", "id": "\0", "version": 1},
        {"action": "reject", "id": {"a": 1}, "version": 1},
        {"action": "batch", "decisions": []},
        {"action": "revert", "id": str(UUID(int=7))},
        {"action": "revert", "id": str(UUID(int=7)), "subject": "tie"},
        {"action": "tie", "claim": [], "source": {}},
    ],
)
def test_nonsense_in_a_batch_is_refused_by_itself(decision, article, mention, as_ada) -> None:
    _, results = do(as_ada, article, decision, accept(mention))
    assert [result["status"] for result in results] == [422, 200]
    assert results[0]["detail"]


def test_a_batch_costs_the_same_however_many_are_decided(as_ada) -> None:
    costs = []
    for tags in (5, 50):
        words = [f"Name{number:02}of{tags}" for number in range(tags)]
        article = make_article(" ".join(f"{word} spoke." for word in words))
        entity = EntityFactory(name="Somebody")
        made = [suggest(article, "entity", word, entity=entity) for word in words]
        with CaptureQueriesContext(connection) as queries:
            do(as_ada, article, *[act("reject", one) for one in made])
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_page_is_told_my_steps_with_what_they_changed(
    article, mention, claim, ada, as_ada, as_bo
) -> None:
    step, _ = do(as_ada, article, accept(mention), act("reject", claim))
    undoing, _ = undo(as_ada, article, step)
    do(as_bo, article, act("reject", claim, 3))
    told = undoable.steps_of(article=article, editor=ada)
    assert [(one["step"], one["undoes"]) for one in told] == [(step, None), (undoing, step)]
    assert [(row["id"], row["before"]["status"]) for row in told[0]["rows"]] == [
        (str(claim.uuid), "suggested"),
        (str(mention.uuid), "suggested"),
    ]


def test_a_step_of_very_many_is_told_without_its_rows_which_can_be_asked_for(
    article, mention, claim, ada, as_ada, monkeypatch
) -> None:
    monkeypatch.setattr(undoable, "ROWS", 1)
    step, _ = do(as_ada, article, act("reject", mention), act("reject", claim))
    assert undoable.steps_of(article=article, editor=ada)[0]["rows"] is None
    rows = as_ada.get(f"/desk/articles/{article.pk}/steps/{step}").json()["rows"]
    assert [row["id"] for row in rows] == [str(claim.uuid), str(mention.uuid)]


def test_the_rows_of_a_step_of_somebody_else_are_not_told(article, mention, as_ada, as_bo) -> None:
    step, _ = do(as_ada, article, accept(mention))
    assert as_bo.get(f"/desk/articles/{article.pk}/steps/{step}").status_code == 404


def test_a_decision_by_form_is_a_step_too(article, mention, ada, as_ada) -> None:
    as_ada.post(f"/desk/articles/{article.pk}/decisions", {"do": f"accept:{mention.uuid}:1"})
    assert len(undoable.steps_of(article=article, editor=ada)) == 1
