"""Hand tagging: a short way to write down what is tagged in a story, and its check.

    python -m annotations.nlp.training.tagging STORY.txt TAGS.tag
    python -m annotations.nlp.training.tagging STORY.txt TAGS.tag --record ADDRESS >> gold/X.jsonl

`docs/tagging.md` describes the lines. Words stand for places in the text; what is kept are
offsets (code points, half-open).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TYPES = ("person", "organisation", "place", "event", "work", "product", "group", "date")
MANNERS = ("direct", "indirect", "mixed")
MODES = (
    "asserts", "suggests", "believes", "intends", "predicts", "denies", "orders", "asks",
)  # fmt: skip
NAMELESS = ("unnamed", "document", "post")

Span = tuple[int, int]


class TagError(ValueError):
    """A line that says something about the text that is not so."""


@dataclass
class Tagged:
    """A story's tags. Mentions are {start, end, type, name}; attributions as `read` writes them,
    with mode, claimant, claim and the index of the outer one."""

    mentions: list[dict[str, Any]] = field(default_factory=list)
    attributions: list[dict[str, Any]] = field(default_factory=list)


def places(text: str, words: str) -> list[Span]:
    """Where `words` stand as whole words; `first ~ last` stands for all from one to the other."""
    if " ~ " in words:
        first, last = (part.strip() for part in words.split(" ~ ", 1))
        found = []
        for start, end in places(text, first):
            after = [s for s in places(text, last) if s[0] >= end]
            if after:
                found.append((start, after[0][1]))
        return found
    left = r"(?<!\w)" if words[0].isalnum() else ""
    right = r"(?!\w)" if words[-1].isalnum() else ""
    pattern = left + r"\s+".join(map(re.escape, words.split())) + right
    return [m.span() for m in re.finditer(pattern, text)]


def _numbered(words: str) -> tuple[str, list[int]]:
    match = re.search(r"\s:(\d+(?:,\d+)*)$", words)
    if not match:
        return words.strip(), []
    return words[: match.start()].strip(), [int(n) for n in match.group(1).split(",")]


def _found(text: str, words: str) -> list[Span]:
    words, numbers = _numbered(words)
    spans = places(text, words)
    if not spans:
        raise TagError(f"“{words}” is not in the text")
    if numbers and max(numbers) > len(spans):
        raise TagError(f"“{words}” stands there only {len(spans)} times")
    return [spans[n - 1] for n in numbers] if numbers else spans


def read_tags(lines: str, text: str) -> Tagged:
    """All tags of a story. Raises TagError naming the first line that does not fit."""
    tagged, named, cursor = Tagged(), [], 0
    for number, line in enumerate(map(str.strip, lines.splitlines()), 1):
        try:
            if line.startswith("@"):
                named.append(_mention_line(line[1:], text))
            elif line.startswith("a "):
                tie = _attribution(line[2:], text, tagged.attributions, cursor)
                tagged.attributions.append(tie)
                cursor = cursor if tie["parent"] is not None else tie["content"][0][0]
            elif line and not line.startswith("#"):
                raise TagError("a line begins with @, a or #")
        except TagError as error:
            raise TagError(f"line {number}: {error}: {line[:80]}") from None
    tagged.mentions = _longest(named)
    return tagged


def _mention_line(line: str, text: str) -> list[dict[str, Any]]:
    type, _, rest = line.partition(" ")
    if type not in TYPES:
        raise TagError(f"the type is one of {', '.join(TYPES)}")
    words, _, name = rest.partition(" = ")
    name, numbers = _numbered(name) if name else ("", [])
    if numbers:
        words = f"{words} :{','.join(map(str, numbers))}"
    spans = _found(text, words)
    name = name or _numbered(words)[0]
    return [{"start": a, "end": b, "type": type, "name": name} for a, b in spans]


def _longest(named: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Of mentions that overlap the longest is meant."""
    kept: list[dict[str, Any]] = []
    every = sorted(
        (m for line in named for m in line), key=lambda m: (m["start"] - m["end"], m["start"])
    )
    for mention in every:
        if not any(m["start"] < mention["end"] and mention["start"] < m["end"] for m in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m["start"])


