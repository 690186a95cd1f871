from __future__ import annotations

import pytest

from annotations import linking, reading, suggesting
from annotations.deciding import Body, accept, change
from annotations.linking import Link
from annotations.models import Alias, Annotation, Entity
from annotations.nlp.predictions import Mention, Predictions, SourceSpan, Span
from annotations.tests.factories import EntityFactory, SuggesterOf, accept_all, span_of, suggest
from articles.models import Article
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

COURT = "Jordan scored 40 points as Chicago won the basketball final."
PALACE = "King Abdullah of Jordan met ministers in Amman to talk about the border with Syria."


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def player() -> Entity:
    return EntityFactory(
        name="Jordan", description="American basketball player who won six titles with Chicago"
    )


@pytest.fixture
def banker() -> Entity:
    return EntityFactory(name="Jordan", description="Economist and governor of a central bank")


def the(entity: Entity) -> Body:
    return Body(entity=entity)


def mention(article: Article, words: str, **fields) -> Mention:
    span = Span(*span_of(article, words, fields.pop("occurrence", 1)))
    values = {"type": "person", "name": words, "confidence": 0.8, "reason": "read", **fields}
    return Mention(span, suggester="test", **values)


def link(article: Article, *mentions: Mention) -> list[Link]:
    return linking.link(revision=article.revision, mentions=mentions)


def link_one(text: str, words: str, **fields) -> Link:
    article = make_article(text)
    return link(article, mention(article, words, **fields))[0]


def test_the_one_entity_of_the_name_and_type_is_meant() -> None:
    entity = EntityFactory(name="Ana Ruiz")
    assert link_one("Yesterday ANA  RUIZ spoke.", "ANA  RUIZ").entity == entity.pk


def test_an_entity_is_found_by_its_alias() -> None:
    entity = EntityFactory(name="Institute for the Study of War", type="organisation")
    Alias.objects.create(entity=entity, text="ISW")
    assert link_one("The ISW wrote.", "ISW", type="organisation").entity == entity.pk


def test_a_name_that_nobody_has_is_new() -> None:
    found = link_one("Bo Lindqvist spoke.", "Bo Lindqvist")
    assert found == Link()
    assert found.proposal == {"new": True}


def test_an_entity_of_another_type_is_a_candidate_and_never_the_sure_one() -> None:
    place = EntityFactory(name="Amaro", type="place")
    found = link_one("Amaro spoke.", "Amaro")
    assert (found.entity, found.proposal) == (None, {"candidates": [place.pk]})


def test_entities_of_the_type_come_before_others() -> None:
    place = EntityFactory(name="Amaro", type="place", description="A town on the river")
    people = [EntityFactory(name="Amaro"), EntityFactory(name="Amaro")]
    found = link_one("Amaro is a town on the river.", "Amaro")
    assert found.entity is None
    assert found.candidates == (*(person.pk for person in people), place.pk)


def test_what_the_dictionary_was_sure_of_stays(player) -> None:
    entity = EntityFactory(name="Somebody Else")
    assert link_one(COURT, "Jordan", entity=entity.pk).entity == entity.pk


def test_a_shared_name_is_told_by_the_words_around(player, banker) -> None:
    found = link_one(COURT, "Jordan")
    assert found.entity == player.pk
    assert "fits the words around" in found.reason
    bank = "Jordan, the governor, said that the central bank would raise interest rates."
    assert link_one(bank, "Jordan").entity == banker.pk


def test_a_shared_name_is_told_by_the_stories_in_which_it_was_accepted(ada) -> None:
    player, banker = EntityFactory(name="Jordan"), EntityFactory(name="Jordan")
    earlier = {
        player: "Jordan led the basketball team of Chicago to another title.",
        banker: "The central bank raised interest rates, its governor Jordan said.",
    }
    for entity, text in earlier.items():
        suggestion = suggest(make_article(text), "entity", "Jordan")
        change(annotation=suggestion, editor=ada, seen_version=1, body=the(entity))
    assert link_one(COURT, "Jordan").entity == player.pk


