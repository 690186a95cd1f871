from __future__ import annotations

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import deciding
from annotations.models import Attribution, Decision, Entity
from annotations.tests.factories import EntityFactory, span_of, suggest, suggest_tie
from articles.revising import revise
from articles.tests.factories import UserFactory, make_article

pytestmark = pytest.mark.django_db


def decide(client, article, data):
    where = f"/desk/articles/{article.pk}/decisions"
    return client.post(where, data, content_type="application/json")


def test_accepting_gives_back_how_the_annotation_stands(article, mention, as_ada) -> None:
    answer = decide(as_ada, article, {"action": "accept", "id": str(mention.uuid), "version": 1})
    [changed] = answer.json()["changed"]
    assert (answer.status_code, changed["status"], changed["version"]) == (200, "accepted", 2)
    assert changed["body"]["id"] == Entity.objects.get().pk


@pytest.mark.parametrize(
    ("action", "status"), [("reject", "rejected"), ("accept", "accepted"), ("change", "accepted")]
)
def test_each_decision_does_what_its_name_says(action, status, article, mention, as_ada) -> None:
    data = {"action": action, "id": str(mention.uuid), "version": 1, "type": "person"}
    decide(as_ada, article, data)
    mention.refresh_from_db()
    assert mention.status == status


def test_a_decision_can_be_taken_back(article, mention, as_ada) -> None:
    for version, action in enumerate(("reject", "reopen"), start=1):
        data = {"action": action, "id": str(mention.uuid), "version": version}
        assert decide(as_ada, article, data).status_code == 200
    mention.refresh_from_db()
    assert mention.status == "suggested"


def test_an_annotation_is_deleted_and_brought_back(article, mention, as_ada) -> None:
    for version, (action, deleted) in enumerate((("delete", True), ("restore", False)), start=1):
        data = {"action": action, "id": str(mention.uuid), "version": version}
        [changed] = decide(as_ada, article, data).json()["changed"]
        assert changed["deleted"] is deleted


def test_a_tag_is_attached_to_an_entity(article, mention, as_ada) -> None:
    entity = EntityFactory(name="Ana Maria Ruiz")
    data = {"action": "change", "id": str(mention.uuid), "version": 1, "entity": entity.pk}
    [changed] = decide(as_ada, article, data).json()["changed"]
    assert (changed["name"], changed["body"]["id"]) == ("Ana Maria Ruiz", entity.pk)


def test_a_tag_goes_back_to_the_body_it_had(article, claim, ada, as_ada) -> None:
    first = deciding.accept(annotation=claim, editor=ada, seen_version=1).claim
    deciding.change(
        annotation=claim, editor=ada, seen_version=2, body=deciding.Body(label="Something else.")
    )
    data = {"action": "change", "id": str(claim.uuid), "version": 3, "body": first.pk}
    [changed] = decide(as_ada, article, data).json()["changed"]
    assert changed["body"]["id"] == first.pk


def test_a_claim_is_accepted_with_the_sentence_that_was_typed(article, claim, as_ada) -> None:
    sentence = "The bridge of Port Amaro is safe."
    data = {"action": "accept", "id": str(claim.uuid), "version": 1, "label": sentence}
    assert decide(as_ada, article, data).json()["changed"][0]["name"] == sentence


def test_accepting_a_claim_leaves_its_source_for_its_own_key(
    article, claim, source, as_ada
) -> None:
    suggest_tie(claim, source)
    answer = decide(as_ada, article, {"action": "accept", "id": str(claim.uuid), "version": 1})
    source.refresh_from_db()
    assert (source.status, answer.json()["ties"][0]["status"]) == ("suggested", "suggested")


def test_accepting_the_second_end_gives_back_the_tie_that_it_settled(
    article, claim, source, as_ada
) -> None:
    suggest_tie(claim, source)
    for one in (claim, source):
        answer = decide(as_ada, article, {"action": "accept", "id": str(one.uuid), "version": 1})
    assert [tie["status"] for tie in answer.json()["ties"]] == ["accepted"]