def _attribution(line: str, text: str, before: list[dict[str, Any]], cursor: int) -> dict[str, Any]:
    fields = [part.strip() for part in line.split(" | ")]
    if len(fields) not in (6, 7):
        raise TagError("source | cue | content | manner mode | claimant | claim [| ^outer]")
    source, cue, content, way, claimant, claim = fields[:6]
    parent = int(fields[6].lstrip("^")) - 1 if len(fields) == 7 else None
    if parent is not None and not 0 <= parent < len(before):
        raise TagError("there is no such outer attribution above")
    manner, _, mode = way.partition(" ")
    if manner not in MANNERS or mode not in MODES:
        raise TagError(f"manner and mode are of {MANNERS} and {MODES}")
    start = before[parent]["content"][0][0] if parent is not None else cursor
    contents = _contents(text, content, start)
    cue_span = None if cue == "-" else _nearest(_found(text, cue), contents)
    source_span = None
    if source != "-":
        outside = [s for s in _found(text, source) if not _inside(s, contents)]
        if not outside:
            raise TagError(f"the source “{source}” stands only inside its content")
        source_span = _nearest(outside, [cue_span] if cue_span else contents)
    return {
        "source": source_span, "cue": cue_span, "content": contents, "manner": manner,
        "mode": mode, "claimant": claimant, "claim": claim, "parent": parent,
    }  # fmt: skip


def _contents(text: str, content: str, start: int) -> list[Span]:
    spans: list[Span] = []
    for part in content.split(" || "):
        words, numbers = _numbered(part)
        found = _found(text, part)
        after = found if numbers else [s for s in found if s[0] >= start]
        if not after:
            raise TagError(f"“{words[:40]}” stands only before the attribution above it")
        spans.append(after[0])
        start = after[0][1]
    return spans


def _nearest(spans: list[Span], to: list[Span]) -> Span:
    return min(spans, key=lambda s: min(max(s[0] - b, a - s[1], 0) for a, b in to))


def _inside(span: Span, outer: list[Span]) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in outer)


def untagged_names(text: str, tagged: Tagged) -> list[str]:
    """Capitalised words inside sentences that no mention covers: perhaps forgotten."""
    found = []
    for match in re.finditer(r"(?<=[\w,;:’'\"”)] )[(“\"]?([A-Z][\w’'-]+)", text):
        start = match.start(1)
        if not any(m["start"] <= start < m["end"] for m in tagged.mentions):
            found.append(text[max(0, start - 15) : match.end() + 10].replace("\n", " "))
    return found


def check(story: Path, tags: Path) -> None:
    """Print each attribution as it was found, and what was perhaps forgotten."""
    text = story.read_text(encoding="utf-8")
    tagged = read_tags(tags.read_text(encoding="utf-8"), text)
    names = {m["name"] for m in tagged.mentions}
    for n, tie in enumerate(tagged.attributions, 1):
        shown = [text[slice(*span)] if span else "-" for span in (tie["source"], tie["cue"])]
        shown.append(" … ".join(text[slice(*span)] for span in tie["content"]))
        known = tie["claimant"] in names or tie["claimant"].split(" (")[0] in NAMELESS
        unknown = "" if known else f"  << no mention is named {tie['claimant']!r}"
        print(n, " | ".join(shown), unknown)
    for words in untagged_names(text, tagged):
        print("   untagged?", words)


def record(address: str, text: str, tagged: Tagged) -> str:
    """The line of `gold/` that keeps a story's tags: offsets, and what text they belong to."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    kept = {"mentions": tagged.mentions, "attributions": tagged.attributions}
    return json.dumps({"url": address, "sha256": digest} | kept, ensure_ascii=False)


def main() -> int:
    story, tags, *record_as = map(str, sys.argv[1:])
    try:
        if record_as:
            text = Path(story).read_text(encoding="utf-8")
            tagged = read_tags(Path(tags).read_text(encoding="utf-8"), text)
            print(record(record_as[-1], text, tagged))
        else:
            check(Path(story), Path(tags))
    except TagError as error:
        print(f"{sys.argv[2]}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
