from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotations import deciding, knowledge, merging, showing
from annotations.models import (
    Annotation,
    Attribution,
    Claim,
    ClaimTally,
    Entity,
    EntityTally,
    OutletTally,
    ShownAbout,
    ShownName,
    ShownStory,
    ShownTie,
    Source,
    SourceTally,
    StoryVector,
)
from annotations.tests.factories import (
    ClaimFactory,
    EntityFactory,
    accept_all,
    suggest,
    suggest_tie,
)
from articles.models import Article
from articles.publishing import move
from articles.revising import correct, revise
from articles.tests.factories import chief, editor, make_article, put_into

pytestmark = pytest.mark.django_db

TIE = ("article", "source", "claim", "outlet", "published_at", "places", "denials")
TEXT = "Ana Ruiz opened the bridge.\n\nThe bridge is safe, Ruiz said. Ana Ruiz left."


@pytest.fixture
def ada():
    return editor(username="ada")


def story(ada, text: str = TEXT, state: str = "published", **fields) -> Article:
    article = make_article(text, state=state, **fields)
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "entity", "Ana Ruiz", occurrence=2)
    claim = suggest(article, "claim", "The bridge is safe", label="The bridge is safe.")
    source = suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    suggest_tie(claim, source)
    accept_all(article, ada)
    return article


def all_of_it() -> dict[str, Any]:
    """Everything that is derived, as it would be compared after a rebuild."""
    tallies = (EntityTally, ClaimTally, SourceTally, OutletTally)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM annotations_shownstory ORDER BY article_id")
        stories = cursor.fetchall()
        cursor.execute(
            "SELECT kind, thing, text, words, trigrams FROM annotations_shownname "
            "ORDER BY kind, thing, text"
        )
        names = cursor.fetchall()
    ties = ShownTie.objects.values_list(*TIE)
    about = ShownAbout.objects.values_list("article", "entity", "published_at", "places")
    return {
        "stories": stories,
        "names": names,
        "ties": list(ties.order_by("article", "source", "claim")),
        "about": list(about.order_by("article", "entity")),
        **{m.__name__: list(m.objects.order_by("pk").values_list()) for m in tallies},
    }


def test_a_published_story_is_shown_with_what_it_names_claims_and_quotes(ada) -> None:
    article = story(ada, outlet="The Amaro Post")
    shown = ShownStory.objects.get()
    entity, claim, source = Entity.objects.get(), Claim.objects.get(), Source.objects.get()
    assert (shown.article, shown.outlet, shown.config) == (article, article.outlet, "english")
    assert (shown.entities, shown.mentions, shown.types) == ([entity.pk], [2], ["person"])
    assert (shown.claims, shown.sources, shown.source_places) == ([claim.pk], [source.pk], [1])


def test_things_are_counted_by_story_and_by_place(ada) -> None:
    story(ada)
    story(ada, TEXT + " Again.")
    tally = Entity.objects.get().tally
    assert (tally.stories, tally.mentions, tally.letter) == (2, 4, "A")


def test_an_entity_that_only_speaks_is_shown_too(ada) -> None:
    article = make_article(TEXT, state="published")
    suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    accept_all(article, ada)
    entity = Entity.objects.get()
    assert (entity.tally.stories, entity.tally.mentions) == (1, 0)
    assert ShownName.objects.filter(kind="entity", thing=entity.pk).exists()


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
def test_nothing_is_held_of_what_is_not_published(ada, state) -> None:
    story(ada, state=state)
    assert not ShownStory.objects.exists()
    assert not ShownName.objects.exists()
    assert not EntityTally.objects.exists()


def test_suggestions_and_rejected_and_deleted_marks_are_not_held(ada) -> None:
    article = make_article("Suggesta, Rejecta and Deleta met.", state="published")
    for word in ("Suggesta", "Rejecta", "Deleta"):
        suggest(article, "entity", word)
    marks = {a.label: a for a in Annotation.objects.all()}
    deciding.reject(annotation=marks["Rejecta"], editor=ada, seen_version=1)
    deciding.accept(annotation=marks["Deleta"], editor=ada, seen_version=1)
    assert ShownName.objects.get().text == "Deleta"
    deciding.delete(annotation=marks["Deleta"], editor=ada, seen_version=2)
    assert ShownStory.objects.get().entities == []
    assert not ShownName.objects.exists()