def test_a_claim_is_tied_to_a_source_and_untied(article, claim, source, as_ada) -> None:
    data = {"action": "tie", "claim": str(claim.uuid), "source": str(source.uuid)}
    cue = [span_of(article, "according to")]
    [tie] = decide(as_ada, article, {**data, "cue": cue, "mode": "suggests"}).json()["ties"]
    assert (tie["status"], tie["cue"], tie["mode"]) == ("accepted", cue, "suggests")
    data = {"action": "untie", "id": tie["id"], "version": tie["version"]}
    [tie] = decide(as_ada, article, data).json()["ties"]
    assert tie["status"] == "rejected"


def test_a_tie_that_a_colleague_changed_since_is_not_overwritten(
    article, claim, source, bo, as_ada
) -> None:
    tie = suggest_tie(claim, source)
    deciding.tie(claim=claim, source=source, editor=bo, mode="denies")
    data = {"action": "tie", "claim": str(claim.uuid), "source": str(source.uuid), "version": 1}
    answer = decide(as_ada, article, data)
    assert (answer.status_code, answer.json()["by"]) == (409, "bo")
    tie.refresh_from_db()
    assert tie.mode == "denies"


def test_a_claim_is_tied_to_nobody(article, claim, as_ada) -> None:
    data = {"action": "tie", "claim": str(claim.uuid), "source": None}
    assert decide(as_ada, article, data).json()["ties"][0]["source"] is None


def added(article, **values) -> dict:
    spans = [span_of(article, "An official")]
    return {"action": "add", "kind": "source", "type": "unnamed", "spans": spans, **values}


def test_words_are_tagged(article, ada, as_ada) -> None:
    [changed] = decide(as_ada, article, added(article, revision=1)).json()["changed"]
    assert (changed["name"], changed["status"]) == ("An official", "accepted")
    assert changed["creator"] == "ada"


def test_words_are_tagged_as_a_thing_that_is_known(article, as_ada) -> None:
    official = EntityFactory(name="Ben Oda")
    [changed] = decide(
        as_ada, article, added(article, kind="entity", type="person", body=official.pk)
    ).json()["changed"]
    assert (changed["name"], changed["body"]["id"]) == ("Ben Oda", official.pk)


