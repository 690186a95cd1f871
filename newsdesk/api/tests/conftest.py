"""An editor and her client, which the API's tests share."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from articles.tests.factories import editor
from newsdesk.api.models import make_token


@pytest.fixture
def ada() -> User:
    return editor(username="ada")


@pytest.fixture
def api(ada: User) -> APIClient:
    """A client with a token of hers."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=ada)}")
    return client
