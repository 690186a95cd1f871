"""Reading brat's standoff: what `brat` writes, and what other people's brat does."""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import IO, Any

from annotations.formats.brat import ATTRIBUTION, CLAIM, CUE, PARENT, SOURCE
from annotations.formats.records import Record, Unreadable
from annotations.formats.story import Story, Tag, Tie, about_story, body_of_label, quoted, tie_of

# A text has two million characters at most; what unpacks to more is no story.
LARGEST = 10_000_000
_LINE = re.compile(r"(?P<key>[TREAMN#]\d+|\*)\t(?P<rest>.*)")
_TEXT_BOUND = re.compile(r"(?P<label>\S+) (?P<places>\d+ \d+(?:;\d+ \d+)*)\t(?P<words>.*)")
_ATTRIBUTE = re.compile(r"(?P<name>\S+) (?P<of>\S+)(?: (?P<value>.*))?")
_NOTE = re.compile(r"\S+ (?P<of>\S+)\t(?P<text>.*)")
_REFERENCE = re.compile(r"\S+ (?P<of>\S+) (?P<base>[^:\s]+):(?P<key>\S+)(?:\t(?P<name>.*))?")


def read(file: IO[bytes]) -> Iterator[Record]:
    """The stories of a zip, in the order of their names: a .txt and the .ann beside it."""
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        yield Record(1, Unreadable("The file is no zip, or a part of it is missing."))
        return
    names = set(archive.namelist())
    for number, name in enumerate(sorted(n for n in names if n.endswith(".txt")), start=1):
        try:
            story, problems = _story(archive, name, names)
        except (ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            yield Record(number, Unreadable(f"It cannot be read: {error}"), place=name)
            continue
        yield Record(number, story, tuple(problems), place=name)


def _story(archive: zipfile.ZipFile, name: str, names: set[str]) -> tuple[Story, list[Unreadable]]:
    stem = str(PurePosixPath(name).with_suffix(""))
    text = _member(archive, name)
    about = {}
    if f"{stem}.json" in names:
        about = json.loads(_member(archive, f"{stem}.json"))
    story = about_story(about if isinstance(about, dict) else {}, text)
    written = _member(archive, f"{stem}.ann") if f"{stem}.ann" in names else ""
    return _Reading(text).story(story, written)


def _member(archive: zipfile.ZipFile, name: str) -> str:
    if archive.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} unpacks to more than {LARGEST:,} bytes")
    return archive.read(name).decode()


