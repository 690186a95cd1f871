"""How often a thing was in stories, month by month or year by year: bars and rows. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from math import ceil

from newsdesk.site.paging import key_before

MOST_MONTHS = 36
WIDTH, HEIGHT, FOOT = 440, 110, 22
SLIMMEST, WIDEST = 4, 36
# A label needs so much room.
LABEL = 70


@dataclass(frozen=True)
class Bar:
    """A month or year: its name, its stories, its place in the picture, and the key that leads
    to its stories. `label` stands below it in the picture, where there is room for one."""

    name: str
    stories: int
    key: str
    x: float
    y: float
    width: float
    height: float
    label: str = ""


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    width: int
    height: int
    by: str

    @property
    def told(self) -> list[Bar]:
        """Those with stories, the newest first: the rows of the table."""
        return [bar for bar in reversed(self.bars) if bar.stories]


def timeline_of(months: list[tuple[date, int]]) -> Timeline:
    """Of (first day of the month, stories); those between without stories are filled in. More
    than MOST_MONTHS are shown as years."""
    spans = _months(months)
    by = "month"
    if len(spans) > MOST_MONTHS:
        spans, by = _years(months), "year"
    most = max((stories for _, _, stories in spans), default=1)
    step = min(WIDTH / max(len(spans), 1), WIDEST + 6)
    gap = min(6.0, step / 4)
    bars = [_bar(number, span, step, gap, most, by) for number, span in enumerate(spans)]
    return Timeline(bars, WIDTH, HEIGHT + FOOT, by)


def _bar(
    number: int,
    span: tuple[date, date, int],
    step: float,
    gap: float,
    most: int,
    by: str,
) -> Bar:
    first, after, stories = span
    height = round(stories / most * (HEIGHT - 4), 1) if stories else 0.0
    name = f"{first:%B %Y}" if by == "month" else f"{first:%Y}"
    every = max(1, ceil(LABEL / step))
    label = f"{first:%b %Y}" if by == "month" else f"{first:%Y}"
    return Bar(
        name, stories, key_before(after), round(number * step, 1), HEIGHT - height,
        round(max(step - gap, SLIMMEST), 1), height, "" if number % every else label,
    )  # fmt: skip


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _months(months: list[tuple[date, int]]) -> list[tuple[date, date, int]]:
    """(first day, first day after, stories) of each month from the first to the last."""
    counts = dict(months)
    spans: list[tuple[date, date, int]] = []
    day = months[0][0] if months else None
    while day and day <= months[-1][0] and len(spans) <= MOST_MONTHS:
        spans.append((day, _next_month(day), counts.get(day, 0)))
        day = _next_month(day)
    return spans


def _years(months: list[tuple[date, int]]) -> list[tuple[date, date, int]]:
    counts: Counter[int] = Counter()
    for day, stories in months:
        counts[day.year] += stories
    first, last = months[0][0].year, months[-1][0].year
    return [(date(y, 1, 1), date(y + 1, 1, 1), counts[y]) for y in range(first, last + 1)]
