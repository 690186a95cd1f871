from __future__ import annotations

import random
import threading
import time

import pytest
from django.db import DatabaseError, connection, transaction

from articles.changes import Change, last_seq, recording
from articles.models import Article, Outlet
from articles.tests.factories import editor, make_article

WRITERS = 8
WRITES = 25


def _write(outcome: list[int], seed: int) -> None:
    dice = random.Random(seed)
    try:
        for number in range(WRITES):
            try:
                with recording(agent=f"writer {seed}") as log:
                    article = Article.objects.select_for_update().get(pk=outcome[0])
                    for _ in range(dice.randint(1, 4)):
                        log.add("change", article)
                    time.sleep(dice.random() / 200)
                    if dice.random() < 0.2:
                        raise InterruptedError(number)
            except InterruptedError:
                continue
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_pages_by_number_misses_nothing_of_eight_writers() -> None:
    articles = [make_article() for _ in range(WRITERS)]
    start = last_seq()
    threads = [
        threading.Thread(target=_write, args=([article.pk], seed))
        for seed, article in enumerate(articles)
    ]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    after = start
    while any(thread.is_alive() for thread in threads) or after < last_seq():
        page = list(Change.objects.after(after).values_list("seq", flat=True)[:7])
        seen += page
        after = page[-1] if page else after
    for thread in threads:
        thread.join()
    written = list(Change.objects.after(start).values_list("seq", flat=True))
    assert len(written) > WRITERS * WRITES
    assert seen == written


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps() -> None:
    article = make_article()
    for fails in (False, True, False):
        try:
            with recording() as log:
                log.add("change", article)
                if fails:
                    raise InterruptedError
        except InterruptedError:
            pass
    numbers = list(Change.objects.values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.django_db(transaction=True)
def test_a_write_that_is_rolled_back_leaves_no_change() -> None:
    before = last_seq()
    with pytest.raises(InterruptedError), recording() as log:
        outlet = Outlet.objects.create(name="The Amaro Post", slug="amaro-post")
        log.add("create", make_article(outlet=outlet.name))
        raise InterruptedError
    assert last_seq() == before
    assert not Outlet.objects.exists()


@pytest.mark.django_db
def test_an_inner_write_that_fails_takes_only_its_own_changes_with_it() -> None:
    article = make_article()
    before = last_seq()
    with recording() as log:
        log.add("change", article)
        with pytest.raises(InterruptedError), recording() as inner:
            inner.add("correct", article)
            raise InterruptedError
    assert [change.action for change in Change.objects.after(before)] == ["change"]


@pytest.mark.django_db
def test_a_change_tells_who_did_what_to_which_thing() -> None:
    person = editor(username="ada")
    article = make_article(actor=person)
    change = Change.objects.of(article).get()
    assert (change.actor, change.action, change.article) == (person, "create", article)
    assert change.before is None
    assert change.after["title"] == article.title


@pytest.mark.django_db
@pytest.mark.parametrize("alter", ["update", "delete"])
def test_the_database_refuses_to_alter_the_log(alter: str) -> None:
    make_article()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows = Change.objects.all()
        rows.update(action="forged") if alter == "update" else rows.delete()


@pytest.mark.django_db
def test_the_database_refuses_to_alter_a_revisions_text() -> None:
    revision = make_article().revision
    revision.text = "Something else."
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        revision.save()