def test_unpublishing_takes_it_all_back_and_keeps_only_that_it_was_there(ada) -> None:
    article = story(ada)
    StoryVector.objects.create(
        article=article, revision=article.revision, title="x", model="m", vector=[1.0] * 384
    )
    put_into(article, "in_review")
    assert not ShownStory.objects.exists()
    assert not ShownName.objects.exists()
    assert not StoryVector.objects.exists()
    assert list(EntityTally.objects.values_list("stories", "mentions", "newest")) == [(0, 0, None)]


def test_the_database_refuses_to_hold_what_is_not_published(ada) -> None:
    article = story(ada)
    ShownStory.objects.all().delete()
    Article.objects.update(state="in_review")
    with pytest.raises(IntegrityError), transaction.atomic():
        ShownStory.objects.create(
            article=article, revision=article.revision, title="x",
            published_at=article.published_at, date=article.published_at,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_state_written_past_the_log_takes_the_story_back_too() -> None:
    ada = editor(username="ada")
    story(ada)
    Article.objects.update(state="in_review")
    assert not ShownStory.objects.exists()


def test_a_rolled_back_publication_shows_nothing(ada) -> None:
    article = story(ada, state="in_review")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        move(article=article, state="published", actor=chief(), seen_version=article.version)
        raise ZeroDivisionError
    assert not ShownStory.objects.exists()


def test_a_corrected_title_and_a_new_text_are_found(ada) -> None:
    article = story(ada)
    correct(article=article, actor=ada, seen_version=1, title="Ferries sail")
    revise(article=article, actor=ada, seen_version=2, text=TEXT + "\n\nQuenched at last.")
    shown = ShownStory.objects.get()
    assert "ferri" in shown.title_words
    assert "quench" in shown.words


def test_a_mark_that_the_new_text_lost_is_no_longer_counted(ada) -> None:
    article = story(ada)
    revise(article=article, actor=ada, seen_version=1, text="Quite another text.")
    assert ShownStory.objects.get().entities == []
    assert Entity.objects.get().tally.stories == 0


def test_words_are_cut_as_in_the_storys_language() -> None:
    make_article("Die Minister trafen sich in den Häusern.", state="published", language="de")
    shown = ShownStory.objects.get()
    assert (shown.config, "haus" in shown.words) == ("german", True)


def test_a_renamed_entity_is_called_by_its_new_name(ada) -> None:
    story(ada)
    entity = Entity.objects.get()
    knowledge.change_entity(entity=entity, actor=ada, seen_version=entity.version, name="Zoe Ruiz")
    assert Entity.objects.get().tally.letter == "Z"
    assert "Zoe Ruiz" in ShownName.objects.filter(kind="entity").values_list("text", flat=True)


def test_an_entity_of_another_type_is_found_by_that(ada) -> None:
    story(ada)
    entity = Entity.objects.get()
    knowledge.change_entity(entity=entity, actor=ada, seen_version=entity.version, type="group")
    assert ShownStory.objects.get().types == ["group"]


def test_merging_moves_the_counts_to_the_winner(ada) -> None:
    story(ada)
    loser = Entity.objects.get()
    winner = EntityFactory(name="Ana María Ruiz")
    merging.merge_entities(loser=loser, winner=winner, actor=ada)
    assert (Entity.objects.get(pk=winner.pk).tally.mentions, ShownStory.objects.get().entities) == (
        2,
        [winner.pk],
    )
    assert EntityTally.objects.get(pk=loser.pk).stories == 0
    assert set(ShownName.objects.filter(kind="entity").values_list("thing", flat=True)) == {
        winner.pk
    }


def test_the_newest_story_of_a_thing_is_known_after_it_went(ada) -> None:
    old, new = story(ada), story(ada, TEXT + " Again.")
    assert Entity.objects.get().tally.newest == new.published_at
    put_into(new, "archived")
    assert Entity.objects.get().tally.newest == old.published_at


def test_a_stories_months_are_counted(ada) -> None:
    article = story(ada)
    month = article.published_at.date().replace(day=1)
    assert ShownStory.objects.naming(Entity.objects.get()).timeline() == [(month, 1)]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_what_was_kept_is_what_a_rebuild_makes(ada, seed) -> None:
    chance = random.Random(seed)
    articles = [story(ada, f"{TEXT} Number {n}.", outlet=f"Outlet {n % 2}") for n in range(4)]
    for _ in range(25):
        _something(chance, articles, ada)
    kept = all_of_it()
    call_command("rebuild_shown")
    assert all_of_it() == kept


def _something(chance: random.Random, articles: list[Article], ada: Any) -> None:
    article = chance.choice(articles)
    article.refresh_from_db()
    annotation = chance.choice(Annotation.objects.kept().order_by("pk"))
    seen = {"editor": ada, "seen_version": annotation.version, "annotation": annotation}
    entity = chance.choice(Entity.objects.current().order_by("pk"))
    chance.choice(
        [
            lambda: put_into(article, chance.choice(["published", "in_review", "archived"])),
            lambda: deciding.reject(**seen),
            lambda: deciding.accept(**seen),
            lambda: deciding.delete(**seen),
            lambda: revise(
                article=article, actor=ada, seen_version=article.version,
                text=f"{chance.random()} {article.text}",
            ),
            lambda: correct(
                article=article, actor=ada, seen_version=article.version,
                title=f"Title {chance.random()}", outlet=chance.choice(["Outlet 0", "New"]),
            ),
            lambda: knowledge.change_entity(
                entity=entity, actor=ada, seen_version=entity.version,
                name=f"Name {chance.random()}", type=chance.choice(["person", "group"]),
            ),
            lambda: merging.merge_entities(
                loser=entity, winner=EntityFactory(type="person"), actor=ada
            ),
        ]
    )()  # fmt: skip


def test_who_makes_which_claim_is_held_by_story_with_how_often(ada) -> None:
    article = story(ada, outlet="The Amaro Post")
    tie = ShownTie.objects.get()
    assert (tie.article, tie.outlet, tie.places, tie.denials) == (article, article.outlet, 1, 0)
    assert (tie.source, tie.claim) == (Source.objects.get(), Claim.objects.get())


def test_who_is_spoken_of_is_held_unless_it_speaks_of_itself(ada) -> None:
    article = make_article("Ana lied, Bo said. Bo is well, Bo said.", state="published")
    lied = suggest(article, "claim", "Ana lied", label="Ana lied.")
    well = suggest(article, "claim", "Bo is well", label="Bo is well.")
    for words, occurrence in (("Ana", 1), ("Bo", 2)):
        suggest(article, "entity", words, occurrence=occurrence, type="person")
    speaker = suggest(article, "source", "Bo", type="person", label="Bo")
    for claim in (lied, well):
        suggest_tie(claim, speaker)
    accept_all(article, ada)
    about = ShownAbout.objects.get()
    assert (about.entity.name, about.article, about.places) == ("Ana", article, 1)


def test_a_tie_that_is_denied_or_taken_back_is_held_as_such(ada) -> None:
    story(ada)
    tie = Attribution.objects.get()
    denied = deciding.tie(
        claim=tie.claim, source=tie.source, editor=ada, mode="denies", seen_version=tie.version
    )
    assert ShownTie.objects.values_list("places", "denials").get() == (0, 1)
    deciding.untie(attribution=denied, editor=ada, seen_version=denied.version)
    assert not ShownTie.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_ties_go_with_their_story_even_past_the_log() -> None:
    ada = editor(username="ada")
    story(ada)
    Article.objects.update(state="in_review")
    assert not ShownTie.objects.exists()
    with pytest.raises(IntegrityError):
        ShownTie.objects.create(
            article=Article.objects.get(), source=Source.objects.get(), claim=Claim.objects.get(),
            published_at=timezone.now(), places=1, denials=0,
        )  # fmt: skip


def test_a_new_desk_makes_up_for_what_it_never_held(ada) -> None:
    story(ada)
    ShownStory.objects.all().delete()
    assert showing.is_behind()
    assert showing.rebuild() == 1
    assert not showing.is_behind()


def test_a_claim_of_another_sentence_is_called_by_it(ada) -> None:
    story(ada)
    claim = Claim.objects.get()
    knowledge.change_claim(
        claim=claim, text="The bridge holds.", actor=ada, seen_version=claim.version
    )
    assert ShownName.objects.get(kind="claim").text == "The bridge holds."


def test_a_text_of_megabytes_is_found_by_its_beginning() -> None:
    text = "Beginning. " + " ".join(f"w{n}x{n}" for n in range(100_000))
    make_article(text, state="published")
    assert "begin" in ShownStory.objects.get().words


def test_a_thing_that_nothing_shows_has_no_tally() -> None:
    ClaimFactory()
    assert not ClaimTally.objects.exists()
