"""The ways in which the data model lets one say what an annotation is about, and where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotations.models import Annotation, Claim, Entity
from annotations.tests import web_annotation
from annotations.tests.factories import ClaimFactory, EntityFactory
from articles.models import Article
from articles.revising import revise
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
TEXT = "Ana Ruiz opened it in Astana. “It is safe,” she said."
START = TEXT.index("Astana")
PLACE = {"type": "TextPositionSelector", "start": START, "end": START + 6}
COMMENT = {
    "type": "TextualBody",
    "value": "Near the dam?",
    "purpose": "commenting",
    "language": "en",
}
TAG = {"type": "TextualBody", "value": "places", "purpose": "tagging"}
NOTE = "https://other.example/notes/7"
ASTANA = {"type": "Place", "name": "Astana"}


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Opened", url="https://www.Post.example/opened/?utm_source=x")


@pytest.fixture
def container(article) -> str:
    return f"/api/articles/{article.pk}/annotations/"


def on(**more: Any) -> dict[str, Any]:
    return {"target": {"selector": PLACE}, **more}


def posted(api: APIClient, container: str, data: Any) -> dict[str, Any]:
    answer = api.post(container, data, format="json")
    assert answer.status_code == 201, answer.json()
    web_annotation.hold(web_annotation.ANNOTATION, answer.json())
    return answer.json()


def refused(api: APIClient, container: str, data: Any) -> dict[str, Any]:
    """The field that a refusal names, and why."""
    answer = api.post(container, data, format="json")
    assert answer.status_code == 422, answer.content[:300]
    assert not Annotation.objects.exists()
    return answer.json()["errors"][0]


# Bodies


def test_bodies_of_others_come_back_around_the_one_that_is_ours(api, container) -> None:
    made = posted(api, container, on(body=[COMMENT, ASTANA, TAG, NOTE]))
    first, ours, *others = made["body"]
    assert (first, others) == (COMMENT, [TAG, NOTE])
    assert (ours["type"], ours["name"]) == ("Place", "Astana")
    assert made["kind"] == "entity"
    address = made["id"].removeprefix(SITE)
    changed = {**made, "body": [NOTE, {"type": "Place", "name": "Nur-Sultan"}]}
    put = api.put(address, changed, format="json", HTTP_IF_MATCH='"1"').json()
    assert (put["body"][0], put["body"][1]["name"]) == (NOTE, "Nur-Sultan")


def test_a_claims_words_need_no_body(api, container) -> None:
    made = posted(api, container, on(kind="claim"))
    assert made["body"]["text"] == "Astana."


def test_a_comment_on_a_claims_words_is_kept_beside_the_claim(api, container) -> None:
    ours, comment = posted(api, container, on(kind="claim", body=COMMENT, motivation="commenting"))[
        "body"
    ]
    assert (ours["text"], comment) == ("Astana.", COMMENT)


@pytest.mark.parametrize(
    "said",
    [{"bodyValue": "It is in Astana."},
     {"body": {"type": "TextualBody", "value": "It is in Astana.", "purpose": "describing"}}],
)  # fmt: skip
def test_a_text_that_describes_a_claims_words_is_the_claim(api, container, said) -> None:
    made = posted(api, container, on(kind="claim", **said))
    assert (made["body"]["type"], made["body"]["text"]) == ("Claim", "It is in Astana.")
    assert "bodyValue" not in made


@pytest.mark.parametrize("address", ["/entities/{slug}/", "/api/entities/{pk}/"])
def test_an_address_of_ours_is_the_entity_that_stands_there(api, container, address) -> None:
    place = EntityFactory(name="Astana", type="place")
    made = posted(api, container, on(body=SITE + address.format(slug=place.slug, pk=place.pk)))
    assert (made["kind"], made["body"]["id"]) == ("entity", f"{SITE}/entities/{place.slug}/")


def test_an_address_of_ours_is_the_claim_that_stands_there(api, container) -> None:
    claim = ClaimFactory(text="It is safe.")
    made = posted(api, container, on(body=f"{SITE}/api/claims/{claim.pk}/"))
    assert (made["kind"], made["body"]["text"]) == ("claim", "It is safe.")


def test_an_entity_is_known_by_its_wikidata_id(api, container) -> None:
    place = EntityFactory(name="Astana", type="place", wikidata_id="Q1520")
    made = posted(api, container, on(body="http://www.wikidata.org/entity/Q1520"))
    assert made["body"]["id"] == f"{SITE}/entities/{place.slug}/"
    assert Entity.objects.count() == 1


def test_a_purpose_that_a_specific_resource_gives_an_address_is_kept(api, container) -> None:
    place = EntityFactory(name="Astana", type="place")
    body = {
        "type": "SpecificResource",
        "source": f"{SITE}/entities/{place.slug}/",
        "purpose": "linking",
    }
    shown = posted(api, container, on(body=body))["body"]
    assert (shown["id"], shown["purpose"]) == (body["source"], ["identifying", "linking"])


@pytest.mark.parametrize("status", ["accepted", "suggested"])
def test_the_address_that_a_thing_has_elsewhere_comes_back(api, container, status) -> None:
    body = {
        **ASTANA,
        "id": "https://viaf.example/1",
        "sameAs": "http://www.wikidata.org/entity/Q1520",
    }
    made = posted(api, container, on(body=body, status=status))
    assert made["body"]["sameAs"] == [body["id"], body["sameAs"]]
    again = api.put(made["id"].removeprefix(SITE), made, format="json", HTTP_IF_MATCH='"1"').json()
    assert again["body"] == made["body"]


def test_a_wikidata_id_that_an_entity_has_itself_is_not_kept_besides(api, container) -> None:
    place = EntityFactory(name="Astana", type="place", wikidata_id="Q1520")
    made = posted(api, container, on(body="http://www.wikidata.org/entity/Q1520"))
    api.put(made["id"].removeprefix(SITE), made, format="json", HTTP_IF_MATCH='"1"')
    stored = Annotation.objects.get()
    assert (stored.version, stored.entity, stored.extra) == (2, place, {})


def test_further_types_and_addresses_of_a_thing_come_back(api, container) -> None:
    body = {
        **ASTANA,
        "type": ["Place", "https://schema.org/City"],
        "sameAs": "https://viaf.example/1",
    }
    made = posted(api, container, on(body=body))
    assert made["body"]["type"] == ["Place", "https://schema.org/City"]
    assert made["body"]["sameAs"] == ["https://viaf.example/1"]
    again = api.put(made["id"].removeprefix(SITE), made, format="json", HTTP_IF_MATCH='"1"')
    assert again.json()["body"] == made["body"]


@pytest.mark.parametrize(
    "said",
    [{}, {"body": []}, {"body": {}}, {"body": COMMENT}, {"bodyValue": "Near the dam?"}, {"body": NOTE},
     {"body": [COMMENT, TAG]}, {"motivation": "highlighting"}, {"kind": "entity"}],
)  # fmt: skip
def test_what_says_not_what_the_words_are_is_refused_with_what_is_needed(
    api, container, said
) -> None:
    error = refused(api, container, on(**said))
    assert error["field"] == "body"
    for needed in ("Person", "Claim", "Source", "address", "kind: claim"):
        assert needed in error["detail"]


@pytest.mark.parametrize(
    ("said", "field", "why"),
    [
        ({"body": [ASTANA, {"type": "Claim", "text": "It is."}]}, "body", "Several of the bodies"),
        ({"body": ASTANA, "bodyValue": "Astana"}, "bodyValue", "not both"),
        ({"bodyValue": 5}, "bodyValue", "text"),
        ({"body": "http://www.wikidata.org/entity/Q1"}, "body", "Q1"),
        ({"body": f"{SITE}/api/entities/999999/"}, "body.id", "no such"),
        ({"body": f"{SITE}/entities/nobody/"}, "body.id", "no such"),
        ({"body": [7]}, "body", "address"),
        ({"body": [NOTE] * 101}, "body", "100"),
    ],
)
def test_bodies_that_cannot_be_meant_are_refused_by_field(api, container, said, field, why) -> None:
    error = refused(api, container, on(**said))
    assert error["field"] == field
    assert why in error["detail"]


# Targets


@pytest.mark.parametrize(
    "source",
    ["{site}/stories/opened/", "{site}/api/articles/{pk}/", "{site}/api/articles/{pk}/annotations/",
     "{site}/api/articles/{pk}/revisions/1/", "https://post.example/opened", "/stories/opened/",
     "http://POST.example:80/opened/?fbclid=1"],
)  # fmt: skip
def test_a_source_is_the_story_however_its_address_is_spelled(
    api, article, container, source
) -> None:
    named = source.format(site=SITE, pk=article.pk)
    for given in (named, {"id": named, "format": "text/html"}):
        target = {"source": given, "selector": PLACE}
        made = posted(api, container, {"body": ASTANA, "target": target})
        api.delete(made["id"].removeprefix(SITE), HTTP_IF_MATCH='"1"')


@pytest.mark.parametrize("source", [
    "{site}/stories/closed/", "{site}/api/articles/{other}/", "https://post.example/closed",
    "https://post.example/opened?page=2", "https://elsewhere.example/stories/opened/", "urn:x", "opened",
])  # fmt: skip
def test_another_storys_source_is_refused_with_the_one_that_is_expected(
    api, article, container, source
) -> None:
    other = make_article("All is closed.", title="Closed", url="https://post.example/closed")
    target = {"source": source.format(site=SITE, other=other.pk), "selector": PLACE}
    for given in (
        target,
        [{"selector": PLACE}, {**target, "selector": {**PLACE, "end": START + 1}}],
    ):
        error = refused(api, container, {"body": ASTANA, "target": given})
        assert error["field"] == "target.source"
        assert f"{SITE}/stories/opened/" in error["detail"]
        assert article.url in error["detail"]


def test_a_changed_annotation_stays_on_its_story(api, article, container) -> None:
    made = posted(api, container, on(body=ASTANA))
    made["target"][0]["source"] = "https://post.example/closed"
    answer = api.put(made["id"].removeprefix(SITE), made, format="json", HTTP_IF_MATCH='"1"')
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "target.source"


def test_a_batch_holds_each_target_to_its_story(api, article) -> None:
    strange = {"body": ASTANA, "target": {"source": "https://x.example/", "selector": PLACE}}
    operations = [{"do": "create", "article": article.pk, "annotation": data}
                  for data in (strange, on(body=ASTANA))]  # fmt: skip
    answer = api.post("/api/annotations/batch/", {"operations": operations}, format="json").json()
    assert [result["status"] for result in answer["results"]] == [422, 201]
    assert answer["results"][0]["problem"]["errors"][0]["field"] == "target.source"


@pytest.mark.parametrize("address", ["{site}/api/articles/{pk}/", "https://post.example/opened"])
def test_a_target_that_is_an_address_with_a_fragment_is_these_words(
    api, article, container, address
) -> None:
    place = f"{address.format(site=SITE, pk=article.pk)}#char={START},{START + 6}"
    for target in (place, {"id": place, "type": "Text"}, [{"source": place}]):
        made = posted(api, container, {"body": ASTANA, "target": target})
        position, quote = made["target"][0]["selector"]
        assert (position["start"], quote["exact"]) == (START, "Astana")
        api.delete(made["id"].removeprefix(SITE), HTTP_IF_MATCH='"1"')


def test_an_address_of_a_revision_says_which_text_its_places_count_in(
    api, ada, article, container
) -> None:
    revise(article=article, text=f"Late on Friday, {TEXT}", actor=ada, seen_version=1)
    place = f"{SITE}/api/articles/{article.pk}/revisions/1/#char={START},{START + 6}"
    made = posted(api, container, {"body": ASTANA, "target": place})
    assert made["target"][0]["selector"][1]["exact"] == "Astana"


@pytest.mark.parametrize(
    ("target", "field", "why"),
    [
        ("{site}/stories/opened/", "target", "whole story"),
        ("https://post.example/closed#char=0,8", "target", "another story"),
        ("{site}/stories/opened/#section-2", "target.selector", "RFC 5147"),
        ("{site}/stories/opened/#char=0,9999", "target.selector", "whole numbers"),
        ({"source": "{site}/stories/opened/"}, "target.selector", "missing"),
    ],
)
def test_an_address_that_names_no_words_is_refused(api, container, target, field, why) -> None:
    if isinstance(target, str):
        target = target.format(site=SITE)
    else:
        target = {"source": target["source"].format(site=SITE)}
    error = refused(api, container, {"body": ASTANA, "target": target})
    assert error["field"] == field
    assert why in error["detail"]
    assert not Claim.objects.exists()
