"""A story with its tags as the formats of other tools see it: plain values, nothing of a database.

Offsets are code points. A body is the W3C annotation's; what it means in this desk is for
`annotations/importing.py` to say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from typing import Any

from annotations.formats.kept import KEPT, given_back

Spans = list[list[int]]


@dataclass(frozen=True)
class Tag:
    """One annotation: `id` is its UUID, or whatever else names it in a file."""

    id: str
    kind: str
    spans: Spans
    body: Mapping[str, Any]
    status: str = "accepted"
    confidence: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What tools with one label for a span call it: Person, Claim, Source ..."""
        return {"claim": "Claim", "source": "Source"}.get(self.kind) or str(self.body["type"])

    @property
    def name(self) -> str:
        """What its body is called: a name, or a claim's sentence."""
        return str(self.body.get("text" if self.kind == "claim" else "name", ""))

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


@dataclass(frozen=True)
class Tie:
    """An attribution: `claim`, `source` and `parent` are ids of tags and ties of the story."""

    id: str
    claim: str
    source: str | None
    cue: Spans = field(default_factory=list)
    manner: str = "indirect"
    mode: str = "asserts"
    by_outlet: bool = False
    parent: str | None = None
    status: str = "accepted"


@dataclass(frozen=True)
class Story:
    """An article's newest text with what is said about it; `id` is the article's number here."""

    text: str
    id: int | None = None
    title: str = ""
    language: str = ""
    outlet: str = ""
    byline: str = ""
    url: str = ""
    page: str = ""
    dated: str = ""
    revision: int | None = None
    tags: Sequence[Tag] = ()
    ties: Sequence[Tie] = ()

    def about(self) -> dict[str, Any]:
        """All but text and tags, without what is empty: for where a format has such things."""
        told = ("id", "title", "language", "outlet", "byline", "url", "page", "dated", "revision")
        values = {"article" if name == "id" else name: getattr(self, name) for name in told}
        return {name: value for name, value in values.items() if value not in ("", None)}


LABELS = frozenset("Person Organisation Place Event Work Product Group".split())
# What newsrooms' and corpora's own labels are called here.
OTHER_LABELS = {
    "per": "Person", "person": "Person", "pers": "Person",
    "org": "Organisation", "organization": "Organisation", "organisation": "Organisation",
    "loc": "Place", "location": "Place", "gpe": "Place", "place": "Place", "fac": "Place",
    "event": "Event", "work": "Work", "work_of_art": "Work", "product": "Product",
    "group": "Group", "norp": "Group", "misc": "Work",
}  # fmt: skip


def body_of_label(label: str, name: str = "") -> tuple[str, dict[str, Any]] | None:
    """Kind and body for a tool's label; None for one that means nothing here."""
    if label.lower() == "claim":
        return "claim", {"type": "Claim", **({"text": name} if name else {})}
    if label.lower() == "source":
        # Somebody speaks; who it is nobody has said.
        return "source", {"type": "Source", "sourceKind": "unnamed", **_named(name)}
    type = label if label in LABELS else OTHER_LABELS.get(label.lower())
    return ("entity", {"type": type, **_named(name)}) if type else None


def _named(name: str) -> dict[str, Any]:
    return {"name": name} if name else {}


def about_story(values: Mapping[str, Any], text: str) -> Story:
    """A story of what `Story.about` gave, as far as a tool kept it."""
    names = ("title", "language", "outlet", "byline", "url", "page", "dated")
    texts = {name: values[name] for name in names if isinstance(values.get(name), str)}
    numbers = {
        field: values[name]
        for field, name in (("id", "article"), ("revision", "revision"))
        if type(values.get(name)) is int
    }
    return Story(text=text, **texts, **numbers)


def tie_values(tie: Tie) -> dict[str, Any]:
    """A tie as JSON: what `tie_of` reads."""
    return asdict(tie)


def tie_of(values: Mapping[str, Any], **more: Any) -> Tie:
    """A tie of JSON that `tie_values` gave, or a tool changed; what does not fit is left out."""
    kinds = {"id": str, "claim": str, "source": str, "cue": list, "manner": str, "mode": str,
             "by_outlet": bool, "parent": str, "status": str}  # fmt: skip
    known = {name: values[name] for name, kind in kinds.items() if type(values.get(name)) is kind}
    return Tie(**{"id": "", "claim": "", "source": None, **known, **more})


class Utf16:
    """Offsets of one text in code points and in UTF-16 units, which JavaScript counts."""

    def __init__(self, text: str) -> None:
        self._plain = text.isascii() or all(character < "\U00010000" for character in text)
        self._units = [] if self._plain else [0, *accumulate(1 + (c > "\uffff") for c in text)]

    def units(self, place: int) -> int:
        return place if self._plain else self._units[place]

    def points(self, units: int) -> int:
        """Raises ValueError for a place outside the text or inside a character."""
        if self._plain:
            return units
        place = bisect_left(self._units, units)
        if place == len(self._units) or self._units[place] != units:
            raise ValueError("lies inside a character or outside the text")
        return place


def quoted(text: str, spans: Iterable[Sequence[int]], joint: str = " ") -> str:
    """The words of the spans, on one line."""
    return joint.join(" ".join(text[start:end].split("\n")) for start, end in spans)


def selectors(span: Sequence[int], quote: str | None = None) -> list[dict[str, Any]]:
    """A span as the W3C has it, with the words that are to stand there."""
    position = {"type": "TextPositionSelector", "start": span[0], "end": span[-1]}
    words = {"type": "TextQuoteSelector", "exact": quote}
    return [position] if quote is None else [position, words]


def tag_to_jsonld(tag: Tag, text: str, ties: Iterable[Tie] = ()) -> dict[str, Any]:
    """A tag as a W3C annotation that says which words it is on; of the story's ties it has its own
    where there is more to say of them than ties do."""
    targets = [{"selector": selectors(span, text[span[0] : span[1]])} for span in tag.spans]
    whole = {
        **tag.extra,
        "id": tag.id,
        "kind": tag.kind,
        "status": tag.status,
        "body": dict(tag.body),
        "target": targets,
    }
    if KEPT not in tag.extra:
        return whole
    told = [tie_to_jsonld(tie, text) for tie in ties if tie.claim == tag.id]
    return given_back(whole | ({"attributions": told} if told else {}))


def tie_to_jsonld(tie: Tie, text: str | None = None) -> dict[str, Any]:
    """A tie as a W3C annotation has it among its attributions; with the words, where there is the
    text."""
    return {
        "id": tie.id,
        "attributedTo": tie.source,
        "cue": [
            selectors(span, None if text is None else text[span[0] : span[1]]) for span in tie.cue
        ],
        "manner": tie.manner,
        "mode": tie.mode,
        "byOutlet": tie.by_outlet,
        "parent": tie.parent,
        "status": tie.status,
    }


def outer_first(ties: Sequence[Tie]) -> list[Tie]:
    """The ties, each after the one that it stands in."""
    known = {tie.id for tie in ties}
    done: dict[str, Tie] = {}
    waiting = list(ties)
    while waiting:
        ready = [
            t for t in waiting if t.parent is None or t.parent in done or t.parent not in known
        ]
        for tie in ready or waiting:
            done[tie.id] = tie
        waiting = [tie for tie in waiting if tie.id not in done]
    return list(done.values())
