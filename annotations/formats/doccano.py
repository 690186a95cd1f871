"""doccano's JSONL of a sequence labelling project with relations.

doccano counts UTF-16 units, as its pages do in the browser; only a project that "counts grapheme
clusters as one character" does not, and is not read here. It keeps what it does not know beside the
text and gives it back: `details` brings bodies, status and discontinuous spans through.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from annotations.formats.records import Record, Unreadable
from annotations.formats.regions import Region, Relation, details_of, regions_of, story_of
from annotations.formats.story import Story, Utf16, about_story


class Writer:
    """A line a story. The last has `"last": true`: a file without it is not whole. The story's
    number, `article`, is the cursor to go on from."""

    media_type = "application/x-ndjson"
    extension = "jsonl"

    def __init__(self) -> None:
        self.records = 0
        self._waiting: Story | None = None

    def begin(self) -> bytes:
        return b""

    def add(self, stories: Sequence[Story]) -> bytes:
        out = []
        for story in stories:
            if self._waiting:
                out.append(_line(self._waiting))
            self._waiting = story
            self.records += 1
        return "".join(out).encode()

    def end(self) -> bytes:
        return _line(self._waiting, last=True).encode() if self._waiting else b""


def _line(story: Story, *, last: bool = False) -> str:
    units = Utf16(story.text).units
    regions, relations = regions_of(story)
    data = {
        "text": story.text,
        "entities": [
            {"id": int(r.key), "label": r.label, "start_offset": units(r.start),
             "end_offset": units(r.end)}
            for r in regions
        ],
        "relations": [
            {"id": number, "from_id": int(r.first), "to_id": int(r.second), "type": r.type}
            for number, r in enumerate(relations, start=1)
        ],
        "Comments": [],
        **story.about(),
        "details": details_of(story),
        "last": last,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False) + "\n"


def read(lines: Iterable[bytes]) -> Iterator[Record]:
    """The stories of a file; a line that is none is an Unreadable."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _record(number, line)


def _record(number: int, line: bytes) -> Record:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return Record(number, Unreadable("This line is no JSON."))
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        return Record(number, Unreadable("A line is an object with a text.", "text"))
    story = about_story(data, data["text"])
    regions, problems = _regions(data, story.text)
    story, more = story_of(story, regions, _relations(data), data.get("details"))
    return Record(number, story, tuple(problems + more))


def _regions(data: dict[str, Any], text: str) -> tuple[list[Region], list[Unreadable]]:
    """Of `entities`, or of `label` or `labels` with [start, end, label], as older projects have."""
    points = Utf16(text).points
    regions, problems = [], []
    for number, item in enumerate(_listed(data), start=1):
        try:
            key, label, start, end = _values(item, number)
            regions.append(Region(key, label, points(start), points(end)))
        except (KeyError, TypeError, ValueError) as error:
            reason = str(error) if isinstance(error, ValueError) else "has no label or no offsets"
            problems.append(Unreadable(f"Entity {number} {reason}.", "entities"))
    return regions, problems


def _listed(data: dict[str, Any]) -> list[Any]:
    for name in ("entities", "label", "labels"):
        if isinstance(data.get(name), list):
            return data[name]
    return []


def _values(item: Any, number: int) -> tuple[str, str, int, int]:
    if isinstance(item, list):
        start, end, label = item
        key = f"n{number}"
    else:
        start, end, label = item["start_offset"], item["end_offset"], item["label"]
        key = str(item.get("id", f"n{number}"))
    if type(start) is not int or type(end) is not int or type(label) is not str:
        raise TypeError
    return key, label, start, end


def _relations(data: dict[str, Any]) -> list[Relation]:
    found = data.get("relations")
    return [
        Relation(str(item.get("from_id")), str(item.get("to_id")), str(item.get("type")))
        for item in (found if isinstance(found, list) else [])
        if isinstance(item, dict)
    ]
