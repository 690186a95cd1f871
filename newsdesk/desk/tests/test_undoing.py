"""Steps are taken back from the log, and done again."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import deciding
from annotations.models import Alias, Annotation, Attribution, Claim, Entity, Source
from annotations.tests.factories import EntityFactory, span_of, suggest, suggest_tie
from articles.changes import Change
from articles.revising import revise
from articles.tests.factories import make_article
from newsdesk.desk import undoable
from newsdesk.desk.tests.stepping import accept, act, do, send, state, undo

pytestmark = pytest.mark.django_db


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


def test_what_a_sender_said_of_the_thing_before_comes_back_with_it(article, as_ada) -> None:
    said = {"mood": "calm", "@kept": {"body": {"rest": {"mood": "calm"}}}}
    mention = suggest(article, "entity", "Ana Ruiz", extra=said)
    other = EntityFactory(name="Bo Lund")
    step, _ = do(as_ada, article, act("change", mention, entity=other.pk))
    mention.refresh_from_db()
    assert mention.extra == {"mood": "calm"}
    undo(as_ada, article, step)
    mention.refresh_from_db()
    assert mention.extra == said


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


def test_undoing_many_deletions_costs_the_same_however_many_there_were(as_ada) -> None:
    costs = []
    for tags in (5, 50):
        words = [f"Name{number:02}of{tags}" for number in range(tags)]
        article = make_article(" ".join(f"{word} spoke." for word in words))
        made = [suggest(article, "entity", word) for word in words]
        step, _ = do(as_ada, article, *[act("delete", one) for one in made])
        rows = undoable.rows_of(article_id=article.pk, editor=as_ada.session["_auth_user_id"],
                                step=UUID(step))  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            _, results = undo(as_ada, article, step, *rows)
        assert {result["status"] for result in results} == {200}
        assert article.annotations.kept().count() == tags
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_what_was_deleted_does_not_come_back_where_another_one_is_now(
    article, mention, as_ada, as_bo
) -> None:
    step, _ = do(as_ada, article, act("delete", mention))
    added = {"action": "add", "id": str(uuid4()), "kind": "entity", "type": "person",
             "spans": mention.spans}  # fmt: skip
    do(as_bo, article, added)
    _, [result] = undo(as_ada, article, step)
    assert (result["status"], result["field"]) == (422, "spans")
    assert article.annotations.kept().filter(kind="entity", spans=mention.spans).count() == 1
