"""What others say of their own in an annotation comes back, at every depth and on every way out."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from annotations import deciding, exporting, imports
from annotations.exporting import Selection
from annotations.formats.catalogue import FORMATS
from annotations.formats.kept import given_back
from annotations.models import Annotation
from annotations.tests import web_annotation
from annotations.tests.exchanging import forget
from articles.models import Article, Change
from articles.revising import revise
from articles.tests.factories import make_article
from newsdesk.api.tests.test_jsonld import SITE, expanded

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened it in Astana. “It is safe,” she said, an official said."
QUOTE = {"type": "TextQuoteSelector", "exact": "Astana"}
NOTE = "https://other.example/notes/1"
PLACE = {"type": "TextPositionSelector", "start": TEXT.index("Astana")}
PLACE["end"] = PLACE["start"] + len("Astana")
BODY = {"type": "Place", "name": "Astana"}
Json = dict[str, Any]


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Opened", url="https://post.example/opened")


@pytest.fixture
def container(article) -> str:
    return f"/api/articles/{article.pk}/annotations/"


def at(selector: Any = None, body: Any = None, **more: Any) -> Json:
    target = {"selector": selector or [PLACE, QUOTE]}
    return {"type": "Annotation", "body": body or BODY, "target": target, **more}


def posted(api: APIClient, container: str, data: Json) -> Json:
    answer = api.post(container, data, format="json")
    assert answer.status_code == 201, answer.json()
    web_annotation.hold(web_annotation.ANNOTATION, answer.json())
    return answer.json()


def refused(answer: Any) -> str:
    """The field that a refusal names."""
    assert answer.status_code == 422, answer.content[:300]
    return answer.json()["errors"][0]["field"]


# Whatever they say

NAMES = st.one_of(
    st.sampled_from(["mood", "ex:mood", "format", "language", "rights", "stylesheet", "état"]),
    st.from_regex(r"https://other\.example/[a-z]{1,8}", fullmatch=True),
    st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=6).map("x{}".format),
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda number: round(number, 6)),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(NAMES, inner, max_size=2)),
    max_leaves=4,
)
SAID = st.dictionaries(NAMES, VALUES, max_size=3)
CONTEXT = {"ex": "https://other.example/ns#", "mood": {"@id": "ex:mood", "@type": "@json"}}
TEXTUAL = {"type": "TextualBody", "value": "Near the dam?", "purpose": "commenting"}
XPATH = {"type": "XPathSelector", "value": "/html/body/p[2]"}
FRAGMENT = {
    "type": "FragmentSelector", "value": f"char={PLACE['start']},{PLACE['end']}", "made": "by hand",
}  # fmt: skip
LEVELS = (
    "annotation", "creator", "body", "other", "target", "source", "position", "quote", "fragment",
    "xpath", "tie", "cue",
)  # fmt: skip


def annotation(said: dict[str, Json], source: str) -> Json:
    """A claim's words with something of the sender's own at every depth. What an unknown selector
    or another body has there is all theirs."""
    cue = {"type": "TextQuoteSelector", "exact": "she said"} | said["cue"]
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", CONTEXT],
        "type": "Annotation",
        "motivation": ["describing", "linking"],
        "kind": "claim",
        "creator": {**said["creator"], "type": "Person", "name": "ada"},
        "body": [
            {**said["other"], **TEXTUAL},
            {**said["body"], "type": "Claim", "text": "The place is Astana."},
            "https://other.example/notes/1",
        ],
        "target": {
            **said["target"],
            "source": {**said["source"], "id": "https://post.example/opened"},
            "selector": [
                {**said["xpath"], **XPATH},
                {**said["position"], **PLACE},
                {**said["fragment"], **FRAGMENT},
                {**said["quote"], **QUOTE},
            ],
        },
        "attributions": [{**said["tie"], "attributedTo": source, "cue": [cue]}],
        **said["annotation"],
    }


def levels_of(data: Json) -> dict[str, Json]:
    """Each level of an annotation that came out."""
    other, body, iri = data["body"]
    assert iri == "https://other.example/notes/1"
    (target,), (tie,) = data["target"], data["attributions"]
    position, quote, fragment, xpath = target["selector"]
    return {
        "annotation": data, "creator": data["creator"], "body": body, "other": other,
        "target": target, "source": target["source"], "position": position, "quote": quote,
        "fragment": fragment, "xpath": xpath, "tie": tie, "cue": tie["cue"][0][1],
    }  # fmt: skip


def assert_said(data: Json, said: dict[str, Json]) -> None:
    levels = levels_of(data)
    for level in LEVELS:
        shown = {name: levels[level].get(name, "nothing") for name in said[level]}
        assert shown == said[level], level
    assert data["@context"][1] == CONTEXT
    assert data["motivation"] == ["describing", "linking"]
    assert TEXTUAL.items() <= levels["other"].items()


def exported(user: Any) -> bytes:
    selection = Selection(user=user, base=SITE, statuses=("accepted",))
    return b"".join(exporting.export(selection, FORMATS["w3c"]))


def claims_in(lines: bytes) -> Iterator[Json]:
    return (item for item in map(json.loads, lines.splitlines()) if item.get("kind") == "claim")


def logged(uuid: str) -> Json:
    """What a replica that follows the log has of the sender's own, put back."""
    change = Change.objects.filter(subject_type="annotation", subject_id=uuid).latest("seq")
    return change.after["extra"]


