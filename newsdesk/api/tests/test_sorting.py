"""Lists in every order: complete while others write, whatever they write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.deciding import change
from annotations.models import Entity
from annotations.tests.factories import ClaimFactory, EntityFactory, SourceFactory, suggest
from articles.models import Article
from articles.tests.factories import make_article
from newsdesk.api import sorting

pytestmark = pytest.mark.django_db

SORTS = {
    "articles": ["id", "created", "modified", "published", "dated", "title"],
    "annotations": ["id", "created", "modified", "position"],
    "attributions": ["id", "created", "modified"],
    "entities": ["id", "created", "modified", "name"],
    "sources": ["id", "created", "modified", "name"],
    "claims": ["id", "created", "modified", "text"],
    "runs": ["id", "queued", "finished"],
    "import": ["id", "queued"],
}
EACH = [(name, sort) for name, sorts in SORTS.items() for sort in sorts]


def walk(api: Any, address: str, between: Callable[[], Any] | None = None) -> list[dict[str, Any]]:
    """All rows of a list, page after page; something may happen in between."""
    rows: list[dict[str, Any]] = []
    while address:
        page = api.get(address).json()
        rows += page.get("results") or page.get("items") or []
        address = (page.get("next") or "").removeprefix("http://127.0.0.1:8000")
        if between and address:
            between()
    return rows


def ids(rows: list[dict[str, Any]]) -> list[Any]:
    return [row["id"] for row in rows]


@pytest.mark.parametrize(("name", "sort"), EACH)
def test_each_order_goes_both_ways(api, name, sort) -> None:
    assert api.get(f"/api/{name}/?sort={sort}").status_code == 200
    assert api.get(f"/api/{name}/?sort=-{sort}").status_code == 200


@pytest.mark.parametrize("name", SORTS)
def test_an_order_that_is_none_is_refused_with_those_that_are(api, name) -> None:
    (error,) = api.get(f"/api/{name}/?sort=colour").json()["errors"]
    assert error["field"] == "sort"
    for sort in SORTS[name]:
        assert f" {sort}" in error["detail"]
        assert f"-{sort}" in error["detail"]


def test_names_are_sorted_as_the_database_does_without_regard_to_case(api) -> None:
    for name in ("Émile", "berlin", "Zoë", "Aachen", "2026-11-25T10:00:00Z", "ana"):
        EntityFactory(name=name)
    rows = walk(api, "/api/entities/?sort=name&page_size=1")
    assert [row["name"] for row in rows] == [
        "2026-11-25T10:00:00Z", "Aachen", "ana", "berlin", "Zoë", "Émile",
    ]  # fmt: skip
    assert walk(api, "/api/entities/?sort=-name&page_size=1") == rows[::-1]


def test_titles_are_sorted_without_regard_to_case(api) -> None:
    for number, title in enumerate(("b", "C", "a", "Äpfel", "ÄPFEL")):
        make_article(f"Text {number}", title=title)
    rows = walk(api, "/api/articles/?sort=title&page_size=2")
    assert [row["title"] for row in rows] == ["a", "b", "C", "Äpfel", "ÄPFEL"]


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_the_same_name_many_times_comes_in_the_order_of_ids(api, sort) -> None:
    there = [EntityFactory(name="Ana").pk for _ in range(7)]
    found = ids(walk(api, f"/api/entities/?sort={sort}&page_size=2"))
    assert found == (there[::-1] if sort == "-name" else there)


def test_a_text_is_sorted_by_its_beginning_and_then_by_id(api) -> None:
    same = "It is " + 40 * "very "
    late, early = ClaimFactory(text=f"{same}z."), ClaimFactory(text=f"{same}a.")
    rows = walk(api, "/api/claims/?sort=text&page_size=1")
    assert ids(rows) == [late.pk, early.pk]


@pytest.mark.parametrize(
    ("sort", "places"), [("published", [0, 1, 2, 3]), ("-published", [1, 0, 3, 2])]
)
def test_stories_without_a_date_come_last_either_way(api, sort, places) -> None:
    made = [make_article(f"Text {number}") for number in range(4)]
    for article, day in zip(made, (1, 2), strict=False):
        moment = datetime(2026, 11, day, tzinfo=UTC)
        Article.objects.filter(pk=article.pk).update(published_at=moment)
    expected = [made[place].pk for place in places]
    for size in (1, 2, 3):
        assert ids(walk(api, f"/api/articles/?sort={sort}&page_size={size}")) == expected


def test_annotations_come_in_the_order_of_the_text(api) -> None:
    article, other = make_article("Ana met Bob and Eve."), make_article("Eve met Ana there.")
    made = [suggest(article, "entity", word) for word in ("Eve", "Ana", "Bob")]
    far = suggest(other, "entity", "Eve")
    rows = walk(api, "/api/annotations/?sort=position&page_size=1&fields=id")
    expected = [str(one.uuid) for one in (made[1], made[2], made[0], far)]
    assert [row["id"][-37:-1] for row in rows] == expected
    container = f"/api/articles/{article.pk}/annotations/?sort=-position"
    rows = api.get(container).json()["first"]["items"]
    assert [row["id"][-37:-1] for row in rows] == expected[2::-1]


# While others write


def rename(api: Any, address: str, pk: int, field: str, value: str) -> None:
    address = f"/api/{address}/{pk}/"
    answer = api.patch(address, {field: value}, HTTP_IF_MATCH=api.get(address)["ETag"])
    assert answer.status_code == 200


@pytest.mark.parametrize("sort", ["modified", "-modified", "name", "-name"])
@pytest.mark.parametrize("name", ["Aaa", "Zzz"])
def test_what_is_renamed_before_it_came_comes_once(api, sort, name) -> None:
    there = [EntityFactory(name=f"M {number:02}").pk for number in range(10)]
    last = there[0] if sort.startswith("-") else there[-1]
    yet_to_come = iter([last])

    def somebody_writes() -> None:
        if (pk := next(yet_to_come, None)) is not None:
            rename(api, "entities", pk, "name", name)

    found = ids(walk(api, f"/api/entities/?sort={sort}&page_size=3", somebody_writes))
    assert sorted(found) == there
    assert found[-1] == last


@pytest.mark.parametrize(
    ("address", "sort", "field"), [("entities", "name", "name"), ("sources", "name", "name"),
                                   ("claims", "text", "text"), ("articles", "title", "title")],
)  # fmt: skip
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_list_is_complete_while_rows_are_added_and_changed(
    api, address, sort, field, sign
) -> None:
    make: dict[str, Callable[[str], Any]] = {
        "entities": lambda name: EntityFactory(name=name),
        "sources": lambda name: SourceFactory(name=name),
        "claims": lambda name: ClaimFactory(text=name),
        "articles": lambda name: make_article(f"Text of {name}", title=name),
    }
    there = [make[address](f"M {number:02}").pk for number in range(12)]
    turns = iter(range(100))
    changed = set()

    def somebody_writes() -> None:
        turn = next(turns)
        make[address](f"{'A' if turn % 2 else 'Z'} new {turn}")
        if turn < 6:
            pk = there[turn * 5 % 12]
            rename(api, address, pk, field, f"{'Z' if turn % 2 else 'A'} renamed {turn}")
            changed.add(pk)

    rows = walk(api, f"/api/{address}/?sort={sign}{sort}&page_size=2", somebody_writes)
    found = ids(rows)
    assert set(there) <= set(found)
    for pk in set(there) - changed:
        assert found.count(pk) == 1
    for pk in changed:
        assert found.count(pk) <= 2
        *_, last = (row[field] for row in rows if row["id"] == pk)
        assert "renamed" in last


def test_annotations_that_are_put_elsewhere_are_not_lost(api, ada) -> None:
    article = make_article(" ".join(f"word{n:02}" for n in range(12)))
    there = [suggest(article, "entity", f"word{n:02}") for n in range(0, 12, 2)]

    def somebody_writes() -> None:
        last = there[-1]
        if last.spans[0][0]:
            change(annotation=last, editor=ada, seen_version=last.version, spans=[[0, 3]])
            last.refresh_from_db()

    address = f"/api/articles/{article.pk}/annotations/?sort=position&page_size=2&fields=id"
    found = ids(walk(api, address, somebody_writes))
    assert [one[-37:-1] for one in found] == [str(one.uuid) for one in there]


def test_many_changes_come_in_pages_too(api) -> None:
    there = [EntityFactory(name=f"M {number:02}").pk for number in range(9)]
    first = api.get("/api/entities/?sort=name&page_size=1").json()
    for pk in there[1:]:
        rename(api, "entities", pk, "name", f"A {pk}")
    address = first["next"].removeprefix("http://127.0.0.1:8000")
    assert ids(walk(api, address)) == there[1:]


def test_a_page_of_changes_ends_early_and_goes_on(api, monkeypatch) -> None:
    monkeypatch.setattr(sorting, "CHUNK", 2)
    monkeypatch.setattr(sorting, "CHUNKS", 2)
    there = [EntityFactory(name=f"M {number:02}").pk for number in range(3)]
    others = [EntityFactory(name=f"Other {number:02}").pk for number in range(9)]
    first = api.get("/api/entities/?sort=name&page_size=1&q=m").json()
    for pk in (*others, there[2]):
        rename(api, "entities", pk, "name", f"{'M' if pk == there[2] else 'Other'} new {pk}")
    address = first["next"].removeprefix("http://127.0.0.1:8000").replace("size=1", "size=5")
    early = api.get(address).json()
    assert (ids(early["results"]), bool(early["next"])) == ([there[1]], True)
    assert ids(walk(api, address)) == there[1:]


def test_a_row_that_the_filter_passes_no_more_is_left_out(api) -> None:
    there = [EntityFactory(name=f"M {number:02}").pk for number in range(3)]
    first = api.get("/api/entities/?sort=name&page_size=1&q=m").json()
    rename(api, "entities", there[1], "name", "Other")
    address = first["next"].removeprefix("http://127.0.0.1:8000")
    assert ids(walk(api, address)) == [there[2]]


# Cursors


def test_a_cursor_of_another_order_says_of_which(api) -> None:
    for _ in range(3):
        EntityFactory()
    following = api.get("/api/entities/?page_size=1&sort=name").json()["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]
    for order in ("-name", "modified"):
        answer = api.get(f"/api/entities/?cursor={cursor}&sort={order}")
        assert answer.status_code == 400
        assert "sort=name" in answer.json()["detail"]
    assert api.get(f"/api/entities/?cursor={cursor}&sort=name").status_code == 200


@pytest.mark.parametrize(
    ("name", "sort", "table", "index"),
    [
        ("entities", "name", "annotations_entity", "folded_name"),
        ("entities", "-modified", "annotations_entity", "entity_updated"),
        ("claims", "text", "annotations_claim", "claim_beginning"),
        ("articles", "title", "articles_article", "article_title"),
        ("articles", "-published", "articles_article", "article_published"),
        # Several begin with the article, and any of them will do.
        ("annotations", "position", "annotations_annotation", " using annotation"),
        ("annotations", "-modified", "annotations_annotation", "annotation_updated"),
    ],
)
def test_a_page_is_read_from_an_index(api, name, sort, table, index) -> None:
    article = make_article("Ana met Bob and Eve.", state="published")
    for word in ("Ana", "Bob", "Eve"):
        suggest(article, "entity", word)
    make_article("Bob met Ana.", state="published")
    for _ in range(2):
        EntityFactory(), ClaimFactory()
    following = api.get(f"/api/{name}/?sort={sort}&page_size=1").json()["next"]
    with CaptureQueriesContext(connection) as told:
        api.get(following.removeprefix("http://127.0.0.1:8000"))
    paged = [q["sql"] for q in told if f'FROM "{table}"' in q["sql"] and "LIMIT 2" in q["sql"]]
    with connection.cursor() as cursor:
        # So few rows are read faster without an index: the question is whether one would do.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {paged[0]}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan
    assert "->  Sort" not in plan


def test_what_is_merged_meanwhile_comes_no_more(api) -> None:
    kept, gone, last = (EntityFactory(name=name) for name in ("Ana", "Anna", "Bob"))
    first = api.get("/api/entities/?sort=name&page_size=1").json()
    rename(api, "entities", gone.pk, "name", "Anna B")
    Entity.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert ids(walk(api, first["next"].removeprefix("http://127.0.0.1:8000"))) == [last.pk]
