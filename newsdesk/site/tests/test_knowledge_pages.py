"""The pages of entities, claims, sources and outlets, their indexes, and the start page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from annotations.models import Claim, Entity, Source
from annotations.showing import rebuild
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.models import Article, Outlet
from articles.tests.factories import make_article, put_into
from newsdesk.site.counts import ROWS
from newsdesk.site.entity import MOST_STATEMENTS
from newsdesk.site.paging import ROWS_A_PART, STORIES_A_PAGE
from newsdesk.site.tests.builders import claiming, link, naming, rate, story
from newsdesk.site.tests.pages import get, section, words

pytestmark = pytest.mark.django_db


def page_of(reader, name: str, query: str = "") -> str:
    return get(reader, Entity.objects.get(name=name).get_absolute_url() + query)


def test_an_entity_is_told_with_its_names_type_and_description(ada, reader) -> None:
    story(ada)
    entity = Entity.objects.get()
    Entity.objects.filter(pk=entity.pk).update(description="Mayor of Port Amaro", wikidata_id="Q42")
    entity.aliases.create(text="A. Ruiz")
    page = words(page_of(reader, "Ana Ruiz"))
    assert "Person Ana Ruiz Mayor of Port Amaro Also called A. Ruiz" in page
    assert "In 1 story, named 1 time · Wikidata Q42" in page


def test_what_an_entity_said_and_what_is_said_about_it_are_told_apart(ada, reader) -> None:
    article = make_article(
        "Ana Ruiz lied, Bo said. Bo is ill, Ana said.", title="Row", state="published"
    )
    lied = suggest(article, "claim", "Ana Ruiz lied", label="Ana Ruiz lied.")
    ill = suggest(article, "claim", "Bo is ill", label="Bo is ill.")
    suggest(article, "entity", "Ana Ruiz")
    suggest_tie(lied, suggest(article, "source", "Bo", type="person", label="Bo"))
    suggest_tie(
        ill, suggest(article, "source", "Ana", occurrence=2, type="person", label="Ana Ruiz")
    )
    accept_all(article, ada)
    page = page_of(reader, "Ana Ruiz")
    assert "Bo is ill." in section(page, "said")
    assert "Ana Ruiz lied." in section(page, "about")
    assert "Bo is ill." not in section(page, "about")


def test_a_name_in_the_gap_of_a_broken_claim_is_not_what_it_is_about(ada, reader) -> None:
    article = make_article("It is safe, Ana Ruiz said, and sound.", title="Gap", state="published")
    suggest(article, "entity", "Ana Ruiz")
    suggest(article, "claim", ["It is safe", "and sound"], label="It is safe and sound.")
    accept_all(article, ada)
    assert section(page_of(reader, "Ana Ruiz"), "about") == ""


def test_an_entitys_company_is_a_picture_with_links_and_a_list(ada, reader) -> None:
    naming(ada, "Ana Ruiz", ["Bo Lund", "Cy Dahl"], "First")
    naming(ada, "Ana Ruiz", ["Bo Lund"], "Second")
    page = page_of(reader, "Ana Ruiz")
    bo = Entity.objects.get(name="Bo Lund").get_absolute_url()
    assert f'<a href="{bo}" aria-label="Bo Lund, in 2 stories together">' in page
    assert "Bo Lund Person, 2 stories together Cy Dahl Person, 1 story together" in section(
        page, "company"
    )


def test_a_mention_is_shown_in_its_sentence(ada, reader) -> None:
    story(ada)
    place = section(page_of(reader, "Ana Ruiz"), "stories")
    assert "Ana Ruiz opened the bridge." in place


def test_many_stories_are_paged_from_the_newest_on(ada, reader) -> None:
    for number in range(STORIES_A_PAGE + 3):
        naming(ada, "Ana Ruiz", [], f"Story-{number:02}")
    page = page_of(reader, "Ana Ruiz")
    assert "Story-22" in page
    assert "Story-02" not in page
    older = page.split('rel="next" href="')[1].split("#")[0]
    second = page_of(reader, "Ana Ruiz", older)
    assert all(f"Story-{number:02}" in second for number in range(3))
    assert "Story-03" not in second
    assert "Older stories" not in second


@pytest.mark.parametrize(
    "key", ["x", "20260101T000000000000-x", "-1", "20261301T000000000000-1", "\x00"]
)
def test_a_key_that_is_none_shows_the_newest(ada, reader, key) -> None:
    story(ada)
    assert "Bridge" in page_of(reader, "Ana Ruiz", f"?before={key}")


def test_a_timelines_table_has_a_row_a_month_that_leads_to_its_stories(ada, reader) -> None:
    naming(ada, "Ana Ruiz", [], "Now")
    old = naming(ada, "Ana Ruiz", [], "Then")
    Article.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=70))
    rebuild()
    page = page_of(reader, "Ana Ruiz")
    row = section(page, "when")
    assert f"{timezone.now() - timedelta(days=70):%B %Y} 1" in row
    key = page.split('<th scope="row"><a href="')[-1].split("#")[0]
    assert "Then" in section(page_of(reader, "Ana Ruiz", key), "stories")
    assert "Now" not in section(page_of(reader, "Ana Ruiz", key), "stories")


def test_a_claims_page_tells_those_who_make_it_from_those_who_deny_it(ada, reader) -> None:
    claiming(ada, "The dam is safe.", "One", who="Ana Ruiz")
    claiming(ada, "The dam is safe.", "Two", who="Ana Ruiz")
    claim = claiming(ada, "The dam is safe.", "Three", who="Bo Lund", mode="denies").claim
    page = get(reader, claim.get_absolute_url())
    assert "Ana Ruiz Person, 2 times" in section(page, "makers")
    assert "Bo Lund Person, 1 time" in section(page, "deniers")
    assert "Bo Lund denies it" in section(page, "stories")


def test_a_claims_page_lists_what_contradicts_it_with_its_stories_both_ways(ada, reader) -> None:
    safe = claiming(ada, "The dam is safe.", "One").claim
    cracked = claiming(ada, "The dam has cracks.", "Two").claim
    link(cracked, safe)
    page = words(get(reader, safe.get_absolute_url()))
    assert "Contradicted by The dam has cracks. In Two" in page
    assert "Contradicts The dam is safe. In One" in words(get(reader, cracked.get_absolute_url()))


def test_a_linked_claim_that_readers_do_not_see_is_not_told(ada, reader) -> None:
    safe = claiming(ada, "The dam is safe.", "One").claim
    hidden = claiming(ada, "Hidden words.", "Two")
    link(hidden.claim, safe)
    put_into(hidden.article, "in_review")
    assert "Hidden words" not in get(reader, safe.get_absolute_url())


def test_all_reviews_of_a_claim_are_told_and_which_are_superseded(ada, reader) -> None:
    claim = claiming(ada, "The dam is safe.", "One").claim
    old = rate(claim, "Unproven", evidence="No report yet.", reviewed_on=date(2026, 1, 2))
    rate(claim, "False", supersedes=old, url="https://facts.example/1")
    told = section(get(reader, claim.get_absolute_url()), "ratings")
    assert "False 1 of 5 — Fact Bureau, 3 May 2026 · the review" in told
    assert "Superseded on 3 May 2026 by “False” No report yet." in told


def test_a_sources_page_counts_its_outlets_ratings_and_how_often_it_says_what(ada, reader) -> None:
    claim = claiming(ada, "The dam is safe.", "One").claim
    claiming(ada, "The dam is safe.", "Two")
    outlet = Outlet.objects.create(name="The Courier", slug="the-courier")
    Article.objects.update(outlet=outlet)
    rebuild()
    rate(claim, "False")
    page = get(reader, Source.objects.get().get_absolute_url())
    assert "The Courier 2" in section(page, "outlets")
    assert "False 1" in section(page, "rated")
    assert "1 of the 1 claim that it makes is rated" in section(page, "rated")
    assert "The dam is safe. 2 times in 2 stories: The Courier 2" in section(page, "claims")


def test_a_claim_that_a_source_denies_does_not_count_as_rated_for_it(ada, reader) -> None:
    claim = claiming(ada, "The dam is safe.", "One", mode="denies").claim
    rate(claim, "False")
    assert section(get(reader, Source.objects.get().get_absolute_url()), "rated") == ""


def test_all_that_a_source_claims_is_paged_what_it_says_most_often_first(ada, reader) -> None:
    for number in range(ROWS_A_PART + 2):
        claiming(ada, f"Claim{number:02} is so.", f"Story {number}")
    claiming(ada, "Claim00 is so.", "Again")
    address = Source.objects.get().get_absolute_url()
    first = section(get(reader, address), "claims")
    assert first.index("Claim00 is so. 2 times in 2 stories") < first.index("Claim21 is so. 1 time")
    assert "1–20 of 22 Next" in first
    second = get(reader, address + "?claims=2")
    assert "Claim01 is so. 1 time in 1 story" in section(second, "claims")
    assert "Claim00" not in second
    assert 'id="stories"' not in second


def test_a_sources_places_of_one_claim_are_told_with_their_outlets_and_words(ada, reader) -> None:
    safe = claiming(ada, "The dam is safe.", "One").claim
    claiming(ada, "The dam has cracks.", "Two")
    page = get(reader, f"{Source.objects.get().get_absolute_url()}?claim={safe.pk}")
    assert "Where it says: The dam is safe." in section(page, "stories")
    assert "In One" in section(page, "stories")
    assert "The dam has cracks." not in page


@pytest.mark.parametrize("query", ["claims=x", "claims=0", "claim=9", "claim=x", f"claim={9**99}"])
def test_a_sources_page_asked_for_nonsense_shows_what_there_is(ada, reader, query) -> None:
    claiming(ada, "The dam is safe.", "One")
    page = get(reader, f"{Source.objects.get().get_absolute_url()}?{query}")
    assert "The dam is safe." in section(page, "claims")


def test_ratings_that_differ_count_each_and_more_than_fit_open_below(ada, reader) -> None:
    claim = claiming(ada, "The dam is safe.", "One").claim
    for number in range(ROWS + 2):
        rate(claim, f"Rating {number:02}")
    told = section(get(reader, Source.objects.get().get_absolute_url()), "rated")
    assert "a claim that was rated differently counts with each" in told
    assert "2 more" in told
    assert "Rating 13 1" in told


def test_what_an_entity_said_says_of_how_much_it_is_the_newest(ada, reader) -> None:
    for number in range(MOST_STATEMENTS + 1):
        claiming(ada, f"Claim{number:02} is so.", f"Story {number}")
    for number in range(2):
        naming(ada, "Ana Ruiz", [], f"Silent {number}")
    said = section(page_of(reader, "Ana Ruiz"), "said")
    assert "These are the newest 6 of 7 places." in said
    assert "Claim06" in said
    assert "Claim00" not in said


def test_all_that_is_said_about_an_entity_is_a_link_away_however_long_ago(ada, reader) -> None:
    for number in range(STORIES_A_PAGE + 2):
        text = f"Ana Ruiz lied{number:02} then, Bo said."
        article = make_article(text, title=f"Row {number}", state="published")
        suggest(article, "entity", "Ana Ruiz")
        suggest(article, "claim", f"Ana Ruiz lied{number:02} then")
        accept_all(article, ada)
    for number in range(3):
        naming(ada, "Ana Ruiz", [], f"Silent {number}")
    first = page_of(reader, "Ana Ruiz")
    assert "lied21 then" in section(first, "about")
    assert "lied15 then" not in section(first, "about")
    told = "These are the newest 6 of 22 places. All that is said about Ana Ruiz"
    assert told in section(first, "about")
    everything = page_of(reader, "Ana Ruiz", "?about=newest")
    assert "lied02 then" in section(everything, "about")
    older = everything.split('rel="next" href="')[1].split("#")[0]
    assert "lied00 then" in section(page_of(reader, "Ana Ruiz", older), "about")


def test_all_who_make_a_claim_are_paged(ada, reader) -> None:
    names = [f"Name{chr(97 + n)}" for n in range(ROWS_A_PART + 1)]
    for name in names:
        claim = claiming(ada, "The dam is safe.", f"By {name}", who=name).claim
    page = get(reader, claim.get_absolute_url())
    assert "1–20 of 21 Next" in section(page, "makers")
    rest = section(get(reader, f"{claim.get_absolute_url()}?makers=2"), "makers")
    assert "Namea Person, 1 time" in rest
    assert "Nameb" not in rest


def test_linked_claims_are_paged_and_say_in_how_many_stories_they_are(ada, reader) -> None:
    safe = claiming(ada, "The dam is safe.", "Safe").claim
    for number in range(ROWS_A_PART + 1):
        link(claiming(ada, f"Crack {number:02} is there.", f"Story {number:02}").claim, safe)
    for number in range(3):
        claiming(ada, "Crack 20 is there.", f"Again {number}")
    page = get(reader, safe.get_absolute_url())
    assert "In Again 2" in words(page)
    assert "All 4 stories" in words(page)
    assert "1–20 of 21 Next" in words(page)
    rest = words(get(reader, f"{safe.get_absolute_url()}?links=2"))
    assert "Contradicted by Crack 00 is there. In Story 00" in rest
    assert "Crack 01" not in rest


@pytest.mark.parametrize("query", ["links=2", "deniers=-1", "makers=x"])
def test_a_part_that_a_claim_has_not_is_said_to_be_empty(ada, reader, query) -> None:
    claim = claiming(ada, "The dam is safe.", "One").claim
    page = get(reader, f"{claim.get_absolute_url()}?{query}")
    assert ("There is nothing of this." in page) == ("makers" not in query)


def test_an_outlets_page_lists_its_stories(ada, reader) -> None:
    article = make_article(title="Mine", state="published", outlet="The Courier")
    make_article(title="Not mine", state="published", outlet="The Times")
    page = get(reader, article.outlet.get_absolute_url())
    assert "Mine" in section(page, "stories")
    assert "Not mine" not in page
    assert "The Courier" in get(reader, "/outlets/")


def test_an_outlet_without_published_stories_is_not_there(ada, reader) -> None:
    article = make_article(title="Draft", outlet="Hidden Times")
    assert reader.get(article.outlet.get_absolute_url()).status_code == 404
    assert "Hidden Times" not in get(reader, "/outlets/")


def test_an_index_is_narrowed_by_type_and_letter_with_counts(ada, reader) -> None:
    article = make_article("Ana and Bo of Acme met Ása.", title="Met", state="published")
    for words_, type in (("Ana", "person"), ("Bo", "person"), ("Acme", "organisation")):
        suggest(article, "entity", words_, type=type)
    accept_all(article, ada)
    page = get(reader, "/entities/")
    assert "All 3 People 2 Organisations 1" in words(page)
    people = get(reader, "/entities/?type=person&letter=A")
    assert ">Ana<" in people
    assert ">Bo<" not in people
    assert ">Acme<" not in people
    assert "1 named in published stories" in words(people)


@pytest.mark.parametrize(
    "query", ["type=x", "letter=%00", "order=x", "page=x", "type=person&page=9"]
)
def test_an_index_asked_for_nonsense_shows_what_there_is(ada, reader, query) -> None:
    story(ada)
    assert "Ana Ruiz" in get(reader, f"/entities/?{query}")


def test_an_index_can_be_ordered_by_how_many_stories(ada, reader) -> None:
    naming(ada, "Ana Ruiz", ["Zoe Ek"], "One")
    naming(ada, "Zoe Ek", [], "Two")
    page = words(get(reader, "/entities/?order=stories"))
    assert page.index("Zoe Ek Person, 2 stories") < page.index("Ana Ruiz Person, 1 story")


def test_claims_are_narrowed_to_those_that_were_rated(ada, reader) -> None:
    rate(claiming(ada, "The dam is safe.", "One").claim)
    claiming(ada, "The sky is blue.", "Two")
    page = get(reader, "/claims/?rated=yes")
    assert "The dam is safe." in page
    assert "The sky is blue." not in page
    assert "All 2 Rated 1 Not rated 1" in words(page)


def test_the_start_page_shows_who_is_named_most_and_what_is_claimed_most(ada, reader) -> None:
    naming(ada, "Ana Ruiz", ["Bo Lund"], "One")
    naming(ada, "Ana Ruiz", [], "Two")
    claiming(ada, "The dam is safe.", "Three", who="Cy Dahl")
    claiming(ada, "The dam is safe.", "Four", who="Cy Dahl")
    page = words(get(reader, "/"))
    assert page.index("Ana Ruiz 2 stories") < page.index("Bo Lund 1 story")
    assert "Most repeated claims The dam is safe. in 2 stories" in page


def test_the_start_page_looks_back_a_week_from_the_newest_story(ada, reader) -> None:
    old = naming(ada, "Old Name", [], "Old")
    naming(ada, "New Name", [], "New")
    Article.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=9))
    rebuild()
    assert "Old Name 1 story" not in words(get(reader, "/"))


def test_hidden_stories_count_nowhere(ada, reader) -> None:
    naming(ada, "Ana Ruiz", ["Bo Lund"], "One")
    hidden = naming(ada, "Ana Ruiz", ["Cy Dahl"], "Two")
    put_into(hidden, "in_review")
    page = page_of(reader, "Ana Ruiz")
    assert "In 1 story" in words(page)
    assert "Cy Dahl" not in page
    assert Claim.objects.count() == 0
    assert "Cy Dahl" not in get(reader, "/entities/")
