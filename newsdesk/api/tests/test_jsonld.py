"""What is given out is what the Web Annotation data model asks for, and means to a JSON-LD processor
what the desk means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from rest_framework.test import APIClient

from annotations.formats.contexts import DESK_CONTEXT
from annotations.models import Annotation, Attribution
from annotations.tests import contexts, web_annotation
from annotations.tests.contexts import AS, DCTERMS, FOAF, OA, XSD
from annotations.tests.factories import (
    ClaimFactory,
    EntityFactory,
    accept_all,
    suggest,
    suggest_tie,
)
from articles.models import Article, Change
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz 👩‍👩‍👧 opened it in Astana. “It is safe,” she said, an official said."
SITE = "http://127.0.0.1:8000"
DESK, SCHEMA = "urn:newsdesk:terms:", "https://schema.org/"


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Opened")


@pytest.fixture
def tags(article, ada) -> dict[str, Annotation]:
    """Annotations of every kind: decided and not, of one span and of two, nested attributions."""
    known = EntityFactory(name="Ana Ruiz", type="person", wikidata_id="Q42")
    same = ClaimFactory(text="It is safe.")
    said_before = {"said_before": [{"claim": same.pk, "similarity": 0.9}]}
    made = {
        "entity": suggest(article, "entity", "Ana Ruiz", entity=known, label="Ana Ruiz"),
        "source": suggest(article, "source", "she", type="person", label="Ana Ruiz"),
        "claim": suggest(article, "claim", ["It is safe", "said"], claim=same, label=same.text),
        "unnamed": suggest(article, "source", "an official", type="unnamed", label="an official"),
    }
    cue = [[TEXT.index("said"), TEXT.index("said") + 4]]
    suggest_tie(made["claim"], made["source"], cue=cue, manner="direct")
    accept_all(article, ada)
    outer = Attribution.objects.get()
    suggest_tie(made["claim"], made["unnamed"], parent=outer)
    made["open"] = suggest(
        article,
        "entity",
        "Astana",
        type="place",
        label="Astana",
        proposal={"candidates": [known.pk]},
    )
    made["new"] = suggest(article, "entity", "it", type="event", proposal={"new": True})
    made["like"] = suggest(
        article, "claim", "opened it", label="It was opened.", proposal=said_before
    )
    return made


KINDS = ("entity", "source", "claim", "unnamed", "open", "new", "like")


def shown(api: APIClient, annotation: Annotation) -> dict[str, Any]:
    return api.get(f"/api/annotations/{annotation.uuid}/").json()


def _load(url: str, options: Any = None) -> dict[str, Any]:
    known = contexts.CONTEXTS | {f"{SITE}/api/context.jsonld": DESK_CONTEXT}
    return {"contextUrl": None, "documentUrl": url, "document": known[url]}


def expanded(data: dict[str, Any]) -> dict[str, Any]:
    (node,) = jsonld.expand(data, {"documentLoader": _load})
    return node


@pytest.mark.parametrize("kind", KINDS)
def test_an_annotation_is_what_the_data_model_asks_for(api, tags, kind) -> None:
    web_annotation.hold(web_annotation.ANNOTATION, shown(api, tags[kind]))


def test_collections_and_pages_are_too(api, article, tags) -> None:
    collection = api.get(f"/api/articles/{article.pk}/annotations/").json()
    web_annotation.hold(web_annotation.COLLECTION, collection)
    for address in (f"/api/articles/{article.pk}/annotations/?page_size=2",
                    f"/api/articles/{article.pk}/annotations/?iris=1", "/api/annotations/"):  # fmt: skip
        web_annotation.hold(web_annotation.PAGE, api.get(address).json())


def test_a_page_says_of_each_annotation_what_it_says_itself(api, article, tags) -> None:
    page = api.get(f"/api/articles/{article.pk}/annotations/?page_size=100").json()
    whole = api.get(f"/api/articles/{article.pk}/annotations/").json()["first"]
    assert page["items"] == whole["items"]
    for item in page["items"]:
        single = api.get(item["id"].removeprefix(SITE)).json()
        assert {name: value for name, value in single.items() if name != "@context"} == item


@pytest.mark.parametrize("kind", KINDS)
def test_every_term_of_an_annotation_means_something(api, tags, kind) -> None:
    data = shown(api, tags[kind])
    node = expanded(data)
    # What has no meaning in the contexts is dropped by a processor.
    assert len(node) == len(data) - 1, data.keys()
    assert node["@id"] == data["id"]
    assert node["@type"] == [f"{OA}Annotation"]


def test_a_mention_means_that_its_entity_is_named_at_these_characters(api, tags, article) -> None:
    node = expanded(shown(api, tags["entity"]))
    assert node[f"{OA}motivatedBy"] == [{"@id": f"{OA}identifying"}]
    (body,) = node[f"{OA}hasBody"]
    assert body["@id"] == f"{SITE}{tags['entity'].entity.get_absolute_url()}"
    assert body[f"{SCHEMA}sameAs"] == [{"@id": "http://www.wikidata.org/entity/Q42"}]
    assert body[f"{FOAF}name"] == [{"@value": "Ana Ruiz"}]
    (target,) = node[f"{OA}hasTarget"]
    assert target[f"{OA}hasSource"] == [{"@id": f"{SITE}{article.get_absolute_url()}"}]
    position, quote = target[f"{OA}hasSelector"]
    assert position[f"{OA}end"] == [{"@value": 8, "@type": f"{XSD}nonNegativeInteger"}]
    assert quote[f"{OA}exact"] == [{"@value": "Ana Ruiz"}]
    assert node[f"{DCTERMS}created"][0]["@type"] == f"{XSD}dateTime"
    assert node[f"{AS}generator"][0]["@type"] == [f"{AS}Application"]
    assert node[f"{DESK}status"] == [{"@value": "accepted"}]


def test_a_claim_of_two_spans_means_who_says_it_and_how(api, tags) -> None:
    node = expanded(shown(api, tags["claim"]))
    assert len(node[f"{OA}hasTarget"]) == 2
    (body,) = node[f"{OA}hasBody"]
    assert body["@type"] == [f"{SCHEMA}Claim"]
    assert body[f"{SCHEMA}text"] == [{"@value": "It is safe."}]
    ties = {tie[f"{DESK}attributedTo"][0]["@id"]: tie for tie in node[f"{DESK}attribution"]}
    outer, inner = (ties[f"{SITE}/api/annotations/{tags[k].uuid}/"] for k in ("source", "unnamed"))
    assert outer[f"{DESK}manner"] == [{"@value": "direct"}]
    (cue,) = outer[f"{DESK}cue"][0]["@list"]
    assert cue["@list"][1][f"{OA}exact"] == [{"@value": "said"}]
    assert inner[f"{DESK}parent"] == [{"@id": outer["@id"]}]


def test_a_collection_means_an_ordered_collection_with_its_first_page(api, article, tags) -> None:
    node = expanded(api.get(f"/api/articles/{article.pk}/annotations/").json())
    assert f"{AS}OrderedCollection" in node["@type"]
    (first,) = node[f"{AS}first"]
    assert len(first[f"{AS}items"][0]["@list"]) == node[f"{AS}totalItems"][0]["@value"] == len(tags)


def test_properties_of_others_come_back_with_their_meaning(api, article) -> None:
    data = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "body": {"type": "Place", "name": "Astana"},
        "target": {"selector": {"type": "TextQuoteSelector", "exact": "Astana"}},
        "rights": "https://creativecommons.org/publicdomain/zero/1.0/",
        "https://other.example/mood": [{"@value": "calm"}],
    }
    made = api.post(f"/api/articles/{article.pk}/annotations/", data)
    node = expanded(made.json())
    assert node[f"{DCTERMS}rights"] == [{"@id": data["rights"]}]
    assert node["https://other.example/mood"] == [{"@value": "calm"}]


# Whatever comes in


TERMS = st.sampled_from(
    "id type kind status body target selector exact prefix suffix start end value conformsTo refinedBy "
    "startSelector endSelector attributions attributedTo cue manner mode parent byOutlet name text "
    "sourceKind entity sameAs revision motivation extra @context via bodyValue source purpose items "
    "@kept @id language creator".split()
)
WORDS = st.one_of(
    st.sampled_from([
        "TextPositionSelector", "TextQuoteSelector", "RangeSelector", "FragmentSelector", "CssSelector",
        "Person", "Place", "Claim", "Source", "person", "unnamed", "accepted", "suggested", "Ana Ruiz",
        "said", "it", "char=0,8", "char=9,1", "It is safe", "urn:x", f"{SITE}/entities/ana-ruiz/",
    ]),
    st.text(max_size=12),
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 90),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        WORDS,
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(TERMS, WORDS), inner, max_size=5)
    ),
    max_leaves=12,
)
SELECTORS = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"type": st.just("TextPositionSelector"),
                               "start": st.integers(-2, 90), "end": st.integers(-2, 90)}),
        st.fixed_dictionaries({"type": st.just("TextQuoteSelector"), "exact": WORDS},
                              optional={"prefix": WORDS, "suffix": WORDS}),
        st.fixed_dictionaries({"type": st.just("FragmentSelector"),
                               "value": st.from_regex(r"#?char=\d{0,2},?\d{0,2}", fullmatch=True)}),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.fixed_dictionaries({"type": st.just("RangeSelector"), "startSelector": inner,
                               "endSelector": inner}),
        st.fixed_dictionaries({"type": st.just("TextPositionSelector"), "start": st.integers(0, 9),
                               "end": st.integers(9, 60), "refinedBy": inner}),
    ),
    max_leaves=4,
)  # fmt: skip
BODIES = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["Person", "Place", "Claim", "Source", "Thing"])},
                          optional={"name": WORDS, "text": WORDS, "sourceKind": WORDS, "id": WORDS}),
    VALUES,
)  # fmt: skip
# What may well be right, but for what else there is, wherever it stands.
MORE = st.dictionaries(st.one_of(TERMS, WORDS), VALUES, max_size=2)


def with_more(known: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda whole, more: {**more, **whole}, known, st.one_of(st.just({}), MORE))


OURS = with_more(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["Person", "Place"]), "name": st.text(min_size=1, max_size=9)}
    )
)
OTHERS = st.one_of(
    with_more(st.fixed_dictionaries({"type": st.just("TextualBody"), "value": WORDS})),
    st.sampled_from(["urn:x", "https://other.example/1", "x"]),
    MORE,
)
POSITION = st.builds(
    lambda start, length: {"type": "TextPositionSelector", "start": start, "end": start + length},
    st.integers(0, 70), st.integers(1, 12),
)  # fmt: skip
CONTEXTS = st.one_of(
    st.just("http://www.w3.org/ns/anno.jsonld"),
    st.lists(
        st.dictionaries(WORDS, st.one_of(WORDS, st.just("urn:y"), VALUES), max_size=2), max_size=2
    ),
)
PLAUSIBLE = with_more(
    st.fixed_dictionaries(
        {
            "body": st.one_of(OURS, st.tuples(OURS, OTHERS).map(list), st.tuples(OTHERS, OURS).map(list)),
            "target": st.one_of(
                with_more(st.fixed_dictionaries({"selector": with_more(POSITION)})),
                st.fixed_dictionaries({"selector": st.tuples(with_more(POSITION), MORE).map(list)}),
                POSITION.map(lambda at: f"{SITE}/stories/opened/#char={at['start']},{at['end']}"),
            ),
        },
        optional={
            "status": st.sampled_from(["accepted", "suggested", "rejected"]),
            "motivation": st.sampled_from(["linking", "urn:x", ["commenting", "tagging"], "x"]),
            "@context": CONTEXTS,
        },
    )
)  # fmt: skip
ANNOTATIONS = st.one_of(
    PLAUSIBLE,
    VALUES,
    st.fixed_dictionaries(
        {"body": BODIES, "target": st.one_of(
            st.fixed_dictionaries({"selector": SELECTORS}),
            st.lists(st.fixed_dictionaries({"selector": SELECTORS}), max_size=3), VALUES)},
        optional={"status": WORDS, "kind": WORDS, "attributions": VALUES, "x": VALUES},
    ),
)  # fmt: skip
FUZZED = settings(
    max_examples=70, deadline=None, database=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def assert_invariants(article: Article) -> None:
    """Spans inside the text and no place taken twice, versions as decided, the log dense."""
    places = set()
    for annotation in article.annotations.kept():
        flat = [offset for span in annotation.spans for offset in span]
        assert flat == sorted(flat)
        assert 0 <= flat[0] < flat[-1] <= len(article.text)
        place = (annotation.kind, str(annotation.spans))
        assert place not in places
        places.add(place)
        assert annotation.decisions.count() == annotation.version
    numbers = list(Change.objects.values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def assert_put_back(api: APIClient, answer: Any) -> None:
    """What came out may be sent again, and says the same then."""
    out = answer.json()
    put = api.put(out["id"].removeprefix(SITE), out, format="json", HTTP_IF_MATCH=answer["ETag"])
    assert put.status_code == 200, put.json()
    came = [{name: value for name, value in one.items() if name not in ("modified", "version")}
            for one in (out, put.json())]  # fmt: skip
    assert came[0] == came[1]


def test_whatever_is_posted_gets_an_annotation_or_a_problem(api, article) -> None:
    address = f"/api/articles/{article.pk}/annotations/"

    @FUZZED
    @given(data=ANNOTATIONS)
    def posted(data: Any) -> None:
        answer = api.post(address, data, format="json")
        if answer.status_code == 201:
            web_annotation.hold(web_annotation.ANNOTATION, answer.json())
            expanded(answer.json())
            assert_put_back(api, answer)
            # Else the words would soon be taken.
            api.delete(answer.json()["id"].removeprefix(SITE), HTTP_IF_MATCH='"2"')
        else:
            assert 400 <= answer.status_code < 500
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["detail"]

    posted()
    assert article.annotations.exists()
    assert_invariants(article)


def test_whatever_comes_in_a_batch_does_too(api, article) -> None:
    @FUZZED
    @given(data=st.lists(ANNOTATIONS, min_size=1, max_size=5), whole=st.booleans())
    def sent(data: list[Any], whole: bool) -> None:
        operations = [{"do": "create", "article": article.pk, "annotation": one} for one in data]
        answer = api.post("/api/annotations/batch/", {"operations": operations, "all_or_nothing": whole},
                          format="json")  # fmt: skip
        assert answer.status_code < 500
        if answer.status_code in (200, 422) and "results" in answer.json():
            assert len(answer.json()["results"]) == len(data)

    sent()
    assert article.annotations.exists()
    assert_invariants(article)
