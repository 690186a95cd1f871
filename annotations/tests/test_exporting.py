from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from annotations import deciding, exporting
from annotations.exporting import Selection
from annotations.formats.catalogue import FORMATS
from annotations.formats.w3c import annotation_to_jsonld
from annotations.models import Annotation, Attribution
from annotations.tests.factories import accept_all, span_of, suggest, suggest_tie
from articles.errors import Denied, Refused
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened it. “It is \\safe,” she said on\tFriday, “👩‍👩‍👧 and néw.” An official agreed: بلدية 東京."
BASE = "https://desk.example"
ALL = ("suggested", "accepted", "rejected")


@pytest.fixture
def ada():
    return editor(username="ada")


def exported(user, format="w3c", **more) -> bytes:
    selection = Selection(user=user, base=BASE, **more)
    return b"".join(exporting.export(selection, FORMATS[format]))


def lines(user, **more) -> list[dict]:
    *items, end = [json.loads(line) for line in exported(user, **more).splitlines()]
    assert (end["type"], end["total"]) == ("AnnotationCollection", len(items))
    return items


def a_desk(ada, state="published"):
    """One annotation of every kind, in every condition that its JSON shows."""
    article = make_article(TEXT, title="Opened", state=state)
    claim = suggest(article, "claim", ["“It is \\safe,”", "“👩‍👩‍👧 and néw.”"], label="It is safe.")
    source = suggest(article, "source", "she", type="person", label="Ana Ruiz")
    official = suggest(
        article,
        "source",
        "An official",
        type="unnamed",
        label="an official",
        proposal={"affiliation": "the city", "unnamed_reason": "was not allowed"},
    )
    suggest(article, "entity", "Ana Ruiz", reason='She said "so"')
    suggest(
        article, "entity", "بلدية", type="organisation", extra={"rights": {"x": None}, "no": None}
    )
    outer = suggest_tie(claim, source, cue=[span_of(article, "said")], manner="mixed")
    accept_all(article, ada)
    agreed = suggest(article, "claim", "agreed", label="It is new.", reason="", confidence=None)
    suggest_tie(
        agreed, official, parent=outer, cue=[span_of(article, "it"), span_of(article, "agreed")]
    )
    suggest_tie(agreed, None, by_outlet=True)
    rejected = suggest(article, "entity", "東京", type="place")
    deciding.reject(annotation=rejected, editor=ada, seen_version=1)
    mention = Annotation.objects.get(label="Ana Ruiz", kind="entity")
    mention.entity.wikidata_id = "Q42"
    mention.entity.save()
    added = deciding.add(
        article=article,
        editor=ada,
        kind="entity",
        spans=[span_of(article, "Friday")],
        body=deciding.Body(type="event"),
    )
    Annotation.objects.filter(pk=added.pk).update(created_at=timezone.now().replace(microsecond=0))
    return article


def by_python(article) -> list[dict]:
    ties = (
        Attribution.objects.kept()
        .select_related("claim__revision", "source", "parent__claim")
        .order_by("pk")
    )
    return [
        annotation_to_jsonld(
            a, base=BASE, attributions=[tie for tie in ties if tie.claim_id == a.pk]
        )
        for a in Annotation.objects.kept().with_bodies().filter(article=article).order_by("pk")
    ]


def test_postgresql_writes_annotations_as_python_does(ada) -> None:
    article = a_desk(ada)
    written = lines(ada, statuses=ALL)
    assert len(written) == 8
    assert written == by_python(article)
    assert [list(item) for item in written] == [list(item) for item in by_python(article)]


def test_texts_of_plain_letters_are_written_as_python_does(ada) -> None:
    article = make_article("Ana Ruiz opened it. It is safe, she said, and new. " * 3)
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "claim", ["It is safe", "and new"], label="It is safe.", occurrence=3)
    suggest(article, "entity", "new", occurrence=3)
    assert lines(ada, statuses=ALL) == by_python(article)


def test_strangers_get_what_is_accepted_and_published(ada) -> None:
    a_desk(ada)
    hidden = make_article("Ana Ruiz was silent.")
    suggest(hidden, "entity", "Ana Ruiz")
    accept_all(hidden, ada)
    shown = lines(AnonymousUser())
    assert {item["status"] for item in shown} == {"accepted"}
    assert len(shown) == 6
    assert len(lines(ada)) == 7
    assert len(lines(ada, published_only=True)) == 6
    (claim,) = [item for item in shown if item["kind"] == "claim"]
    assert [tie["status"] for tie in claim["attributions"]] == ["accepted"]


def test_only_editors_get_suggestions() -> None:
    with pytest.raises(Denied):
        exported(AnonymousUser(), statuses=("suggested",))


def test_an_export_in_many_parts_is_the_same_as_in_one(ada, monkeypatch) -> None:
    a_desk(ada)
    whole = {name: exported(ada, name) for name in FORMATS if name != "brat"}
    monkeypatch.setattr(exporting, "LINES_A_PART", 1)
    monkeypatch.setattr(exporting, "STORIES_A_PART", 1)
    assert {name: exported(ada, name) for name in whole} == whole


def test_any_annotation_is_a_cursor_to_go_on_from(ada, monkeypatch) -> None:
    a_desk(ada)
    monkeypatch.setattr(exporting, "LINES_A_PART", 2)
    whole = lines(ada)
    for number, item in enumerate(whole, start=1):
        assert lines(ada, after=item["id"]) == whole[number:]


@pytest.mark.parametrize("after", ["x", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_a_cursor_that_leads_nowhere_is_refused(after, ada) -> None:
    with pytest.raises(Refused) as refusal:
        exported(ada, after=after)
    assert refusal.value.field == "after"


def test_since_gives_what_changed_and_what_is_tied_anew(ada) -> None:
    article = a_desk(ada)
    moment = timezone.now() + timedelta(minutes=1)
    assert lines(ada, since=moment) == []
    changed = article.annotations.get(label="Ana Ruiz", kind="entity")
    tied = article.annotations.get(kind="claim", status="accepted")
    Annotation.objects.filter(pk=changed.pk).update(updated_at=moment)
    Attribution.objects.filter(claim=tied).update(updated_at=moment)
    assert {item["id"] for item in lines(ada, since=moment)} == {
        f"{BASE}/api/annotations/{a.uuid}/" for a in (changed, tied)
    }


def test_filters_narrow_what_is_exported(ada) -> None:
    article = a_desk(ada)
    other = make_article()
    suggest(other, "entity", "Port Amaro")
    accept_all(other, ada)
    assert len(lines(ada, article=other.pk)) == 1
    assert {item["kind"] for item in lines(ada, where={"kind__in": ["source"]})} == {"source"}
    assert b"Port Amaro" not in exported(ada, "doccano", article=article.pk)


def test_texts_of_many_stories_are_read_in_parts_of_some_length(ada, monkeypatch) -> None:
    for _ in range(3):
        make_article()
    monkeypatch.setattr(exporting, "TEXT_A_PART", 100)
    selection = Selection(user=ada, base=BASE)
    assert [len(job()) for job in exporting.story_jobs(selection)] == [1, 1, 1]


def test_queries_do_not_grow_with_what_is_exported(ada, django_assert_num_queries) -> None:
    for _ in range(3):
        suggest(make_article(), "entity", "Port Amaro", status="rejected")
    exported(ada, statuses=ALL)
    for format, number in (("w3c", 5), ("doccano", 5)):
        with django_assert_num_queries(number):
            exported(ada, format, statuses=ALL)
