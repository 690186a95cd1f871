"""Steps: many decisions in one request, done once, and taken back from the log."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import deciding
from annotations.models import Alias, Annotation, Attribution, Claim, Decision, Entity, Source
from annotations.tests.factories import EntityFactory, span_of, suggest, suggest_tie
from articles.changes import Change
from articles.revising import revise
from articles.tests.factories import make_article
from newsdesk.desk import undoable

pytestmark = pytest.mark.django_db


def send(client, article, data):
    where = f"/desk/articles/{article.pk}/decisions"
    return client.post(where, json.dumps(data), content_type="application/json")


def do(client, article, *decisions, step=None, **more):
    """Send decisions as one step; its identifier and the results."""
    step = step or str(uuid4())
    data = {"action": "batch", "step": step, "decisions": list(decisions), **more}
    answer = send(client, article, data)
    assert answer.status_code == 200, answer.json()
    return step, answer.json()["results"]


def undo(client, article, step, *rows, **more):
    """Take a step back, as the page does: with the rows that the log has of it."""
    editor = client.session["_auth_user_id"]
    rows = rows or undoable.rows_of(article_id=article.pk, editor=editor, step=UUID(step))
    decisions = [
        {"action": "revert", "id": row["id"], "subject": row["subject"], **more} for row in rows
    ]
    return do(client, article, *decisions, undoes=step)


def accept(one, version=1, **more):
    return {"action": "accept", "id": str(one.uuid), "version": version, **more}


def act(action, one, version=1, **more):
    return {**accept(one, version, **more), "action": action}


@pytest.fixture
def mention(article) -> Annotation:
    return suggest(article, "entity", "Ana Ruiz")


@pytest.fixture
def claim(article) -> Annotation:
    return suggest(article, "claim", "The bridge is safe")


@pytest.fixture
def source(article) -> Annotation:
    return suggest(article, "source", "the ministry", label="Ministry of Works")


def state(row) -> dict:
    row = type(row).objects.get(pk=row.pk)
    return {name: value for name, value in row.snapshot().items() if name != "version"}


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


def test_undoing_an_acceptance_opens_it_and_takes_back_what_was_made_for_it(
    article, mention, as_ada
) -> None:
    before = state(mention)
    step, _ = do(as_ada, article, accept(mention))
    undo(as_ada, article, step)
    assert state(mention) == before
    assert not Entity.objects.exists()
    assert Change.objects.filter(action="discard", subject_type="entity").count() == 1


def test_an_undoing_is_undone(article, mention, as_ada) -> None:
    step, _ = do(as_ada, article, accept(mention))
    undoing, _ = undo(as_ada, article, step)
    _, [result] = undo(as_ada, article, undoing)
    assert (result["status"], result["changed"][0]["status"]) == (200, "accepted")
    assert Entity.objects.get().name == "Ana Ruiz"


def test_an_entity_that_is_used_elsewhere_outlives_the_undoing(
    article, mention, ada, as_ada
) -> None:
    step, _ = do(as_ada, article, accept(mention))
    other = suggest(make_article("Ana Ruiz spoke."), "entity", "Ana Ruiz")
    deciding.accept(annotation=other, editor=ada, seen_version=1)
    undo(as_ada, article, step)
    assert Entity.objects.count() == 1
    mention.refresh_from_db()
    assert (mention.status, mention.entity) == ("suggested", None)


def test_an_entity_that_somebody_described_outlives_the_undoing(article, mention, as_ada) -> None:
    step, _ = do(as_ada, article, accept(mention))
    Entity.objects.update(version=2)
    undo(as_ada, article, step)
    assert Entity.objects.exists()


def test_an_alias_learned_by_an_undone_acceptance_is_forgotten(article, mention, as_ada) -> None:
    entity = EntityFactory(name="Ana Maria Ruiz")
    step, _ = do(as_ada, article, act("change", mention, entity=entity.pk))
    assert Alias.objects.get().text == "Ana Ruiz"
    undo(as_ada, article, step)
    assert not Alias.objects.exists()


def test_an_alias_that_another_mention_taught_too_is_kept(article, mention, ada, as_ada) -> None:
    entity = EntityFactory(name="Ana Maria Ruiz")
    step, _ = do(as_ada, article, act("change", mention, entity=entity.pk))
    other = suggest(make_article("Ana Ruiz spoke."), "entity", "Ana Ruiz", entity=entity)
    deciding.accept(annotation=other, editor=ada, seen_version=1)
    undo(as_ada, article, step)
    assert Alias.objects.exists()


def test_undoing_an_addition_takes_its_entity_with_it_and_redoing_brings_both(
    article, as_ada
) -> None:
    added = {
        "action": "add", "id": str(uuid4()), "kind": "entity", "type": "person",
        "spans": [span_of(article, "Ana Ruiz")],
    }  # fmt: skip
    step, _ = do(as_ada, article, added)
    undoing, _ = undo(as_ada, article, step)
    assert not Annotation.objects.kept().exists()
    assert not Entity.objects.exists()
    undo(as_ada, article, undoing)
    mention = Annotation.objects.kept().get()
    assert (mention.status, mention.entity.name) == ("accepted", "Ana Ruiz")


@pytest.mark.parametrize("kind", ["claim", "source"])
def test_undoing_takes_claims_and_sources_that_were_made(
    kind, article, claim, source, as_ada
) -> None:
    one = {"claim": claim, "source": source}[kind]
    before = state(one)
    step, _ = do(as_ada, article, accept(one))
    undo(as_ada, article, step)
    assert state(one) == before
    assert not Claim.objects.exists()
    assert not Source.objects.exists()
    assert not Entity.objects.exists()


def test_undoing_opens_the_tie_that_the_acceptance_settled(
    article, claim, source, ada, as_ada
) -> None:
    tie = suggest_tie(claim, source)
    deciding.accept(annotation=claim, editor=ada, seen_version=1)
    step, _ = do(as_ada, article, accept(source))
    undoing, _ = undo(as_ada, article, step, {"id": str(source.uuid), "subject": "annotation"})
    assert state(tie)["status"] == "suggested"
    undo(as_ada, article, undoing)
    assert state(tie)["status"] == "accepted"


def test_ties_are_undone_and_done_again(article, claim, source, as_ada) -> None:
    ends = {"claim": str(claim.uuid), "source": str(source.uuid)}
    step, [tied] = do(as_ada, article, {"action": "tie", "id": str(uuid4()), **ends})
    undoing, [result] = undo(as_ada, article, step)
    assert result["ties"][0]["status"] == "rejected"
    undo(as_ada, article, undoing)
    assert Attribution.objects.get().status == "accepted"
    untie = {"action": "untie", "id": tied["ties"][0]["id"], "version": 3}
    step, _ = do(as_ada, article, untie)
    undo(as_ada, article, step)
    assert Attribution.objects.get().status == "accepted"


CHANGES = {
    "a type": {"type": "place"},
    "a name": {"label": "Ana María Ruiz"},
    "a span": {"spans": [[4, 8]]},
}


@pytest.mark.parametrize("values", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "suggested"])
def test_undoing_a_change_puts_everything_back(accepted, values, article, ada, as_ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    if accepted:
        deciding.accept(annotation=mention, editor=ada, seen_version=1)
        mention.refresh_from_db()
    before = state(mention)
    step, _ = do(as_ada, article, act("change", mention, mention.version, **values))
    undo(as_ada, article, step)
    assert state(mention) == before


@pytest.mark.parametrize("action", ["reject", "delete"])
def test_rejecting_and_removing_are_undone(action, article, mention, as_ada) -> None:
    before = state(mention)
    step, _ = do(as_ada, article, act(action, mention))
    undoing, _ = undo(as_ada, article, step)
    assert state(mention) == before
    undo(as_ada, article, undoing)
    assert state(mention) != before


def test_two_decisions_on_one_tag_in_one_step_are_undone_as_one(article, mention, as_ada) -> None:
    before = state(mention)
    change = act("change", mention, type="place")
    step, _ = do(as_ada, article, change, act("reject", mention, 2))
    undo(as_ada, article, step)
    assert state(mention) == before


def test_an_undoing_does_not_overwrite_what_a_colleague_decided_since(
    article, mention, bo, as_ada
) -> None:
    step, _ = do(as_ada, article, accept(mention))
    deciding.change(
        annotation=mention, editor=bo, seen_version=2, body=deciding.Body(label="Ana of Amaro")
    )
    _, [result] = undo(as_ada, article, step)
    assert (result["status"], result["by"]) == (409, "bo")
    assert state(mention)["name"] == "Ana of Amaro"
    _, [result] = undo(as_ada, article, step, over=3)
    assert (result["status"], state(mention)["status"]) == (200, "suggested")


def test_an_undoing_over_a_version_that_is_past_is_refused(article, mention, bo, as_ada) -> None:
    step, _ = do(as_ada, article, accept(mention))
    deciding.reject(annotation=mention, editor=bo, seen_version=2)
    _, [result] = undo(as_ada, article, step, over=2)
    assert (result["status"], state(mention)["status"]) == (409, "rejected")


def test_an_undoing_does_not_overwrite_my_own_later_step(article, mention, as_ada) -> None:
    step, _ = do(as_ada, article, accept(mention))
    do(as_ada, article, act("reject", mention, 2))
    _, [result] = undo(as_ada, article, step)
    assert (result["status"], state(mention)["status"]) == (409, "rejected")


def test_a_new_text_is_no_obstacle_to_undoing(article, mention, ada, as_ada) -> None:
    step, _ = do(as_ada, article, accept(mention))
    revise(article=article, text=f"Late on Monday. {article.text}", actor=ada, seen_version=1)
    _, [result] = undo(as_ada, article, step)
    assert (result["status"], state(mention)["status"]) == (200, "suggested")
    assert (state(mention)["revision"], state(mention)["spans"]) == (2, [[16, 24]])


def test_what_was_removed_comes_back_at_its_place_in_the_new_text(
    article, mention, ada, as_ada
) -> None:
    step, _ = do(as_ada, article, act("delete", mention))
    revise(article=article, text=f"Late on Monday. {article.text}", actor=ada, seen_version=1)
    undo(as_ada, article, step)
    assert (state(mention)["revision"], state(mention)["spans"]) == (2, [[16, 24]])


def test_the_step_of_somebody_else_cannot_be_undone(article, mention, as_ada, as_bo) -> None:
    step, _ = do(as_ada, article, accept(mention))
    row = {"action": "revert", "id": str(mention.uuid)}
    data = {"action": "batch", "step": str(uuid4()), "undoes": step, "decisions": [row]}
    answer = send(as_bo, article, data)
    assert (answer.status_code, answer.json()["field"]) == (422, "undoes")


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
