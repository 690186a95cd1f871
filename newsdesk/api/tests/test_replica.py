"""A client that knows the desk from its changes alone ends with exactly what the desk has."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from annotations import deciding, knowledge, merging
from annotations.deciding import Body
from annotations.models import (
    Annotation,
    Attribution,
    Claim,
    ClaimLink,
    ClaimReview,
    Entity,
    Run,
    Source,
)
from articles import publishing, revising
from articles.changes import last_seq
from articles.errors import Refused, StaleVersion
from articles.models import Article, Revision
from articles.tests.factories import chief, make_article
from newsdesk.api import changes
from newsdesk.api.models import make_token

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, WRITES = 8, 30
TEXT = "Ana Ruiz said that the bridge is safe. Bo Lund said that it was not. Cy Dahl was silent."
WORDS = TEXT.replace(".", "").split()
NAMES = ["Ana Ruiz", "Bo Lund", "Cy Dahl", "A. Ruiz", "B. Lund", "C. Dahl"]
TABLES = (
    Article, Revision, Annotation, Attribution, Entity, Claim, ClaimLink, ClaimReview, Source, Run,
)  # fmt: skip
HREFS = {"entity": "/entities/{}/", "claim": "/claims/{}/", "source": "/sources/{}/"}
State = dict[tuple[str, str], dict[str, Any]]


class Replica:
    """Keeps the newest state of each thing, and where it left off, and nothing else."""

    def __init__(self, server: str, key: str) -> None:
        self.address = f"{server}/api/changes/"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Token {key}"
        self.after = 0
        self.state: State = {}

    def poll(self, limit: int, wait: int = 0) -> bool:
        """Take one page; whether there was anything."""
        query = {"after": self.after, "limit": limit, "wait": wait}
        page = self.session.get(self.address, params=query, timeout=30).json()
        for change in page["results"]:
            self._take(change)
        assert self.after == page["next"]
        return bool(page["results"])

    def listen(self, most: int) -> None:
        """Take so many changes from the stream, or all until it is quiet, then hang up."""
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(self.after)}
        with self.session.get(self.address, headers=headers, stream=True, timeout=30) as answer:
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("data: "):
                    self._take(json.loads(line[6:]))
                    most -= 1
                if not most or line == f"id: {self.after}":
                    return

    def _take(self, change: dict[str, Any]) -> None:
        assert change["seq"] == self.after + 1
        self.after = change["seq"]
        thing = change["subject_type"], change["subject_id"]
        # Of an entity `before` is what its writer saw: names are learned by several at once.
        if change["before"] and thing[0] != "entity":
            assert own(self.state[thing]) == own(change["before"])
        if change["after"] is None:
            del self.state[thing]
        else:
            self.state[thing] = change["after"]


def own(thing: dict[str, Any]) -> dict[str, Any]:
    """All but what follows from another thing."""
    if "spans" not in thing:
        return thing
    return {**thing, "name": None, "body": thing["body"] and thing["body"]["id"]}


def named(state: State) -> State:
    """What an annotation's body is called, and its address, follow from the body, which the client
    has as well."""
    for (kind, _), thing in state.items():
        if kind == "annotation" and thing["body"]:
            body = state[thing["kind"], str(thing["body"]["id"])]
            thing["name"] = body.get("name") or body["text"]
            thing["body"]["href"] = HREFS[thing["kind"]].format(body.get("slug", body["id"]))
    return state


def state_of_the_desk() -> State:
    rows = (row for table in TABLES for row in table._default_manager.all())
    return {
        row.change_subject: json.loads(json.dumps(row.snapshot(), cls=DjangoJSONEncoder))
        for row in rows
    }


class Writer:
    """Somebody who does whatever may be done, as often as not in vain."""

    def __init__(self, user: User, seed: int) -> None:
        self.user = user
        self.dice = random.Random(seed)
        self.done = 0

    def write(self) -> None:
        try:
            for _ in range(WRITES):
                try:
                    self.dice.choice(self._acts())()
                    self.done += 1
                except (Refused, StaleVersion, OperationalError, IndexError):
                    # Somebody was faster, or there is nothing to do it to.
                    continue
        finally:
            connection.close()

    def _acts(self) -> list[Callable[[], Any]]:
        return [
            self._add, self._add, self._add, self._decide, self._decide, self._tie, self._untie,
            self._revise, self._merge, self._rename, self._reword, self._correct, self._move,
        ]  # fmt: skip

    def _one(self, rows: Any) -> Any:
        return self.dice.choice(list(rows))

    def _add(self) -> None:
        article = self._one(Article.objects.with_text())
        kind = self.dice.choice(["entity", "source", "claim"])
        words = self.dice.choice(NAMES[:3] if kind != "claim" else WORDS)
        start = article.text.find(words)
        type = {"entity": "person", "source": "person", "claim": ""}[kind]
        label = self.dice.choice(NAMES) if kind != "claim" else f"{words} is so."
        deciding.add(
            article=article, editor=self.user, kind=kind, spans=[[start, start + len(words)]],
            body=Body(type=type, label=label),
            extra={"made": "by hand", "@kept": {"target": [{"rest": {"mood": "calm"}}]}},
        )  # fmt: skip

    def _decide(self) -> None:
        annotation = self._one(Annotation.objects.all())
        decide = self.dice.choice(
            [deciding.reject, deciding.reopen, deciding.accept, deciding.delete, deciding.restore]
        )
        decide(annotation=annotation, editor=self.user, seen_version=annotation.version)

    def _tie(self) -> None:
        claim = self._one(Annotation.objects.kept().filter(kind="claim"))
        said = Annotation.objects.kept().filter(kind="source", revision=claim.revision)
        deciding.tie(claim=claim, source=self._one(said), editor=self.user, cue=[[0, 3]])

    def _untie(self) -> None:
        tie = self._one(Attribution.objects.all())
        deciding.untie(attribution=tie, editor=self.user, seen_version=tie.version)

    def _revise(self) -> None:
        article = self._one(Article.objects.with_text())
        text = f"{self.dice.random()} {TEXT}" if self.dice.random() < 0.7 else "All is different."
        revising.revise(article=article, text=text, actor=self.user, seen_version=article.version)

    def _merge(self) -> None:
        loser, winner = self._one(Entity.objects.current()), self._one(Entity.objects.current())
        merging.merge_entities(loser=loser, winner=winner, actor=self.user)

    def _rename(self) -> None:
        entity = self._one(Entity.objects.current())
        knowledge.change_entity(
            entity=entity, actor=self.user, seen_version=entity.version,
            name=f"{entity.name}{self.dice.randint(0, 9)}"[:300],
        )  # fmt: skip

    def _reword(self) -> None:
        claim = self._one(Claim.objects.current())
        knowledge.change_claim(
            claim=claim, text=f"{claim.text} {self.dice.random()}"[:1000], actor=self.user,
            seen_version=claim.version,
        )  # fmt: skip

    def _correct(self) -> None:
        article = self._one(Article.objects.with_text())
        revising.correct(
            article=article, actor=self.user, seen_version=article.version,
            outlet=self.dice.choice(["", "Amaro Post", "Renn Times"]),
        )  # fmt: skip

    def _move(self) -> None:
        article = self._one(Article.objects.with_text())
        state = self.dice.choice(["published", "in_review", "archived"])
        publishing.move(article=article, state=state, actor=self.user, seen_version=article.version)


@pytest.fixture
def head() -> User:
    return chief(username="head")


@pytest.fixture
def replica(server: str, head: User, monkeypatch) -> Iterator[Replica]:
    # The number that it may come back with is told soon: no change may come any more.
    monkeypatch.setattr(changes, "SILENCE", 0.5)
    replica = Replica(server, make_token(user=head))
    yield replica
    replica.session.close()


def test_a_replica_built_from_changes_alone_is_the_desk(replica, head) -> None:
    for number in range(4):
        make_article(f"{TEXT} Number {number}.", actor=head)
    for name in NAMES:
        knowledge.create_entity(name=name, type="person", actor=head)
    writers = [Writer(head, seed) for seed in range(WRITERS)]
    threads = [threading.Thread(target=writer.write) for writer in writers]
    dice = random.Random(7)
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            # It stops and goes on, now in one way, now in the other.
            replica.poll(dice.randint(1, 40), wait=1)
            # Of what is there: the writers may be done already.
            if left := last_seq() - replica.after:
                replica.listen(min(left, dice.randint(1, 10)))
    finally:
        for thread in threads:
            thread.join()
    while replica.poll(1000):
        pass
    assert sum(writer.done for writer in writers) > WRITERS * WRITES / 3
    assert replica.after == last_seq()
    assert named(replica.state) == state_of_the_desk()


def test_what_the_admin_writes_reaches_the_replica(replica, head) -> None:
    root = User.objects.create_superuser("root", password="long enough to be one")
    client = Client()
    client.force_login(root)
    claim, other = (
        knowledge.find_or_create_claim(text=f"{words} is so.", language="en", actor=head)
        for words in ("This", "That")
    )
    make_article(TEXT, outlet="Amaro Post")
    address = reverse("admin:annotations_claim_change", args=[claim.pk])
    review = {"rating": "True", "reviewer": "Us", "reviewed_on": "2026-01-01"}
    sentence = {"text": claim.text, "language": "en"}
    made = inline("reviews", 0, **review) | inline("links", 0, other=other.pk, kind="supports")
    assert client.post(address, sentence | made).status_code == 302
    stored, link = claim.reviews.get().pk, claim.links.get().pk
    changed = inline("reviews", 1, **review | {"rating": "False"}, id=stored) | inline(
        "links", 1, id=link, other=other.pk, kind="supports", DELETE="on"
    )
    assert client.post(address, sentence | changed).status_code == 302
    outlet = Article.objects.get().outlet
    client.post(
        reverse("admin:articles_outlet_change", args=[outlet.pk]),
        {"name": "Amaro Mail", "slug": outlet.slug},
    )
    while replica.poll(1000):
        pass
    assert ("claim_link", str(link)) not in replica.state
    assert replica.state["claim_review", str(stored)]["rating"] == "False"
    assert named(replica.state) == state_of_the_desk()


def inline(prefix: str, stored: int, **row: Any) -> dict[str, Any]:
    """An admin form's inline with one row, stored or new."""
    fields = {"other": "", "kind": "same", **row} if prefix == "links" else row
    counts = {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": stored}
    return counts | {f"{prefix}-0-{name}": value for name, value in fields.items()}
