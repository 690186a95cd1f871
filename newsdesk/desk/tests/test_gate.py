from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from articles.tests.factories import PASSWORD, UserFactory, editor

pytestmark = pytest.mark.django_db

PAGES = ["queue", "new", "article", "edit", "history"]
ACTS = ["state", "read", "decisions"]
SCRIPTS = ["entity_search", "live"]


def address(name: str, article) -> str:
    alone = name in ("queue", "new", "entity_search")
    return reverse(f"desk:{name}", args=[] if alone else [article.pk])


@pytest.mark.parametrize("name", PAGES)
def test_who_is_signed_out_is_sent_to_sign_in_and_comes_back(name, article, client) -> None:
    where = address(name, article)
    assert client.get(where).headers["Location"] == f"/desk/sign-in/?next={where}"


@pytest.mark.parametrize("name", ACTS)
def test_a_form_sent_by_who_is_signed_out_leads_back_to_the_queue(name, article, client) -> None:
    answer = client.post(address(name, article))
    assert answer.headers["Location"] == "/desk/sign-in/?next=/desk/"


@pytest.mark.parametrize("name", [*PAGES, *ACTS])
def test_who_is_no_editor_is_told_so_in_words(name, article, client) -> None:
    client.force_login(UserFactory(username="rita"))
    method = client.get if name in PAGES else client.post
    answer = method(address(name, article))
    assert answer.status_code == 403
    assert "may not tag and edit" in answer.text


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_answered_401_or_403_and_never_redirected(name, article, client) -> None:
    where = address(name, article)
    assert client.get(where).status_code == 401
    client.force_login(UserFactory())
    assert client.get(where).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_an_editor_gets_each_page(name, article, as_ada) -> None:
    assert as_ada.get(address(name, article)).status_code == 200


@pytest.mark.parametrize("name", ["article", "edit", "history"])
def test_an_article_that_is_not_there_is_not_found(name, as_ada) -> None:
    assert as_ada.get(reverse(f"desk:{name}", args=[99])).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_what_changes_something_is_not_done_by_get(name, article, as_ada) -> None:
    assert as_ada.get(address(name, article)).status_code == 405


@pytest.mark.parametrize("name", ACTS)
def test_a_form_from_another_site_is_refused(name, article) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor())
    assert strict.post(address(name, article)).status_code == 403


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [("/desk/articles/new/", "/desk/articles/new/"), ("https://evil.example/", "/desk/")],
)
def test_signing_in_goes_on_to_addresses_of_this_host_only(wanted, landed, client) -> None:
    editor(username="ada")
    data = {"username": "ada", "password": PASSWORD, "next": wanted}
    assert client.post("/desk/sign-in/", data).headers["Location"] == landed


def test_a_wrong_password_is_said_in_words(client) -> None:
    answer = client.post("/desk/sign-in/", {"username": "ada", "password": "wrong"})
    assert "Please enter a correct username and password" in answer.text


def test_signing_out_takes_a_form(as_ada) -> None:
    assert as_ada.get("/desk/sign-out/").status_code == 405
    as_ada.post("/desk/sign-out/")
    assert as_ada.get("/desk/").status_code == 302
