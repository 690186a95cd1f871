"""Builders of test data: people and articles, made the way the desk makes them."""

from __future__ import annotations

import functools
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from articles.changes import recording
from articles.ingest.draft import Draft
from articles.ingest.text import read_text
from articles.models import Article
from articles.revising import create_article
from articles.roles import CHIEF, EDITOR

PASSWORD = "correct horse battery staple"


@functools.cache
def _hashed(password: str) -> str:
    """Hashed once: it is slow on purpose."""
    return make_password(password)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.LazyFunction(lambda: _hashed(PASSWORD))


def _with_role(role: str, **fields: Any) -> User:
    user = UserFactory(**fields)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def editor(**fields: Any) -> User:
    """Someone who may tag and edit."""
    return _with_role(EDITOR, **fields)


def chief(**fields: Any) -> User:
    """Someone who may also publish."""
    return _with_role(CHIEF, **fields)


_numbers = iter(range(1, 10**9))


def draft(text: str = "", **fields: Any) -> Draft:
    """A draft as ingest makes it; each call has a text of its own unless one is given."""
    number = next(_numbers)
    text = text or (
        f"Story {number}\n\nThe mayor of Port Amaro opened bridge {number} on Monday.\n\n"
        f"Ana Ruiz said that bridge {number} was safe."
    )
    made = read_text(text, title=fields.pop("title", ""))
    values = {name: getattr(made, name) for name in made.__dataclass_fields__}
    return Draft(**{**values, **fields})


def make_article(text: str = "", *, state: str = "", actor: Any = None, **fields: Any) -> Article:
    """An article with one revision; `state` puts it there without asking for a role."""
    article = create_article(draft=draft(text, **fields), actor=actor).article
    if state:
        put_into(article, state)
    return article


def put_into(article: Article, state: str) -> None:
    """Put the article into a state, in the log like every write, without asking for a role."""
    with recording() as log:
        before = article.snapshot()
        article.state = state
        if state == Article.State.PUBLISHED:
            article.published_at = article.published_at or article.created_at
        article.save()
        log.add("move", article, before=before)
