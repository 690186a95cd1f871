from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db

STORY = "Bridge opened\n\nAna Ruiz opened the bridge on Monday."


def upload(raw: bytes, name: str = "story.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw, content_type="text/plain")


def send(client, **data):
    return client.post("/desk/articles/new/", data)


def test_a_pasted_story_is_stored_and_shown(as_ada, ada) -> None:
    answer = send(as_ada, text=STORY)
    article = Article.objects.get()
    assert answer.headers["Location"] == f"/desk/articles/{article.pk}/"
    assert (article.title, article.created_by) == ("Bridge opened", ada)


def test_what_the_editor_says_wins_over_what_the_story_says(as_ada) -> None:
    beside = {"title": "A bridge", "outlet": "Port Times", "byline": "Ana", "language": "en-GB"}
    send(as_ada, text=STORY, url="https://port.example/1", **beside)
    article = Article.objects.get()
    assert {**beside, "url": "https://port.example/1"} == {
        "title": article.title,
        "outlet": article.outlet.name,
        "byline": article.byline,
        "language": article.language,
        "url": article.url,
    }


def test_a_story_without_a_title_gets_one_that_says_so(as_ada) -> None:
    send(as_ada, text="Ana Ruiz opened the bridge on Monday. It was raining.")
    page = as_ada.get(f"/desk/articles/{Article.objects.get().pk}/").text
    assert "title made up" in page


def test_an_uploaded_story_is_stored(as_ada) -> None:
    send(as_ada, files=[upload(STORY.encode())])
    assert Article.objects.get().title == "Bridge opened"


def test_several_files_are_stored_and_lead_to_the_queue(as_ada) -> None:
    answer = send(as_ada, files=[upload(STORY.encode()), upload(b"Other\n\nA second story here.")])
    assert answer.headers["Location"] == "/desk/"
    assert Article.objects.count() == 2


def test_the_same_text_again_leads_to_the_article_that_has_it(as_ada) -> None:
    known = make_article(STORY)
    answer = as_ada.post("/desk/articles/new/", {"text": STORY}, follow=True)
    assert answer.redirect_chain == [(f"/desk/articles/{known.pk}/", 302)]
    assert "has this text already" in answer.text


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "text", "Paste a story"),
        ({"text": " \n "}, "text", "Paste a story"),
        ({"text": "Only\x01control"}, "text", "control character"),
        ({"text": "Nul\x00inside"}, "text", "Null characters"),
        ({"text": STORY, "language": "English!"}, "language", "language tag"),
        ({"text": STORY, "url": "not an address"}, "url", "valid URL"),
        ({"text": STORY, "url": "javascript:alert(1)"}, "url", "valid URL"),
        ({"text": STORY, "title": "x" * 301}, "title", "300"),
        ({"text": STORY, "outlet": "x" * 201}, "outlet", "200"),
        ({"files": [b""]}, "files", "empty"),
        ({"files": [b"\x00\x01\x02"]}, "files", "binary"),
        ({"files": [b"\xff\xfa"]}, "files", "UTF-8"),
        ({"files": [STORY.encode(), b"Two\n\nStories."], "title": "One"}, "title", "several"),
        ({"files": [b"a"] * 51}, "files", "at most 50"),
        ({"text": "a " * 1_000_001}, "text", "too long"),
    ],
)
def test_what_cannot_be_stored_is_said_beside_its_field(data, field, words, as_ada) -> None:
    data = {**data, "files": [upload(raw) for raw in data.get("files", [])]}
    answer = send(as_ada, **data)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert not Article.objects.exists()


def test_one_bad_file_is_named_and_keeps_the_others_from_being_stored(as_ada) -> None:
    answer = send(as_ada, files=[upload(STORY.encode()), upload(b"\xff", "bad.txt")])
    assert "bad.txt: " in answer.text
    assert not Article.objects.exists()


def test_a_story_of_a_million_characters_is_stored(as_ada) -> None:
    text = "Sea\n\n" + "The sea was calm. " * 60_000
    assert send(as_ada, text=text).status_code == 302
