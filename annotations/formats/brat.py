"""brat's standoff: a zip of story-N.txt and story-N.ann, N being the story's number.

T lines are annotations, several fragments where a span is broken. An attribution with a cue is an
event with the cue as its trigger, one without is a relation. N lines name the entity, here and in
Wikidata. A lines have status, source kind, manner and mode; a note (#) has, as JSON, what brat has
no line for. Offsets are code points. story-N.json has what is known beside the text, and
annotation.conf lets brat show it all.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from annotations.formats.story import LABELS, Story, Tag, Tie, outer_first, quoted, tie_values

ATTRIBUTION, CUE, CLAIM, SOURCE, PARENT = "Attribution", "Cue", "Claim", "Source", "Parent"


class Writer:
    """A zip, whose directory stands at its end: a part of it is none. The number in a file's name
    is the cursor to go on from."""

    media_type = "application/zip"
    extension = "zip"

    def __init__(self) -> None:
        self.records = 0
        self._out = _Taken()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)

    def begin(self) -> bytes:
        self._put("annotation.conf", configuration())
        return self._out.take()

    def add(self, stories: Sequence[Story]) -> bytes:
        for story in stories:
            self.records += 1
            name = f"story-{story.id or self.records}"
            about = json.dumps(story.about(), ensure_ascii=False, indent=1)
            self._put(f"{name}.txt", story.text)
            self._put(f"{name}.ann", "".join(f"{line}\n" for line in lines(story)))
            self._put(f"{name}.json", about + "\n")
        return self._out.take()

    def end(self) -> bytes:
        self._zip.close()
        return self._out.take()

    def _put(self, name: str, text: str) -> None:
        self._zip.writestr(name, text.encode())


class _Taken(io.RawIOBase):
    """What is written to it may be taken away piece by piece: a zip in a stream."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(self._pieces[-1])

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def configuration() -> str:
    """brat's annotation.conf for the files."""
    names = "\n".join([*sorted(LABELS), CLAIM, SOURCE, CUE])
    return f"""[entities]
{names}
[relations]
{ATTRIBUTION} Arg1:{CLAIM}, Arg2:{SOURCE}
<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>
[events]
{ATTRIBUTION} {CLAIM}:{CLAIM}, {SOURCE}?:{SOURCE}, {PARENT}?:{ATTRIBUTION}
[attributes]
Status Arg:<ANY>, Value:suggested|accepted|rejected
SourceKind Arg:{SOURCE}, Value:person|organisation|outlet|document|post|unnamed
Manner Arg:{ATTRIBUTION}, Value:direct|indirect|mixed
Mode Arg:{ATTRIBUTION}, Value:asserts|suggests|believes|intends|predicts|denies|orders|asks
ByOutlet Arg:{CLAIM}
Unattributed Arg:{CLAIM}
"""


def lines(story: Story) -> Iterator[str]:
    """The lines of a story's .ann."""
    return _Lines(story).written()


class _Lines:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._numbers = {letter: count(1) for letter in "TREAN#"}
        self._tags: dict[str, str] = {}
        self._events: dict[str, str] = {}

    def written(self) -> Iterator[str]:
        for tag in self._story.tags:
            yield from self._tag(tag)
        for tie in outer_first(self._story.ties):
            yield from self._tie(tie)

    def _new(self, letter: str) -> str:
        return f"{letter}{next(self._numbers[letter])}"

    def _text_bound(self, label: str, spans: Sequence[Sequence[int]]) -> tuple[str, str]:
        key = self._new("T")
        places = ";".join(f"{start} {end}" for start, end in spans)
        return key, f"{key}\t{label} {places}\t{quoted(self._story.text, spans)}"

    def _attribute(self, name: str, of: str, value: str = "") -> str:
        return f"{self._new('A')}\t{name} {of} {value}".rstrip()

    def _note(self, of: str, values: dict[str, Any]) -> str:
        return f"{self._new('#')}\tAnnotatorNotes {of}\t{json.dumps(values, ensure_ascii=False)}"

    def _tag(self, tag: Tag) -> Iterator[str]:
        key, line = self._text_bound(tag.label, tag.spans)
        self._tags[tag.id] = key
        yield line
        yield self._attribute("Status", key, tag.status)
        if tag.kind == "source":
            yield self._attribute("SourceKind", key, str(tag.body.get("sourceKind", "")))
        for reference in _references(tag):
            yield f"{self._new('N')}\tReference {key} {reference}\t{_on_one_line(tag.name)}"
        yield self._note(
            key,
            {"id": tag.id, "body": dict(tag.body), "confidence": tag.confidence,
             "extra": dict(tag.extra)},
        )  # fmt: skip

    def _tie(self, tie: Tie) -> Iterator[str]:
        claim, source = self._tags[tie.claim], self._tags.get(tie.source or "")
        if tie.cue:
            trigger, line = self._text_bound(CUE, tie.cue)
            key = self._new("E")
            parts = [f"{ATTRIBUTION}:{trigger}", f"{CLAIM}:{claim}"]
            parts += [f"{SOURCE}:{source}"] if source else []
            parts += [f"{PARENT}:{self._events[tie.parent]}"] if tie.parent in self._events else []
            self._events[tie.id] = key
            yield line
            yield f"{key}\t{' '.join(parts)}"
        elif source:
            key = self._new("R")
            yield f"{key}\t{ATTRIBUTION} Arg1:{claim} Arg2:{source}"
        else:
            key = self._new("A")
            yield f"{key}\t{'ByOutlet' if tie.by_outlet else 'Unattributed'} {claim}"
        yield self._attribute("Manner", key, tie.manner)
        yield self._attribute("Mode", key, tie.mode)
        yield self._note(key, tie_values(tie))


def _references(tag: Tag) -> Iterable[str]:
    address = str(tag.body.get("id", ""))
    if address:
        yield f"Newsdesk:{address.rstrip('/').rpartition('/')[2]}"
    for other in tag.body.get("sameAs", []):
        yield f"Wikidata:{other.rpartition('/')[2]}"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
