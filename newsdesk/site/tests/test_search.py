from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.test import Client

from annotations import near
from annotations.models import Claim, ClaimReview, Entity, Source
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import editor, make_article, put_into

pytestmark = pytest.mark.django_db

BRIDGE = (
    "Ana Ruiz opened the old bridge on Monday.\n\n"
    "The bridge is safe & sound, Ruiz said. Engineers inspected it twice."
)
FERRY = "A ferry of Port Amaro sank in the bay.\n\nNobody was hurt, the coast guard said."


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def reader() -> Client:
    return Client()


def bridge(ada, text: str = BRIDGE, title: str = "Bridge opens", **fields) -> Article:
    article = make_article(text, title=title, state="published", **fields)
    suggest(article, "entity", "Ana Ruiz")
    claim = suggest(article, "claim", "The bridge is safe & sound", label="The bridge is safe.")
    source = suggest(article, "source", "Ruiz", occurrence=2, type="person", label="Ana Ruiz")
    suggest_tie(claim, source)
    accept_all(article, ada)
    return article


def ferry(**fields) -> Article:
    return make_article(FERRY, title="Ferry sinks", state="published", **fields)


def page(reader: Client, query: str, status: int = 200) -> str:
    answer = reader.get(f"/search/{query}")
    assert answer.status_code == status, query
    return answer.content.decode()


def titles(reader: Client, query: str) -> list[str]:
    found = re.findall(r'<h3 lang="[^"]*"><a href="[^"]+">(.*?)</a></h3>', page(reader, query))
    return [re.sub("<[^>]+>", "", title) for title in found]


FOUND = [
    ("bridge", True), ("bridges", True), ("BRIDGE opened", True), ("bridge ferry", False),
    ('"old bridge"', True), ('"bridge old"', False), ("bridge -ferry", True),
    ("bridge -engineer", False), ('bridge -"old bridge"', False), ("engin*", True),
    ("ferry OR bridge", True), ("ferry | bridge", True), ("zeppelin OR engineers", True),
    ("o'bridge", False), ("the bridge", True), ('"old bridge', True), ("bridge*", True),
    ("in*ect", False), ("bridge & sound", True), ("brid*", True), ("-ferry bridge", True),
]  # fmt: skip


def test_stories_are_found_by_words(ada, reader) -> None:
    bridge(ada)
    for words, found in FOUND:
        query = f"?{urlencode({'q': words})}"
        assert titles(reader, query) == (["Bridge opens"] if found else []), words


def test_words_in_the_title_come_before_words_in_the_text(ada, reader) -> None:
    make_article("A story of a bridge.", title="Other", state="published")
    make_article("A story of something.", title="The bridge", state="published")
    make_article("Another one, of a bridge, a long way off.", title="Third", state="published")
    assert titles(reader, "?q=bridge")[0] == "The bridge"


def test_a_story_is_found_in_the_forms_of_its_own_language(reader) -> None:
    make_article("Die Häuser brennen.", title="Feuer", state="published", language="de")
    make_article("The house burns.", title="Fire", state="published", language="en")
    assert titles(reader, "?q=haus") == ["Feuer"]
    assert titles(reader, "?q=houses") == ["Fire"]


def test_an_excluded_word_is_excluded_in_each_language(reader) -> None:
    make_article("Dogs and cats.", title="Pets", state="published", language="en")
    make_article("Katzen und Hunde.", title="Tiere", state="published", language="de")
    assert titles(reader, "?q=cats+-dog") == []


def test_the_words_found_are_marked_and_all_else_is_escaped(reader) -> None:
    text = "<script>alert(1)</script> stood on the bridge. \ue000Signs\ue001 too."
    make_article(text, title="Bridge <b>bold</b>", state="published")
    html = page(reader, "?q=bridge")
    assert "<mark>bridge</mark>" in html
    assert "<mark>Bridge</mark> &lt;b&gt;bold&lt;/b&gt;" in html
    assert "<script>alert" not in html
    assert "<mark>Signs" not in html


def test_a_story_that_means_the_same_is_found_without_the_words(ada, reader) -> None:
    bridge(ada)
    ferry()
    near.remember()
    html = page(reader, "?q=ship+disaster+at+sea")
    assert titles(reader, "?q=ship+disaster+at+sea") == ["Ferry sinks"]
    assert "by its meaning" in html


def test_the_meaning_is_not_asked_where_words_are_quoted_or_left_out(ada, reader) -> None:
    ferry()
    near.remember()
    assert titles(reader, '?q="ship+disaster"+at+sea') == []


