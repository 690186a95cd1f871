"""What is not accepted and published is nowhere: every public address is crawled as a stranger."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest
import requests
from django.conf import settings
from django.test import Client

from annotations import deciding, knowledge, near
from annotations.formats.catalogue import FORMATS
from annotations.models import Annotation, Claim, ClaimLink, ClaimReview, Entity, Source
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.models import Article
from articles.revising import revise
from articles.tests.factories import editor, make_article, put_into

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
# A search can be narrowed in ever more ways; so many of them are looked at.
MOST_SEARCHES = 60
LINKS = re.compile(
    r'(?:href|src|action|content|data-suggest)="([^"]+)"|<loc>([^<]+)<|<link>([^<]+)<'
    r'|"((?:https?://127|/)[^"\s]*)"'
)
# Exports give their connection back between parts, and so need a server: see below.
NOT_FOR_READERS = ("/api/export/", "/static/", "/desk/", "/admin/", "/api/docs", "/api/schema")

SHOWN = "Ana Ruiz opened the bridge.\n\nThe bridge is safe, Ruiz said."
# Each stands for one way to be hidden, and in no other place.
WORDS = {
    "Draftitle": "title of a draft", "Draftext": "its text", "Draftname": "a name in it",
    "Draftclaim": "a claim in it", "Draftsource": "a source in it", "Draftoutlet": "its outlet",
    "Draftbyline": "its byline", "Draftreason": "why its source is not named",
    "Draftrelated": "a headline listed under it", "Draftrating": "a rating of its claim",
    "Draftevidence": "why it was rated so", "Backtitle": "title of what was taken back",
    "Backtext": "its text", "Backname": "a name in it", "Archivetitle": "title in the archive",
    "Earlytext": "words revised before publication", "Suggestname": "a suggested name",
    "Suggestclaim": "a suggested claim", "Suggestsource": "a suggested source",
    "Suggestaffiliation": "what is suggested of it", "Suggestreason": "why it was suggested",
    "Rejectname": "a rejected name", "Rejectclaim": "a rejected claim",
    "Deletename": "a deleted mark", "Detachname": "a mark that the new text lost",
    "Knownname": "an entity in no story", "Knownalias": "its other name",
    "Knownwords": "its description",
}  # fmt: skip


def link(claim: Claim, other: Claim) -> None:
    ClaimLink.objects.create(claim=claim, other=other, kind="contradicts")


def make_desk(ada) -> None:
    """A desk with all that is to be hidden, beside a story that is shown."""
    shown = make_article(SHOWN, title="Bridge opens", outlet="The Amaro Post")
    suggest(shown, "entity", "Ana Ruiz")
    claim = suggest(shown, "claim", "The bridge is safe", label="The bridge is safe.")
    suggest_tie(claim, suggest(shown, "source", "Ruiz", occurrence=2, type="person"))
    accept_all(shown, ada)
    _suggestions(shown, ada)
    put_into(shown, "published")
    _draft(ada)
    _taken_back(ada)
    _revised(ada)
    knowledge.create_entity(
        name="Knownname", type="person", actor=ada, aliases=["Knownalias"], description="Knownwords"
    )
    link(Claim.objects.get(text="The bridge is safe."), Claim.objects.get(text="Draftclaim."))
    near.remember()


def _suggestions(article: Article, ada) -> None:
    """Marks on the shown text that nobody accepted, or that somebody took away."""
    reason = {"reason": "Suggestreason"}
    suggest(article, "entity", "opened", label="Suggestname", **reason)
    proposal = {"affiliation": "Suggestaffiliation"}
    source = suggest(
        article, "source", "Ana", type="unnamed", label="Suggestsource", proposal=proposal, **reason
    )
    suggest_tie(suggest(article, "claim", "bridge", label="Suggestclaim.", **reason), source)
    for words, kind, label in (
        ("the bridge", "entity", "Rejectname"), ("is safe", "claim", "Rejectclaim."),
        ("said", "entity", "Deletename"),
    ):  # fmt: skip
        mark = suggest(article, kind, words, label=label, **reason)
        if label == "Deletename":
            accepted = deciding.accept(annotation=mark, editor=ada, seen_version=1)
            deciding.delete(annotation=accepted, editor=ada, seen_version=accepted.version)
        else:
            deciding.reject(annotation=mark, editor=ada, seen_version=1)


def _draft(ada) -> None:
    text = (
        "Draftname met others. Draftext was claimed, Draftsource said.\n\n"
        "Related:\n- Draftrelated was here before"
    )
    draft = make_article(text, title="Draftitle", outlet="Draftoutlet", byline="Draftbyline")
    suggest(draft, "entity", "Draftname")
    claim = suggest(draft, "claim", "Draftext was claimed", label="Draftclaim.")
    source = suggest(
        draft, "source", "Draftsource", type="unnamed", proposal={"unnamed_reason": "Draftreason"}
    )
    suggest_tie(claim, source)
    accept_all(draft, ada)
    ClaimReview.objects.create(
        claim=Claim.objects.get(text="Draftclaim."), rating="Draftrating", reviewer="Desk",
        evidence="Draftevidence", reviewed_on="2026-01-01",
    )  # fmt: skip


def _taken_back(ada) -> None:
    for title, state in (("Backtitle", "in_review"), ("Archivetitle", "archived")):
        text = f"Backname said on a {state} day that Backtext was so."
        article = make_article(text, title=title, state="published", outlet="The Amaro Post")
        suggest(article, "entity", "Backname")
        suggest(article, "claim", "Backtext was so", label=f"Backtext was so, {state}.")
        accept_all(article, ada)
        put_into(article, state)


def _revised(ada) -> None:
    """A text that was other words before it came out, and lost a mark after it did."""
    article = make_article("Earlytext of a ferry.", title="Ferry", outlet="The Amaro Post")
    revise(article=article, text="Detachable ferries sail.", actor=ada, seen_version=1)
    article.refresh_from_db()
    suggest(article, "entity", "Detachable", label="Detachname")
    accept_all(article, ada)
    put_into(article, "published")
    article.refresh_from_db()
    revise(article=article, text="A boat goes.", actor=ada, seen_version=article.version)


def starts() -> list[str]:
    """Where a stranger may begin: the known addresses, and those that are guessed."""
    every = ["/", "/robots.txt", "/sitemap.xml", "/sitemap-news.xml", "/search/", "/api/"]
    every += [f"/{name}/" for name in ("entities", "claims", "sources", "outlets")]
    every += [f"/feeds/stories.{format}" for format in ("atom", "rss", "json")]
    every += [f"/api/{name}/" for name in ("articles", "entities", "claims", "sources", "changes")]
    # The whole word is not written: the page says again what was looked for.
    for word in (*WORDS, "Bridge"):
        half = word[:-2]
        every += [f"/search/?q={half}*", f"/search/suggest?q={half}", f"/api/articles/?q={half}"]
        every += [f"/api/{name}/?q={half}" for name in ("entities", "claims", "sources")]
        every += [f"/feeds/search.json?q={half}*"]
    return every + guesses()


def guesses() -> list[str]:
    """The addresses of everything there is, hidden or not."""
    pages = [
        thing.get_absolute_url()
        for model in (Article, Entity, Claim, Source)
        for thing in model.objects.all()
    ]
    numbers = [*Claim.objects.values_list("pk", flat=True)]
    pages += [f"/claims/{pk}/card/" for pk in numbers]
    pages += [f"/feeds/claims/{pk}.json" for pk in numbers]
    pages += [f"/search/?claim={pk}" for pk in numbers]
    pages += [f"/oembed/?url={SITE}/claims/{pk}/" for pk in numbers]
    for article in Article.objects.all():
        pages += [f"/api/articles/{article.pk}/", f"/api/articles/{article.pk}/annotations/",
                  f"/api/articles/{article.pk}/runs/"]  # fmt: skip
    for name, model in (("entities", Entity), ("claims", Claim), ("sources", Source)):
        pages += [f"/api/{name}/{pk}/" for pk in model.objects.values_list("pk", flat=True)]
    pages += [f"/api/annotations/{a.uuid}/" for a in Annotation.objects.all()]
    return pages


def links(body: str) -> set[str]:
    """The site's own addresses that a body names, whatever it is written in."""
    found = {
        html.unescape(next(filter(None, match.groups()), "")) for match in LINKS.finditer(body)
    }
    own = {link.removeprefix(SITE) for link in found}
    return {a.split("#")[0] for a in own if a.startswith("/") and not a.startswith(NOT_FOR_READERS)}


