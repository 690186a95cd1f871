from __future__ import annotations

import re

import pytest

from annotations import deciding
from annotations.models import Claim, StoryVector
from annotations.tests.factories import accept_all, span_of, suggest, suggest_tie
from articles.models import RelatedHeadline
from articles.revising import revise
from articles.tests.factories import make_article, put_into
from newsdesk.site.tests.builders import claiming, naming, rate, story
from newsdesk.site.tests.pages import get, section, words

pytestmark = pytest.mark.django_db


def test_the_claims_are_listed_with_source_manner_and_cue(ada, reader) -> None:
    page = section(get(reader, story(ada).get_absolute_url()), "claims")
    assert "The bridge is safe. Ana Ruiz says so (as reported) said" in page


def test_a_claims_current_ratings_stand_with_it_and_superseded_ones_do_not(ada, reader) -> None:
    article = story(ada)
    old = rate(Claim.objects.get(), "Unproven")
    rate(Claim.objects.get(), "Half true", supersedes=old, rating_value=3)
    page = section(get(reader, article.get_absolute_url()), "claims")
    assert "Rated Half true by Fact Bureau, 3 May 2026" in page
    assert "Unproven" not in page


def test_a_claim_made_elsewhere_says_in_how_many_stories(ada, reader) -> None:
    article = claiming(ada, "The dam is safe.", "One").article
    claiming(ada, "The dam is safe.", "Two")
    claiming(ada, "The dam is safe.", "Three")
    assert "In 2 other stories too" in words(get(reader, article.get_absolute_url()))


def test_who_tells_what_another_says_is_named(ada, reader) -> None:
    article = make_article("ISW says the Kremlin intends to win.", title="War", state="published")
    claim = suggest(article, "claim", "to win", label="The Kremlin will win.")
    outer = suggest(
        article, "claim", "the Kremlin intends to win", label="The Kremlin intends to win."
    )
    kremlin = suggest(article, "source", "the Kremlin", label="Kremlin")
    isw = suggest(article, "source", "ISW", label="ISW")
    tells = suggest_tie(outer, isw)
    suggest_tie(claim, kremlin, mode="intends", parent=tells)
    accept_all(article, ada)
    page = words(get(reader, article.get_absolute_url()))
    assert "Kremlin intends it (as reported), as ISW tells" in page


def test_a_teller_that_was_not_accepted_does_not_show(ada, reader) -> None:
    article = make_article(
        "Secreta says the Kremlin intends to win.", title="War", state="published"
    )
    claim = suggest(article, "claim", "to win", label="The Kremlin will win.")
    outer = suggest(article, "claim", "the Kremlin intends to win", label="The Kremlin intends so.")
    kremlin = suggest(article, "source", "the Kremlin", label="Kremlin")
    secret = suggest(article, "source", "Secreta", label="Hidden Name")
    suggest_tie(claim, kremlin, parent=suggest_tie(outer, secret))
    for annotation in (kremlin, claim):
        deciding.accept(annotation=annotation, editor=ada, seen_version=annotation.version)
    page = get(reader, article.get_absolute_url())
    assert "Kremlin" in page
    assert "Hidden Name" not in page


def test_those_who_are_heard_are_listed_with_their_claims(ada, reader) -> None:
    assert "Ana Ruiz Source, person claim 1" in section(
        get(reader, story(ada).get_absolute_url()), "speakers"
    )


def test_people_come_before_organisations_and_those_before_the_rest(ada, reader) -> None:
    article = make_article("Ana of ISW in Kyiv.", title="War", state="published")
    suggest(article, "entity", "Kyiv", type="place")
    suggest(article, "entity", "ISW", type="organisation")
    suggest(article, "entity", "Ana", type="person")
    accept_all(article, ada)
    headings = re.findall(r'<h2 id="type-\d">(\w+)', get(reader, article.get_absolute_url()))
    assert headings == ["People", "Organisations", "Places"]