def test_what_is_found_can_be_narrowed_by_all_that_is_marked(ada, reader) -> None:
    article = bridge(ada, outlet="The Amaro Post", dated=datetime(2026, 3, 5, tzinfo=UTC))
    ferry(dated=datetime(2025, 1, 1, tzinfo=UTC))
    claim = Claim.objects.get()
    ClaimReview.objects.create(
        claim=claim, rating="Mostly true", reviewer="Desk", reviewed_on="2026-03-06"
    )
    everything = "?q=bridge+OR+ferry"
    for narrower in (
        "type=person", "entity=ana-ruiz", "source=ana-ruiz", "rating=Mostly+true",
        f"claim={claim.pk}", f"outlet={article.outlet.slug}", "from=2026-01-01",
        "from=2026-03-05&to=2026-03-05",
    ):  # fmt: skip
        assert titles(reader, f"{everything}&{narrower}") == ["Bridge opens"], narrower
        assert titles(reader, f"?{narrower}") == ["Bridge opens"], narrower
    assert titles(reader, f"{everything}&to=2025-12-31") == ["Ferry sinks"]
    assert titles(reader, "?entity=ana-ruiz&to=2025-12-31") == []


def test_facets_say_how_many_stories_each_leaves(ada, reader) -> None:
    bridge(ada, outlet="The Amaro Post")
    bridge(ada, BRIDGE + " Again.", title="Again", outlet="The Amaro Post")
    ferry()
    html = page(reader, "?q=bridge+OR+ferry")
    assert re.search(r'entity=ana-ruiz">Ana Ruiz</a> <span class="count">2<', html)
    assert re.search(r'type=person">Person</a> <span class="count">2<', html)
    assert re.search(r'>The Amaro Post</a> <span class="count">2<', html)


def test_what_is_chosen_can_be_taken_away_one_by_one(ada, reader) -> None:
    bridge(ada)
    html = page(reader, "?q=bridge&type=person&entity=ana-ruiz")
    assert 'href="?q=bridge&amp;entity=ana-ruiz" aria-label="Take away: Person"' in html
    assert 'href="?q=bridge&amp;type=person" aria-label="Take away: Ana Ruiz"' in html


def test_the_address_holds_the_whole_search(ada, reader) -> None:
    bridge(ada)
    html = page(reader, "?q=bridge&type=person&order=newest")
    assert '<input type="hidden" name="type" value="person">' in html
    assert '<input type="hidden" name="order" value="newest">' in html
    assert 'value="bridge"' in html


def test_the_newest_come_first_when_asked(reader) -> None:
    for year in (2024, 2026, 2025):
        make_article(
            f"A bridge of {year}.", title=str(year), state="published",
            dated=datetime(year, 1, 1, tzinfo=UTC),
        )  # fmt: skip
    assert titles(reader, "?q=bridge&order=newest") == ["2026", "2025", "2024"]


def test_who_and_what_is_called_so_stands_above_the_stories(ada, reader) -> None:
    bridge(ada)
    html = page(reader, "?q=ruiz")
    assert '<a href="/entities/ana-ruiz/">Ana Ruiz</a>' in html
    assert '<a href="/sources/ana-ruiz/">Ana Ruiz</a>' in html


def test_a_misspelt_name_is_found(ada, reader) -> None:
    bridge(ada)
    for written in ("Ruis", "ruizz", "Rúiz", "Ruitz of Port Amaro"):
        assert "Ruiz" in page(reader, f"?q={written}").partition("Did you mean")[2], written


def test_a_name_is_found_without_its_accents(ada, reader) -> None:
    article = make_article("José Muñoz spoke.", title="Speech", state="published")
    suggest(article, "entity", "José Muñoz")
    accept_all(article, ada)
    assert (
        "José Muñoz" in reader.get("/search/suggest?q=jose mun").json()["suggestions"][0]["label"]
    )


HELP = [
    ("", "Write what the stories should be about"),
    ("?q=", "Write what the stories should be about"),
    ("?q=...", "no letter and no digit"),
    ("?q=-bridge", "Say also what to find"),
    ("?q=bridge+OR+-ferry", "Say also what to find"),
    ("?q=zzqqxx", "Write fewer words"),
    ("?q=the+of", "Write fewer words"),
    ("?q=bridge&page=7", "There is no page 7"),
]


def test_empty_and_nonsense_searches_get_help(ada, reader) -> None:
    bridge(ada)
    for query, words in HELP:
        assert words in page(reader, query), query


