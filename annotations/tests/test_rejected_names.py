"""What editors say of a name in one story is known in the next."""

from __future__ import annotations

import itertools

import pytest

from annotations import deciding, reading, suggesting
from annotations.models import Alias, Annotation, Entity
from annotations.nlp.dictionary import NAME as DICTIONARY
from annotations.nlp.dictionary import DictionarySuggester
from annotations.nlp.predictions import Mention, Predictions, Span
from annotations.nlp.suggester import Document
from annotations.rejected import without_rejected
from annotations.tests.factories import EntityFactory, suggest
from articles.models import Article
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

NAME = "Velm Quorrin"


class Naming:
    """Takes the name for a mention wherever it stands."""

    name, version = "naming", "1"

    def __init__(self, name: str = NAME, type: str = "person", suggester: str = "naming") -> None:
        self.words, self.type, self.name = name, type, suggester

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        start = document.text.index(self.words)
        span = Span(start, start + len(self.words))
        return Predictions(mentions=[Mention(span, self.type, self.words, 0.9, "", self.name)])


@pytest.fixture
def ada():
    return editor(username="ada")


_numbers = itertools.count(1)


def story(name: str = NAME) -> Article:
    """A story of its own that has the name once."""
    return make_article(f"In valley {next(_numbers)} they met {name} in the rain.")


def read(article: Article, *suggesters) -> list[str]:
    """What is suggested as a mention in a story that is read."""
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk, list(suggesters) or None)
    found = article.annotations.kept().filter(kind="entity", status="suggested")
    return [a.words()[0] for a in found.select_related("revision").order_by("start")]


def decide(decision, article: Article, *suggesters, **options) -> None:
    read(article, *suggesters)
    annotation = article.annotations.get(kind="entity")
    decision(annotation=annotation, seen_version=1, editor=options.pop("by"), **options)


def dictionary() -> DictionarySuggester:
    """The desk's, as it is now."""
    found = [s for s in suggesting.current_suggesters() if isinstance(s, DictionarySuggester)]
    return found[0]


def test_a_made_up_name_that_was_accepted_is_found_in_the_next_story(ada) -> None:
    assert read(story(), dictionary()) == []
    decide(deciding.accept, story(), Naming(), by=ada)
    assert read(story(), dictionary()) == [NAME]


def test_a_name_that_was_accepted_is_linked_in_the_next_story(ada) -> None:
    decide(deciding.accept, story(), Naming(), by=ada)
    later = story()
    read(later)
    assert later.annotations.get(kind="entity").entity == Entity.objects.get(name=NAME)


def test_a_name_that_was_rejected_in_two_stories_is_not_suggested_again(ada) -> None:
    for _ in range(2):
        decide(deciding.reject, story(), Naming(), by=ada)
    assert read(story(), Naming()) == []


def test_one_rejection_does_not_condemn_what_a_reader_sees_in_another_story(ada) -> None:
    decide(deciding.reject, story(), Naming(), by=ada)
    assert read(story(), Naming()) == [NAME]


def test_two_rejections_in_one_story_count_once(ada) -> None:
    article = make_article(f"{NAME} is rain. {NAME} falls in May.")
    for occurrence in (1, 2):
        place = suggest(article, "entity", NAME, occurrence=occurrence)
        deciding.reject(annotation=place, editor=ada, seen_version=1)
    assert read(story(), Naming()) == [NAME]


def test_a_rejected_name_is_known_however_it_is_cased(ada) -> None:
    for name in ("VELM QUORRIN", "Velm QUORRIN"):
        decide(deciding.reject, story(name), Naming(name), by=ada)
    assert read(story(), Naming()) == []


def test_a_name_rejected_as_a_person_is_still_suggested_as_a_place(ada) -> None:
    for _ in range(2):
        decide(deciding.reject, story(), Naming(), by=ada)
    assert read(story(), Naming(type="place")) == [NAME]


def test_an_acceptance_brings_a_rejected_name_back(ada) -> None:
    for _ in range(2):
        decide(deciding.reject, story(), Naming(), by=ada)
    accepted = suggest(story(), "entity", NAME)
    deciding.accept(annotation=accepted, editor=ada, seen_version=1)
    assert read(story(), Naming()) == [NAME]


def test_a_rejection_that_was_taken_back_counts_no_more(ada) -> None:
    for _ in range(2):
        decide(deciding.reject, story(), Naming(), by=ada)
    rejected = Annotation.objects.filter(status="rejected").first()
    deciding.reopen(annotation=rejected, editor=ada, seen_version=2)
    assert read(story(), Naming()) == [NAME]


def test_one_rejection_is_enough_for_an_alias_that_the_dictionary_goes_by(ada) -> None:
    entity = EntityFactory(name="Quorrin Velmsdottir")
    Alias.objects.create(entity=entity, text=NAME)
    decide(deciding.reject, story(), dictionary(), by=ada)
    assert read(story(), dictionary()) == []


def test_the_entity_of_a_rejected_alias_is_still_found_by_its_name(ada) -> None:
    entity = EntityFactory(name="Quorrin Velmsdottir")
    Alias.objects.create(entity=entity, text=NAME)
    decide(deciding.reject, story(), dictionary(), by=ada)
    assert read(story(entity.name), dictionary()) == [entity.name]


def test_a_reader_may_still_see_what_was_rejected_once_as_an_alias(ada) -> None:
    EntityFactory(name=NAME)
    decide(deciding.reject, story(), dictionary(), by=ada)
    assert read(story(), Naming()) == [NAME]


def test_one_rejection_does_not_condemn_a_name_that_only_a_story_introduced(ada) -> None:
    """The dictionary finds it after a title, not by an alias."""
    made = Naming(suggester=DICTIONARY)
    decide(deciding.reject, story(), made, by=ada)
    assert read(story(), made) == [NAME]


def test_an_open_suggestion_of_a_name_rejected_meanwhile_is_taken_back(ada) -> None:
    waiting = story()
    assert read(waiting, Naming()) == [NAME]
    for _ in range(2):
        decide(deciding.reject, story(), Naming(), by=ada)
    assert read(waiting, Naming()) == []


@pytest.mark.parametrize("stories", [2, 20])
def test_what_was_rejected_is_looked_up_by_two_queries(
    ada, stories, django_assert_num_queries
) -> None:
    for _ in range(stories):
        rejected = suggest(story(), "entity", NAME)
        deciding.reject(annotation=rejected, editor=ada, seen_version=1)
    again = suggest(story(), "entity", NAME)
    with django_assert_num_queries(2):
        assert without_rejected([again]) == []
