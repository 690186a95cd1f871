from __future__ import annotations

from contextlib import closing

import pytest
from django.db import connection, transaction

from annotations import deciding, knowledge, matching, reading, suggesting
from annotations.models import Annotation, Claim, ClaimVector
from annotations.nlp.predictions import ClaimSpans, Predictions, Span
from annotations.tests.factories import ClaimFactory, SuggesterOf, span_of, suggest
from annotations.vectors import current_vectors
from articles.changes import recording
from articles.models import Article
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

DRONES = "Ukraine shot down 40 drones overnight."
PARAPHRASE = "Forty drones were shot down by Ukraine during the night."
PRICES = "Consumer prices rose by three per cent in May."
CRACKS = "The dam at Korsvik has cracks in its wall."


@pytest.fixture
def ada():
    return editor(username="ada")


def remembered(*sentences: str) -> list[Claim]:
    claims = [ClaimFactory(text=sentence) for sentence in sentences]
    matching.remember()
    return claims


def matched(sentence: str) -> list[int]:
    return [match.claim for match in matching.matches([sentence])[0]]


def stale() -> list[Claim]:
    return list(matching.forgotten(current_vectors().version))


# What is found


def test_a_claim_is_found_by_a_paraphrase_and_others_are_not() -> None:
    drones, *_ = remembered(DRONES, PRICES, CRACKS)
    [[match]] = matching.matches([PARAPHRASE])
    assert match.claim == drones.pk
    assert matching.ALIKE <= match.similarity < 1


def test_nothing_is_found_for_what_nobody_said() -> None:
    remembered(DRONES, PRICES)
    assert matched("The striker will leave the club in summer.") == []


def test_each_sentence_gets_its_own() -> None:
    drones, prices = remembered(DRONES, PRICES)
    found = matching.matches([PRICES, CRACKS, PARAPHRASE])
    assert [[match.claim for match in one] for one in found] == [[prices.pk], [], [drones.pk]]


def test_the_very_sentence_comes_first_however_it_is_cased_and_spaced() -> None:
    near, same = remembered("Ukraine shot down 41 drones overnight.", DRONES)
    found = matching.matches([DRONES.upper().replace(" ", "  ")])[0]
    assert (found[0].claim, found[0].similarity) == (same.pk, 1.0)
    assert [match.claim for match in matching.matches([DRONES])[0]] == [same.pk, near.pk]


def test_the_very_sentence_is_found_before_it_has_a_vector() -> None:
    claim = ClaimFactory(text=DRONES)
    assert matched(DRONES) == [claim.pk]
    assert matched(PARAPHRASE) == []


def test_at_most_five_are_found() -> None:
    remembered(*(f"Ukraine shot down {number} drones overnight." for number in range(10, 20)))
    assert len(matched(DRONES)) == matching.MOST


def test_a_merged_claim_stands_for_the_one_it_was_merged_into() -> None:
    winner, loser = remembered("Air defence had a busy night over Kyiv.", DRONES)
    Claim.objects.filter(pk=loser.pk).update(merged_into=winner)
    assert matched(PARAPHRASE) == [winner.pk]
    assert matched(DRONES) == [winner.pk]


def test_a_claim_that_is_found_twice_is_told_once() -> None:
    winner, loser = remembered(DRONES, "Ukraine shot down 40 drones over night.")
    Claim.objects.filter(pk=loser.pk).update(merged_into=winner)
    assert matched(PARAPHRASE) == [winner.pk]


@pytest.mark.parametrize("sentence", ["", "\u200b", "!", "x" * 1000])
def test_a_sentence_without_meaning_breaks_nothing(sentence) -> None:
    remembered(DRONES, "\u200b")
    assert len(matching.matches([sentence])) == 1


@pytest.mark.parametrize("claims", [5, 50])
def test_matching_costs_the_same_however_much_is_claimed(claims, django_assert_num_queries) -> None:
    sentences = [f"Ukraine shot down {number} drones overnight." for number in range(claims)]
    remembered(*sentences)
    # The very sentences, the nearest, and which claims these are now.
    with django_assert_num_queries(3):
        matching.matches(sentences)


def test_of_a_text_that_claims_too_much_the_first_sentences_are_looked_up(monkeypatch) -> None:
    drones, prices = remembered(DRONES, PRICES)
    monkeypatch.setattr(matching, "MOST_SENTENCES", 1)
    found = matching.matches([PARAPHRASE, PARAPHRASE, PRICES])
    assert [[match.claim for match in one] for one in found] == [[drones.pk], [], [prices.pk]]


