"""People and pages that the desk's tests share."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from annotations.models import Annotation
from annotations.tests.factories import suggest
from articles.models import Article
from articles.tests.factories import chief, editor, make_article

TEXT = (
    "Ana Ruiz opened the bridge on Monday.\n\n"
    "The bridge is safe, according to the ministry. An official said it was not."
)


@pytest.fixture
def ada() -> User:
    return editor(username="ada")


@pytest.fixture
def bo() -> User:
    return chief(username="bo")


@pytest.fixture
def as_ada(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def as_bo(bo: User) -> Client:
    client = Client()
    client.force_login(bo)
    return client


@pytest.fixture
def article() -> Article:
    return make_article(TEXT, title="Bridge opened")


@pytest.fixture
def mention(article) -> Annotation:
    return suggest(article, "entity", "Ana Ruiz")


@pytest.fixture
def claim(article) -> Annotation:
    return suggest(article, "claim", "The bridge is safe")


@pytest.fixture
def source(article) -> Annotation:
    return suggest(article, "source", "the ministry", label="Ministry of Works")
