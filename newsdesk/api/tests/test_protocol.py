"""The Web Annotation Protocol: containers, their pages, and annotations in them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotations.models import Annotation
from annotations.tests.factories import accept_all, suggest
from articles.models import Article
from articles.tests.factories import make_article
from newsdesk.api import containers

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened it in Astana. Ana Ruiz 👩‍👩‍👧 spoke, and Ana Ruiz left."
PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
LDP, OA = "http://www.w3.org/ns/ldp#", "http://www.w3.org/ns/oa#"


@pytest.fixture
def article(ada) -> Article:
    return make_article(
        TEXT,
        title="Opened",
        state="published",
        url="https://www.post.example/Opened/?utm_source=x#top",
    )


@pytest.fixture
def container(article) -> str:
    return f"/api/articles/{article.pk}/annotations/"


def at(selector: Any, **more: Any) -> dict[str, Any]:
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "body": {"type": "Person", "name": "Ana Ruiz"},
        "target": {"selector": selector},
        **more,
    }


def prefer(*wishes: str) -> dict[str, str]:
    return {"HTTP_PREFER": f'return=representation; include="{" ".join(wishes)}"'}


# The container


def test_a_container_says_what_it_is_and_takes(api, container) -> None:
    answer = api.get(container)
    assert answer["Content-Type"] == PROFILE
    assert f'<{LDP}BasicContainer>; rel="type"' in answer["Link"]
    assert f'rel="{LDP}constrainedBy"' in answer["Link"]
    assert PROFILE in answer["Accept-Post"]
    assert {"GET", "HEAD", "OPTIONS", "POST"} <= set(answer["Allow"].split(", "))
    assert {"Accept", "Prefer"} <= set(answer["Vary"].split(", "))
    assert answer["ETag"]
    assert answer.json()["type"] == ["BasicContainer", "AnnotationCollection"]
    assert answer.json()["total"] == 0
    assert "first" not in answer.json()


def test_head_and_options_tell_the_same_without_the_body(api, container) -> None:
    head, get = api.head(container), api.get(container)
    assert (head.status_code, head["ETag"], head["Link"]) == (200, get["ETag"], get["Link"])
    options = api.options(container)
    assert options.status_code == 200
    assert "POST" in options["Allow"]
    assert PROFILE in options["Accept-Post"]


@pytest.mark.parametrize(
    ("accept", "given"),
    [("*/*", PROFILE), ("application/ld+json", PROFILE), (PROFILE, PROFILE),
     ("application/json", "application/json"), ("text/html, application/json;q=0.5", "application/json")],
)  # fmt: skip
def test_the_media_type_is_negotiated(api, container, accept, given) -> None:
    assert api.get(container, HTTP_ACCEPT=accept)["Content-Type"] == given


def test_a_media_type_that_nobody_has_gets_406(api, container) -> None:
    assert api.get(container, HTTP_ACCEPT="text/turtle").status_code == 406


def test_a_preference_shapes_the_collection_and_is_said_to_be_applied(
    api, article, container
) -> None:
    mention = suggest(article, "entity", "Astana", type="place")
    whole, iris, minimal = (
        api.get(container, **prefer(wish))
        for wish in (f"{OA}PreferContainedDescriptions", f"{OA}PreferContainedIRIs",
                     f"{LDP}PreferMinimalContainer")
    )  # fmt: skip
    assert whole.json()["first"]["items"][0]["id"].endswith(f"{mention.uuid}/")
    assert iris.json()["first"]["items"] == [whole.json()["first"]["items"][0]["id"]]
    page = api.get(minimal.json()["first"].removeprefix("http://127.0.0.1:8000"))
    assert page.json()["items"] == whole.json()["first"]["items"]
    for answer in (whole, iris, minimal):
        assert answer["Preference-Applied"] == "return=representation"
        assert answer.json()["total"] == 1
    assert "Preference-Applied" not in api.get(container)


def test_pages_follow_each_other_to_the_last(api, article, container, monkeypatch) -> None:
    monkeypatch.setattr(containers, "FIRST", 2)
    for number, words in enumerate(["Ana", "Ruiz", "opened", "Astana", "spoke"]):
        suggest(article, "entity", words, type="place" if number % 2 else "person")
    collection = api.get(container).json()
    pages, address = [collection["first"]], collection["first"]["next"]
    while address:
        page = api.get(address.removeprefix("http://127.0.0.1:8000")).json()
        assert page["partOf"]["total"] == 5
        pages.append(page)
        address = page.get("next")
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    ids = [item["id"] for page in pages for item in page["items"]]
    assert len(set(ids)) == 5
    last = api.get(collection["last"].removeprefix("http://127.0.0.1:8000")).json()
    assert last["items"] == pages[-1]["items"]


def test_a_container_read_again_unchanged_is_304(api, article, container) -> None:
    tag = api.get(container)["ETag"]
    again = api.get(container, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    suggest(article, "entity", "Astana", type="place")
    assert api.get(container, HTTP_IF_NONE_MATCH=tag).status_code == 200


# Annotations


def test_an_annotation_is_posted_put_and_deleted_by_its_etags(api, container) -> None:
    made = api.post(container, json.dumps(at({"type": "TextQuoteSelector", "exact": "Astana"}, seen="x")),
                    content_type=PROFILE)  # fmt: skip
    assert made.status_code == 201
    assert f'<{OA}Annotation>; rel="type"' in made["Link"]
    address = made["Location"].removeprefix("http://127.0.0.1:8000")
    data = api.get(address).json() | {"seen": "y", "body": {"type": "Person", "name": "Astana Who"}}
    assert api.put(address, data).status_code == 428
    put = api.put(address, data, HTTP_IF_MATCH=made["ETag"])
    assert (put.status_code, put.json()["body"]["name"], put.json()["seen"]) == (
        200,
        "Astana Who",
        "y",
    )
    assert api.put(address, data, HTTP_IF_MATCH=made["ETag"]).status_code == 412
    assert api.delete(address, HTTP_IF_MATCH=put["ETag"]).status_code == 204
    assert api.get(address).status_code == 410


def test_a_free_uuid_in_slug_is_granted_and_any_other_wish_passed_over(api, container) -> None:
    wish = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    made = api.post(container, at({"type": "TextQuoteSelector", "exact": "Astana"}), HTTP_SLUG=wish)
    assert made["Location"].endswith(f"/{wish}/")
    for slug, words in ((wish, "opened"), ("my-own", "spoke"), ("x" * 500, "left")):
        other = api.post(
            container, at({"type": "TextQuoteSelector", "exact": words}), HTTP_SLUG=slug
        )
        assert other.status_code == 201
        assert not other["Location"].endswith(f"/{wish}/")


def test_where_an_annotation_came_from_is_kept(api, container) -> None:
    theirs = "https://elsewhere.example/anno/7"
    data = at({"type": "TextQuoteSelector", "exact": "Astana"}, id=theirs, rights="CC0")
    shown = api.post(container, data).json()
    assert (shown["via"], shown["rights"]) == (theirs, "CC0")
    assert shown["id"] != theirs


# Selectors


FIRST = [0, 8]
SECOND = [TEXT.index("Ana Ruiz 👩"), TEXT.index("Ana Ruiz 👩") + 8]
QUOTE = {"type": "TextQuoteSelector", "exact": "Ana Ruiz"}
SELECTORS = {
    "a position": ({"type": "TextPositionSelector", "start": 0, "end": 8}, FIRST),
    "a fragment": ({"type": "FragmentSelector", "value": "char=0,8",
                    "conformsTo": "http://tools.ietf.org/rfc/rfc5147"}, FIRST),
    "a fragment from the beginning": ({"type": "FragmentSelector", "value": "char=,8"}, FIRST),
    "a fragment that tells the length": (
        {"type": "FragmentSelector", "value": f"char=0,8;length={len(TEXT)}"}, FIRST),
    "a quote with what follows": ({**QUOTE, "suffix": " 👩‍👩‍👧 spoke"}, SECOND),
    "a quote with what stood before": ({**QUOTE, "prefix": "in Astana. "}, SECOND),
    "a range": ({"type": "RangeSelector",
                 "startSelector": {"type": "TextPositionSelector", "start": 0, "end": 3},
                 "endSelector": {"type": "TextQuoteSelector", "exact": " opened"}}, FIRST),
    "a position refined": ({"type": "TextPositionSelector", "start": SECOND[0], "end": len(TEXT),
                            "refinedBy": {**QUOTE, "suffix": " 👩"}}, SECOND),
    "a quote refined": ({"type": "TextQuoteSelector", "exact": "Ana Ruiz opened",
                         "refinedBy": {"type": "TextPositionSelector", "start": 0, "end": 8}}, FIRST),
    "alternatives": ([{"type": "CssSelector", "value": "p"}, QUOTE,
                      {"type": "FragmentSelector", "value": "char=0,8"},
                      {"type": "TextPositionSelector", "start": 0, "end": 8}], FIRST),
}  # fmt: skip


@pytest.mark.parametrize("name", SELECTORS)
def test_selectors_of_all_kinds_resolve_to_text(api, container, name) -> None:
    selector, span = SELECTORS[name]
    answer = api.post(container, at(selector))
    assert answer.status_code == 201, answer.json()
    assert Annotation.objects.get().spans == [span]
    position, quote = answer.json()["target"][0]["selector"][:2]
    assert (position["start"], position["end"], quote["exact"]) == (*span, "Ana Ruiz")


REFUSED = {
    "css": {"type": "CssSelector", "value": "p"},
    "xpath": {"type": "XPathSelector", "value": "/p"},
    "svg": {"type": "SvgSelector", "value": "<svg/>"},
    "bytes": {"type": "DataPositionSelector", "start": 0, "end": 8},
    "none": {"type": "Thing"},
    "a list without any": [{}],
    "a fragment of another kind": {"type": "FragmentSelector", "value": "xywh=1,2,3,4"},
    "a fragment of a page": {"type": "FragmentSelector", "value": "char=0,8", "conformsTo": "http://www.w3.org/TR/media-frags/"},
    "a place without words": {"type": "FragmentSelector", "value": "char=8"},
    "a fragment of another text": {"type": "FragmentSelector", "value": "char=0,8;length=1"},
    "a range backwards": {"type": "RangeSelector", "startSelector": {"type": "TextQuoteSelector", "exact": "spoke"},
                          "endSelector": {"type": "TextQuoteSelector", "exact": "opened"}},
    "half a range": {"type": "RangeSelector", "startSelector": {"type": "TextQuoteSelector", "exact": "spoke"}},
    "beyond the end": {"type": "TextPositionSelector", "start": 0, "end": 9999},
    "a refinement that is not inside": {"type": "TextPositionSelector", "start": 0, "end": 8,
                                        "refinedBy": {"type": "TextQuoteSelector", "exact": "Astana"}},
    "a refinement that is none": {"type": "TextPositionSelector", "start": 0, "end": 8, "refinedBy": 7},
}  # fmt: skip


# Elements of a page, which the desk's text has not.
ELEMENT = {"type": "XPathSelector", "value": "/html/body/p[1]"}
ELEMENTS = {"type": "RangeSelector", "startSelector": ELEMENT, "endSelector": ELEMENT}
WITH_OTHERS = {
    "a range of elements beside a quote": ([ELEMENTS, {**QUOTE, "prefix": "in Astana. "}], SECOND, [ELEMENTS]),
    "an element beside a position": ([ELEMENT, {"type": "TextPositionSelector", "start": 0, "end": 8}],
                                     FIRST, [ELEMENT]),
    "a fragment of another text beside a position": (
        [{"type": "FragmentSelector", "value": "char=3,8;length=1"},
         {"type": "TextPositionSelector", "start": 0, "end": 8}], FIRST,
        [{"type": "FragmentSelector", "value": "char=3,8;length=1"}]),
    "an element narrowed to a quote": ({**ELEMENT, "refinedBy": {**QUOTE, "suffix": " opened"}}, FIRST,
                                       [{**ELEMENT, "refinedBy": {**QUOTE, "suffix": " opened"}}]),
    "elements narrowed to a quote": (
        {**ELEMENTS, "refinedBy": [{"type": "CssSelector", "value": "b"}, {**QUOTE, "suffix": " opened"}]},
        FIRST, None),
    "a position narrowed in two ways": (
        {"type": "TextPositionSelector", "start": 0, "end": 20, "refinedBy": [ELEMENT, QUOTE]}, FIRST, None),
    "a choice": ({"type": "Choice", "items": [ELEMENT, {"type": "FragmentSelector", "value": "char=0,8"}]},
                 FIRST, None),
    "one that nobody knows": ([{"type": "https://other.example/Line", "start": 1.5, "value": 3},
                               {"type": "TextPositionSelector", "start": 0, "end": 8}], FIRST,
                              [{"type": "https://other.example/Line", "start": 1.5, "value": 3}]),
}  # fmt: skip


@pytest.mark.parametrize("name", WITH_OTHERS)
def test_selectors_that_select_nothing_here_are_kept_beside_one_that_does(
    api, container, name
) -> None:
    selector, span, kept = WITH_OTHERS[name]
    answer = api.post(container, at(selector))
    assert answer.status_code == 201, answer.json()
    assert Annotation.objects.get().spans == [span]
    position, quote, *others = answer.json()["target"][0]["selector"]
    assert ([position["start"], position["end"]], quote["exact"]) == (span, "Ana Ruiz")
    assert others == (kept or [selector])


def test_where_no_selector_selects_anything_each_is_told_of(api, container) -> None:
    answer = api.post(container, at([ELEMENTS, {"type": "CssSelector", "value": "p"}, QUOTE]))
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["field"] == "target.selector"
    assert error["detail"].count("Give one of") == 1
    for told in ("RangeSelector: XPathSelector selects", "CssSelector: CssSelector selects elements",
                 "TextQuoteSelector: The quote stands 3 times"):  # fmt: skip
        assert told in error["detail"]
    assert len(answer.json()["found"]) == 3


@pytest.mark.parametrize("name", REFUSED)
def test_what_selects_no_text_is_refused_in_words(api, container, name) -> None:
    answer = api.post(container, at(REFUSED[name]))
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["field"].startswith("target.selector")
    assert len(error["detail"]) > 20
    assert not Annotation.objects.exists()


def test_a_quote_that_stands_in_several_places_is_refused_with_them(api, container) -> None:
    body = api.post(container, at(QUOTE)).json()
    assert body["status"] == 422
    assert [place["start"] for place in body["found"]] == [0, SECOND[0], TEXT.rindex("Ana Ruiz")]
    assert body["found"][1]["suffix"].startswith(" 👩‍👩‍👧 spoke")


def test_a_quote_that_stands_nowhere_is_refused(api, container) -> None:
    body = api.post(container, at({"type": "TextQuoteSelector", "exact": "Bea"})).json()
    assert (body["status"], body.get("found")) == (422, None)


def test_selectors_that_disagree_are_refused_with_both(api, container) -> None:
    body = api.post(container, at([{"type": "TextPositionSelector", "start": 0, "end": 8},
                                   {"type": "FragmentSelector", "value": "char=0,3"}])).json()  # fmt: skip
    assert body["status"] == 422
    assert [one["words"] for one in body["selected"]] == ["Ana Ruiz", "Ana"]


# Search


@pytest.mark.parametrize(
    "uri",
    ["https://www.post.example/Opened/?utm_source=x#top", "http://post.example/Opened",
     "https://POST.example:443/Opened/?fbclid=1", "http://127.0.0.1:8000/stories/opened/",
     "http://127.0.0.1:8000/api/articles/{pk}/annotations/"],
)  # fmt: skip
def test_annotations_are_found_by_the_storys_address_however_it_is_spelled(
    api, article, uri
) -> None:
    mention = suggest(article, "entity", "Astana", type="place")
    answer = api.get("/api/annotations/search", {"uri": uri.format(pk=article.pk)})
    assert [item["id"][-37:-1] for item in answer.json()["items"]] == [str(mention.uuid)]


@pytest.mark.parametrize("stored", [
    "https://www.münchen.example/straße/öffnung/?q=für", "https://xn--mnchen-3ya.example/stra%C3%9Fe/%c3%b6ffnung?q=f%C3%BCr",
    "http://MÜNCHEN.example:80/stra%C3%9Fe/o\u0308ffnung?q=f%c3%bcr", "https://münchen.example/str%61ße/öffnung?utm_source=x&q=für",
])  # fmt: skip
def test_a_storys_address_in_any_letters_is_found_by_every_spelling(api, ada, stored) -> None:
    mention = suggest(make_article(TEXT, url=stored), "entity", "Astana", type="place")
    for uri in ("https://m%C3%BCnchen.example/straße/öffnung?q=für",
                "http://xn--mnchen-3ya.example/stra%c3%9fe/%C3%B6ffnung/?q=f%C3%BCr#top"):  # fmt: skip
        items = api.get("/api/annotations/search", {"uri": uri}).json()["items"]
        assert [item["id"][-37:-1] for item in items] == [str(mention.uuid)]


@pytest.mark.parametrize("uri", ["https://東京.example/", "https://xn--1lqs71d.example"])
def test_an_outlets_front_page_is_found_in_its_own_letters_and_in_ascii(api, ada, uri) -> None:
    suggest(make_article(TEXT, url="https://東京.example"), "entity", "Astana", type="place")
    assert len(api.get("/api/annotations/search", {"uri": uri}).json()["items"]) == 1


@pytest.mark.parametrize(
    "uri", ["https://post.example/opened", "https://post.example/", "https://x.example"]
)
def test_another_address_finds_nothing(api, article, uri) -> None:
    suggest(article, "entity", "Astana", type="place")
    assert api.get("/api/annotations/search", {"uri": uri}).json()["items"] == []


@pytest.mark.parametrize("query", [{}, {"uri": ""}, {"uri": "opened"}, {"uri": "ftp://x.example/"},
                                   {"uri": "http://[::1"}, {"uri": "http://x.example/\n"}])  # fmt: skip
def test_what_is_no_address_is_refused_by_parameter(api, query) -> None:
    answer = api.get("/api/annotations/search", query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "uri"


def test_readers_find_what_they_may_see(article, ada) -> None:
    suggest(article, "entity", "Astana", type="place")
    search = "/api/annotations/search?uri=https://post.example/Opened"
    assert APIClient().get(search).json()["partOf"]["total"] == 0
    accept_all(article, ada)
    assert APIClient().get(search).json()["partOf"]["total"] == 1
