from __future__ import annotations

import copy

import pytest

from annotations.formats.w3c import annotation_to_jsonld
from annotations.importing import add_annotation, add_page
from annotations.models import Annotation, Attribution, Entity, Source
from annotations.tests.factories import suggest
from articles.errors import Refused
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened it. “It is safe,” she said, “👩‍👩‍👧 and new.”"
BASE = "https://desk.example"


@pytest.fixture
def ada():
    return editor(username="ada")


def target(words: str, text: str = TEXT) -> dict:
    start = text.index(words)
    return {
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": start + len(words)},
            {"type": "TextQuoteSelector", "exact": words},
        ]
    }


def item(number: int, kind: str, words: list[str], body: dict, **more) -> dict:
    return {
        "id": f"/api/annotations/00000000-0000-0000-0000-00000000000{number}/",
        "type": "Annotation", "kind": kind, "status": "accepted",
        "body": body, "target": [target(w) for w in words], **more,
    }  # fmt: skip


def page() -> dict:
    person = {"type": "Person", "id": "/entities/ana-ruiz/", "name": "Ana Ruiz"}
    source = {
        "type": "Source", "id": "/sources/ana-ruiz/", "sourceKind": "person",
        "name": "Ana Ruiz", "entity": "/entities/ana-ruiz/",
    }  # fmt: skip
    tie = {
        "id": "x#attribution-1", "manner": "direct", "mode": "asserts", "parent": None,
        "attributedTo": "/api/annotations/00000000-0000-0000-0000-000000000002/",
        "cue": [target("said")["selector"]],
    }  # fmt: skip
    claim = {"type": "Claim", "id": "/claims/it-is-safe/", "text": "It is safe and new."}
    return {
        "type": "AnnotationPage",
        "items": [
            item(3, "claim", ["“It is safe,”", "“👩‍👩‍👧 and new.”"], claim, attributions=[tie]),
            item(2, "source", ["she"], source),
            item(1, "entity", ["Ana Ruiz"], person),
        ],
    }


def test_a_page_of_annotations_is_added_with_its_ties(ada) -> None:
    article = make_article(TEXT, title="Opened")
    claim, source, mention = add_page(article=article, page=page(), editor=ada)
    tie = Attribution.objects.get()
    assert (tie.claim, tie.source, tie.status) == (claim, source, "accepted")
    assert source.source.entity == mention.entity == Entity.objects.get(slug="ana-ruiz")
    assert claim.words() == ["“It is safe,”", "“👩‍👩‍👧 and new.”"]


def outlet_page(**more) -> dict:
    claim = {"type": "Claim", "text": "It is safe."}
    tie = {"id": "x#attribution-1", "byOutlet": True, "attributedTo": None, "cue": [], **more}
    source = {"type": "Source", "sourceKind": "unnamed", "name": "she"}
    items = [
        item(3, "claim", ["“It is safe,”"], claim, attributions=[tie]),
        item(2, "source", ["she"], source),
    ]
    return {"type": "AnnotationPage", "items": items}


def test_a_claim_of_the_outlet_itself_goes_in_and_comes_out_as_one(ada) -> None:
    article = make_article(TEXT, title="Opened")
    claim, _ = add_page(article=article, page=outlet_page(), editor=ada)
    tie = Attribution.objects.with_ends().get()
    assert tie.by_outlet and tie.source is None
    (out,) = annotation_to_jsonld(claim, base=BASE, attributions=[tie])["attributions"]
    assert (out["byOutlet"], out["attributedTo"]) == (True, None)


def test_a_claim_of_the_outlet_itself_has_no_other_source(ada) -> None:
    article = make_article(TEXT, title="Opened")
    source = "/api/annotations/00000000-0000-0000-0000-000000000002/"
    with pytest.raises(Refused) as refused:
        add_page(article=article, page=outlet_page(attributedTo=source), editor=ada)
    assert refused.value.field == "byOutlet"
    assert not Annotation.objects.exists()


def test_the_senders_uuid_is_kept(ada) -> None:
    article = make_article(TEXT, title="Opened")
    made = add_page(article=article, page=page(), editor=ada)
    assert str(made[2].uuid) == "00000000-0000-0000-0000-000000000001"


def test_what_goes_out_comes_in_again_the_same(ada) -> None:
    article = make_article(TEXT, title="Opened")
    made = add_page(article=article, page=page(), editor=ada)
    ties = list(Attribution.objects.with_ends())
    out = [annotation_to_jsonld(a, base="", attributions=ties) for a in made]
    copied = make_article(TEXT + "\n\nMore.", title="Copy")
    again = add_page(article=copied, page={"items": copy.deepcopy(out)}, editor=ada)
    for before, after in zip(made, again, strict=True):
        same = [(a.kind, a.type, a.spans, a.status, a.body) for a in (before, after)]
        assert same[0] == same[1]
    assert Attribution.objects.count() == 2


