from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from annotations.models import Claim, ClaimReview
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import editor, make_article, put_into

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
TEXT = "The bridge is safe, Ana Ruiz said."


@pytest.fixture
def reader() -> Client:
    return Client()


@pytest.fixture
def article() -> Article:
    article = make_article(TEXT, title="Bridge", state="published", outlet="The Amaro Post")
    claim = suggest(article, "claim", "The bridge is safe", label='The bridge is "safe" & <b>.')
    suggest_tie(claim, suggest(article, "source", "Ana Ruiz", type="person"))
    accept_all(article, editor())
    ClaimReview.objects.create(
        claim=Claim.objects.get(), rating="Mostly true", reviewer="Desk", reviewed_on="2026-03-06"
    )
    return article


def asked(reader: Client, path: str, **more: str) -> dict:
    answer = reader.get("/oembed/", {"url": SITE + path, **more})
    assert answer.status_code == 200
    return answer.json()


def test_the_card_shows_claim_rating_and_who_makes_it(article, reader) -> None:
    html = reader.get(f"/claims/{Claim.objects.get().pk}/card/").content.decode()
    assert "The bridge is &quot;safe&quot; &amp; &lt;b&gt;." in html
    assert "Rated <strong>Mostly true</strong> by Desk" in html
    assert re.search(rf'href="{SITE}/sources/ana-ruiz/"[^>]*>Ana Ruiz</a>', html)
    assert "In 1 story on Newsdesk" in html


def test_the_card_alone_may_be_framed(article, reader) -> None:
    claim = Claim.objects.get()
    card, page = reader.get(f"/claims/{claim.pk}/card/"), reader.get(claim.get_absolute_url())
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "unsafe-inline" not in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_oembed_says_how_to_show_a_claim(article, reader) -> None:
    claim = Claim.objects.get()
    body = asked(reader, claim.get_absolute_url())
    assert (body["version"], body["type"]) == ("1.0", "rich")
    assert (body["width"], body["height"]) == (480, 260)
    assert f'src="{SITE}/claims/{claim.pk}/card/"' in body["html"]
    assert 'title="The bridge is &quot;safe&quot; &amp; &lt;b&gt;."' in body["html"]


def test_oembed_keeps_to_the_size_that_is_there(article, reader) -> None:
    path = Claim.objects.get().get_absolute_url()
    body = asked(reader, path, maxwidth="300", maxheight="50")
    assert (body["width"], body["height"]) == (300, 160)


def test_oembed_tells_a_storys_title(article, reader) -> None:
    body = asked(reader, article.get_absolute_url())
    assert (body["type"], body["title"]) == ("link", "Bridge")
    assert body["author_name"] == "The Amaro Post"


def test_oembed_answers_in_xml_too(article, reader) -> None:
    url = SITE + Claim.objects.get().get_absolute_url()
    answer = reader.get("/oembed/", {"url": url, "format": "xml"})
    assert ET.fromstring(answer.content).findtext("type") == "rich"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400), ({"url": f"{SITE}/claims/999999999/"}, 404), ({"url": f"{SITE}/nothing/"}, 404),
        ({"url": "https://elsewhere.example/claims/1/"}, 404), ({"url": f"{SITE}/"}, 404),
        ({"url": f"{SITE}/claims/1/", "format": "yaml"}, 501), ({"url": "http://["}, 404),
        ({"url": f"{SITE}/claims/1/", "maxwidth": "wide"}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_embedded_is_refused_in_words(reader, query, status) -> None:
    answer = reader.get("/oembed/", query)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_what_was_taken_back_can_no_longer_be_embedded(article, reader) -> None:
    claim = Claim.objects.get()
    put_into(article, "archived")
    assert reader.get("/oembed/", {"url": SITE + claim.get_absolute_url()}).status_code == 404
    assert reader.get("/oembed/", {"url": SITE + article.get_absolute_url()}).status_code == 404
    assert reader.get(f"/claims/{claim.pk}/card/").status_code == 410