def test_a_related_headline_leads_to_the_desks_own_story(ada, reader) -> None:
    known = story(ada, title="Bridge opened")
    article = make_article(
        "New.\n\nRelated:\n- bridge Opened\n- Never seen here\n", state="published"
    )
    page = get(reader, article.get_absolute_url())
    assert f'<a href="{known.get_absolute_url()}">bridge Opened</a>' in page
    assert "<li>Never seen here</li>" in page


def test_a_related_headline_is_found_by_its_address_too(ada, reader) -> None:
    known = make_article(title="Other words", state="published", url="https://news.example/a")
    article = make_article(state="published")
    RelatedHeadline.objects.create(
        article=article, position=1, title="Bridge", url="https://news.example/a"
    )
    assert f'href="{known.get_absolute_url()}">Bridge<' in get(reader, article.get_absolute_url())


def test_a_related_headline_of_an_unpublished_story_stays_as_it_came(ada, reader) -> None:
    hidden = story(ada, title="Bridge opened", state="in_review")
    article = make_article("New.\n\nRelated:\n- Bridge opened\n", state="published")
    assert hidden.get_absolute_url() not in get(reader, article.get_absolute_url())


def test_stories_that_share_rare_names_are_related(ada, reader) -> None:
    article = naming(ada, "Ana Ruiz", ["Bo Lund"], "First")
    other = naming(ada, "Ana Ruiz", ["Cy Dahl"], "Second")
    naming(ada, "Di Ek", [], "Unrelated")
    related = section(get(reader, article.get_absolute_url()), "related")
    assert "Second" in related
    assert "Also names Ana Ruiz" in related
    assert "Unrelated" not in related
    put_into(other, "archived")
    assert "Second" not in get(reader, article.get_absolute_url())


def test_a_shared_claim_ties_closer_than_a_shared_name(ada, reader) -> None:
    article = claiming(ada, "The dam is safe.", "First", who="Ana Ruiz").article
    naming(ada, "Ana Ruiz", [], "By name")
    claiming(ada, "The dam is safe.", "By claim", who="Bo Lund")
    related = section(get(reader, article.get_absolute_url()), "related")
    assert related.index("By claim") < related.index("By name")
    assert "Makes the same claim: The dam is safe." in related


def test_stories_that_mean_much_the_same_are_related(ada, reader) -> None:
    def placed(title: str, x: float, y: float):
        article = make_article(title=title, state="published")
        vector = [x, y] + [0.0] * 382
        StoryVector.objects.create(
            article=article, revision=article.revision, title=title, model="1", vector=vector
        )
        return article

    article = placed("First", 1, 0)
    placed("Near", 0.8, 0.6)
    placed("Far", 0, 1)
    related = section(get(reader, article.get_absolute_url()), "related")
    assert "Near" in related
    assert "Far" not in related


def test_a_correction_shows_what_became_different(ada, reader) -> None:
    article = make_article("The dam has two cracks.", title="Dam", state="published")
    revise(
        article=article, text="The dam has three cracks.", actor=ada,
        seen_version=article.version, note="Miscounted",
    )  # fmt: skip
    page = get(reader, article.get_absolute_url())
    assert "Miscounted" in section(page, "corrections")
    assert "<del>two</del><ins>three</ins>" in page


def test_outlet_byline_dates_and_original_stand_above_the_text(ada, reader) -> None:
    article = make_article(
        state="published", outlet="The Courier", byline="Ana Ruiz", url="https://news.example/1"
    )
    page = get(reader, article.get_absolute_url())
    assert f'<a class="outlet" href="{article.outlet.get_absolute_url()}">The Courier</a>' in page
    assert "Ana Ruiz ·" in page
    assert 'href="https://news.example/1" rel="noopener">the original' in page


def test_a_cue_of_several_words_is_told_in_full(ada, reader) -> None:
    article = make_article("According to Ana, it is so.", title="So", state="published")
    claim = suggest(article, "claim", "it is so", label="It is so.")
    source = suggest(article, "source", "Ana", type="person", label="Ana")
    suggest_tie(claim, source, cue=[span_of(article, "According to")])
    accept_all(article, ada)
    assert '<q class="cue">According to</q>' in get(reader, article.get_absolute_url())
