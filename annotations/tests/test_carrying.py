from __future__ import annotations

import pytest

from annotations import deciding
from annotations.models import Annotation, Run
from annotations.tests.factories import span_of, suggest, suggest_tie
from articles.models import Article
from articles.revising import revise
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

TEXT = (
    "Ana Ruiz opened the bridge on Monday morning.\n"
    "The bridge is safe for everybody, Ruiz said.\n"
    "The opposition wants another report on it."
)


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Bridge")


def _revised(article: Article, text: str) -> Article:
    revise(article=article, text=text, actor=editor(), seen_version=article.version)
    article.refresh_from_db()
    return article


def test_annotations_move_with_their_words(article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    article = _revised(article, "Correction below.\n" + TEXT)
    mention.refresh_from_db()
    assert (mention.revision, mention.words(), mention.version) == (
        article.revision,
        ["Ana Ruiz"],
        2,
    )


def test_what_has_no_certain_place_is_kept_and_listed_as_detached(article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    _revised(article, TEXT.replace("Ana Ruiz", "The mayor"))
    assert list(Annotation.objects.detached()) == [mention]
    assert not Annotation.objects.attached().filter(pk=mention.pk).exists()


def test_a_detached_annotation_comes_back_with_its_words(article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    article = _revised(article, TEXT.replace("Ana Ruiz", "The mayor"))
    article = _revised(article, TEXT)
    mention.refresh_from_db()
    assert mention.revision == article.revision


def test_a_rejected_mark_is_carried_so_that_it_is_not_suggested_again(article) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    deciding.reject(annotation=mention, editor=editor(), seen_version=1)
    article = _revised(article, "Correction below.\n" + TEXT)
    assert article.annotations.attached().get().status == "rejected"


def test_the_cue_of_a_tie_moves_with_its_claim(article) -> None:
    claim = suggest(article, "claim", "The bridge is safe for everybody")
    source = suggest(article, "source", "Ruiz", occurrence=2)
    tie = suggest_tie(claim, source, cue=[span_of(article, "said")])
    article = _revised(article, "Correction below.\n" + TEXT)
    tie.refresh_from_db()
    assert tie.cue == [span_of(article, "said")]


def test_the_new_text_is_read_too(article) -> None:
    article = _revised(article, "Correction below.\n" + TEXT)
    assert Run.objects.filter(revision=article.revision, state="queued").exists()
