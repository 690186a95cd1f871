"""Label Studio's JSON: a list of tasks with annotations of a Labels tag on a Text.

Its offsets are code points: the editor counts them so since 1.8. `data` is kept as it is: its
`details` bring bodies, status and discontinuous spans through.
The labelling set-up that fits is CONFIGURATION.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import IO, Any

from annotations.formats.records import Record, Unreadable
from annotations.formats.regions import (
    ATTRIBUTED,
    CONTINUES,
    Region,
    Relation,
    details_of,
    regions_of,
    story_of,
)
from annotations.formats.story import LABELS, Story, about_story

CONFIGURATION = (
    '<View><Relations><Relation value="{}"/><Relation value="{}"/></Relations>'
    '<Labels name="label" toName="text">{}</Labels><Text name="text" value="$text"/></View>'
).format(
    ATTRIBUTED,
    CONTINUES,
    "".join(f'<Label value="{label}"/>' for label in (*sorted(LABELS), "Claim", "Source")),
)
PIECE = 1 << 16
# A task is a story; nothing longer is one.
LONGEST = 64_000_000


class Writer:
    """A list of tasks. Its end closes the JSON: a part of it is none. A task's `data.article` is
    the cursor to go on from."""

    media_type = "application/json"
    extension = "json"

    def __init__(self) -> None:
        self.records = 0

    def begin(self) -> bytes:
        return b"["

    def add(self, stories: Sequence[Story]) -> bytes:
        out = []
        for story in stories:
            out.append(",\n" if self.records else "\n")
            out.append(json.dumps(_task(story), ensure_ascii=False))
            self.records += 1
        return "".join(out).encode()

    def end(self) -> bytes:
        return b"\n]\n"


def _task(story: Story) -> dict[str, Any]:
    regions, relations = regions_of(story)
    result = [
        {
            "id": region.key, "from_name": "label", "to_name": "text", "type": "labels",
            "value": {"start": region.start, "end": region.end, "labels": [region.label],
                      "text": story.text[region.start : region.end]},
        }
        for region in regions
    ]  # fmt: skip
    result += [
        {"type": "relation", "from_id": r.first, "to_id": r.second, "direction": "right",
         "labels": [r.type]}
        for r in relations
    ]  # fmt: skip
    data = {"text": story.text, **story.about(), "details": details_of(story)}
    return {"data": data, "annotations": [{"result": result}], "predictions": []}


def read(file: IO[bytes]) -> Iterator[Record]:
    """The tasks of a file as stories; the newest annotation of a task that was not cancelled
    counts, or its prediction where there is none."""
    for line, data in _tasks(file):
        yield Record(line, data) if isinstance(data, Unreadable) else _record(line, data)


def _record(line: int, task: Any) -> Record:
    data = task.get("data") if isinstance(task, dict) else None
    text = data.get("text") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(text, str):
        return Record(line, Unreadable("A task has a text in its data.", "data.text"))
    story = about_story(data, text)
    regions, relations, problems = _result(task, text)
    story, more = story_of(story, regions, relations, data.get("details"))
    return Record(line, story, tuple(problems + more))


def _result(
    task: dict[str, Any], text: str
) -> tuple[list[Region], list[Relation], list[Unreadable]]:
    regions, relations, problems = [], [], []
    for number, item in enumerate(_chosen(task), start=1):
        try:
            if item.get("type") == "relation":
                relations.append(_relation(item))
            elif "labels" in item.get("value", {}):
                regions.append(_region(item, text, number))
        except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
            told = str(error) if type(error) is ValueError else "has no label or no offsets"
            problems.append(Unreadable(f"Result {number} {told}.", "annotations.result"))
    return regions, relations, problems


def _chosen(task: dict[str, Any]) -> list[Any]:
    for name in ("annotations", "completions", "predictions"):
        made = task.get(name)
        made = [one for one in made if isinstance(one, dict)] if isinstance(made, list) else []
        made = [one for one in made if not one.get("was_cancelled")]
        if made and isinstance(made[-1].get("result"), list):
            return made[-1]["result"]
    return []


def _region(item: dict[str, Any], text: str, number: int) -> Region:
    value = item["value"]
    start, end, label = value["start"], value["end"], value["labels"][0]
    if type(start) is not int or type(end) is not int or type(label) is not str:
        raise TypeError
    told = value.get("text")
    if isinstance(told, str) and text[start:end] != told:
        raise ValueError(f"says “{told[:80]}” where the text has “{text[start:end][:80]}”")
    return Region(str(item.get("id", f"n{number}")), label, start, end)


def _relation(item: dict[str, Any]) -> Relation:
    first, second = str(item["from_id"]), str(item["to_id"])
    if item.get("direction") == "left":
        first, second = second, first
    labels = item.get("labels") or [ATTRIBUTED]
    return Relation(first, second, str(labels[0]))


def _tasks(file: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """The items of a JSON list, one after the other, with their lines; never all at once."""
    reader = _Pieces(file)
    try:
        yield from _items(reader)
    except UnicodeDecodeError:
        yield reader.line, Unreadable("What follows is not UTF-8.")


def _items(reader: _Pieces) -> Iterator[tuple[int, Any]]:
    decoder = json.JSONDecoder()
    opened = reader.next_sign()
    if opened != "[":
        yield reader.line, Unreadable("The file is a JSON list of tasks.")
        return
    reader.skip(1)
    while (sign := reader.next_sign()) not in ("]", ""):
        if sign == ",":
            reader.skip(1)
            continue
        line = reader.line
        task = reader.item(decoder)
        yield line, task
        if isinstance(task, Unreadable):
            return
    if sign == "":
        yield reader.line, Unreadable("The list does not end: a part of the file is missing.")


class _Pieces:
    """A text file read on as far as is needed, counting lines."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = codecs.getreader("utf-8-sig")(file)
        self._text = ""
        self.line = 1

    def _more(self) -> bool:
        piece = self._file.read(PIECE)
        self._text += piece
        return bool(piece)

    def skip(self, length: int) -> None:
        self.line += self._text.count("\n", 0, length)
        self._text = self._text[length:]

    def next_sign(self) -> str:
        """The next character that is no space; none at the end."""
        while True:
            blank = len(self._text) - len(self._text.lstrip())
            self.skip(blank)
            if self._text or not self._more():
                return self._text[:1]

    def item(self, decoder: json.JSONDecoder) -> Any:
        """The value that begins here. It is tried again with twice as much text each time."""
        while True:
            try:
                value, end = decoder.raw_decode(self._text)
            except (ValueError, RecursionError):
                if len(self._text) > LONGEST or not self._twice():
                    return Unreadable("This is no JSON, or ends too early.")
            else:
                self.skip(end)
                return value

    def _twice(self) -> bool:
        wanted = max(PIECE, len(self._text)) * 2
        grown = False
        while len(self._text) < wanted and self._more():
            grown = True
        return grown
