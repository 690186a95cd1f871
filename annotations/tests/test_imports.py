"""The life of an import: a worker may die at any moment, and nothing is lost or made twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.utils import timezone

from annotations import imports
from annotations.models import Annotation, Entity, Import, ImportPart
from annotations.tests.exchanging import exported, forget, lines, said, stored, taken, told, w3c
from annotations.tests.factories import suggest
from annotations.tests.test_exporting import a_desk
from articles.changes import Change
from articles.errors import Denied, Refused
from articles.models import Article
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def address(settings):
    settings.SITE_URL = "https://desk.example"


@pytest.fixture
def ada():
    return editor(username="ada")


def many(article: Article, number: int) -> bytes:
    words = article.text.split()[:number]
    return lines(*(w3c(word, article) for word in words))


@pytest.fixture
def story():
    return make_article("one two three four five six seven eight nine zero")


def test_a_worker_that_died_is_followed_by_one_that_goes_on_behind_it(
    ada, story, monkeypatch
) -> None:
    monkeypatch.setattr(imports, "PIECE", 3)
    file = stored(many(story, 10), ada)

    def die(pk: int) -> None:
        if Annotation.objects.count() == 6:
            raise Killed

    with pytest.raises(Killed):
        imports.take_in(file.pk, told=die)
    file.refresh_from_db()
    assert (file.state, file.records, Annotation.objects.count()) == ("running", 6, 6)
    assert 0 < file.progress < 100
    woken: list[int] = []
    assert imports.sweep(woken.append) == woken == [file.pk]
    imports.take_in(file.pk)
    file.refresh_from_db()
    assert (file.state, file.attempt, file.progress) == ("done", 2, 100)
    assert file.counts == {"added": 10}
    assert not ImportPart.objects.exists()


class Killed(BaseException):
    pass


def killed_once(monkeypatch, at: int) -> None:
    """The worker dies as it stores its so-many-th piece, before that is committed."""
    good, calls = imports._store, iter(range(1000))

    def store(*args, **values):
        good(*args, **values)
        if next(calls) == at:
            raise Killed

    monkeypatch.setattr(imports, "_store", store)


@pytest.mark.parametrize("format", ["w3c", "doccano"])
@pytest.mark.parametrize("within", [False, True])
def test_however_often_workers_die_the_file_is_taken_in_once(
    format, within, ada, monkeypatch
) -> None:
    article = a_desk(ada)
    suggest(make_article("Bo Lund left."), "entity", "Bo Lund")
    before, file = said(ada), exported(ada, format)
    forget()
    monkeypatch.setattr(imports, "PIECE", 2)
    job = stored(file, ada, format)
    deaths = 0
    for _ in range(60):
        job.refresh_from_db()
        if not job.is_open:
            break
        with monkeypatch.context() as patch:
            if within:
                killed_once(patch, at=1)
            try:
                imports.take_in(job.pk, told=None if within else die)
            except Killed:
                deaths += 1
    assert (job.state, told(job)) == ("done", [])
    assert deaths > (1 if format == "doccano" else 5)
    assert job.counts["added"] == 9
    assert job.counts["attributions"] == 3
    assert said(ada) == before
    changes = Change.objects.filter(article=article, action__in=["add", "tie"])
    adds = changes.filter(action="add", before=None).values_list("subject_id", flat=True)
    assert len(set(adds)) == len(adds)


def die(pk: int) -> None:
    raise Killed


def test_progress_moves_with_what_is_taken_in(ada, monkeypatch) -> None:
    article = make_article(" ".join(f"word{number}." for number in range(100)))
    job = stored(lines(*(w3c(f"word{n}.", article) for n in range(100))), ada)
    monkeypatch.setattr(imports, "READ_AHEAD", 10_000)
    monkeypatch.setattr(imports, "PIECE", 20)
    seen: list[int] = []
    imports.take_in(
        job.pk, told=lambda pk: seen.append(Import.objects.values_list("progress", flat=True).get())
    )
    assert seen == sorted(seen)
    assert len({progress for progress in seen if 0 < progress < 99}) >= 4


def test_a_piece_that_fails_leaves_nothing_and_is_tried_again_later(
    ada, story, monkeypatch
) -> None:
    file = stored(many(story, 4), ada)
    good = imports._store_problems

    def fail(*_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(imports, "_store_problems", fail)
    imports.take_in(file.pk)
    file.refresh_from_db()
    assert (file.state, file.error, file.records) == ("queued", "RuntimeError: the disk is full", 0)
    assert not Annotation.objects.exists()
    assert imports.sweep(lambda _: None) == []
    assert file.due_at > timezone.now()
    monkeypatch.setattr(imports, "_store_problems", good)
    imports.take_in(file.pk)
    file.refresh_from_db()
    assert (file.state, file.error) == ("done", "")


def test_an_import_that_never_gets_on_is_given_up(ada, story, monkeypatch) -> None:
    file = stored(many(story, 1), ada)
    monkeypatch.setattr(imports, "_worked", lambda *_: 1 / 0)
    for _ in range(6):
        imports.take_in(file.pk)
    file.refresh_from_db()
    assert file.state == "failed"
    assert "division by zero" in file.error


def test_a_long_import_lets_others_work_in_between(ada, story, monkeypatch) -> None:
    monkeypatch.setattr(imports, "PIECE", 2)
    woken: list[int] = []
    monkeypatch.setattr(imports, "wake_worker", woken.append)
    file = stored(many(story, 6), ada)
    imports.take_in(file.pk, stretch=0)
    file.refresh_from_db()
    assert (file.state, file.records, woken) == ("queued", 2, [file.pk])
    while woken:
        woken.clear()
        imports.take_in(file.pk, stretch=0)
    file.refresh_from_db()
    assert (file.state, file.counts) == ("done", {"added": 6})


def test_an_attempt_that_was_overtaken_stores_nothing(ada, story) -> None:
    file = stored(many(story, 2), ada)

    def overtake(pk: int) -> None:
        Import.objects.filter(pk=pk).update(attempt=9)

    imports.PIECE, kept = 1, imports.PIECE
    try:
        imports.take_in(file.pk, told=overtake)
    finally:
        imports.PIECE = kept
    assert Annotation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_take_in_the_same_file(ada, story) -> None:
    file = stored(many(story, 2), ada)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [imports.LOCK_CLASS, file.pk])
        imports.take_in(file.pk)
        assert not Annotation.objects.exists()
    finally:
        other.close()


def test_a_lost_wake_up_is_sent_again(ada, story) -> None:
    file = stored(many(story, 1), ada)
    assert imports.sweep(lambda _: None) == []
    Import.objects.update(sent_at=timezone.now() - timedelta(minutes=1))
    assert imports.sweep(lambda _: None) == [file.pk]


def test_who_is_no_editor_any_more_imports_nothing(ada, story) -> None:
    file = stored(many(story, 1), ada)
    ada.groups.clear()
    imports.take_in(file.pk)
    file.refresh_from_db()
    assert file.state == "failed"
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    ("data", "format", "field"),
    [(b"", "w3c", "file"), (b"x" * 50, "w3c", "file"), (b"{}", "claim_review", "format"), (b"{}", "x", "format")],
)  # fmt: skip
def test_what_is_no_file_to_import_is_refused(data, format, field, ada, settings) -> None:
    settings.IMPORT_BYTES = 40
    with pytest.raises(Refused) as refusal:
        stored(data, ada, format)
    assert refusal.value.field == field
    assert not Import.objects.exists()


def test_strangers_import_nothing() -> None:
    with pytest.raises(Denied):
        stored(b"{}", AnonymousUser())


def test_a_file_is_kept_in_parts_and_read_across_them(ada, story, monkeypatch) -> None:
    monkeypatch.setattr(imports, "PART", 100)
    for format in ("w3c", "brat"):
        suggest(story, "entity", "one" if format == "w3c" else "two")
        done = taken(exported(ada, format), ada, format)
        assert told(done) == []
    assert Entity.objects.count() == 0