def test_a_shared_name_of_which_nothing_is_known_is_left_to_the_editor() -> None:
    pair = [EntityFactory(name="Jordan"), EntityFactory(name="Jordan")]
    assert link_one(COURT, "Jordan").candidates == tuple(entity.pk for entity in pair)


def test_the_type_alone_does_not_decide_against_the_words_around(player) -> None:
    country = EntityFactory(
        name="Jordan", type="place", description="A kingdom in the Middle East; capital Amman"
    )
    assert link_one(PALACE, "Jordan").candidates == (player.pk, country.pk)
    assert link_one(PALACE, "Jordan", type="place").entity == country.pk


def test_all_mentions_of_a_name_mean_the_same(player, banker) -> None:
    article = make_article(f"{COURT} Then Jordan left.")
    found = link(article, mention(article, "Jordan"), mention(article, "Jordan", occurrence=2))
    assert [one.entity for one in found] == [player.pk, player.pk]


def test_an_entity_that_the_story_names_in_full_is_preferred() -> None:
    ana, maria = EntityFactory(name="Ana Ruiz"), EntityFactory(name="Maria Ruiz")
    for entity in (ana, maria):
        Alias.objects.create(entity=entity, text="Ruiz")
    article = make_article("Maria Ruiz came. Everybody listened when Ruiz spoke.")
    found = link(article, mention(article, "Maria Ruiz"), mention(article, "Ruiz", occurrence=2))
    assert [one.entity for one in found] == [maria.pk, maria.pk]


def test_an_entity_that_was_accepted_in_the_story_is_preferred(ada, player, banker) -> None:
    article = make_article(f"Governor J. Jordan came. {COURT}")
    suggestion = suggest(article, "entity", "J. Jordan")
    change(annotation=suggestion, editor=ada, seen_version=1, body=the(banker))
    assert link(article, mention(article, "Jordan", occurrence=2))[0].entity == banker.pk


def test_the_short_form_of_a_name_is_never_sure_by_itself() -> None:
    ana = EntityFactory(name="Ana Ruiz")
    Alias.objects.create(entity=ana, text="Ruiz")
    found = link_one("Everybody listened when Ruiz spoke.", "Ruiz", name="Maria Ruiz")
    assert (found.entity, found.candidates) == (None, (ana.pk,))


def test_at_most_eight_candidates_are_kept() -> None:
    for _ in range(10):
        EntityFactory(name="Jordan")
    assert len(link_one(COURT, "Jordan").candidates) == linking.MOST


def test_a_merged_entity_is_no_candidate() -> None:
    winner = EntityFactory(name="Ana Ruiz")
    EntityFactory(name="Ana Ruis", merged_into=winner)
    assert link_one("Ana Ruis spoke.", "Ana Ruis") == Link()


@pytest.mark.parametrize("names", [5, 50])
def test_linking_costs_the_same_however_much_is_named(
    names, ada, django_assert_num_queries
) -> None:
    words = [f"Name{number:02}" for number in range(names)]
    text = " ".join(f"{word} spoke of the bridge." for word in words)
    article = make_article(text)
    for word in words:
        pair = [EntityFactory(name=word, description=f"{word} is one of two") for _ in range(2)]
        earlier = suggest(make_article(f"{word} spoke of the dam."), "entity", word)
        change(annotation=earlier, editor=ada, seen_version=1, body=the(pair[0]))
    mentions = [mention(article, word) for word in words]
    # Aliases, entities, what is accepted here; which earlier mentions, and their sentences.
    with django_assert_num_queries(5):
        link(article, *mentions)


def test_nothing_is_looked_up_where_all_is_sure(django_assert_num_queries) -> None:
    entity = EntityFactory(name="Ana Ruiz")
    article = make_article("Ana Ruiz spoke.")
    with django_assert_num_queries(0):
        assert link(article, mention(article, "Ana Ruiz", entity=entity.pk)) == [Link(entity.pk)]


