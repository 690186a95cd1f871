"""CoNLL: a token a line, a blank line after each sentence, IOB2 tags in a column a kind.

The columns are CoNLL-U Plus's way of naming them. Lost are: of two tags of a kind that overlap the
shorter, which spans belong to one tag where it is broken, bodies, and who says what; each story
says of how many. White space between tokens comes back as spaces and line breaks.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from annotations.formats.records import Record, Unreadable
from annotations.formats.story import Story, Tag, about_story, body_of_label
from annotations.nlp.tokens import sentences

COLUMNS = ("FORM", "START", "END", "ENTITY", "CLAIM", "SOURCE")
KINDS = ("entity", "claim", "source")
_TOKEN = re.compile(r"[^\W_][\w\u0300-\u036f]*|\S")
_ABOUT = re.compile(r"#\s*(?P<name>[\w.]+(?: id)?)\s*=\s*(?P<value>.*)")
# What is no word but belongs to the one before it: marks, joiners, the second half of an emoji.
_JOINED = re.compile(r"[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")


class Writer:
    """A last comment, `# end = N`, says how many stories came before it: a file without one is not
    whole. The number in `# newdoc id` is the cursor to go on from."""

    media_type = "text/plain; charset=utf-8"
    extension = "conll"

    def __init__(self) -> None:
        self.records = 0

    def begin(self) -> bytes:
        return f"# global.columns = {' '.join(COLUMNS)}\n".encode()

    def add(self, stories: Sequence[Story]) -> bytes:
        self.records += len(stories)
        return "".join(f"{line}\n" for story in stories for line in lines(story)).encode()

    def end(self) -> bytes:
        return f"# end = {self.records}\n".encode()


def lines(story: Story) -> Iterator[str]:
    """The lines of one story."""
    about = story.about()
    yield f"# newdoc id = {about.pop('article', '')}"
    for name, value in about.items():
        yield f"# {name} = {' '.join(str(value).split())}"
    columns, lost = zip(*(_column(story, kind) for kind in KINDS), strict=True)
    yield f"# lost = {sum(lost)} overlapping, {_broken(story)} broken"
    cuts = sorted({place for tag in story.tags for span in tag.spans for place in span})
    for start, end in sentences(story.text):
        for first, last in _tokens(story.text, start, end, cuts):
            tags = [_iob2(column, first) for column in columns]
            yield "\t".join([story.text[first:last], str(first), str(last), *tags])
        yield ""


def _broken(story: Story) -> int:
    return sum(len(tag.spans) > 1 for tag in story.tags)


def _column(story: Story, kind: str) -> tuple[list[tuple[int, int, str]], int]:
    """The stretches of one kind that do not overlap, longest first, in order; how many are lost."""
    wanted = [
        (start, end, _label(tag))
        for tag in story.tags
        if tag.kind == kind
        for start, end in tag.spans
    ]
    taken: list[tuple[int, int, str]] = []
    for start, end, label in sorted(wanted, key=lambda w: (w[0] - w[1], w[0])):
        if all(end <= s or e <= start for s, e, _ in taken):
            taken.append((start, end, label))
    return sorted(taken), len(wanted) - len(taken)


def _label(tag: Tag) -> str:
    return f"Source-{tag.body['sourceKind']}" if tag.kind == "source" else tag.label


def _tokens(text: str, start: int, end: int, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """Words and signs; cut also where a tag begins or ends inside one."""
    for first, last in _joined(text, start, end):
        inner = cuts[bisect_right(cuts, first) : bisect_left(cuts, last)]
        places = [first, *inner, last]
        yield from pairwise(places)


def _joined(text: str, start: int, end: int) -> list[list[int]]:
    found: list[list[int]] = []
    for match in _TOKEN.finditer(text, start, end):
        first, last = match.span()
        touches = bool(found) and found[-1][1] == first
        joins = _JOINED.match(text, first) or text[first - 1 : first] == "\u200d"
        if touches and (joins or _is_mark(text[first])):
            found[-1][1] = last
        else:
            found.append([first, last])
    return found


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _iob2(column: list[tuple[int, int, str]], first: int) -> str:
    place = bisect_right(column, first, key=lambda stretch: stretch[0])
    start, end, label = column[place - 1] if place else (0, 0, "")
    return f"{'B' if first == start else 'I'}-{label}" if first < end else "O"


def read(lines: Iterable[bytes]) -> Iterator[Record]:
    """The stories of a file. One begins with `# newdoc` or -DOCSTART-; a file without either is
    one story. Where no column has offsets, tokens are put one space apart, sentences one line."""
    reading = _Reading()
    number = 0
    for number, raw in enumerate(lines, start=1):
        try:
            yield from reading.line(number, raw.decode("utf-8-sig").rstrip("\r\n"))
        except UnicodeDecodeError:
            yield Record(number, Unreadable("This line is not UTF-8."))
    yield from reading.story()


@dataclass
class _Document:
    line: int
    about: dict[str, Any] = field(default_factory=dict)
    # Token, start, and a tag for each column; None between sentences.
    rows: list[tuple[str, int | None, list[str]] | None] = field(default_factory=list)
    problems: list[Unreadable] = field(default_factory=list)


class _Reading:
    def __init__(self) -> None:
        self._columns: tuple[str, ...] = ()
        self._document = _Document(1)
        self._finished = 0

    def line(self, number: int, line: str) -> Iterator[Record]:
        if line.startswith("#"):
            yield from self._comment(number, line)
        elif line.startswith("-DOCSTART-"):
            yield from self.story()
            self._document = _Document(number)
        elif not line.strip():
            self._document.rows.append(None)
        else:
            self._token(number, line)

    def story(self) -> Iterator[Record]:
        """The story that ends here, if anything of it was read."""
        document, self._document = self._document, _Document(0)
        if any(document.rows) or document.problems:
            self._finished += 1
            story = _built(document)
            yield Record(document.line, story, tuple(document.problems))

    def _comment(self, number: int, line: str) -> Iterator[Record]:
        match = _ABOUT.fullmatch(line)
        name, value = (match["name"], match["value"].strip()) if match else ("", "")
        if name == "global.columns":
            self._columns = tuple(value.upper().split())
        elif name == "newdoc id":
            yield from self.story()
            about = {"article": int(value)} if value.isascii() and value.isdigit() else {}
            self._document = _Document(number, about)
        elif name == "end":
            yield from self.story()
            if value != str(self._finished):
                reason = (
                    f"The file says that it has {value} stories, and {self._finished} are there."
                )
                yield Record(number, Unreadable(reason, "end"))
        elif name:
            self._document.about[name] = int(value) if name == "revision" else value

    def _token(self, number: int, line: str) -> None:
        cells = line.split("\t") if "\t" in line else line.split()
        if self._columns and len(cells) != len(self._columns):
            told = f"Line {number} has {len(cells)} columns, not {len(self._columns)}."
            self._document.problems.append(Unreadable(told))
            return
        named = dict(zip(self._columns, cells, strict=True)) if self._columns else {}
        start = named.get("START", "")
        tags = [named.get(kind.upper(), "O") for kind in KINDS] if named else [cells[-1]]
        place = int(start) if start.isascii() and start.isdigit() else None
        self._document.rows.append((named.get("FORM", cells[0]), place, tags))


def _built(document: _Document) -> Story:
    """The text that the tokens make, with the tags on it."""
    pieces: list[str] = []
    length, gap = 0, ""
    columns: list[list[tuple[int, int, str]]] = [[] for _ in KINDS]
    for row in document.rows:
        if row is None:
            gap = "\n" if length else ""
            continue
        word, start, tags = row
        wide = len(gap) if start is None else max(0, start - length)
        white = (gap or " ") * wide
        begin = length + len(white)
        pieces += [white, word]
        length, gap = begin + len(word), " "
        for column, tag in zip(columns, tags, strict=False):
            column.append((begin, length, tag))
    found = tuple(tag for column in columns for tag in _tags(column, document))
    return replace(about_story(document.about, "".join(pieces)), tags=found)


def _tags(column: list[tuple[int, int, str]], document: _Document) -> Iterator[Tag]:
    """The stretches that IOB2 tags make; an I- that follows no B- of its label begins one too."""
    for start, end, label in _stretches(column):
        name, _, source_kind = (
            label.partition("-") if label.startswith("Source-") else (label, "", "")
        )
        meant = body_of_label(name)
        if meant is None:
            told = f"The label “{label}” means nothing here."
            document.problems.append(Unreadable(told, "label"))
            continue
        kind, body = meant
        body |= {"sourceKind": source_kind} if source_kind else {}
        yield Tag(f"{kind}-{start}-{end}", kind, [[start, end]], body)


def _stretches(column: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    open_at, until, label = 0, 0, ""
    for start, end, tag in [*column, (0, 0, "O")]:
        sign, _, name = tag.partition("-")
        if label and not (sign == "I" and name == label):
            yield open_at, until, label
            label = ""
        if sign in ("B", "I") and not label:
            open_at, label = start, name
        until = end
