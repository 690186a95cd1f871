from __future__ import annotations

import pytest
from django.utils import timezone

from annotations.models import Run
from annotations.tests.factories import accept_all, suggest
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db


def titles(answer) -> list[str]:
    return [article.title for article, _ in answer.context["rows"]]


def test_what_is_in_review_waits(as_ada) -> None:
    make_article(title="Waits")
    make_article(title="Is out", state="published")
    assert titles(as_ada.get("/desk/")) == ["Waits"]


def test_each_state_says_how_many_it_has(as_ada) -> None:
    make_article()
    make_article(state="published")
    numbers = {value: number for value, _, number in as_ada.get("/desk/").context["totals"]}
    assert numbers == {"draft": 0, "in_review": 1, "published": 1, "archived": 0, "all": 2}


@pytest.mark.parametrize("state", ["draft", "published", "archived"])
def test_the_queue_is_filtered_by_state(state, as_ada) -> None:
    make_article(title="Waits")
    make_article(title="Other", state=state)
    assert titles(as_ada.get(f"/desk/?state={state}")) == ["Other"]


def test_the_queue_is_filtered_by_outlet(as_ada) -> None:
    there = make_article(title="There", outlet="The Port Times")
    make_article(title="Elsewhere", outlet="Amaro Herald")
    assert titles(as_ada.get(f"/desk/?outlet={there.outlet_id}")) == ["There"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [("newest", "BA"), ("oldest", "AB"), ("left", "AB"), ("title", "AB"), ("nonsense", "BA")],
)
def test_the_queue_is_sorted(sort, order, as_ada) -> None:
    suggest(make_article("Ana Ruiz opened the bridge.", title="A"), "entity", "Ana Ruiz")
    make_article(title="B")
    assert titles(as_ada.get(f"/desk/?sort={sort}")) == list(order)


def test_a_row_says_what_is_left_and_what_is_accepted(article, ada, as_ada) -> None:
    suggest(article, "entity", "Ana Ruiz")
    accept_all(article, ada)
    suggest(article, "entity", "ministry")
    (shown, _) = as_ada.get("/desk/").context["rows"][0]
    assert (shown.left, shown.accepted) == (1, 1)


def test_a_story_that_could_not_be_read_says_why_and_offers_to_read_it_again(
    article, as_ada
) -> None:
    Run.objects.update(state="failed", error="the model is missing", finished_at=timezone.now())
    page = as_ada.get("/desk/").text
    assert "the model is missing" in page
    assert f'action="/desk/articles/{article.pk}/read"' in page


def test_asking_for_another_reading_queues_a_run_and_comes_back(article, as_ada) -> None:
    Run.objects.update(state="failed", finished_at=timezone.now())
    answer = as_ada.post(f"/desk/articles/{article.pk}/read", {"next": "/desk/?sort=title"})
    assert answer.headers["Location"] == "/desk/?sort=title"
    assert Run.objects.filter(state="queued").count() == 1


def test_asking_twice_queues_one_run(article, as_ada) -> None:
    for _ in range(2):
        as_ada.post(f"/desk/articles/{article.pk}/read", {"next": "//evil.example/"})
    assert Run.objects.filter(state="queued").count() == 1


def test_the_newest_run_is_the_one_that_shows(article, as_ada) -> None:
    Run.objects.update(state="failed", finished_at=timezone.now())
    Run.objects.create(revision=article.revision, state="done", finished_at=timezone.now())
    [(_, run)] = as_ada.get("/desk/").context["rows"]
    assert run.state == "done"


def test_an_empty_queue_says_what_to_do(as_ada) -> None:
    assert "Nothing waits." in as_ada.get("/desk/").text


@pytest.mark.parametrize(
    "query", ["state=nonsense", "outlet=x", "outlet=9" + "9" * 30, "page=x", "page=-1", "page=99"]
)
def test_nonsense_in_the_address_shows_the_queue(query, article, as_ada) -> None:
    answer = as_ada.get(f"/desk/?{query}")
    assert titles(answer) == ["Bridge opened"]


def test_the_queue_is_paged(as_ada) -> None:
    for _ in range(26):
        make_article()
    assert len(titles(as_ada.get("/desk/"))) == 25
    assert len(titles(as_ada.get("/desk/?page=2"))) == 1


@pytest.mark.parametrize("rows", [5, 50])
def test_the_queue_costs_the_same_however_long_it_is(
    rows, as_ada, monkeypatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr("newsdesk.desk.views.queue.PAGE", 50)
    for number in range(rows):
        suggest(make_article(f"Ana Ruiz opened bridge {number}."), "entity", "Ana Ruiz")
    # Session, person, roles, number of rows, rows, runs, totals, outlets.
    with django_assert_num_queries(8):
        as_ada.get("/desk/")