REFUSED = [
    ("?type=ship", "The type must be one of person"),
    ("?entity=nobody", "No entity of published stories is called “nobody” here"),
    ("?source=nobody", "No source of published stories"),
    ("?outlet=nobody", "No outlet of published stories"),
    ("?outlet=a&outlet=b", "One of these can be chosen"),
    ("?claim=99", "No published story makes a claim number “99”"),
    ("?claim=x", "No published story makes a claim number “x”"),
    (f"?claim={10**30}", "No published story makes a claim"),
    ("?rating=Great", "No claim was rated “Great”"),
    ("?from=yesterday", "A day is written like 2026-03-31"),
    ("?to=0001-01-01", "Give a day between"),
    ("?from=2026-02-01&to=2026-01-01", "The first day comes after the last one"),
    ("?q=a&page=0", "A page is a number"),
    ("?q=a&page=9999999999999999999999", "A page is a number"),
    ("?q=a&order=worst", "The order must be one of"),
    ("?q=a&colour=red", "A search has no “colour”"),
    ("?q=" + "a" * 301, "At most 300 characters"),
    ("?q=%00", "At most 300 characters"),
    ("?entity=%00", "a character in it that no text has"),
    ("?" + "&".join(f"entity=e{n}" for n in range(13)), "At most 12 things"),
]


def test_what_cannot_be_searched_is_refused_in_words(reader) -> None:
    for query, words in REFUSED:
        assert words in page(reader, query, status=400), query


SIGNS = ["'", '"', '""', "\\", "a:*", "!!", "a & | b", "()", "':*", "-*", "*", "a'b*", "%s", "%(x)s",
     "{0}", "<->", "OR", "OR OR", "- -", '-""', "ä*", "日本", "🎈", "a" * 300, "\u202eabc", "x:y:z*"]  # fmt: skip


def test_no_sign_makes_a_search_fail(ada, reader) -> None:
    bridge(ada)
    for words in SIGNS:
        assert reader.get("/search/", {"q": words}).status_code == 200, words
        assert reader.get("/search/suggest", {"q": words}).status_code == 200, words


def test_nothing_unpublished_is_found_or_counted(ada, reader) -> None:
    article = bridge(ada)
    put_into(article, "in_review")
    assert titles(reader, "?q=bridge") == []
    page(reader, "?entity=ana-ruiz", status=400)
    assert reader.get("/search/suggest?q=ana").json()["suggestions"] == []


def suggestions(reader: Client, text: str) -> list[tuple[str, str]]:
    answer = reader.get("/search/suggest", {"q": text}).json()
    return [(one["kind"], one["label"]) for one in answer["suggestions"]]


def test_suggestions_go_on_from_what_is_typed(ada, reader) -> None:
    bridge(ada)
    assert ("entity", "Ana Ruiz") in suggestions(reader, "ana r")
    assert ("claim", "The bridge is safe.") in suggestions(reader, "bridg")
    assert ("story", "Bridge opens") in suggestions(reader, "bridge op")
    assert suggestions(reader, "a") == []


def test_where_nothing_goes_on_names_spelt_nearly_so_are_suggested(ada, reader) -> None:
    bridge(ada)
    assert ("entity", "Ana Ruiz") in suggestions(reader, "Ruitz")


def test_suggestions_of_too_long_a_text_are_refused(reader) -> None:
    assert reader.get("/search/suggest", {"q": "a" * 301}).status_code == 400


@pytest.mark.parametrize("number", [6, 12])
def test_a_search_costs_a_fixed_number_of_queries(
    ada, reader, number, django_assert_num_queries
) -> None:
    for n in range(number):
        bridge(ada, f"{BRIDGE} Number {n}.", title=f"Bridge {n}", outlet=f"Outlet {n}")
    near.remember()
    page(reader, "?q=bridge")
    with django_assert_num_queries(13):
        page(reader, "?q=bridge&type=person")
    with django_assert_num_queries(3):
        reader.get("/search/suggest?q=brid")


def test_pages_of_a_search_lead_to_each_other(ada, reader) -> None:
    for n in range(25):
        make_article(f"A bridge, number {n}.", title=f"Bridge {n}", state="published")
    assert 'rel="next" href="?q=bridge&amp;page=2"' in page(reader, "?q=bridge")
    second = page(reader, "?q=bridge&page=2")
    assert 'rel="prev" href="?q=bridge&amp;page=1"' in second
    assert len(titles(reader, "?q=bridge&page=2")) == 5


def test_an_entity_that_was_merged_is_searched_as_the_one_it_became(ada, reader) -> None:
    bridge(ada)
    assert Source.objects.get().entity == Entity.objects.get()
    assert titles(reader, "?source=ana-ruiz&entity=ana-ruiz") == ["Bridge opens"]
