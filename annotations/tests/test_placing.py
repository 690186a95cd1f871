"""Files taken in: what goes out comes in again the same; what does not fit is told by line."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import deciding
from annotations.importing import add_annotation
from annotations.models import Annotation, Attribution, Entity, ImportedAs, Source
from annotations.placing import SAME_MOMENT
from annotations.tests.exchanging import BASE, exported, forget, lines, said, taken, told, w3c
from annotations.tests.factories import EntityFactory, accept_all, suggest
from annotations.tests.test_exporting import a_desk
from articles.models import Article
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def address(settings):
    settings.SITE_URL = BASE


@pytest.fixture
def ada():
    return editor(username="ada")


LOSSLESS = ["w3c", "csv", "brat", "doccano", "label_studio"]


@pytest.mark.parametrize("format", LOSSLESS)
def test_what_goes_out_comes_in_again_the_same(format, ada) -> None:
    a_desk(ada)
    before, file = said(ada), exported(ada, format)
    forget()
    done = taken(file, ada, format)
    assert told(done) == []
    assert said(ada) == before
    assert done.counts["added"] == 8
    assert done.counts["attributions"] == 3
    assert Article.objects.count() == 1


@pytest.mark.parametrize("format", LOSSLESS)
def test_what_others_say_at_every_depth_goes_out_and_comes_in_again(format, ada) -> None:
    article = make_article("Ana Ruiz opened it. It is safe, she said.", title="Opened")
    theirs = {"mood": {"calm": [1, None]}, "https://x.example/a": "👩‍👩‍👧"}
    speaker = w3c("she", article, body={"type": "Source", "sourceKind": "person", "name": "Ana"})
    source = add_annotation(article=article.pk, data=speaker, editor=ada)
    said_of = {
        "attributedTo": str(source.uuid),
        "cue": [{"type": "TextPositionSelector", "start": 36, "end": 40} | theirs],
    }
    data = w3c(
        "It is safe", article, **theirs, attributions=[said_of | theirs], motivation="linking"
    )
    data["@context"] = ["http://www.w3.org/ns/anno.jsonld", {"mood": "https://x.example/mood"}]
    data["body"] = ["https://x.example/note", {"type": "Claim", "text": "It is.", **theirs}]
    data["target"] = {**data["target"], **theirs}
    data["target"]["selector"] = [
        *(selector | theirs for selector in data["target"]["selector"]),
        {"type": "XPathSelector", "value": "/p", **theirs},
    ]
    add_annotation(article=article.pk, data=data, editor=ada)
    before, file = said(ada), exported(ada, format)
    assert str(before).count("'calm'") == 8
    forget()
    assert told(taken(file, ada, format)) == []
    assert said(ada) == before


@pytest.mark.parametrize(
    "kept", [5, {"body": 5}, {"target": [5]}, {"attributions": {"": {"cue": 5}}}]
)
def test_a_file_that_forges_what_is_kept_brings_nothing_of_it(kept, ada) -> None:
    article = make_article("Ana Ruiz opened it.", title="Opened")
    suggest(article, "entity", "Ana Ruiz", extra={"@kept": kept, "mood": "calm"})
    file = exported(ada, "doccano")
    forget()
    assert told(taken(file, ada, "doccano")) == []
    assert Annotation.objects.get().extra == {"mood": "calm"}


@pytest.mark.parametrize("format", LOSSLESS)
def test_the_same_file_twice_makes_nothing_twice(format, ada) -> None:
    a_desk(ada)
    file, before = exported(ada, format), said(ada)
    changes = set(Annotation.objects.values_list("pk", "version"))
    ties = set(Attribution.objects.values_list("pk", "version"))
    again = taken(file, ada, format)
    assert told(again) == []
    assert again.counts["known"] == 8
    assert "added" not in again.counts
    assert said(ada) == before
    assert set(Annotation.objects.values_list("pk", "version")) == changes
    assert set(Attribution.objects.values_list("pk", "version")) == ties


@pytest.mark.parametrize("format", ["brat", "doccano", "label_studio", "conll"])
def test_stories_that_are_new_come_along(format, ada) -> None:
    article = a_desk(ada)
    file = exported(ada, format, statuses=("accepted",))
    forget()
    Article.objects.update(fingerprint="gone", url="", slug="gone")
    done = taken(file, ada, format)
    assert done.counts["stories"] == 1
    made = Article.objects.exclude(pk=article.pk).get()
    assert made.title == "Opened"
    assert made.state == "in_review"
    words = {tuple(a.words()) for a in made.annotations.with_bodies().filter(kind="entity")}
    assert ("Ana Ruiz",) in words and ("بلدية",) in words
    taken(file, ada, format)
    assert Article.objects.count() == 2


def test_conll_brings_labels_and_no_attributions(ada) -> None:
    article = a_desk(ada)
    file = exported(ada, "conll", statuses=("accepted",))
    forget()
    done = taken(file, ada, "conll")
    assert told(done) == []
    assert done.counts["stories_known"] == 1
    made = article.annotations.filter(kind="entity").order_by("start")
    assert next((a.type, *a.spans[0]) for a in made.all()) == ("person", 0, 8)
    assert not Attribution.objects.exists()


# What does not fit


def test_what_does_not_fit_is_told_by_line_and_nothing_else_is_lost(ada) -> None:
    article = make_article("Ana Ruiz met Bo Lund.")
    wrong = w3c("Ana Ruiz", article)
    wrong["target"]["selector"][1]["exact"] = "Anna"
    away = w3c("Bo Lund", article)
    away["target"]["source"] = f"{BASE}/stories/nowhere/"
    done = taken(
        lines(wrong, b"{", w3c("Bo Lund", article), b'"\\ud800"', 7, away, {"body": {}},
              w3c("Ana", article, kind="mood"), w3c("Ruiz", article, rights="\x00"), b"",
              w3c("Ana Ruiz", article)),
        ada,
    )  # fmt: skip
    assert {a.label for a in article.annotations.all()} == {"Ana Ruiz", "Bo Lund"}
    problems = {line: (field, reason) for line, field, reason in told(done)}
    assert set(problems) == {1, 2, 4, 5, 6, 7, 8, 9}
    assert problems[1][0] == "target.selector"
    assert problems[2] == ("", "This line is no JSON.")
    assert problems[6] == ("target.source", "There is no such story here.")
    assert problems[8][0] == "kind"
    assert problems[9] == ("rights", "This holds a character that no text has.")
    assert done.counts == {"added": 2, "refused": 8}


def test_a_story_is_found_by_the_address_where_it_stood_first(ada) -> None:
    article = make_article("Ana Ruiz left.", url="https://paper.example/1")
    item = w3c("Ana Ruiz", article)
    item["target"]["source"] = {"id": "https://paper.example/1"}
    assert taken(lines(item), ada).counts == {"added": 1}


def test_another_desks_story_is_ours_only_where_the_words_are(ada) -> None:
    article = make_article("Ana Ruiz left.")
    item, blind = w3c("Ana Ruiz", article), w3c("Ana", article)
    for one in (item, blind):
        one["target"]["source"] = f"https://other.example{article.get_absolute_url()}"
    del blind["target"]["selector"][1]
    done = taken(lines(blind, item), ada)
    assert [line for line, *_ in told(done)] == [1]
    assert done.counts["added"] == 1


def test_another_desks_numbers_are_not_ours(ada) -> None:
    article = make_article("Ana Ruiz left. It is safe.")
    ours = deciding.add(article=article, editor=ada, kind="claim", spans=[[15, 26]],
                        body=deciding.Body(label="Ours."))  # fmt: skip
    theirs = w3c("Ana Ruiz left.", article, kind="claim")
    theirs["body"] = {"type": "Claim", "text": "Theirs.",
                      "id": f"https://other.example/claims/{ours.claim.pk}/"}  # fmt: skip
    taken(lines(theirs), ada)
    assert {a.claim.text for a in article.annotations.all()} == {"Ours.", "Theirs."}


def test_what_a_machine_suggested_is_decided_as_the_file_has_it(ada) -> None:
    article = make_article("Ana Ruiz met Bo Lund.")
    suggest(article, "entity", "Ana Ruiz", type="place")
    suggest(article, "entity", "Bo Lund")
    file = lines(w3c("Ana Ruiz", article), w3c("Bo Lund", article, status="rejected"))
    assert taken(file, ada).counts == {"decided": 2}
    assert set(article.annotations.values_list("label", "type", "status")) == {
        ("Ana Ruiz", "person", "accepted"), ("Bo Lund", "person", "rejected"),
    }  # fmt: skip


def test_what_contradicts_a_decision_is_told_and_changes_nothing(ada) -> None:
    article = make_article("Ana Ruiz met Bo Lund.")
    suggest(article, "entity", "Ana Ruiz", type="place")
    accept_all(article, ada)
    deleted = suggest(article, "entity", "Bo Lund")
    deciding.delete(annotation=deleted, editor=ada, seen_version=1)
    file = lines(
        w3c("Ana Ruiz", article), w3c("Ana Ruiz", article, status="rejected"),
        w3c("Bo Lund", article, id=f"{BASE}/api/annotations/{deleted.uuid}/"),
        w3c("Ana Ruiz", article, status="suggested"),
    )  # fmt: skip
    done = taken(file, ada)
    assert told(done) == [
        (1, "body", "These words are tagged here as “Ana Ruiz”, place, accepted."),
        (2, "body", "These words are tagged here as “Ana Ruiz”, place, accepted."),
        (3, "id", "It was deleted here."),
    ]
    assert article.annotations.kept().get().type == "place"


def test_attributions_are_tied_wherever_the_lines_stand(ada) -> None:
    article = make_article("Ana Ruiz said it is safe. She denied it.")
    claim = w3c(
        "it is safe",
        article,
        kind="claim",
        id="urn:x:claim",
        attributions=[
            {"id": "urn:x:inner", "attributedTo": "urn:x:source", "parent": "urn:x:outer"}
        ],
    )
    other = w3c(
        "denied it",
        article,
        kind="claim",
        attributions=[
            {"id": "urn:x:outer", "attributedTo": "urn:x:source", "mode": "denies"},
            {"attributedTo": "urn:x:nobody"},
        ],
    )
    source = w3c("Ana Ruiz", article, kind="source", id="urn:x:source")
    claim["body"], other["body"] = ({"type": "Claim", "text": t} for t in ("It is.", "It is not."))
    source["body"] = {"type": "Source", "sourceKind": "person", "name": "Ana Ruiz"}
    done = taken(lines(claim, other, source), ada)
    inner = Attribution.objects.get(claim__label="It is.")
    assert inner.parent.claim.label == "It is not."
    assert told(done) == [
        (2, "attributions", "It is attributed to an annotation that is not here.")
    ]
    assert not ImportedAs.objects.exists()


@pytest.mark.parametrize("format", ["w3c", "doccano"])
def test_what_the_database_refuses_is_told_and_nothing_else_is_lost(format, ada) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE annotations_annotation ADD CONSTRAINT no_lund CHECK (label <> 'Bo Lund')"
        )
    article = make_article("Ana Ruiz met Bo Lund and Cy Ort.")
    file = {
        "w3c": lines(*(w3c(words, article) for words in ("Ana Ruiz", "Bo Lund", "Cy Ort"))),
        "doccano": lines(
            {"text": article.text, "label": [[0, 8, "PER"], [13, 20, "PER"], [25, 31, "PER"]]}
        ),
    }
    done = taken(file[format], ada, format)
    assert [(reason) for _, _, reason in told(done)] == [SAME_MOMENT]
    assert done.counts["added"] == 2
    assert {a.label for a in article.annotations.all()} == {"Ana Ruiz", "Cy Ort"}
    assert not Entity.objects.filter(name="Bo Lund").exists()


def test_a_name_that_a_record_brings_is_known_to_those_after_it(ada) -> None:
    article = make_article("Ana Ruiz Gil met Ana Ruiz. An official saw it; an official did.")
    whole, short, again = (w3c("Ana Ruiz Gil", article), w3c("Ana", article), w3c("met", article))
    for item in (short, again):
        item["body"]["name"] = "ana ruiz gil"
    sources = [w3c(words, article, kind="source") for words in ("An official", "an official")]
    for source, name in zip(sources, ("An official", "an official"), strict=True):
        source["body"] = {"type": "Source", "sourceKind": "unnamed", "name": name}
    assert told(taken(lines(whole, short, again, *sources), ada)) == []
    assert Entity.objects.count() == 1
    assert Source.objects.count() == 1
    assert len(set(article.annotations.values_list("entity", "source"))) == 2


def test_sources_and_mentions_of_one_name_are_one_thing(ada) -> None:
    article = make_article("Ana Ruiz said so. She, Ana Ruiz Gil, said it to Bo Lund. He agreed.")
    gil = EntityFactory(name="Ana Ruiz Gil", type="person")
    mention = w3c("Ana Ruiz", article)
    mention["body"] = {"type": "Person", "id": BASE + gil.get_absolute_url()}
    sources = [w3c(words, article, kind="source") for words in ("She", "He")]
    for source, name in zip(sources, ("Ana Ruiz", "Bo Lund"), strict=True):
        source["body"] = {"type": "Source", "sourceKind": "person", "name": name}
    assert told(taken(lines(mention, *sources, w3c("Bo Lund", article)), ada)) == []
    assert {e.name for e in Entity.objects.all()} == {"Ana Ruiz Gil", "Bo Lund"}
    assert {s.entity.name for s in Source.objects.all()} == {"Ana Ruiz Gil", "Bo Lund"}


@pytest.mark.parametrize("format", ["w3c", "doccano"])
def test_a_piece_costs_the_same_however_many_annotations_it_has(format, ada) -> None:
    costs = []
    for number in (5, 50):
        words = [f"Name{n:02}of{number}" for n in range(number)]
        article = make_article(" ".join(f"{word} spoke." for word in words))
        for word in words:
            suggest(article, "entity", word)
        file = exported(ada, format, article=article.pk)
        with CaptureQueriesContext(connection) as queries:
            assert taken(file, ada, format).counts["known"] == number
        costs.append(len(queries))
    assert costs[0] == costs[1]


# Texts that are not quite the same


def doccano(text: str, words: str) -> bytes:
    start = text.index(words)
    units = (
        len(text[:start].encode("utf-16-le")) // 2,
        len(text[: start + len(words)].encode("utf-16-le")) // 2,
    )
    return lines({"text": text, "label": [[*units, "PER"]]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A\u0301na\r\n\r\nmet 👩 Jose\u0301.\r\n", "Jose\u0301"),
        ("\ufeff  Ana met 👩 Jose\u0301. ", "Jose\u0301"),
    ],
)
def test_a_text_is_cleaned_and_its_tags_move_along(text, words, ada) -> None:
    taken(doccano(text, words), ada, "doccano")
    (made,) = Annotation.objects.with_bodies()
    assert made.words() == [unicodedata.normalize("NFC", words)]


def test_tags_are_carried_to_a_text_that_was_revised_here(ada) -> None:
    from articles.revising import revise

    text = "Ana Ruiz opened the old bridge on Monday. Bo Lund was there as well, they say."
    article = make_article(text)
    revise(
        article=article,
        text=f"News: {text.replace('Bo Lund', 'Nobody')}",
        actor=ada,
        seen_version=1,
    )
    file = lines({"text": text, "label": [[0, 8, "PER"], [42, 49, "PER"]]})
    done = taken(file, ada, "doccano")
    assert done.counts["stories_known"] == 1
    (made,) = Annotation.objects.with_bodies()
    assert (made.words(), made.start) == (["Ana Ruiz"], 6)
    assert told(done) == [(1, "target", "“Bo Lund” has no certain place in the text that is here.")]
