"""Django's admin: every table can be looked through, and a chief cannot become more than one."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from annotations.seeding import make_roles
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.tests.factories import chief, editor, make_article, put_into

pytestmark = pytest.mark.django_db

TABLES = [
    model
    for app in ("articles", "annotations", "newsdesk_api")
    for model in apps.get_app_config(app).get_models()
    if model in admin.site._registry
]
INLINE = {"relatedheadline", "zone", "alias"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def head() -> User:
    make_roles()
    head = chief(username="head")
    User.objects.filter(pk=head.pk).update(is_staff=True)
    return User.objects.get(pk=head.pk)


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password="long enough to be one")


@pytest.fixture
def story() -> None:
    article = make_article("Ana Ruiz opened it. It is safe, she said.", title="Opened")
    suggest(article, "entity", "Ana Ruiz")
    claim = suggest(article, "claim", "It is safe")
    suggest_tie(claim, suggest(article, "source", "she", label="Ana Ruiz", type="person"))
    accept_all(article, editor())
    put_into(article, "published")


def test_every_table_is_in_the_admin() -> None:
    shown = {model._meta.model_name for model in TABLES}
    all_tables = {
        model._meta.model_name
        for app in ("articles", "annotations", "newsdesk_api")
        for model in apps.get_app_config(app).get_models()
    }
    assert all_tables - shown <= INLINE


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_a_table_can_be_listed_searched_and_opened(model, root, story) -> None:
    client = client_of(root)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    listed = client.get(reverse(f"{name}_changelist"), {"q": "ana"})
    assert listed.status_code == 200
    assert b'id="searchbar"' in listed.content
    row = model._default_manager.first()
    if row is not None:
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_a_chief_makes_an_editor(head) -> None:
    client = client_of(head)
    address = reverse("admin:auth_user_add")
    password = "correct-horse-battery"
    sent = {"username": "new", "password1": password, "password2": password}
    assert client.post(address, sent | {"usable_password": "true"}).status_code == 302
    new = User.objects.get(username="new")
    page = client.get(reverse("admin:auth_user_change", args=[new.pk])).content.decode()
    assert 'name="groups"' in page
    assert "is_superuser" not in page
    assert "user_permissions" not in page


def test_a_chief_cannot_make_a_superuser(head) -> None:
    client = client_of(head)
    address = reverse("admin:auth_user_change", args=[head.pk])
    sent = {
        "username": "head", "is_active": "on", "is_staff": "on", "is_superuser": "on",
        "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00",
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    head.refresh_from_db()
    assert not head.is_superuser


def test_a_chief_cannot_touch_a_superuser(head, root) -> None:
    client = client_of(head)
    assert (
        client.post(
            reverse("admin:auth_user_change", args=[root.pk]), {"username": "me"}
        ).status_code
        == 403
    )
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert client.post(password, {}).status_code == 403
    root.refresh_from_db()
    assert root.username == "root"
