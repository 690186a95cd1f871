"""How many keys a story takes: every suggestion decided, what is missing added, no mouse."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

SEED = "000_71f4712ea89c3f57"
MOST_ADDITIONS = 3
Place = tuple[str, tuple[tuple[int, int], ...]]

# Where the selection begins and ends, in characters of the text: the story has no emoji.
SELECTED = """
() => {
  const range = getSelection().getRangeAt(0);
  const placeOf = (node, offset) => {
    const paragraph = node.parentElement.closest("p");
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(node, offset);
    return Number(paragraph.dataset.start) + before.toString().length;
  };
  const { startContainer, startOffset, endContainer, endOffset } = range;
  return [placeOf(startContainer, startOffset), placeOf(endContainer, endOffset)];
}
"""


@dataclass
class Typist:
    """Presses keys on a page, and counts them."""

    page: Any
    keys: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys.append(key)

    def current(self) -> str | None:
        mark = self.page.locator("#text mark[aria-current=true]")
        return mark.get_attribute("data-id") if mark.count() else None

    def selected(self) -> list[int]:
        return self.page.evaluate(SELECTED)


def gold_of(stem: str = SEED) -> dict[Place, str]:
    """The type of each annotation of a seed story, by kind and spans."""
    path = Path(settings.BASE_DIR) / "seeds" / "gold" / f"{stem}.jsonld"
    items = json.loads(path.read_text(encoding="utf-8"))["items"]
    return {(item["kind"], _spans(item)): _type(item) for item in items}


def _type(item: dict[str, Any]) -> str:
    return item["body"].get("sourceKind") or item["body"]["type"].lower()


def _spans(item: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    selectors = [one for target in item["target"] for one in target["selector"]]
    return tuple((one["start"], one["end"]) for one in selectors if "start" in one)


def tag_story(page: Any, gold: dict[Place, str]) -> tuple[int, int]:
    """Tag an open article page until it is as `gold` has it: the keys pressed, and the tags."""
    state = json.loads(page.locator("#annotator-state").text_content())
    suggested = {one["id"]: one for one in state["annotations"] if one["status"] == "suggested"}
    missing = [place for place in gold if place not in {_place(one) for one in suggested.values()}]
    additions = sorted(missing, key=lambda place: place[1])[:MOST_ADDITIONS]
    typist, left = Typist(page), dict(suggested)
    typist.press("j")
    while left:
        one = left.get(typist.current() or "")
        if one is None:
            typist.press(" ")
            continue
        while additions and _begins(additions[0]) <= one["spans"][-1][1]:
            _add(typist, state, additions.pop(0), gold)
        if typist.current() == one["id"]:
            _decide(typist, state, one, gold)
            del left[one["id"]]
    for place in additions:
        _add(typist, state, place, gold)
    return len(typist.keys), len(suggested) + min(len(missing), MOST_ADDITIONS)


def _place(one: dict[str, Any]) -> Place:
    return one["kind"], tuple((start, end) for start, end in one["spans"])


def _begins(place: Place) -> int:
    return place[1][0][0]


def _decide(typist: Typist, state: dict[str, Any], one: dict[str, Any], gold: Any) -> None:
    wanted = gold.get(_place(one))
    if wanted is None:
        typist.press("x")
    elif one["kind"] == "entity" and wanted != one["type"]:
        typist.press(_digit(state, "entity", wanted), " ")
    else:
        typist.press("a")


def _add(typist: Typist, state: dict[str, Any], place: Place, gold: dict[Place, str]) -> None:
    kind, spans = place
    typist.press("n")
    for index, span in enumerate(spans):
        if index:
            typist.press("+", "ArrowRight")
        _select(typist, state["text"], *span)
    if kind == "claim":
        typist.press("c")
    else:
        first = ["s"] if kind == "source" else []
        typist.press(*first, _digit(state, kind, gold[place]))


def _select(typist: Typist, text: str, start: int, end: int) -> None:
    """Select text[start:end] with the keys: to its first word, then up to its last."""
    while typist.selected()[0] != start:
        typist.press("ArrowRight" if typist.selected()[0] < start else "ArrowLeft")
    if text[end : end + 1] in ".?!" and " " in text[start:end].strip():
        typist.press("Shift+ArrowDown")
    while (now := typist.selected()[1]) < end and text[now:end].strip(" ,”’.)"):
        typist.press("Shift+ArrowRight")


def _digit(state: dict[str, Any], kind: str, type: str) -> str:
    types = state["entityTypes" if kind == "entity" else "sourceKinds"]
    return str([value for value, _ in types].index(type) + 1)
