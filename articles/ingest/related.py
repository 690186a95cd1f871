"""The list of other stories that closes a story: found, cut off and read into headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.ingest.draft import RelatedHeadline
from articles.ingest.zones import BULLET, opens_a_list

LONGEST_HEADLINE = 300
MAX_URL = 2000

CLOSERS = "\"'”’»“)]}›"
ADDRESS = r"https?://[^\s<>]+"
ITEM_MARK = re.compile(BULLET)
ADDRESS_LINE = re.compile(rf"\s*<?({ADDRESS})>?\s*")
ITEM_FORMS = (
    re.compile(rf"\[(?P<title>[^\]]+)\]\((?P<url>{ADDRESS})\)"),
    re.compile(rf"(?P<title>.*\S)\s*\((?P<url>{ADDRESS})\)"),
    re.compile(rf"(?P<title>.*?[^\s–—:|-])\s*(?:[-–—:|]\s*)?<?(?P<url>{ADDRESS}?)>?"),
)


def cut_related(lines: list[str]) -> tuple[list[str], list[RelatedHeadline]]:
    """The lines above the related list that closes the story, and its headlines in order.

    From the end upwards: as soon as a line can be neither a headline nor what opens a list, the
    rest is story.
    """
    cut, lists, below = len(lines), [], []
    for count in range(len(lines) - 1, -1, -1):
        line = lines[count]
        with_colon = opens_a_list(line)
        if with_colon is None:
            if not _could_be_headline(line):
                break
            below.append(line)
            continue
        items = _read_items(below[::-1], plain=with_colon)
        if not items:
            break
        lists.append(items)
        cut, below = count, []
    return lines[:cut], [item for items in reversed(lists) for item in items]


def _could_be_headline(line: str) -> bool:
    line = line.strip()
    if not line or ITEM_MARK.match(line) or ADDRESS_LINE.fullmatch(line):
        return True
    return len(line) <= LONGEST_HEADLINE and not line.rstrip(CLOSERS).endswith((".", "。"))


def _read_items(lines: list[str], *, plain: bool) -> list[RelatedHeadline]:
    """The headlines in the lines under an opening line; none if they are not a list.

    All have a bullet or a number; or, where `plain` allows it, no blank line stands among them.
    """
    filled = [line for line in lines if line.strip()]
    marked = [bool(ITEM_MARK.match(line) or ADDRESS_LINE.fullmatch(line)) for line in filled]
    if not filled or (not all(marked) and (not plain or _is_broken(lines))):
        return []
    return list(_headlines(filled))


def _is_broken(lines: list[str]) -> bool:
    return "" in [line.strip() for line in "\n".join(lines).strip().split("\n")]


def _headlines(lines: list[str]) -> Iterator[RelatedHeadline]:
    waiting: RelatedHeadline | None = None
    for line in lines:
        alone = ADDRESS_LINE.fullmatch(line)
        if alone and waiting and not waiting.url:
            waiting = RelatedHeadline(waiting.title, _short_address(alone[1]))
            continue
        if waiting:
            yield waiting
        waiting = _headline(line)
    if waiting:
        yield waiting


def _headline(line: str) -> RelatedHeadline:
    words = ITEM_MARK.sub("", line, count=1).strip()
    for form in ITEM_FORMS:
        if match := form.fullmatch(words):
            return RelatedHeadline(" ".join(match["title"].split()), _short_address(match["url"]))
    return RelatedHeadline(" ".join(words.split()), _short_address(words))


def _short_address(url: str) -> str:
    return url if re.fullmatch(ADDRESS, url) and len(url) <= MAX_URL else ""
