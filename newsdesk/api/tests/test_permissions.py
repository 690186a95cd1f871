"""Who may do what: each address, with each method, for each role and scope.

The table is held against the addresses themselves: a new one without a row fails, as does a row
without its address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from rest_framework.test import APIClient

from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.models import Article
from articles.roles import CHIEF, EDITOR, INCLUDED, Scope
from articles.tests.factories import UserFactory, chief, editor, make_article
from newsdesk.api import urls
from newsdesk.api.models import make_token
from newsdesk.api.pages import urls as pages
from newsdesk.api.permissions import ADMIN, ANNOTATE, OPEN, OWN_TOKENS, READ_ALL, Rule

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What each address takes, by name; a method that is not here is none (405).
TABLE: dict[str, dict[str, Rule]] = {
    "root": {"GET": OPEN},
    "schema": {"GET": OPEN},
    "docs": {"GET": OPEN},
    "context": {"GET": OPEN},
    "articles": {"GET": OPEN, "POST": ANNOTATE},
    "article": {"GET": OPEN, "PATCH": ANNOTATE},
    "revisions": {"GET": OPEN},
    "revision": {"GET": OPEN},
    "article_annotations": {"GET": OPEN, "POST": ANNOTATE},
    "article_runs": {"GET": READ_ALL, "POST": ANNOTATE},
    "annotations": {"GET": OPEN},
    "annotation": {"GET": OPEN, "PUT": ANNOTATE, "PATCH": ANNOTATE, "DELETE": ANNOTATE},
    "batch": {"POST": ANNOTATE},
    "search": {"GET": OPEN},
    "attributions": {"GET": OPEN, "POST": ANNOTATE},
    "attribution": {"GET": OPEN, "PATCH": ANNOTATE},
    "entities": {"GET": OPEN, "POST": ANNOTATE},
    "entity": {"GET": OPEN, "PATCH": ANNOTATE},
    "entity_merge": {"POST": ANNOTATE},
    "claims": {"GET": OPEN, "POST": ANNOTATE},
    "claim": {"GET": OPEN, "PATCH": ANNOTATE},
    "claim_reviews": {"GET": OPEN, "POST": ANNOTATE},
    "claim_review": {"GET": OPEN},
    "claim_links": {"GET": OPEN, "POST": ANNOTATE},
    "claim_link": {"GET": OPEN, "DELETE": ANNOTATE},
    "sources": {"GET": OPEN, "POST": ANNOTATE},
    "source": {"GET": OPEN, "PATCH": ANNOTATE},
    "runs": {"GET": READ_ALL},
    "run": {"GET": READ_ALL},
    "changes": {"GET": READ_ALL},
    "export": {"GET": OPEN},
    "imports": {"GET": READ_ALL, "POST": ANNOTATE},
    "import": {"GET": READ_ALL},
    "tokens": {"GET": OWN_TOKENS, "POST": OWN_TOKENS},
    "token": {"GET": OWN_TOKENS, "DELETE": OWN_TOKENS},
    "webhooks": {"GET": ADMIN, "POST": ADMIN},
    "webhook": {"GET": ADMIN, "PATCH": ADMIN, "DELETE": ADMIN},
    "webhook_secret": {"POST": ADMIN},
    "deliveries": {"GET": ADMIN},
    "delivery_again": {"POST": ADMIN},
}
# The API's pages on the desk take a role, as people have no scopes.
PAGES = {
    "tokens": ({"GET", "POST"}, EDITOR),
    "revoke_token": ({"POST"}, EDITOR),
    "webhooks": ({"GET", "POST"}, CHIEF),
    "webhook": ({"GET"}, CHIEF),
    "rotate_secret": ({"POST"}, CHIEF),
    "webhook_state": ({"POST"}, CHIEF),
    "delete_webhook": ({"POST"}, CHIEF),
    "send_again": ({"POST"}, CHIEF),
}
# An answer that is a stream is not begun: the format is none.
QUERIES = {"export": "?format=none"}
# They take a second each to make, and say the same to everybody.
SLOW = {"schema", "docs"}
# Nothing is there: whoever may is told so (404), and whoever may not is refused first.
NOBODY = "00000000-0000-4000-8000-000000000000"
ROLES = {
    "reader": set(),
    "editor": {EDITOR},
    "chief": {EDITOR, CHIEF},
    "superuser": {EDITOR, CHIEF},
}


def named(patterns: list[Any]) -> dict[str, URLPattern]:
    """The addresses by name; the last, which answers for all that are none, has no name."""
    return {pattern.name: pattern for pattern in patterns if pattern.name}


def address_of(face: str, pattern: URLPattern) -> str:
    converters = pattern.pattern.converters
    values = {
        name: NOBODY if "UUID" in type(of).__name__ else 10**8 for name, of in converters.items()
    }
    return reverse(f"{face}:{pattern.name}", kwargs=values) + QUERIES.get(pattern.name, "")


@dataclass
class Actor:
    """Somebody who asks: a stranger, a person signed in, or a token with one scope or all."""

    name: str
    client: APIClient
    roles: set[str] = field(default_factory=set)
    scopes: set[str] = field(default_factory=lambda: set(Scope.values))
    is_known: bool = True

    def may(self, rule: Rule) -> bool:
        return self.has_role(rule) and rule.scope in self.scopes

    def has_role(self, rule: Rule) -> bool:
        return not rule.role or rule.role in self.roles


@pytest.fixture
def actors() -> list[Actor]:
    people = {
        "reader": UserFactory(), "editor": editor(), "chief": chief(),
        "superuser": UserFactory(is_superuser=True),
    }  # fmt: skip
    return [
        Actor("stranger", APIClient(), is_known=False),
        *(signed_in(name, user) for name, user in people.items()),
        *(
            with_token(f"{name} with {scope}", name, user, scope)
            for (name, user), scope in product(people.items(), Scope.values)
        ),
    ]


def signed_in(name: str, user: Any) -> Actor:
    client = APIClient()
    client.force_login(user)
    return Actor(f"{name} signed in", client, ROLES[name])


def with_token(name: str, role: str, user: Any, scope: str) -> Actor:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make_token(user=user, scopes=[scope])}")
    return Actor(name, client, ROLES[role], {scope, *INCLUDED[scope]})


def refusal(actor: Actor, rule: Rule) -> tuple[int, str | None]:
    """Status and named scope of what whoever may not is told."""
    if actor.has_role(rule):
        return 403, str(rule.scope)
    return (403 if actor.is_known else 401), None


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert set(TABLE) == set(named(urls.urlpatterns))
    *_, last = urls.urlpatterns
    assert [pattern for pattern in urls.urlpatterns if not pattern.name] == [last]
    assert set(PAGES) == set(named(pages.urlpatterns))


def test_each_address_is_open_to_those_in_the_table_and_to_nobody_else(actors) -> None:
    wrong = []
    for name, pattern in named(urls.urlpatterns).items():
        address = address_of("api", pattern)
        for method, rule in TABLE.get(name, {}).items():
            for actor in actors[:1] if name in SLOW else actors:
                answer = actor.client.generic(method, address, "{}", "application/json")
                if not is_right(actor, rule, answer):
                    wrong.append(f"{actor.name}: {method} {address}: {answer.status_code}")
    assert wrong == []


def is_right(actor: Actor, rule: Rule, answer: Any) -> bool:
    if actor.may(rule):
        return answer.status_code not in (401, 403, 405) and answer.status_code < 500
    return (answer.status_code, answer.json().get("scope")) == refusal(actor, rule)


def test_a_method_that_is_not_in_the_table_is_none(actors) -> None:
    head = next(actor for actor in actors if actor.name == "superuser signed in")
    wrong = []
    for name in sorted(set(TABLE) - SLOW):
        address = address_of("api", named(urls.urlpatterns)[name])
        for method in sorted(set(METHODS) - set(TABLE[name])):
            answer = head.client.generic(method, address, "{}", "application/json")
            if answer.status_code != 405:
                wrong.append(f"{method} {address}: {answer.status_code}")
    assert wrong == []


def test_each_page_is_open_to_its_role_and_to_nobody_else() -> None:
    people = {
        "nobody": None, "reader": UserFactory(), "editor": editor(), "chief": chief(),
        "superuser": UserFactory(is_superuser=True),
    }  # fmt: skip
    wrong = []
    for who, user in people.items():
        client = Client()
        if user:
            client.force_login(user)
        for (name, pattern), method in product(named(pages.urlpatterns).items(), METHODS):
            methods, role = PAGES[name]
            status = client.generic(method, address_of("clients", pattern)).status_code
            if not page_is_right(who, method in methods, role, status):
                wrong.append(f"{who}: {method} {name}: {status}")
    assert wrong == []


def page_is_right(who: str, is_method: bool, role: str, status: int) -> bool:
    if not is_method:
        return status == 405
    if who == "nobody":
        return status == 302
    return (status == 403) == (role not in ROLES[who])


# What is seen: a scope is as good as a role


LISTS = ("articles", "annotations", "attributions", "entities", "claims", "sources")


@pytest.fixture
def stories() -> Iterator[list[Article]]:
    """One published, with what is accepted; one in review."""
    made = []
    for state in ("published", "in_review"):
        article = make_article(f"Ana Ruiz opened it ({state}). It is safe, she said.", state=state)
        suggest(article, "entity", "Ana Ruiz", label=f"Ana {state}")
        claim = suggest(article, "claim", "It is safe", label=f"It is {state}.")
        suggest_tie(claim, suggest(article, "source", "she", label=f"S {state}", type="person"))
        accept_all(article, editor())
        made.append(article)
    return made


def test_lists_show_what_the_scope_lets_through(actors, stories) -> None:
    wrong = []
    for name in LISTS:
        counts = {a.name: len(rows(a.client.get(f"/api/{name}/").json())) for a in actors}
        assert counts["stranger"] > 0
        for actor in actors:
            if (counts[actor.name] > counts["stranger"]) != actor.may(READ_ALL):
                wrong.append(f"{actor.name}: {name}: {counts[actor.name]}")
    assert wrong == []


def rows(page: dict[str, Any]) -> list[Any]:
    return page.get("results") or page.get("items") or []


def test_publishing_takes_the_scope_and_the_role(actors) -> None:
    rule = Rule(Scope.PUBLISH, role=CHIEF)
    for actor in actors:
        article = make_article()
        answer = actor.client.patch(
            f"/api/articles/{article.pk}/", {"state": "published"}, HTTP_IF_MATCH='"1"'
        )
        assert (answer.status_code == 200) == actor.may(rule), actor.name