@dataclass
class _Read:
    """The lines of a .ann by what they are of."""

    texts: dict[str, tuple[str, list[list[int]], int]] = field(default_factory=dict)
    ties: dict[str, dict[str, str]] = field(default_factory=dict)
    attributes: dict[str, dict[str, tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    notes: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    references: dict[str, dict[str, tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )


class _Reading:
    def __init__(self, text: str) -> None:
        self._text = text
        self._read = _Read()
        self._problems: list[Unreadable] = []

    def story(self, story: Story, written: str) -> tuple[Story, list[Unreadable]]:
        for number, line in enumerate(written.split("\n"), start=1):
            if line.strip():
                self._line(line.rstrip("\r"), number)
        made = {
            key: self._tag(key, *told)
            for key, told in self._read.texts.items()
            if told[0] != CUE and key not in self._triggers()
        }
        tags = {key: tag for key, tag in made.items() if tag}
        ties = tuple(self._ties(tags))
        return replace(story, tags=tuple(tags.values()), ties=ties), self._problems

    def _refuse(self, number: int, reason: str, name: str = "") -> None:
        self._problems.append(Unreadable(f"Line {number} of its .ann: {reason}", name))

    def _line(self, line: str, number: int) -> None:
        match = _LINE.fullmatch(line)
        readers = {
            "T": self._text_line, "R": self._tie_line, "E": self._tie_line,
            "A": self._attribute_line, "M": self._attribute_line, "N": self._reference_line,
            "#": self._note_line,
        }  # fmt: skip
        reader = readers.get(match["key"][0]) if match else None
        if match is None or reader is None:
            self._refuse(number, "this means nothing here.")
        elif not reader(match["key"], match["rest"], number):
            self._refuse(number, "this is not as brat writes it.")

    def _text_line(self, key: str, rest: str, number: int) -> bool:
        match = _TEXT_BOUND.fullmatch(rest)
        if not match:
            return False
        spans = [[int(n) for n in place.split(" ")] for place in match["places"].split(";")]
        there = quoted(self._text, spans)
        if there.split() != match["words"].split():
            told = f"it says “{match['words'][:80]}” where the text has “{there[:80]}”."
            self._refuse(number, told, "target")
        else:
            self._read.texts[key] = match["label"], spans, number
        return True

    def _tie_line(self, key: str, rest: str, number: int) -> bool:
        parts = dict(part.split(":", 1) for part in rest.split() if ":" in part)
        kind = rest.split(" ", maxsplit=1)[0].split(":", maxsplit=1)[0]
        if kind != ATTRIBUTION:
            self._refuse(number, f"{kind} means nothing here.", "attributions")
        else:
            self._read.ties[key] = parts
        return True

    def _attribute_line(self, key: str, rest: str, number: int) -> bool:
        match = _ATTRIBUTE.fullmatch(rest)
        if match:
            self._read.attributes[match["of"]][match["name"]] = key, match["value"] or ""
        return match is not None

    def _reference_line(self, key: str, rest: str, number: int) -> bool:
        match = _REFERENCE.fullmatch(rest)
        if match:
            self._read.references[match["of"]][match["base"]] = match["key"], match["name"] or ""
        return match is not None

    def _note_line(self, key: str, rest: str, number: int) -> bool:
        match = _NOTE.fullmatch(rest)
        if match and match["text"].startswith("{"):
            # Another's note may be any text: only ours are JSON.
            try:
                self._read.notes[match["of"]] = json.loads(match["text"])
            except ValueError:
                return True
        return match is not None

    def _triggers(self) -> set[str]:
        return {parts.get(ATTRIBUTION, "") for parts in self._read.ties.values()}

    def _tag(self, key: str, label: str, spans: list[list[int]], number: int) -> Tag | None:
        note, told = self._read.notes[key], self._read.attributes[key]
        meant = body_of_label(label)
        if meant is None:
            self._refuse(number, f"the label “{label}” means nothing here.", "label")
            return None
        kind, body = meant
        body = self._body(key, note.get("body"), body)
        if kind == "source" and "SourceKind" in told:
            body["sourceKind"] = told["SourceKind"][1]
        return Tag(
            id=str(note.get("id") or key),
            kind=kind,
            spans=spans,
            body=body,
            status=told.get("Status", ("", "accepted"))[1],
            extra=note["extra"] if isinstance(note.get("extra"), dict) else {},
        )

    def _body(self, key: str, kept: Any, body: dict[str, Any]) -> dict[str, Any]:
        """What the note keeps while the label is the same; else what reference lines say."""
        if isinstance(kept, dict) and kept.get("type") == body["type"]:
            return dict(kept)
        for base, (identifier, name) in self._read.references[key].items():
            if base.lower() == "wikidata":
                body["sameAs"] = [identifier]
            if name and body["type"] not in (CLAIM, SOURCE):
                body["name"] = name
        return body

    def _ties(self, tags: dict[str, Tag]) -> Iterator[Tie]:
        for key, parts in self._read.ties.items():
            claim = tags.get(parts.get(CLAIM) or parts.get("Arg1", ""))
            source = tags.get(parts.get(SOURCE) or parts.get("Arg2", ""))
            if claim is None:
                self._problems.append(Unreadable(f"{key} has no claim.", "attributions"))
                continue
            _, cue, _ = self._read.texts.get(parts.get(ATTRIBUTION, ""), ("", [], 0))
            parent = parts.get(PARENT)
            yield self._tie(
                key,
                claim=claim.id,
                source=source.id if source else None,
                cue=cue,
                **({"parent": self._tie_id(parent)} if parent else {}),
            )
        for key, tag in tags.items():
            for name in ("ByOutlet", "Unattributed"):
                if name in self._read.attributes[key]:
                    told = self._read.attributes[key][name][0]
                    yield self._tie(told, claim=tag.id, source=None, by_outlet=name == "ByOutlet")

    def _tie_id(self, key: str) -> str:
        return str(self._read.notes[key].get("id") or key)

    def _tie(self, key: str, **more: Any) -> Tie:
        told = self._read.attributes[key]
        values = {name.lower(): told[name][1] for name in ("Manner", "Mode") if name in told}
        return tie_of({**self._read.notes[key], **values}, **{**more, "id": self._tie_id(key)})
