from __future__ import annotations

import pytest

from annotations import near
from annotations.models import StoryVector
from articles.models import Article
from articles.revising import correct
from articles.tests.factories import editor, make_article, put_into

pytestmark = pytest.mark.django_db

BRIDGE = "The old bridge over the river was closed on Monday after cracks were found."
CRACKS = "Engineers found cracks in the river crossing, which stays shut to traffic."
BANANAS = "Banana exports rose by a fifth this year, the ministry of agriculture said."


def near_stories(article: Article) -> list[str]:
    """The titles of the others, the likest first."""
    own = StoryVector.objects.get(article=article)
    found = [pk for pk, _ in near.nearest(own.vector, own.model) if pk != article.pk]
    return [Article.objects.get(pk=pk).title for pk in found]


def test_published_stories_are_remembered_once() -> None:
    make_article(BRIDGE, state="published")
    make_article(CRACKS)
    assert (near.remember(), near.remember()) == (1, 0)


def test_the_story_likest_in_meaning_comes_first() -> None:
    bridge = make_article(BRIDGE, title="Bridge", state="published")
    make_article(BANANAS, title="Bananas", state="published")
    make_article(CRACKS, title="Cracks", state="published")
    near.remember()
    assert near_stories(bridge) == ["Cracks", "Bananas"]


def test_what_is_written_in_a_script_that_the_model_never_learned_is_like_nothing() -> None:
    bridge = make_article(BRIDGE, title="Bridge", state="published")
    make_article("東京都知事は水道料金を引き上げると発表した。", title="水道", state="published")
    make_article("Мост закрыли в понедельник.", title="Мост", state="published")
    assert (near.remember(), near.remember()) == (3, 0)
    assert near_stories(bridge) == []
    assert [near.understands(text) for text in ("", "12", "Łódź", "Мост", "iPhone 手机", "手机")] == [
        True, True, True, False, True, False,
    ]  # fmt: skip


def test_a_story_taken_back_is_forgotten_at_once() -> None:
    bridge, cracks = make_article(BRIDGE, state="published"), make_article(CRACKS)
    put_into(cracks, "published")
    near.remember()
    put_into(cracks, "archived")
    assert near_stories(bridge) == []
    assert StoryVector.objects.count() == 1


def test_a_corrected_title_makes_the_vector_anew() -> None:
    article = make_article(BRIDGE, state="published")
    near.remember()
    correct(article=article, actor=editor(), seen_version=1, title="Quite another title")
    assert near.remember() == 1


def test_publishing_wakes_a_worker(django_capture_on_commit_callbacks, caplog) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        make_article(BRIDGE, state="published")
    assert near.wake_worker in callbacks