def test_where_nothing_is_claimed_nothing_is_asked(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert matching.matches([]) == []


# How claims are remembered


def test_a_claim_whose_wake_up_was_lost_is_remembered_by_the_next_round() -> None:
    claim = ClaimFactory(text=DRONES)
    assert stale() == [claim]
    assert matching.remember() == 1
    assert stale() == []
    assert matching.remember() == 0


def test_a_changed_sentence_is_remembered_anew(ada) -> None:
    [claim] = remembered(DRONES)
    knowledge.change_claim(claim=claim, text=PRICES, actor=ada, seen_version=1)
    assert stale() == [claim]
    assert matched(PARAPHRASE) == []
    matching.remember()
    assert matched("In May, consumer prices went up by 3 per cent.") == [claim.pk]
    assert ClaimVector.objects.get().text == PRICES


def test_the_vectors_of_another_model_count_for_nothing() -> None:
    [claim] = remembered(DRONES)
    ClaimVector.objects.update(model="an older one")
    assert matched(PARAPHRASE) == []
    assert stale() == [claim]
    matching.remember()
    assert matched(PARAPHRASE) == [claim.pk]


def test_nothing_is_lost_when_the_worker_dies_before_the_vector_is_stored() -> None:
    claim = ClaimFactory(text=DRONES)
    with pytest.raises(SystemExit), transaction.atomic():
        matching.remember()
        raise SystemExit
    assert stale() == [claim]
    matching.remember()
    assert matched(PARAPHRASE) == [claim.pk]


def test_while_one_worker_is_at_it_another_leaves_it() -> None:
    ClaimFactory(text=DRONES)
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [matching.MEMORY_LOCK])
        assert matching.remember() == 0
        cursor.execute("SELECT pg_advisory_unlock(%s)", [matching.MEMORY_LOCK])
    assert matching.remember() == 1


def test_many_claims_are_remembered_in_rounds(django_capture_on_commit_callbacks) -> None:
    for number in range(3):
        ClaimFactory(text=f"Ukraine shot down {number} drones overnight.")
    with django_capture_on_commit_callbacks() as first:
        assert matching.remember(most=2) == 2
    with django_capture_on_commit_callbacks() as second:
        assert matching.remember(most=2) == 1
    assert (first, second) == ([matching.wake_worker], [])


def wake_ups(callbacks: list) -> int:
    return callbacks.count(matching.wake_worker)


def test_a_worker_is_woken_once_for_all_claims_of_a_transaction(
    ada, django_capture_on_commit_callbacks
) -> None:
    article = make_article(f"{DRONES} {PRICES}")
    with django_capture_on_commit_callbacks() as callbacks, recording(actor=ada):
        for words in (DRONES, PRICES):
            spans = [span_of(article, words)]
            deciding.add(article=article, editor=ada, kind="claim", spans=spans)
    assert Claim.objects.count() == 2
    assert wake_ups(callbacks) == 1


def test_a_worker_is_woken_when_a_sentence_changes_and_only_then(
    ada, django_capture_on_commit_callbacks
) -> None:
    claim = knowledge.find_or_create_claim(text=DRONES, language="en", actor=ada)
    with django_capture_on_commit_callbacks() as changed:
        knowledge.change_claim(claim=claim, text=PRICES, actor=ada, seen_version=1)
    with django_capture_on_commit_callbacks() as found:
        knowledge.find_or_create_claim(text=PRICES, language="en", actor=ada)
    assert (wake_ups(changed), wake_ups(found)) == (1, 0)


def test_a_claim_that_is_rolled_back_wakes_nobody(ada, django_capture_on_commit_callbacks) -> None:
    with (
        django_capture_on_commit_callbacks() as callbacks,
        pytest.raises(ZeroDivisionError),
        recording(actor=ada),
    ):
        knowledge.find_or_create_claim(text=DRONES, language="en", actor=ada)
        raise ZeroDivisionError
    assert wake_ups(callbacks) == 0


# What a run stores, and what is told of it


def claim_on(article: Article, words: str, sentence: str) -> Annotation:
    span = Span(*span_of(article, words))
    found = ClaimSpans((span,), sentence, 0.8, "read", "test")
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk, [SuggesterOf(Predictions(claims=[found]))])
    return Annotation.objects.with_bodies().get(article=article, status="suggested")


