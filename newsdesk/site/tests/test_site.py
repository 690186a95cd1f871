from __future__ import annotations

import re

import pytest

from annotations import deciding, merging
from annotations.deciding import Body
from annotations.models import Annotation, Claim, Entity, Source
from annotations.tests.factories import EntityFactory, accept_all, span_of, suggest, suggest_tie
from articles.revising import revise
from articles.tests.factories import make_article
from newsdesk.site.tests.builders import TEXT, story
from newsdesk.site.tests.pages import get

pytestmark = pytest.mark.django_db


def plain(html: str) -> str:
    """The text of the story as its markup has it."""
    text = re.search(r'<div class="story-text"[^>]*>(.*?)</div>', html, re.DOTALL).group(1)
    paragraphs = re.findall(r"<p>(.*?)</p>", text, re.DOTALL)
    words = "\n\n".join(re.sub(r"<[^>]+>", "", paragraph) for paragraph in paragraphs)
    return words.replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"')


def test_the_start_page_lists_what_is_published(ada, reader) -> None:
    story(ada)
    story(ada, TEXT + " Hidden.", "A draft", state="in_review")
    page = get(reader, "/")
    assert "Bridge" in page
    assert "A draft" not in page


def test_an_empty_desk_says_so(reader) -> None:
    for address in ("/", "/entities/", "/claims/", "/sources/"):
        assert 'class="empty"' in get(reader, address)


def test_a_tag_in_the_text_leads_to_its_page(ada, reader) -> None:
    page = get(reader, story(ada).get_absolute_url())
    entity = Entity.objects.get(name="Ana Ruiz")
    assert f'href="{entity.get_absolute_url()}"' in page
    assert "Ana Ruiz" in get(reader, entity.get_absolute_url())


def test_the_text_copied_is_the_plain_text(ada, reader) -> None:
    assert plain(get(reader, story(ada).get_absolute_url())) == TEXT


def test_links_are_not_nested_where_tags_are(ada, reader) -> None:
    article = story(ada)
    spans = [span_of(article, "bridge", occurrence=2)]
    deciding.add(article=article, editor=ada, kind="entity", spans=spans, body=Body(type="place"))
    html = get(reader, article.get_absolute_url())
    depth = 0
    for tag in re.findall(r"<(/?)a\b", html):
        depth += -1 if tag else 1
        assert depth in (0, 1)


def test_each_claim_is_answered_by_who_says_so(ada, reader) -> None:
    page = get(reader, story(ada).get_absolute_url())
    assert 'href="#claim-1"' in page
    assert 'id="claim-1"' in page
    assert re.search(r"Ana Ruiz</a> says so \(as reported\)", page)


def test_a_claims_page_tells_who_made_it_and_where(ada, reader) -> None:
    article = story(ada)
    page = get(reader, Claim.objects.get().get_absolute_url())
    assert "The bridge is safe." in page
    assert "Ana Ruiz" in page
    assert article.get_absolute_url() in page


def test_a_sources_page_tells_what_it_claims(ada, reader) -> None:
    story(ada)
    assert "The bridge is safe." in get(reader, Source.objects.get().get_absolute_url())


def test_an_unnamed_source_shows_affiliation_and_reason(ada, reader) -> None:
    article = make_article(TEXT, title="Bridge", state="published")
    claim = suggest(article, "claim", "The bridge is safe & sound")
    source = suggest(
        article, "source", "Others", type="unnamed", label="Others",
        proposal={"affiliation": "the city", "unnamed_reason": "not allowed to speak"},
    )  # fmt: skip
    suggest_tie(claim, source)
    accept_all(article, ada)
    assert "the city; not allowed to speak" in get(reader, article.get_absolute_url())


def test_related_headlines_stand_under_the_story(reader) -> None:
    article = make_article("Bridge\n\nIt is open.\n\nRelated:\n- Old bridge\n", state="published")
    assert "Old bridge" in get(reader, article.get_absolute_url())