def test_a_page_with_one_wrong_quote_adds_nothing(ada) -> None:
    article = make_article(TEXT, title="Opened")
    wrong = page()
    wrong["items"][2]["target"][0]["selector"][1]["exact"] = "Anna Ruiz"
    with pytest.raises(Refused) as refusal:
        add_page(article=article, page=wrong, editor=ada)
    assert refusal.value.extra == {"quote": "Anna Ruiz", "at_position": "Ana Ruiz"}
    assert not Annotation.objects.exists()
    assert not Entity.objects.exists()


def test_a_quote_alone_is_placed_where_it_stands_once(ada) -> None:
    article = make_article(TEXT, title="Opened")
    data = item(1, "entity", [], {"type": "Person", "name": "Ana Ruiz"})
    data["target"] = {"selector": {"type": "TextQuoteSelector", "exact": "Ana Ruiz"}}
    assert add_annotation(article=article.pk, data=data, editor=ada).spans == [[0, 8]]


def test_a_quote_that_stands_twice_is_refused(ada) -> None:
    article = make_article(TEXT, title="Opened")
    data = item(1, "entity", [], {"type": "Person", "name": "A"})
    data["target"] = {"selector": {"type": "TextQuoteSelector", "exact": "it"}}
    data["target"]["selector"]["exact"] = "e"
    with pytest.raises(Refused, match="times"):
        add_annotation(article=article.pk, data=data, editor=ada)


def test_unknown_properties_are_kept_and_given_back(ada) -> None:
    article = make_article(TEXT, title="Opened")
    data = item(1, "entity", ["Ana Ruiz"], {"type": "Person"}, rights="https://example.org/cc0")
    added = add_annotation(article=article.pk, data=data, editor=ada)
    assert annotation_to_jsonld(added, base=BASE)["rights"] == "https://example.org/cc0"


def test_an_unnamed_source_keeps_its_affiliation_and_reason(ada) -> None:
    article = make_article(TEXT, title="Opened")
    body = {
        "type": "Source", "id": "/sources/an-official/", "sourceKind": "unnamed", "name": "she",
        "affiliation": "the city", "unnamedReason": "not allowed to speak",
    }  # fmt: skip
    add_annotation(article=article.pk, data=item(1, "source", ["she"], body), editor=ada)
    source = Source.objects.get()
    assert (source.affiliation, source.unnamed_reason) == ("the city", "not allowed to speak")


NONSENSE = [
    None, [], "annotation", 7, {}, {"body": 3}, {"body": {"type": "Person"}},
    {"body": {"type": "Person"}, "target": "https://example.org/#char=0,8"},
    {"body": {"type": "Person"}, "target": {"selector": {"type": "TextPositionSelector"}}},
    {"body": {"type": ["Planet"]}, "target": target("Ana Ruiz")},
    {"body": {"type": "Planet", "name": "Mars"}, "target": target("Ana Ruiz")},
    {"body": {"type": "Person"}, "kind": "mood", "target": target("Ana Ruiz")},
    {"body": {"type": "Person"}, "status": "maybe", "target": target("Ana Ruiz")},
    {"body": {"type": "Person", "id": "/entities/nobody/"}, "target": target("Ana Ruiz")},
    {"body": {"type": "Claim"}, "target": target("it"), "attributions": ["x"]},
    {"body": {"type": "Claim"}, "target": target("it"),
     "attributions": [{"attributedTo": "/api/annotations/none/"}]},
]  # fmt: skip


@pytest.mark.parametrize("data", NONSENSE, ids=str)
def test_nonsense_is_refused_and_leaves_nothing(data, ada) -> None:
    article = make_article(TEXT, title="Opened")
    with pytest.raises(Refused):
        add_annotation(article=article.pk, data=data, editor=ada)
    assert not Annotation.objects.exists()


def test_a_suggestion_names_its_maker_and_its_proposal() -> None:
    mention = suggest(make_article(TEXT, title="Opened"), "entity", "Ana Ruiz", confidence=0.5)
    data = annotation_to_jsonld(mention, base=BASE)
    assert data["generator"]["name"] == "test"
    assert data["body"] == {"type": "Person", "name": "Ana Ruiz", "purpose": "classifying"}
    assert data["motivation"] == "classifying"
