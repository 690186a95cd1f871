from __future__ import annotations

import pytest

from annotations.tests.factories import suggest
from articles.models import Article
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db


def move(client, article, to, version=1):
    data = {"to": to, "version": version}
    return client.post(f"/desk/articles/{article.pk}/state", data, follow=True)


def correct(client, article, **values):
    data = {"form": "correct", "title": article.title, "language": "en", "version": 1, **values}
    return client.post(f"/desk/articles/{article.pk}/edit/", data, follow=True)


def revise(client, article, text, version=1):
    data = {"form": "revise", "revise-text": text, "revise-version": version}
    return client.post(f"/desk/articles/{article.pk}/edit/", data, follow=True)


def test_a_chief_publishes_and_takes_back(article, as_bo) -> None:
    assert "Published: readers see it now" in move(as_bo, article, "published").text
    assert "Back in review" in move(as_bo, article, "in_review", 2).text


def test_an_editor_who_tries_to_publish_is_told_who_may(article, as_ada) -> None:
    answer = move(as_ada, article, "published")
    assert answer.status_code == 403
    assert "Only a chief publishes" in answer.text


def test_an_editor_archives(article, as_ada) -> None:
    move(as_ada, article, "archived")
    assert Article.objects.get().state == "archived"


def test_a_move_of_a_version_that_is_gone_is_refused_in_words(article, as_bo) -> None:
    assert "Somebody changed this meanwhile" in move(as_bo, article, "published", 7).text


@pytest.mark.parametrize("to", ["", "nonsense", "in_review", "\0"])
def test_a_move_there_is_no_way_for_is_refused_in_words(to, article, as_bo) -> None:
    assert "cannot become" in move(as_bo, article, to).text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_move_without_a_version_is_a_bad_request(version, article, as_bo) -> None:
    assert move(as_bo, article, "published", version).status_code == 400


def test_a_made_up_title_is_marked_and_corrected(as_ada) -> None:
    article = make_article("The mayor opened the bridge on Monday. It was raining.")
    assert article.title_is_made_up
    correct(as_ada, article, title="Bridge opened")
    article.refresh_from_db()
    assert (article.title, article.title_is_made_up) == ("Bridge opened", False)


def test_a_made_up_title_stays_made_up_when_something_else_is_corrected(as_ada) -> None:
    article = make_article("The mayor opened the bridge on Monday. It was raining.")
    correct(as_ada, article, outlet="Port Times")
    article.refresh_from_db()
    assert (article.outlet.name, article.title_is_made_up) == ("Port Times", True)


def test_a_made_up_title_can_be_called_right(as_ada) -> None:
    article = make_article("The mayor opened the bridge on Monday. It was raining.")
    correct(as_ada, article, title_is_right="on")
    assert not Article.objects.get().title_is_made_up


def test_a_correction_that_changes_nothing_makes_no_version(article, as_ada) -> None:
    assert "Nothing was changed." in correct(as_ada, article).text
    assert Article.objects.get().version == 1


@pytest.mark.parametrize(
    "values",
    [{"title": ""}, {"title": "x" * 301}, {"language": "?"}, {"url": "x y"}, {"dated": "soon"}],
)
def test_a_correction_that_will_not_do_is_said_beside_its_field(values, article, as_ada) -> None:
    answer = correct(as_ada, article, **values)
    assert answer.status_code == 422
    assert set(answer.context["correct"].errors) == set(values)


def test_a_correction_of_a_version_that_is_gone_keeps_what_was_typed(article, as_ada) -> None:
    correct(as_ada, article, byline="Bo")
    answer = correct(as_ada, article, title="Mine")
    assert "Somebody changed this article" in answer.text
    assert 'value="Mine"' in answer.text
    assert '<input type="hidden" name="version" value="2"' in answer.text


def test_a_new_text_is_a_new_revision_and_tags_move_with_it(article, as_ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    revise(as_ada, article, f"On Monday it rained.\n\n{article.text}")
    mention.refresh_from_db()
    assert mention.revision.number == 2
    assert mention.words() == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "required"), (" \n ", "empty"), (None, "same as before"), ("a\0b", "Null characters")],
)
def test_a_text_that_will_not_do_is_said_beside_it(text, words, article, as_ada) -> None:
    answer = revise(as_ada, article, article.text if text is None else text)
    assert words in str(answer.context["revise"].errors["text"])


def test_a_text_typed_by_a_browser_is_stored_with_plain_newlines(article, as_ada) -> None:
    revise(as_ada, article, "Cafe\u0301 opened.\r\n\r\nIt is small.")
    assert Article.objects.with_text().get().text == "Café opened.\n\nIt is small."


def test_the_history_tells_who_did_what(article, as_ada) -> None:
    move(as_ada, article, "archived")
    page = as_ada.get(f"/desk/articles/{article.pk}/history/").text
    assert "move article" in page
    assert "<td>ada</td>" in page
