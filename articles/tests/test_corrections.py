from __future__ import annotations

import pytest

from articles.corrections import corrections_of
from articles.models import Article
from articles.publishing import move, publish, unpublish
from articles.revising import correct, revise
from articles.tests.factories import chief, make_article

pytestmark = pytest.mark.django_db

State = Article.State


@pytest.fixture
def ben():
    return chief(username="ben")


def told(article: Article) -> list[tuple[str, str, str]]:
    article = Article.objects.with_text().get(pk=article.pk)
    return [(c.what, c.before, c.after) for c in corrections_of(article)]


def rewrite(article: Article, text: str, ben, note: str = "") -> None:
    article.refresh_from_db()
    revise(article=article, text=text, actor=ben, seen_version=article.version, note=note)


def published(text: str, ben, **fields) -> Article:
    article = make_article(text, **fields)
    article = publish(article=article, actor=ben, seen_version=article.version)
    return article


def test_a_story_never_changed_has_no_corrections(ben) -> None:
    assert told(published("One text.", ben)) == []


def test_a_published_text_that_was_revised_is_told_with_its_note(ben) -> None:
    article = published("Two cracks.", ben)
    rewrite(article, "Three cracks.", ben, note="The number was wrong")
    article = Article.objects.with_text().get(pk=article.pk)
    (correction,) = corrections_of(article)
    assert (correction.before, correction.after) == ("Two cracks.", "Three cracks.")
    assert correction.note == "The number was wrong"


def test_drafts_before_publication_are_not_told(ben) -> None:
    article = make_article("First draft.")
    rewrite(article, "Second draft.", ben)
    article.refresh_from_db()
    publish(article=article, actor=ben, seen_version=article.version)
    assert told(article) == []


def test_drafts_made_while_a_story_was_taken_back_are_not_told(ben) -> None:
    article = published("Seen first.", ben)
    unpublish(article=article, actor=ben, seen_version=article.version)
    rewrite(article, "Secret draft.", ben)
    rewrite(article, "Seen last.", ben)
    article.refresh_from_db()
    move(article=article, state=State.PUBLISHED, actor=ben, seen_version=article.version)
    assert told(article) == [("text", "Seen first.", "Seen last.")]


def test_a_story_taken_back_tells_nothing(ben) -> None:
    article = published("Seen first.", ben)
    rewrite(article, "Seen last.", ben)
    article.refresh_from_db()
    unpublish(article=article, actor=ben, seen_version=article.version)
    assert told(article) == []


def test_a_headline_that_was_corrected_is_told(ben) -> None:
    article = published("A text.", ben, title="Old headline")
    correct(article=article, actor=ben, seen_version=article.version, title="New headline")
    assert told(article) == [("headline", "Old headline", "New headline")]


def test_the_newest_corrections_come_first_and_not_all_of_many(ben) -> None:
    article = published("Text 0.", ben)
    for number in range(1, 8):
        rewrite(article, f"Text {number}.", ben)
    assert told(article)[0] == ("text", "Text 6.", "Text 7.")
    assert len(told(article)) == 5


def test_what_stands_beside_the_text_is_no_correction(ben) -> None:
    article = published("A text.", ben)
    correct(article=article, actor=ben, seen_version=article.version, byline="Ana Ruiz")
    assert told(article) == []
