"""An open page hears nothing more once its editor may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.contrib.auth.models import Group, User
from django.test import Client

from annotations import deciding
from annotations.tests.factories import suggest
from articles.roles import EDITOR
from articles.tests.factories import editor
from newsdesk.desk import watching

pytestmark = pytest.mark.django_db(transaction=True)


def sign_out(ada: User, client: Client) -> None:
    client.logout()


def deactivate(ada: User, client: Client) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)


def dismiss(ada: User, client: Client) -> None:
    ada.groups.remove(Group.objects.get(name=EDITOR))


def change_password(ada: User, client: Client) -> None:
    ada.set_password("another one, which is long")
    ada.save()


@pytest.mark.parametrize("end", [sign_out, deactivate, dismiss, change_password])
def test_the_stream_ends_for_who_may_not_hear_it_any_more(
    end: Callable[[User, Client], Any], server, settings, monkeypatch, article, ada
) -> None:
    monkeypatch.setattr(watching, "LOOK", 0.1)
    mention = suggest(article, "entity", "Ana Ruiz")
    client = Client()
    client.force_login(ada)
    cookies = {settings.SESSION_COOKIE_NAME: client.session.session_key}
    address = f"{server}/desk/articles/{article.pk}/live"
    with requests.get(address, cookies=cookies, stream=True, timeout=10) as answer:
        assert answer.status_code == 200
        end(ada, client)
        deciding.accept(annotation=mention, editor=editor(), seen_version=1)
        assert "event: change" not in "".join(answer.iter_content(None, decode_unicode=True))
    assert requests.get(address, cookies=cookies, timeout=10).status_code in (401, 403)