def test_whatever_others_say_comes_back_at_every_depth_and_on_every_way(
    api, ada, article, container
) -> None:
    @settings(
        max_examples=8, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(said=st.fixed_dictionaries(dict.fromkeys(LEVELS, SAID)))
    def comes_back(said: dict[str, Json]) -> None:
        forget()
        speaker = at({"type": "TextQuoteSelector", "exact": "she", "suffix": " said"},
                     {"type": "Source", "sourceKind": "person", "name": "Ana Ruiz"})  # fmt: skip
        source = posted(api, container, speaker)["id"]
        made = posted(api, container, annotation(said, source))
        address, uuid = made["id"].removeprefix(SITE), made["id"][-37:-1]
        got = api.get(address)
        assert_said(got.json(), said)
        expanded(got.json())
        page = api.get(f"{container}?kind=claim&page_size=5").json()
        assert page["items"] == [got.json()]
        expanded(page)
        (line,) = claims_in(exported(ada))
        assert line == got.json()
        bare = {"target": [{"selector": made["target"][0]["selector"][:2]}]}
        assert logged(uuid) == Annotation.objects.get(uuid=uuid).extra
        assert (
            given_back(bare | logged(uuid))["target"][0]["selector"]
            == (made["target"][0]["selector"])
        )
        put = api.put(address, got.json(), format="json", HTTP_IF_MATCH=got["ETag"])
        assert put.status_code == 200, put.json()
        assert_said(put.json(), said)
        silent = {name: value for name, value in got.json().items() if name != "attributions"}
        put = api.put(address, silent, format="json", HTTP_IF_MATCH=put["ETag"])
        assert_said(put.json(), said)
        taken_out = exported(ada)
        forget()
        file = imports.create(file=io.BytesIO(taken_out), format="w3c", name="x", creator=ada)
        imports.take_in(file.pk)
        assert not file.problems.exists()
        assert_said(api.get(address).json(), said)

    comes_back()


def test_a_selector_that_says_what_another_says_comes_back_while_the_words_stand_there(
    api, ada, article, container
) -> None:
    """A range in other words holds no longer where the text before it grew."""
    word = {"type": "TextQuoteSelector", "exact": "Astana"}
    whole = {"type": "RangeSelector", "startSelector": word,
             "endSelector": {"type": "TextQuoteSelector", "exact": ". “It"}}  # fmt: skip
    made = posted(api, container, at([PLACE | {"https://x.example/a": 1}, whole]))
    assert made["target"][0]["selector"][2] == whole
    revise(article=article, text=f"Late on Friday, {TEXT}", actor=ada, seen_version=1)
    position, _, *others = api.get(made["id"].removeprefix(SITE)).json()["target"][0]["selector"]
    assert position["start"] == PLACE["start"] + len("Late on Friday, ")
    assert position["https://x.example/a"] == 1
    assert others == []


def test_what_was_said_of_other_words_or_of_another_thing_does_not_come_back(
    api, ada, article, container
) -> None:
    body = {**BODY, "https://x.example/a": 1}
    made = posted(
        api, container, at([{**PLACE, "https://x.example/b": 2}, QUOTE], body, mood="calm")
    )
    stored = Annotation.objects.get()
    deciding.change(annotation=stored, editor=ada, seen_version=1, spans=[[0, 8]])
    stored.refresh_from_db()
    deciding.change(annotation=stored, editor=ada, seen_version=2,
                    body=deciding.Body(type="person", label="Bo Lund"))  # fmt: skip
    shown = api.get(made["id"].removeprefix(SITE)).json()
    assert "https://x.example/b" not in str(shown["target"])
    assert "https://x.example/a" not in shown["body"]
    assert shown["mood"] == "calm"


def test_what_others_say_goes_with_a_decision_that_is_no_change_of_it(api, ada, container) -> None:
    made = posted(api, container, at(body={**BODY, "mood": "calm"}, status="suggested"))
    address = made["id"].removeprefix(SITE)
    accepted = api.patch(address, {"status": "accepted"}, HTTP_IF_MATCH='"1"').json()
    assert accepted["body"]["mood"] == "calm"
    sent = {**accepted, "status": "rejected", "rights": "https://x.example/cc0"}
    rejected = api.put(address, sent, format="json", HTTP_IF_MATCH='"2"').json()
    assert (rejected["status"], rejected["body"]["mood"]) == ("rejected", "calm")
    assert rejected["rights"] == "https://x.example/cc0"


def test_what_others_say_comes_back_after_a_batch_too(api, article, container) -> None:
    data = at([{**PLACE, "x": 1}, XPATH], [NOTE, {**BODY, "y": 2}], mood="calm")
    create = {"do": "create", "article": article.pk, "annotation": data}
    (made,) = api.post("/api/annotations/batch/", {"operations": [create]}, format="json").json()[
        "results"
    ]
    address = made["id"].removeprefix(SITE)
    shown = api.get(address).json()
    (note, body), (target,) = shown["body"], shown["target"]
    assert (note, body["y"], shown["mood"]) == (NOTE, 2, "calm")
    assert (target["selector"][0]["x"], target["selector"][2]) == (1, XPATH)
    change = {
        "do": "change",
        "id": made["id"],
        "version": 1,
        "annotation": {**shown, "mood": "merry"},
    }
    api.post("/api/annotations/batch/", {"operations": [change]}, format="json")
    again = api.get(address).json()
    assert (again["mood"], again["body"], again["target"]) == (
        "merry",
        shown["body"],
        shown["target"],
    )


def test_a_forged_store_of_what_is_kept_is_passed_over(api, container) -> None:
    forged = {"body": {"rest": {"name": "Nobody"}}, "context": [{"name": "https://x.example/n"}]}
    made = posted(api, container, at(**{"@kept": forged}))
    assert "@kept" not in str(made)
    assert Annotation.objects.get().extra == {}


BIG = {"x": ["y" * 100] * 700}
DEEP: Any = 1
for _ in range(25):
    DEEP = [DEEP]
REFUSED = {
    "a keyword beside ours": (at(**{"@id": "https://x.example/1"}), "@id"),
    "a keyword in the body": (at(body={**BODY, "@type": "x"}), "body.@type"),
    "a context in the target": (
        at() | {"target": {"selector": [PLACE], "@context": {}}}, "target.@context"),
    "too much": (at(mood=BIG), "mood"),
    "too much in the body": (at(body={**BODY, "mood": BIG}), "body.mood"),
    "too much in a selector": (at([PLACE, {"type": "Other", "mood": BIG}]), "target.selector"),
    "another body's keyword that is none": (at(body=[BODY, {"id": NOTE, "@id": [5]}]), "body"),
    "a selector's address that is none": (at([{**PLACE, "id": []}]), "target.selector.id"),
    "a number for an address": (at(creator=[], rights={"id": 5}), "rights"),
    "a value that is an object": (at(**{"https://x.example/a": [{"@value": {}}]}), "https://x.example/a"),
    "a type that is none deep down": (
        at([PLACE, {"type": "Other", "state": [{"source": {"type": 5}}]}]), "target.selector"),
    "too deep": (at(mood=DEEP), "mood"),
    "too deep in the target": (at() | {"target": {"selector": [PLACE], "mood": DEEP}}, "target.mood"),
    "a context that is none": (at(**{"@context": 5}), "@context"),
    "a context that says what is ours": (at(**{"@context": {"@language": "fr"}}), "@context"),
    "a context that goes in a circle": (at(**{"@context": {"a": "b:x", "b": "a:x"}}), "@context"),
    "a motivation that nobody knows": (at(motivation="brooding"), "motivation"),
    "a purpose that nobody knows": (at(body={**BODY, "purpose": "brooding"}), "body.purpose"),
    "a target's address that is none": (
        at() | {"target": {"selector": [PLACE], "id": "x"}}, "target.id"),
    "another body's address that is none": (at(body=[BODY, {"id": "x"}]), "body.id"),
    "a text without its text": (at(body=[BODY, {"type": "TextualBody"}]), "body.value"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_not_be_given_back_as_it_was_meant_is_refused_by_field(
    api, container, name
) -> None:
    data, field = REFUSED[name]
    assert refused(api.post(container, data, format="json")) == field
    assert not Annotation.objects.exists()