def crawl(reader: Client) -> dict[str, str]:
    """Every address that can be reached, and what it answers, with its headers."""
    seen: dict[str, str] = {}
    waiting = starts()
    searches = 0
    while waiting:
        address = waiting.pop(0)
        narrowed = address.startswith("/search/?") and "&" in address
        searches += narrowed
        if address in seen or (narrowed and searches > MOST_SEARCHES):
            continue
        answer = reader.get(address)
        body = answer.content.decode()
        assert answer.status_code < 500, address
        seen[address] = f"{answer.headers}\n{body}"
        base = address.split("?")[0]
        queries = {base + html.unescape(q) for q in re.findall(r'href="(\?[^"#]*)"', body)}
        waiting += sorted((links(body) | queries) - set(seen))
    return seen


def test_no_hidden_word_is_at_any_public_address() -> None:
    ada = editor(username="ada")
    make_desk(ada)
    seen = crawl(Client())
    leaks = [
        (address, word, about)
        for address, body in seen.items()
        for word, about in WORDS.items()
        if word.lower() in body.lower()
    ]
    assert leaks == []
    for page in ("/stories/bridge-opens/", "/entities/ana-ruiz/", "/feeds/entities/ana-ruiz.atom",
                 "/search/?q=Brid*", "/sitemaps/stories-0.xml", "/oembed/"):  # fmt: skip
        assert any(address.startswith(page) for address in seen), page
    assert len(seen) > 150


def opened(body: bytes) -> str:
    """An export as text, also where it is a zip."""
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        return "\n".join(name + files.read(name).decode() for name in files.namelist())


@pytest.mark.django_db(transaction=True)
def test_no_hidden_word_is_in_any_export(server: str) -> None:
    make_desk(editor(username="ada"))
    for name in FORMATS:
        answer = requests.get(f"{server}/api/export/", params={"format": name}, timeout=20)
        text = opened(answer.content).lower()
        assert answer.status_code == 200
        assert {word for word in WORDS if word.lower() in text} == set(), name
        assert name == "claim_review" or "ana ruiz" in text or "boat" in text


def test_the_words_are_there_for_editors_so_that_the_test_tests_something() -> None:
    ada = editor(username="ada")
    make_desk(ada)
    reader = Client()
    reader.force_login(ada)
    pages = "".join(
        reader.get(f"/api/articles/{a.pk}/annotations/").content.decode()
        + reader.get(f"/api/articles/{a.pk}/").content.decode()
        for a in Article.objects.all()
    )
    missing = {word for word in WORDS if word not in pages}
    # These stand elsewhere: in the knowledge base, in the change log, or nowhere any more.
    assert missing <= {
        "Knownname", "Knownalias", "Knownwords", "Draftrating", "Draftevidence", "Earlytext",
        "Deletename", "Draftreason", "Suggestaffiliation",
    }  # fmt: skip