def test_an_addition_that_is_sent_again_is_done_once(article, as_ada) -> None:
    data = added(article, id=str(uuid.UUID(int=7)))
    answers = [decide(as_ada, article, data).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Decision.objects.count() == 1


def test_an_identifier_of_another_article_is_refused(article, ada, as_ada) -> None:
    other = suggest(make_article("Ana Ruiz spoke."), "entity", "Ana Ruiz")
    answer = decide(as_ada, article, added(article, id=str(other.uuid)))
    assert (answer.status_code, answer.json()["field"]) == (422, "id")


def test_an_addition_for_an_older_text_is_carried_to_the_newest(article, ada, as_ada) -> None:
    data = added(article, revision=1)
    revise(article=article, text=f"Late on Monday. {article.text}", actor=ada, seen_version=1)
    article.refresh_from_db()
    [changed] = decide(as_ada, article, data).json()["changed"]
    assert (changed["revision"], changed["spans"]) == (2, [span_of(article, "An official")])


def test_an_addition_without_a_certain_place_in_the_newest_text_is_refused_with_its_words(
    article, ada, as_ada
) -> None:
    data = added(article, revision=1)
    revise(article=article, text="All is different now.", actor=ada, seen_version=1)
    answer = decide(as_ada, article, data)
    assert (answer.status_code, answer.json()["field"]) == (422, "revision")
    assert answer.json()["words"] == "An official"


def test_an_acceptance_for_an_older_text_holds_where_only_the_text_moved(
    article, mention, ada, as_ada
) -> None:
    revise(article=article, text=f"Late on Monday. {article.text}", actor=ada, seen_version=1)
    answer = decide(as_ada, article, {"action": "accept", "id": str(mention.uuid), "version": 1})
    assert (answer.status_code, answer.json()["changed"][0]["version"]) == (200, 3)


def test_a_place_that_is_taken_names_the_annotation_that_is_there(article, mention, as_ada) -> None:
    data = added(article, kind="entity", type="person", spans=mention.spans)
    answer = decide(as_ada, article, data)
    assert (answer.status_code, answer.json()["annotation"]) == (422, str(mention.uuid))


def test_who_was_slower_is_told_how_it_stands_and_by_whom(article, mention, bo, as_ada) -> None:
    deciding.reject(annotation=mention, editor=bo, seen_version=1)
    answer = decide(as_ada, article, {"action": "accept", "id": str(mention.uuid), "version": 1})
    told = answer.json()
    assert (answer.status_code, told["by"], told["current"]["status"]) == (409, "bo", "rejected")
    mention.refresh_from_db()
    assert mention.status == "rejected"


def test_an_older_version_of_a_tie_is_refused_with_the_current_one(
    article, claim, source, as_ada
) -> None:
    tie = suggest_tie(claim, source, version=4)
    answer = decide(as_ada, article, {"action": "untie", "id": str(tie.uuid), "version": 3})
    assert (answer.status_code, answer.json()["subject"]) == (409, "attribution")
    assert answer.json()["current"]["version"] == 4


def test_an_annotation_of_another_article_is_not_there(article, as_ada) -> None:
    other = suggest(make_article("Ana Ruiz spoke."), "entity", "Ana Ruiz")
    answer = decide(as_ada, article, {"action": "accept", "id": str(other.uuid), "version": 1})
    assert (answer.status_code, answer.json()["field"]) == (422, "id")


def test_an_article_that_is_not_there_is_not_found(article, as_ada) -> None:
    article.pk += 1
    assert decide(as_ada, article, {"action": "accept"}).status_code == 404


def test_who_is_signed_out_is_told_so_and_not_redirected(article, client) -> None:
    answer = decide(client, article, {})
    assert (answer.status_code, answer.json()["sign_in"]) == (401, "/desk/sign-in/")


def test_who_is_no_editor_is_refused(article, client) -> None:
    client.force_login(UserFactory())
    assert decide(client, article, {}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [" ", "{", "nonsense", b"\xff\xfe", "[" * 100_000, '{"version": ' + "9" * 5000 + "}"],
    ids=["blank", "open", "word", "bytes", "deep", "digits"],
)
def test_what_is_no_json_is_a_bad_request(body, article, as_ada) -> None:
    assert decide(as_ada, article, body).status_code == 400


NOTHING = [None, [], "x", 3, True]
HUGE = 10**30
NONSENSE: list[dict] = [
    {"action": None},
    {"action": 3},
    {"action": "explode"},
    {"action": "acc\0ept"},
    {"id": "not an id"},
    {"id": 3},
    {"id": []},
    {"id": "\0"},
    {"id": "\ud800"},
    {"id": None},
    {"id": str(uuid.UUID(int=7))},
    {"version": None},
    {"version": "1"},
    {"version": 1.0},
    {"version": True},
    {"version": -1},
    {"type": "planet"},
    {"type": 3},
    {"type": "per\0son"},
    {"label": "Nul\0inside"},
    {"label": "half \ud83d a character"},
    {"label": "x" * 301},
    {"label": "x" * 100_000},
    {"label": ["Ana"]},
    {"entity": 99},
    {"entity": HUGE},
    {"entity": -1},
    {"entity": "1"},
    {"entity": 1.5},
    {"body": HUGE},
    {"body": "x"},
    {"action": "change", "spans": []},
    {"action": "change", "spans": "0-3"},
    {"action": "change", "spans": [[0, HUGE]]},
    {"action": "change", "spans": [[0, 1e99]]},
    {"action": "change", "spans": [[0, 3, 5]]},
    {"action": "change", "spans": [[3, 0]]},
    {"action": "change", "spans": [[-3, 3]]},
    {"action": "change", "spans": [[True, 5]]},
    {"action": "change", "spans": [{"start": 0}]},
    {"action": "change", "spans": [[0, 3]] * 1000},
    {"action": "add", "kind": "planet", "spans": [[0, 3]]},
    {"action": "add", "kind": None, "spans": [[0, 3]]},
    {"action": "add", "kind": "entity", "spans": [[0, 3]]},
    {"action": "add", "kind": "claim", "type": "person", "spans": [[0, 3]]},
    {"action": "add", "kind": "source", "type": "person", "spans": None},
    {"action": "add", "kind": "entity", "type": "person", "spans": [[0, 3]], "revision": "1"},
    {"action": "add", "kind": "entity", "type": "person", "spans": [[0, 3]], "revision": HUGE},
    {"action": "tie"},
    {"action": "tie", "claim": "x", "source": None},
    {"action": "tie", "claim": 3, "source": []},
    {"action": "tie", "claim": str(uuid.UUID(int=7)), "source": str(uuid.UUID(int=7))},
    {"action": "untie"},
    {"action": "restore", "id": {}},
]


@pytest.mark.parametrize("data", NONSENSE, ids=lambda data: json.dumps(data)[:60])
def test_nonsense_is_refused_in_words_that_name_its_field(data, article, mention, as_ada) -> None:
    sound = {"action": "accept", "id": str(mention.uuid), "version": 1}
    if data.get("action") == "add":
        sound = {}
    answer = decide(as_ada, article, json.dumps({**sound, **data}))
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert answer.json()["field"] in {*sound, *data, "type", "claim", "name"}
    assert not Decision.objects.exists()


@pytest.mark.parametrize("data", NOTHING)
def test_what_is_no_object_is_refused(data, article, as_ada) -> None:
    assert decide(as_ada, article, json.dumps(data)).status_code == 422


@pytest.mark.parametrize(
    "values",
    [
        {"source": "mention"},
        {"claim": "mention"},
        {"mode": "shouts"},
        {"manner": 3},
        {"cue": [[0, HUGE]]},
        {"cue": "x"},
        {"source": 7},
    ],
)
def test_a_tie_that_cannot_be_is_refused(values, article, as_ada) -> None:
    made = {
        "mention": suggest(article, "entity", "Ana Ruiz"),
        "claim": suggest(article, "claim", "The bridge is safe"),
        "source": suggest(article, "source", "the ministry"),
    }
    ids = {name: str(one.uuid) for name, one in made.items()}
    sound = {"action": "tie", "claim": ids["claim"], "source": ids["source"]}
    if "mention" in values.values():
        values = dict.fromkeys(values, ids["mention"])
    assert decide(as_ada, article, {**sound, **values}).status_code == 422
    assert not Attribution.objects.exists()


def by_form(client, article, do):
    where = f"/desk/articles/{article.pk}/decisions"
    return client.post(where, {"do": do}, follow=True)


def test_a_form_decides_and_leads_back_to_the_row(article, mention, as_ada) -> None:
    answer = by_form(as_ada, article, f"accept:{mention.uuid}:1")
    assert answer.redirect_chain[0][0] == f"/desk/articles/{article.pk}/#item-{mention.uuid}"
    mention.refresh_from_db()
    assert mention.status == "accepted"


@pytest.mark.parametrize("do", ["", "::", "accept", "accept:x:1", "accept:{}:x", "accept:{}:9"])
def test_a_form_that_cannot_be_done_says_why_on_the_page(do, article, mention, as_ada) -> None:
    answer = by_form(as_ada, article, do.replace("{}", str(mention.uuid)))
    assert [str(message) for message in answer.context["messages"]]
    mention.refresh_from_db()
    assert mention.status == "suggested"


def test_a_decision_costs_the_same_however_much_is_tagged(as_ada) -> None:
    costs = []
    for tags in (5, 50):
        words = [f"Name{number:02}of{tags}" for number in range(tags)]
        article = make_article(" ".join(f"{word} spoke." for word in words))
        first, *_ = [suggest(article, "entity", word) for word in words]
        with CaptureQueriesContext(connection) as queries:
            decide(as_ada, article, {"action": "accept", "id": str(first.uuid), "version": 1})
        costs.append(len(queries))
    assert costs[0] == costs[1]
