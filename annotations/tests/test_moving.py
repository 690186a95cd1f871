"""Tags that are put on other words."""

from __future__ import annotations

import pytest

from annotations import deciding
from annotations.tests.factories import EntityFactory, span_of, suggest
from articles.errors import Refused
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz opened the bridge. The bridge is safe, Ruiz said."


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def article():
    return make_article(TEXT, title="Bridge")


def moved(one, words, ada):
    spans = [span_of(one.article, words)]
    return deciding.change(annotation=one, editor=ada, seen_version=one.version, spans=spans)


def test_a_name_that_was_just_its_words_follows_them(article, ada) -> None:
    one = moved(suggest(article, "entity", "Ana"), "Ana Ruiz", ada)
    assert (one.status, one.name, one.entity.name) == ("accepted", "Ana Ruiz", "Ana Ruiz")


def test_so_does_that_of_an_entity_which_only_has_the_name(article, ada) -> None:
    one = suggest(article, "entity", "Ana", entity=EntityFactory(name="Ana"))
    assert moved(one, "Ana Ruiz", ada).entity.name == "Ana Ruiz"


def test_an_entity_of_another_name_stays(article, ada) -> None:
    minister = EntityFactory(name="Ana Maria Ruiz")
    one = suggest(article, "entity", "Ana", entity=minister, label="Ana Maria Ruiz")
    assert moved(one, "Ana Ruiz", ada).entity == minister


def test_the_sentence_of_a_claim_follows_its_words(article, ada) -> None:
    one = suggest(article, "claim", "bridge is safe", label="Bridge is safe.")
    assert moved(one, "The bridge is safe", ada).claim.text == "The bridge is safe."


def test_a_sentence_that_somebody_wrote_stays(article, ada) -> None:
    one = suggest(article, "claim", "bridge is safe", label="Nothing is wrong with it.")
    assert moved(one, "The bridge is safe", ada).claim.text == "Nothing is wrong with it."


def test_the_kind_of_a_source_stays_when_its_name_follows(article, ada) -> None:
    one = moved(suggest(article, "source", "Ana", type="person"), "Ana Ruiz", ada)
    assert (one.source.name, one.source.kind) == ("Ana Ruiz", "person")


def test_words_that_are_tagged_alike_are_refused(article, ada) -> None:
    there = suggest(article, "entity", "Ana Ruiz")
    with pytest.raises(Refused) as refused:
        moved(suggest(article, "entity", "Ana"), "Ana Ruiz", ada)
    assert refused.value.extra["annotation"] == str(there.uuid)
