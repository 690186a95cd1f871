"""Tokens: made, limited, listed, revoked; over the API, on the desk's page and by the command."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from annotations.tests.factories import suggest
from articles.roles import Scope
from articles.tests.factories import UserFactory, chief, editor, make_article
from newsdesk.api.models import ApiToken, digest_of, make_token

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def as_ada(ada) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def with_scopes(user, *scopes: str) -> APIClient:
    client = APIClient()
    key = make_token(user=user, scopes=scopes or Scope.values)
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


# What scopes let through


def test_a_token_that_reads_what_is_published_sees_what_strangers_see(ada) -> None:
    make_article()
    shown = make_article(state="published")
    rows = with_scopes(ada, "read_published").get("/api/articles/").json()["results"]
    assert [row["id"] for row in rows] == [shown.pk]


def test_a_token_that_reads_all_sees_suggestions_and_writes_nothing(ada) -> None:
    article = make_article("Ana Ruiz spoke.")
    mention = suggest(article, "entity", "Ana Ruiz")
    client = with_scopes(ada, "read_all")
    address = f"/api/annotations/{mention.uuid}/"
    assert client.get(address).status_code == 200
    refused = client.patch(address, {"status": "accepted"}, HTTP_IF_MATCH='"1"')
    assert refused.status_code == 403
    assert refused.json()["scope"] == "annotate"
    assert "annotate" in refused.json()["detail"]
    assert refused["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="annotate"'


def test_a_token_that_annotates_reads_all(ada) -> None:
    assert with_scopes(ada, "annotate").get("/api/changes/").status_code == 200


def test_a_chiefs_token_without_the_scope_publishes_nothing() -> None:
    article = make_article()
    client = with_scopes(chief(), "annotate")
    answer = client.patch(
        f"/api/articles/{article.pk}/", {"state": "published"}, HTTP_IF_MATCH='"1"'
    )
    assert answer.status_code == 403
    assert answer.json()["scope"] == "publish"


def test_a_scope_gives_nobody_more_than_their_role(ada) -> None:
    article = make_article()
    answer = with_scopes(ada, "publish").patch(
        f"/api/articles/{article.pk}/", {"state": "published"}, HTTP_IF_MATCH='"1"'
    )
    assert answer.status_code == 403
    assert "scope" not in answer.json()
    assert with_scopes(UserFactory(), "annotate").post("/api/claims/", {}).status_code == 403


def test_a_superusers_token_goes_as_far_as_its_scopes() -> None:
    client = with_scopes(UserFactory(is_superuser=True), "read_published")
    assert client.get("/api/changes/").json()["scope"] == "read_all"


# Over the API


def test_a_client_makes_a_token_and_gets_its_key_once(ada) -> None:
    client = with_scopes(ada)
    expires = (timezone.now() + HOUR).isoformat()
    wish = {"name": "CMS", "scopes": ["annotate", "read_published"], "expires_at": expires}
    made = client.post("/api/tokens/", wish)
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    data = made.json()
    token = ApiToken.objects.get(digest=digest_of(data["key"]))
    assert (token.user, token.name, token.scopes) == (ada, "CMS", ["read_published", "annotate"])
    shown = client.get(made["Location"]).json()
    assert "key" not in shown
    assert shown["begins_with"] == data["key"][:10]


def test_a_client_makes_no_token_that_may_more_than_its_own(ada) -> None:
    client = with_scopes(ada, "admin")
    answer = client.post("/api/tokens/", {"name": "x", "scopes": ["publish"]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "scopes"
    made = client.post("/api/tokens/", {"name": "x"}).json()
    assert made["scopes"] == ["read_published", "read_all", "admin"]


def test_a_revoked_token_is_none(ada) -> None:
    client = with_scopes(ada)
    address = f"/api/tokens/{ApiToken.objects.get().pk}/"
    assert client.delete(address).status_code == 204
    assert client.get("/api/tokens/").status_code == 401


def test_the_tokens_of_others_are_not_there(ada) -> None:
    make_token(user=editor())
    other = ApiToken.objects.get()
    client = with_scopes(ada)
    assert len(client.get("/api/tokens/").json()["results"]) == 1
    assert client.delete(f"/api/tokens/{other.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["everything"]}, "scopes.0"),
        ({"name": "x", "scopes": "annotate"}, "scopes"),
        ({"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"name": "x", "expires_at": "soon"}, "expires_at"),
    ],
)
def test_a_token_that_cannot_be_is_refused_by_field(wish, field, ada) -> None:
    answer = with_scopes(ada).post("/api/tokens/", wish)
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["field"] == field
    assert ApiToken.objects.count() == 1


def test_nobody_has_more_tokens_than_they_can_look_through(ada, monkeypatch) -> None:
    monkeypatch.setattr("newsdesk.api.models.token.MOST", 1)
    assert with_scopes(ada).post("/api/tokens/", {"name": "x"}).status_code == 422


# On the desk


def test_an_editor_makes_a_token_on_the_desk_and_sees_its_key_once(as_ada, ada) -> None:
    page = as_ada.post("/desk/tokens/", {"name": "CMS", "scopes": ["annotate"], "days": "30"})
    key = page.context["key"]
    assert key in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    token = ApiToken.objects.get(digest=digest_of(key))
    assert (token.user, token.scopes) == (ada, ["annotate"])
    assert abs(token.expires_at - timezone.now() - timedelta(days=30)) < HOUR
    assert key not in as_ada.get("/desk/tokens/").content.decode()


def test_a_token_that_may_nothing_is_not_made_on_the_desk(as_ada) -> None:
    page = as_ada.post("/desk/tokens/", {"name": "CMS"})
    assert page.status_code == 422
    assert "Choose what the token may do." in page.content.decode()
    assert not ApiToken.objects.exists()


def test_an_editor_revokes_a_token_on_the_desk_and_nobody_elses(as_ada, ada) -> None:
    for user in (ada, editor()):
        make_token(user=user)
    mine, theirs = (ApiToken.objects.get(user=ada), ApiToken.objects.exclude(user=ada).get())
    assert as_ada.post(f"/desk/tokens/{theirs.pk}/revoke").status_code == 404
    assert as_ada.post(f"/desk/tokens/{mine.pk}/revoke").status_code == 302
    assert list(ApiToken.objects.all()) == [theirs]


def test_a_name_is_shown_as_it_was_typed(as_ada, ada) -> None:
    make_token(user=ada, name="<script>alert(1)</script>")
    assert b"<script>alert" not in as_ada.get("/desk/tokens/").content


# By the command


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_makes_a_token_with_name_scopes_and_expiry(ada) -> None:
    key = command("ada", "--name", "CMS", "--scope", "annotate", "--days", "7").strip()
    token = ApiToken.objects.get(digest=digest_of(key))
    assert (token.name, token.scopes) == ("CMS", ["annotate"])
    assert abs(token.expires_at - timezone.now() - timedelta(days=7)) < HOUR


def test_the_command_lists_and_revokes(ada) -> None:
    key = command("ada", "--name", "CMS").strip()
    assert key[:10] in command("ada", "--list")
    assert key not in command("ada", "--list")
    command("ada", "--revoke", key[:10])
    assert not ApiToken.objects.exists()
    with pytest.raises(CommandError, match="0 tokens"):
        command("ada", "--revoke", key[:10])


@pytest.mark.parametrize("days", ["0", "-1", "999999"])
def test_the_command_refuses_days_that_cannot_be(days, ada) -> None:
    with pytest.raises(CommandError, match="Give 1 to"):
        command("ada", f"--days={days}")