# What a run stores of it


def read_with(article: Article, predictions: Predictions) -> None:
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk, [SuggesterOf(predictions)])


def test_a_run_stores_the_entity_and_why_it_is_that_one(player, banker) -> None:
    article = make_article(COURT)
    read_with(article, Predictions(mentions=[mention(article, "Jordan")]))
    stored = Annotation.objects.get()
    assert (stored.entity, stored.label, stored.proposal) == (player, "Jordan", {})
    assert stored.reason == "read; of 2 called so the one that fits the words around"


def test_a_run_stores_candidates_best_first() -> None:
    pair = [EntityFactory(name="Jordan"), EntityFactory(name="Jordan")]
    article = make_article(COURT)
    read_with(article, Predictions(mentions=[mention(article, "Jordan")]))
    assert Annotation.objects.get().proposal == {"candidates": [entity.pk for entity in pair]}


def test_a_new_name_becomes_an_entity_when_it_is_accepted(ada) -> None:
    article = make_article("Bo Lindqvist spoke.")
    read_with(article, Predictions(mentions=[mention(article, "Bo Lindqvist")]))
    assert Annotation.objects.get().proposal == {"new": True}
    accept_all(article, ada)
    assert Annotation.objects.get().entity.name == "Bo Lindqvist"


class Merging:
    """While it reads, an editor merges the entity that it is sure of."""

    name, version = "test", "1"

    def __init__(self, found: Mention, winner: Entity) -> None:
        self.found, self.winner = found, winner

    def suggest(self, document, so_far) -> Predictions:
        Entity.objects.filter(pk=self.found.entity).update(merged_into=self.winner)
        return Predictions(mentions=[self.found])


def test_an_entity_that_was_merged_while_the_story_was_read_gives_way(ada) -> None:
    loser, winner = EntityFactory(name="Ana Ruis"), EntityFactory(name="Ana Ruiz")
    article = make_article("Ana Ruis spoke.")
    run = reading.queue_run(revision=article.revision)
    found = mention(article, "Ana Ruis", entity=loser.pk)
    suggesting.read(run.pk, [Merging(found, winner)])
    assert Annotation.objects.get().entity == winner


def test_a_source_with_a_shared_name_speaks_as_the_entity_that_is_named_there(
    ada, player, banker
) -> None:
    article = make_article(f"{COURT} Jordan said that he was tired.")
    span = Span(*span_of(article, "Jordan", 2))
    source = SourceSpan(span, "person", "Jordan", 0.8, "read", "test")
    read_with(article, Predictions(mentions=[mention(article, "Jordan")], sources=[source]))
    suggested = Annotation.objects.get(kind="source")
    assert suggested.proposal == {"entity": player.pk}
    accepted = accept(annotation=suggested, editor=ada, seen_version=1)
    assert accepted.source.entity == player


# The candidates of annotations


def test_a_candidate_that_was_merged_gives_way_to_the_other() -> None:
    winner = EntityFactory(name="Ana Ruiz")
    loser = EntityFactory(name="Ana Ruis", merged_into=winner)
    proposal = {"candidates": [loser.pk, winner.pk]}
    one = suggest(make_article("Ana Ruiz spoke."), "entity", "Ana Ruiz", proposal=proposal)
    assert linking.candidates_of([one]) == {one.pk: [winner]}


def test_candidates_are_there_only_while_nobody_decided(ada) -> None:
    pair = [EntityFactory(name="Jordan"), EntityFactory(name="Jordan")]
    one = suggest(make_article(COURT), "entity", "Jordan", proposal={"candidates": [pair[0].pk]})
    assert linking.is_open(one)
    decided = change(annotation=one, editor=ada, seen_version=1, body=the(pair[1]))
    assert not linking.is_open(decided)
