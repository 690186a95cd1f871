from __future__ import annotations

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from articles.errors import Refused, StaleVersion
from articles.models import Article, Revision, Zone
from articles.publishing import move, publish, unpublish
from articles.revising import correct, create_article, lock_article, outlet_called, revise
from articles.tests.factories import chief, draft, editor, make_article
from articles.tests.locking import waited_for

pytestmark = pytest.mark.django_db

STORY = "A heading\n\nAna Ruiz said the bridge was safe.\n\nRelated:\n- One\n- Two"


def test_a_story_is_stored_with_its_first_revision_and_related_headlines() -> None:
    article = make_article(STORY)
    assert (article.title, article.text) == ("A heading", "Ana Ruiz said the bridge was safe.")
    assert article.revision.number == 1
    assert [h.title for h in article.related_headlines.all()] == ["One", "Two"]


def test_the_same_text_twice_is_stored_once() -> None:
    first = create_article(draft=draft(STORY))
    second = create_article(draft=draft(STORY.replace("\n", "\r\n")))
    assert (first.is_new, second.is_new) == (True, False)
    assert second.article == first.article


@pytest.mark.django_db(transaction=True)
def test_whoever_waited_for_a_revision_to_be_stored_has_its_text() -> None:
    article, ada = make_article(STORY), editor()
    found = []

    def wait() -> None:
        with transaction.atomic():
            found.append(lock_article(pk=article.pk).text)

    with waited_for(wait):
        revise(article=article, text="It was not safe.", actor=ada, seen_version=article.version)
    assert found == ["It was not safe."]


@pytest.mark.django_db(transaction=True)
def test_the_same_text_saved_by_two_people_at_once_is_stored_once() -> None:
    stored = []

    def save() -> None:
        stored.append(create_article(draft=draft(STORY)))
        connection.close()

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({item.article.pk for item in stored}) == 1
    assert sum(item.is_new for item in stored) == 1


def test_two_stories_of_one_title_have_two_addresses() -> None:
    one, other = make_article("Same\n\nText one."), make_article("Same\n\nText two.")
    assert (one.slug, other.slug) == ("same", "same-2")


def test_a_revision_gets_the_next_number_and_the_old_text_stays() -> None:
    article = make_article(STORY)
    revise(article=article, text="A new text.", actor=editor(), seen_version=1)
    article.refresh_from_db()
    assert article.text == "A new text."
    assert [r.number for r in article.revisions.all()] == [1, 2]


def test_a_revision_made_on_a_stale_version_is_refused() -> None:
    article = make_article(STORY)
    revise(article=article, text="A new text.", actor=editor(), seen_version=1)
    with pytest.raises(StaleVersion) as refusal:
        revise(article=article, text="Another text.", actor=editor(), seen_version=1)
    assert refusal.value.current.text == "A new text."


def test_a_corrected_title_is_no_longer_made_up_and_moves_the_address() -> None:
    article = make_article("Ana Ruiz said that the bridge was safe. She opened it on Monday.")
    assert article.title_is_made_up
    corrected = correct(article=article, actor=editor(), seen_version=1, title="Bridge safe")
    assert (corrected.title_is_made_up, corrected.slug) == (False, "bridge-safe")


def test_an_empty_title_is_refused_naming_the_field() -> None:
    with pytest.raises(Refused) as refusal:
        correct(article=make_article(), actor=editor(), seen_version=1, title="  ")
    assert refusal.value.field == "title"


def test_only_a_chief_publishes() -> None:
    article = make_article()
    with pytest.raises(PermissionDenied):
        publish(article=article, actor=editor(), seen_version=1)
    assert publish(article=article, actor=chief(), seen_version=1).is_published


def test_readers_no_longer_see_what_was_taken_back() -> None:
    article = make_article()
    published = publish(article=article, actor=chief(), seen_version=1)
    unpublish(article=published, actor=chief(), seen_version=2)
    assert not Article.objects.published().exists()


def test_an_archived_article_is_not_published_directly() -> None:
    article = make_article(state="archived")
    with pytest.raises(Refused):
        publish(article=article, actor=chief(), seen_version=article.version)


def test_an_editor_may_put_a_draft_back_into_review() -> None:
    article = make_article(state="draft")
    moved = move(article=article, state="in_review", actor=editor(), seen_version=1)
    assert moved.state == "in_review"


def test_the_database_refuses_a_length_that_is_not_the_texts() -> None:
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(article=article, number=2, text="four", length=5)


def test_the_database_counts_code_points() -> None:
    article = make_article()
    assert Revision.objects.create(article=article, number=2, text="👩‍👩‍👧é", length=6).pk


def test_the_database_refuses_a_zone_outside_the_text() -> None:
    revision = make_article().revision
    with pytest.raises(IntegrityError), transaction.atomic():
        Zone.objects.create(revision=revision, kind="body", start=5000, end=6000)


@pytest.mark.parametrize("field, value", [("state", "lost"), ("title", "")])
def test_the_database_refuses_an_unknown_state_and_an_empty_title(field: str, value: str) -> None:
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**{field: value})


@pytest.mark.parametrize(
    "text", ["", "  \n", "a\x00b", "x" * 2_000_001], ids=["", "blank", "NUL", "long"]
)
def test_a_new_text_that_is_none_is_refused_naming_the_field(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        revise(article=make_article(), text=text, actor=editor(), seen_version=1)
    assert refusal.value.field == "text"


def test_a_new_text_is_stored_in_nfc_with_unified_newlines() -> None:
    revision = revise(
        article=make_article(), text="Cafe\u0301\r\nBar", actor=editor(), seen_version=1
    )
    assert revision.text == "Caf\u00e9\nBar"


@pytest.mark.django_db(transaction=True)
def test_an_outlet_that_two_name_at_once_is_one() -> None:
    found = []
    with waited_for(lambda: found.append(outlet_called("amaro post"))):
        made = outlet_called("Amaro Post")
    assert found == [made]
