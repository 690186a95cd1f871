"""Whatever is sent to the API gets an answer of the 4xx kind that names the field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from annotations import merging
from annotations.models import Annotation, Claim, Entity, Source
from annotations.tests.factories import EntityFactory, accept_all, suggest
from articles.models import Article
from articles.publishing import publish
from articles.tests.factories import chief, make_article
from newsdesk.api.models import make_token

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened it. “It is safe,” she said."
HUGE = 10**30
WIDE = "ﷺ"  # one code point that folding makes 18 of


@pytest.fixture
def api(ada) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=ada)}")
    return client


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Opened")


def annotation(**changes: Any) -> dict[str, Any]:
    position = {"type": "TextPositionSelector", "start": 0, "end": 8}
    whole = {
        "type": "Annotation",
        "body": {"type": "Person", "name": "Ana Ruiz"},
        "target": {"selector": position},
    }
    return whole | changes


def field_of(answer: Any) -> str:
    """The field that a problem detail names; fails where the answer is none."""
    assert 400 <= answer.status_code < 500, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    return problem["errors"][0]["field"] if problem.get("errors") else ""


SELECTOR = {"type": "TextPositionSelector", "start": 0, "end": 8}
BAD_ANNOTATIONS = [
    ([], ""),
    ("words", ""),
    ({}, "body"),
    (annotation(body=None), "body"),
    (annotation(body=7), "body"),
    (annotation(body=[]), "body"),
    (annotation(body=[{}, {}]), "body"),
    (annotation(body={"type": 5}), "body.type"),
    (annotation(body={"type": ["Ghost", 5]}), "body.type"),
    (annotation(body={"type": "Person", "name": {"en": "Ana"}}), "body.name"),
    (annotation(body={"type": "Person", "name": "x" * 301}), "body.name"),
    (annotation(body={"type": "Person", "id": 5}), "body.id"),
    (annotation(body={"type": "Person", "sameAs": 5}), "body.sameAs"),
    (annotation(body={"type": "Claim", "text": "x" * 1001}), "body.text"),
    (annotation(body={"type": "Source", "sourceKind": {}}), "body.sourceKind"),
    (annotation(body={"type": "Source", "sourceKind": "person", "entity": []}), "body.entity"),
    (annotation(body={"type": "Source", "affiliation": "x" * 301}), "body.affiliation"),
    (annotation(body={"type": "Ghost", "name": "Ana"}), "type"),
    (annotation(kind="ghost"), "kind"),
    (annotation(kind=["entity"]), "kind"),
    (annotation(status="maybe"), "status"),
    (annotation(status=None), "status"),
    (annotation(id=5), "id"),
    (annotation(target=None), "target"),
    (annotation(target=[]), "target"),
    (annotation(target="http://x/#char=0,8"), "target"),
    (annotation(target={}), "target.selector"),
    (annotation(target={"selector": []}), "target.selector"),
    (annotation(target={"selector": "0-8"}), "target.selector"),
    (annotation(target={"selector": {"type": {}}}), "target.selector.type"),
    (annotation(target={"selector": {"type": "SvgSelector"}}), "target.selector"),
    (annotation(target={"selector": SELECTOR | {"start": "0"}}), "target.selector.start"),
    (annotation(target={"selector": SELECTOR | {"start": True}}), "target.selector.start"),
    (annotation(target={"selector": SELECTOR | {"start": -1}}), "target.selector"),
    (annotation(target={"selector": SELECTOR | {"end": HUGE}}), "target.selector"),
    (annotation(target={"selector": SELECTOR | {"start": 8}}), "target.selector"),
    (annotation(target={"selector": SELECTOR, "revision": HUGE}), "target.revision"),
    (annotation(target={"selector": SELECTOR, "revision": "1"}), "target.revision"),
    (annotation(target={"selector": SELECTOR, "revision": 7}), "revision"),
    (
        annotation(target={"selector": {"type": "TextQuoteSelector", "exact": 5}}),
        "target.selector.exact",
    ),
    (
        annotation(target={"selector": {"type": "TextQuoteSelector", "exact": "a", "prefix": []}}),
        "target.selector.prefix",
    ),
    (annotation(target=[{"selector": SELECTOR}] * 2), "spans"),
    (annotation(attributions="hers"), "attributions"),
    (annotation(attributions=["hers"]), "attributions"),
    (annotation(attributions=[{"cue": "said"}]), "attributions.cue"),
    (annotation(attributions=[{"cue": [5]}]), "attributions.cue"),
    (annotation(attributions=[{"attributedTo": {}}]), "attributions.attributedTo"),
    (annotation(attributions=[{"attributedTo": "urn:x"}]), "attributions"),
    (annotation(attributions=[{"manner": []}]), "attributions.manner"),
    (annotation(attributions=[{"parent": "urn:x"}]), "attributions"),
    (annotation(attributions=[{"byOutlet": "yes"}]), "attributions.byOutlet"),
    (annotation(attributions=[{}]), "claim"),
    (annotation(**{"note\0": "x"}), "body"),
    (annotation(note="x\0"), "note"),
]


@pytest.mark.parametrize(("data", "field"), BAD_ANNOTATIONS)
def test_an_annotation_of_a_wrong_shape_is_refused_by_field(api, article, data, field) -> None:
    answer = api.post(f"/api/articles/{article.pk}/annotations/", data)
    assert field_of(answer) == field
    assert not Annotation.objects.exists()
    assert not Entity.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[" * 100_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"note": 1e999}',
        b'{"note": NaN}',
        b'{"note": "\\ud800"}',
        b'{"note": "\xff"}',
        b'{"n": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_storable_json_is_refused(api, article, body) -> None:
    address = f"/api/articles/{article.pk}/annotations/"
    for media_type in ("application/json", "application/ld+json"):
        field_of(api.post(address, body, content_type=media_type))


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("articles/", {"text": {}}, "text"),
        ("articles/", {"text": ["x"]}, "text"),
        ("articles/", {"text": "One. Two.", "title": "x" * 301}, "title"),
        ("articles/", {"text": "One. Two.", "url": "javascript:alert(1)"}, "url"),
        ("articles/", {"text": "One. Two.", "dated": "0001-01-01T00:00:00+14:00"}, "dated"),
        ("articles/", {"text": "One. Two.", "dated": "9999-12-31T23:59:59-14:00"}, "dated"),
        ("articles/", {"text": "One. Two.", "dated": HUGE}, "dated"),
        ("articles/", {"text": "One. Two.", "language": "Klingon!"}, "language"),
        ("articles/", [], "non_field_errors"),
        ("entities/", {"name": "x" * 301, "type": "person"}, "name"),
        ("entities/", {"name": "Ana", "type": "ghost"}, "type"),
        ("entities/", {"name": "Ana", "type": "person", "aliases": {"a": 1}}, "aliases"),
        ("entities/", {"name": "Ana", "type": "person", "aliases": [[]]}, "aliases.0"),
        ("entities/", {"name": "Ana", "type": "person", "wikidata_id": "Q0"}, "wikidata_id"),
        ("claims/", {"text": "x" * 1001}, "text"),
        ("claims/", {"text": "   "}, "text"),
        ("sources/", {"name": "Ana", "kind": "person", "entity": HUGE}, "entity"),
        ("sources/", {"name": "Ana", "kind": "person", "entity": "ana"}, "entity"),
        ("sources/", {"name": "Ana", "kind": "ghost"}, "kind"),
    ],
)
def test_a_resource_with_a_bad_value_is_refused_by_field(api, path, data, field) -> None:
    answer = api.post(f"/api/{path}", data)
    named = field_of(answer)
    assert named == field or named.startswith(f"{field}.")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("annotations/?page_size=0", "page_size"),
        ("annotations/?page_size=501", "page_size"),
        ("annotations/?page_size=0000000000501", "page_size"),
        ("annotations/?page_size=" + "9" * 5000, "page_size"),
        ("annotations/?page_size=٣", "page_size"),
        ("annotations/?page=0", "page"),
        ("annotations/?page=-1", "page"),
        ("annotations/?page=" + "9" * 5000, "page"),
        ("annotations/?kind=ghost", "kind"),
        ("annotations/?article=x", "article"),
        ("annotations/?entity=" + "9" * 30, "entity"),
        ("articles/?q=" + "x" * 201, "q"),
        ("articles/?q=%00", "q"),
        ("changes/?after=-1", "after"),
        ("changes/?after=" + "9" * 30, "after"),
        ("changes/?limit=0", "limit"),
    ],
)
def test_a_query_that_cannot_be_is_refused_by_parameter(api, query, field) -> None:
    assert field_of(api.get(f"/api/{query}")) == field


@pytest.mark.parametrize("query", ["articles/?q=%FF%ED%A0%80", "entities/?q=" + WIDE * 200])
def test_a_strange_query_finds_nothing(api, query) -> None:
    assert api.get(f"/api/{query}").json()["count"] == 0


@pytest.mark.parametrize(
    "path",
    [
        f"articles/{HUGE}/",
        f"entities/{HUGE}/",
        f"claims/{HUGE}/",
        f"sources/{HUGE}/",
        f"articles/{HUGE}/annotations/",
        "annotations/not-a-uuid/",
        "annotations/00000000-0000-4000-8000-000000000000/",
        "no/such/thing",
        "%00",
    ],
)
def test_an_address_of_nothing_is_a_problem_detail(api, path) -> None:
    answer = api.get(f"/api/{path}")
    assert answer.status_code == 404
    field_of(answer)


@pytest.mark.parametrize("tag", ["x", "*", "-1", "9" * 40, "0" * 20 + "9" * 5000, "²"])
def test_an_if_match_that_is_no_version_is_refused(api, article, tag) -> None:
    address = f"/api/articles/{article.pk}/"
    answer = api.patch(address, {"byline": "Ana"}, HTTP_IF_MATCH=tag)
    assert answer.status_code in (400, 412)
    field_of(answer)


def test_names_that_folding_makes_long_are_stored(api) -> None:
    answer = api.post("/api/entities/", {"name": WIDE * 300, "type": "person", "aliases": [WIDE]})
    assert answer.status_code == 201
    assert api.post("/api/claims/", {"text": WIDE * 1000}).status_code == 201


def test_a_claim_of_a_thousand_characters_of_any_script_is_stored_once(api) -> None:
    sentence = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(1000))
    first = api.post("/api/claims/", {"text": sentence})
    again = api.post("/api/claims/", {"text": f"  {sentence} "})
    assert first.status_code == 201
    assert again.json()["id"] == first.json()["id"]
    assert Claim.objects.count() == 1


def test_a_body_that_is_too_large_is_a_problem_detail(api, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = api.post("/api/articles/", {"text": "x" * 2000})
    assert answer.status_code == 413
    field_of(answer)


def test_a_fault_of_ours_is_a_problem_detail_under_the_api_and_a_page_elsewhere(
    monkeypatch, article
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(type(Article.objects.all()), "visible_to", fail)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/articles/")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 500
    page = client.get("/no-such-page/")
    assert page.status_code == 404
    assert page["Content-Type"].startswith("text/html")


def test_annotations_are_json_ld_for_those_who_ask_for_it(api, article) -> None:
    address = f"/api/articles/{article.pk}/annotations/"
    profile = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    made = api.post(
        address, json.dumps(annotation()), content_type=profile, headers={"accept": profile}
    )
    assert made.status_code == 201
    assert made["Content-Type"] == profile
    assert api.get(address)["Content-Type"] == profile
    assert "Accept" in api.get(address)["Vary"]
    plain = api.get(address, headers={"accept": "application/json"})
    assert plain["Content-Type"] == "application/json"
    assert api.get(address, headers={"accept": "application/ld+json"}).json()["first"]["items"]
    assert api.get(address, headers={"accept": "image/png"}).status_code == 406


def test_a_merged_entity_redirects_anonymous_clients_too(article) -> None:
    loser = EntityFactory(name="A. Ruiz", type="person")
    winner = EntityFactory(name="Ana Ruiz", type="person")
    head = chief()
    suggest(article, "entity", "Ana Ruiz", entity=winner)
    accept_all(article, head)
    merging.merge_entities(loser=loser, winner=winner, actor=head)
    publish(article=article, actor=head, seen_version=article.version)
    answer = Client().get(f"/api/entities/{loser.pk}/")
    assert answer.status_code == 301
    assert answer["Location"] == f"/api/entities/{winner.pk}/"