def accepted_in(article: Article, sentence: str, ada) -> Claim:
    one = suggest(article, "claim", article.text[:20], label=sentence)
    claim = deciding.accept(annotation=one, editor=ada, seen_version=1).claim
    matching.remember()
    return claim


def test_a_run_stores_what_was_said_before(ada) -> None:
    claim = accepted_in(make_article(f"{DRONES} It was dark."), DRONES, ada)
    suggested = claim_on(make_article(f"{PARAPHRASE} So it went."), PARAPHRASE, PARAPHRASE)
    [match] = suggested.proposal["said_before"]
    assert match["claim"] == claim.pk
    assert matching.ALIKE <= match["similarity"] < 1


def test_a_claim_that_nobody_made_before_is_stored_without_more() -> None:
    assert claim_on(make_article(DRONES), DRONES, DRONES).proposal == {}


@pytest.mark.parametrize("merged", [False, True])
def test_accepting_a_known_sentence_attaches_its_claim(merged, ada) -> None:
    claim = accepted_in(make_article(f"{DRONES} It was dark."), DRONES, ada)
    if merged:
        winner = ClaimFactory(text=PRICES)
        Claim.objects.filter(pk=claim.pk).update(merged_into=winner)
        claim = winner
    suggested = claim_on(make_article(f"So: {DRONES}"), DRONES, DRONES.upper())
    assert suggested.proposal["said_before"][0] == {"claim": claim.pk, "similarity": 1.0}
    accepted = deciding.accept(annotation=suggested, editor=ada, seen_version=1)
    assert accepted.claim == claim


def test_said_before_names_the_other_stories_the_newest_first(ada) -> None:
    stories = [make_article(f"{DRONES} Part {number}.") for number in range(3)]
    for story in stories:
        claim = accepted_in(story, DRONES, ada)
    suggested = claim_on(make_article(f"So: {DRONES}"), DRONES, DRONES)
    [said] = matching.said_before([suggested], user=ada)[suggested.pk]
    assert (said.claim, said.similarity) == (claim, 1.0)
    assert said.stories == stories[::-1]


def test_said_before_names_not_the_story_itself(ada) -> None:
    article = make_article(f"{DRONES} As we wrote: {PARAPHRASE}")
    accepted_in(article, DRONES, ada)
    suggested = claim_on(article, PARAPHRASE, PARAPHRASE)
    [said] = matching.said_before([suggested], user=ada)[suggested.pk]
    assert said.stories == []


def test_who_is_no_editor_sees_only_what_is_published(ada) -> None:
    shown = make_article(f"{DRONES} One.", state="published")
    hidden = make_article(f"{PRICES} Two.")
    accepted_in(shown, DRONES, ada)
    accepted_in(hidden, PRICES, ada)
    for sentence, stories in ((DRONES, [[shown]]), (PRICES, [])):
        suggested = claim_on(make_article(f"So: {sentence}"), sentence, sentence)
        told = matching.said_before([suggested], user=None)[suggested.pk]
        assert [said.stories for said in told] == stories


def test_said_before_follows_a_later_merge(ada) -> None:
    claim = accepted_in(make_article(f"{DRONES} It was dark."), DRONES, ada)
    suggested = claim_on(make_article(f"So: {DRONES}"), DRONES, DRONES)
    winner = ClaimFactory(text=PRICES)
    Claim.objects.filter(pk=claim.pk).update(merged_into=winner)
    [said] = matching.said_before([suggested], user=ada)[suggested.pk]
    assert said.claim == winner


@pytest.mark.parametrize("claims", [5, 50])
def test_telling_what_was_said_before_costs_the_same(
    claims, ada, django_assert_num_queries
) -> None:
    sentences = [f"Ukraine shot down {number} drones overnight." for number in range(claims)]
    article = make_article(" ".join(sentences))
    for sentence in sentences:
        known = ClaimFactory(text=sentence)
        said = [{"claim": known.pk, "similarity": 1.0}]
        suggest(article, "claim", sentence, proposal={"said_before": said})
    annotations = list(Annotation.objects.with_bodies())
    # The editor's role; which claims they are now, the claims, the stories.
    with django_assert_num_queries(4):
        matching.said_before(annotations, user=ada)
