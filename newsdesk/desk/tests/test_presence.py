from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from newsdesk.desk import presence
from newsdesk.desk.presence import Here, Person, Visit
from newsdesk.desk.tests.playing import played

ADA = Person("tab-a", "ada", "Ada Moss")
BO = Person("tab-b", "bo", "bo")


def play(scene: Any) -> Any:
    """Play a scene at an article of its own."""
    number = uuid4().int % 10**9

    async def at_one() -> Any:
        async with Here(number) as here:
            return await scene(here, number)

    return played(at_one())


def test_who_is_there_is_seen_by_the_others_and_not_by_herself() -> None:
    async def scene(here: Here, _: int) -> Any:
        await here.say(ADA)
        await here.say(BO, at="x")
        return await here.others(ADA), await here.others(BO)

    of_ada, of_bo = play(scene)
    assert of_ada == [{"user": "bo", "name": "bo", "at": "x"}]
    assert of_bo == [{"user": "ada", "name": "Ada Moss", "at": None}]


def test_saying_it_again_leaves_her_where_she_was() -> None:
    async def scene(here: Here, _: int) -> Any:
        await here.say(BO, at="x")
        await here.say(BO)
        return (await here.others(ADA))[0]["at"]

    assert play(scene) == "x"


def test_who_has_two_tabs_is_there_once_where_she_was_last() -> None:
    async def scene(here: Here, _: int) -> Any:
        await here.say(BO, at="x")
        await here.say(Person("tab-c", "bo", "bo"), at="y")
        return [one["at"] for one in await here.others(ADA)]

    assert play(scene) == ["y"]


def test_who_was_not_heard_of_for_a_while_is_gone(monkeypatch) -> None:
    async def scene(here: Here, _: int) -> Any:
        await here.say(BO)
        monkeypatch.setattr(presence, "GONE", 0)
        return await here.others(ADA)

    assert play(scene) == []


def test_a_visit_is_there_until_it_ends() -> None:
    async def scene(here: Here, number: int) -> Any:
        async with Visit(number, BO) as visit:
            await visit.news()
            during = await here.others(ADA)
        return during, await here.others(ADA)

    during, after = play(scene)
    assert ([one["user"] for one in during], after) == (["bo"], [])


def test_a_visit_tells_of_the_others_when_that_is_news() -> None:
    async def scene(here: Here, number: int) -> Any:
        async with Visit(number, ADA) as visit:
            first = await visit.news()
            await here.say(BO)
            return first, await visit.news(), await visit.news()

    first, came, again = play(scene)
    assert (first, [one["user"] for one in came], again) == (None, ["bo"], None)


def test_without_redis_nobody_is_seen_and_nothing_fails(monkeypatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")

    async def scene(here: Here, number: int) -> Any:
        async with Visit(number, ADA) as visit:
            await here.say(BO, at="x")
            return await visit.news(), await here.others(ADA)

    assert play(scene) == (None, [])


def say(client, article, data):
    where = f"/desk/articles/{article.pk}/here"
    return client.post(where, json.dumps(data), content_type="application/json")


@pytest.mark.django_db
def test_a_page_says_where_its_editor_is(article, as_ada) -> None:
    at = str(uuid4())
    assert say(as_ada, article, {"tab": "t-1", "at": at}).status_code == 204

    async def seen() -> Any:
        async with Here(article.pk) as here:
            return await here.others(BO)

    assert [one["at"] for one in played(seen()) if one["user"] == "ada"] == [at]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"tab": "", "at": None}, "tab"),
        ({"at": None}, "tab"),
        ({"tab": 3}, "tab"),
        ({"tab": "a b"}, "tab"),
        ({"tab": "x" * 41}, "tab"),
        ({"tab": "t", "at": "x"}, "at"),
        ({"tab": "t", "at": 3}, "at"),
        ([], ""),
    ],
)
def test_a_place_that_is_none_is_refused_with_its_field(data, field, article, as_ada) -> None:
    answer = say(as_ada, article, data)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.django_db
def test_where_nobody_may_be_nobody_is(article, as_ada, client) -> None:
    assert say(client, article, {"tab": "t", "at": None}).status_code == 401
    assert as_ada.get(f"/desk/articles/{article.pk}/here").status_code == 405
    where = f"/desk/articles/{article.pk}/here"
    assert as_ada.post(where, "{", content_type="application/json").status_code == 400
    article.pk += 1
    assert say(as_ada, article, {"tab": "t", "at": None}).status_code == 404