def test_a_merged_entitys_address_leads_to_where_it_went(ada, reader) -> None:
    story(ada)
    winner, loser = Entity.objects.get(name="Ana Ruiz"), EntityFactory()
    merging.merge_entities(loser=loser, winner=winner, actor=ada)
    answer = reader.get(loser.get_absolute_url())
    assert (answer.status_code, answer["Location"]) == (301, winner.get_absolute_url())


@pytest.mark.parametrize(
    "address", ["/stories/none/", "/entities/none/", "/claims/999999999/", "/x"]
)
def test_what_is_not_there_gets_a_page_that_says_so(reader, address) -> None:
    answer = reader.get(address)
    assert answer.status_code == 404
    assert "nothing at this address" in answer.content.decode()


def test_an_unpublished_story_is_not_there_for_readers(ada, reader) -> None:
    article = story(ada, state="in_review")
    assert reader.get(article.get_absolute_url()).status_code == 404
    reader.force_login(ada)
    assert "Only editors see this" in get(reader, article.get_absolute_url())


def test_nothing_that_is_not_accepted_and_published_shows_anywhere(ada, reader) -> None:
    article = story(ada)
    words = ["Suggesta", "Rejecta", "Deleta", "Detacha"]
    hidden = make_article("One two three four words.", title="Other", state="published")
    for word, place in zip(words, ("One", "two", "three", "four"), strict=True):
        suggest(hidden, "entity", place, label=word, reason=f"{word} is hidden")
    by_word = {a.label: a for a in hidden.annotations.all()}
    deciding.reject(annotation=by_word["Rejecta"], editor=ada, seen_version=1)
    for word in ("Deleta", "Detacha"):
        deciding.accept(annotation=by_word[word], editor=ada, seen_version=1)
    deciding.delete(annotation=by_word["Deleta"], editor=ada, seen_version=2)
    revise(article=hidden, text="Quite another text.", actor=ada, seen_version=hidden.version)
    draft = make_article("Secreta said that it was so.", title="Secreta story")
    suggest(draft, "entity", "Secreta")
    accept_all(draft, ada)
    seen, waiting = set(), {"/"}
    while waiting:
        address = waiting.pop()
        seen.add(address)
        html = get(reader, address)
        for word in [*words, "Secreta"]:
            assert word not in html, address
        links = re.findall(r'href="(/[^"#]*|\?[^"]*)"', html)
        found = {link if link.startswith("/") else address.split("?")[0] + link for link in links}
        waiting |= {a for a in found if not a.startswith(("/static", "/desk", "/api"))} - seen
    assert article.get_absolute_url() in seen
    for entity in Entity.objects.filter(name__in=["Detacha", "Deleta", "Secreta"]):
        assert reader.get(entity.get_absolute_url()).status_code in (404, 410)


def test_what_users_write_is_escaped(ada, reader) -> None:
    nasty = "<script>alert(1)</script>"
    text = f"{nasty} was opened.\n\nThe bridge is safe, {nasty} said."
    article = make_article(text, title=f"Title {nasty}", state="published", byline=nasty)
    suggest(article, "entity", nasty, label=nasty)
    suggest(article, "claim", "The bridge is safe", label=f"Claim {nasty}.")
    accept_all(article, ada)
    pages = ["/", "/entities/", "/claims/", article.get_absolute_url()]
    pages += [a.body.get_absolute_url() for a in Annotation.objects.all()]
    for address in pages:
        assert nasty not in get(reader, address), address


def test_every_page_forbids_inline_scripts_and_has_none(ada, reader) -> None:
    story(ada)
    for address in ("/", Entity.objects.get().get_absolute_url(), "/api/docs/"):
        answer = reader.get(address)
        assert "unsafe-inline" not in answer["Content-Security-Policy"]
        html = re.sub(
            r'<script type="application/ld\+json">.*?</script>', "", answer.content.decode()
        )
        assert not re.search(r"<script(?! src|[^>]* src)| style=| on\w+=", html)


@pytest.mark.parametrize("page", ["0", "x", "-1", "99999999999999999999"])
def test_a_page_that_is_none_shows_one_that_is(ada, reader, page) -> None:
    story(ada)
    assert "Bridge" in get(reader, f"/?before={page}")
