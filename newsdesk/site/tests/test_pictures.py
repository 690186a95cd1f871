"""The picture of the company an entity keeps, and the timeline."""

from __future__ import annotations

from datetime import date

from newsdesk.site.company import MOST, MOST_TIES, SPINE, company_of
from newsdesk.site.timeline import HEIGHT, MOST_MONTHS, WIDTH, timeline_of


def test_those_that_share_most_stories_come_first() -> None:
    company = company_of(1, [[1, 2], [1, 2, 3], [1, 3], [1, 2]])
    assert [(row.key, row.together) for row in company.rows] == [(1, 4), (2, 3), (3, 2)]


def test_stories_without_the_entity_tell_nothing() -> None:
    assert [row.key for row in company_of(1, [[2, 3], [1, 4]]).rows] == [1, 4]


def test_an_entity_that_is_alone_has_no_arcs() -> None:
    company = company_of(1, [[1], [1]])
    assert (len(company.rows), company.arcs) == (1, [])


def test_two_others_that_share_a_story_are_tied_too() -> None:
    company = company_of(1, [[1, 2, 3]])
    assert [arc.is_own for arc in company.arcs] == [False, True, True]


def test_the_picture_stays_small_however_many_there_are() -> None:
    company = company_of(0, [range(40)] * 3)
    assert len(company.rows) == MOST + 1
    assert len(company.arcs) == MOST + MOST_TIES


def test_a_thicker_arc_stands_for_more_stories() -> None:
    _, second, third = company_of(1, [[1, 2], [1, 2], [1, 3]]).rows
    widths = {arc.width for arc in company_of(1, [[1, 2], [1, 2], [1, 3]]).arcs}
    assert second.together > third.together
    assert len(widths) == 2


def test_arcs_stay_in_the_picture() -> None:
    for arc in company_of(0, [range(20)]).arcs:
        assert int(arc.path.split("A")[1].split(" ")[0]) < SPINE


def test_months_between_without_stories_are_filled_in() -> None:
    timeline = timeline_of([(date(2026, 1, 1), 2), (date(2026, 4, 1), 1)])
    assert [bar.stories for bar in timeline.bars] == [2, 0, 0, 1]
    assert [bar.name for bar in timeline.told] == ["April 2026", "January 2026"]


def test_the_tallest_bar_fills_the_picture_and_none_leaves_it() -> None:
    timeline = timeline_of([(date(2025, m, 1), m) for m in range(1, 13)])
    assert min(bar.y for bar in timeline.bars) == 4
    assert all(
        bar.x + bar.width <= WIDTH and bar.y + bar.height == HEIGHT
        for bar in timeline.bars
        if bar.stories
    )


def test_a_bar_leads_to_the_stories_before_the_next_month() -> None:
    (bar,) = timeline_of([(date(2026, 12, 1), 3)]).bars
    assert bar.key == "20270101T000000000000-0"


def test_a_long_time_is_shown_by_years() -> None:
    timeline = timeline_of([(date(2019, 3, 1), 1), (date(2026, 4, 1), 2), (date(2026, 5, 1), 3)])
    assert timeline.by == "year"
    assert [(bar.name, bar.stories) for bar in timeline.told] == [("2026", 5), ("2019", 1)]
    assert len(timeline_of([(date(2020, 1, 1), 1), (date(2022, 12, 1), 1)]).bars) == MOST_MONTHS


def test_no_stories_make_no_bars() -> None:
    assert timeline_of([]).bars == []
