from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.tests.factories import editor


@pytest.fixture
def ada(db) -> User:
    """An editor, who accepts what the tests show."""
    return editor(username="ada")


@pytest.fixture
def reader() -> Client:
    """Anyone, not signed in."""
    return Client()
