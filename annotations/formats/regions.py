"""Tags as tools have them that know one label and one stretch of text: regions and relations.

What such a tool has no place for (bodies, status, discontinuous spans, who says what in which way)
goes into `details`, which it keeps beside the text and gives back. A region that is still where it
was is the tag that it was; a region of a person's own is a new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from annotations.formats.records import Unreadable
from annotations.formats.story import Story, Tag, Tie, body_of_label, tie_of, tie_values

ATTRIBUTED = "attributed_to"
CONTINUES = "continues"


@dataclass(frozen=True)
class Region:
    """A label on one stretch of text, in code points."""

    key: str
    label: str
    start: int
    end: int

    @property
    def place(self) -> tuple[str, int, int]:
        return self.label, self.start, self.end


@dataclass(frozen=True)
class Relation:
    """From one region to another, by their keys."""

    first: str
    second: str
    type: str


def regions_of(story: Story) -> tuple[list[Region], list[Relation]]:
    """The story's tags as regions, one for each span, and what ties them."""
    regions: list[Region] = []
    relations: list[Relation] = []
    heads: dict[str, str] = {}
    for tag in story.tags:
        parts = [
            Region(str(len(regions) + n), tag.label, start, end)
            for n, (start, end) in enumerate(tag.spans, start=1)
        ]
        heads[tag.id] = parts[0].key
        regions += parts
        relations += [Relation(one.key, other.key, CONTINUES) for one, other in pairwise(parts)]
    relations += [
        Relation(heads[tie.claim], heads[tie.source], ATTRIBUTED)
        for tie in story.ties
        if tie.source and tie.status != "rejected"
    ]
    return regions, relations


def details_of(story: Story) -> dict[str, Any]:
    """All that regions and relations do not say, as JSON."""
    return {
        "tags": [asdict(tag) for tag in story.tags],
        "ties": [tie_values(tie) for tie in story.ties],
    }


def story_of(
    story: Story, regions: Sequence[Region], relations: Sequence[Relation], details: Any
) -> tuple[Story, list[Unreadable]]:
    """The story with the tags that regions, relations and details make; and what says nothing."""
    details = details if isinstance(details, Mapping) else {}
    left = defaultdict(list)
    for region in regions:
        left[region.place].append(region.key)
    tags, owners = _known_tags(details.get("tags"), left)
    free = {key for keys in left.values() for key in keys}
    new, problems = _new_tags(story, [r for r in regions if r.key in free], relations, owners)
    tags += new
    ties = _ties(details.get("ties"), relations, owners, {tag.id: tag for tag in tags})
    return replace(story, tags=tuple(tags), ties=tuple(ties)), problems


def _known_tags(
    kept: Any, left: dict[tuple[str, int, int], list[str]]
) -> tuple[list[Tag], dict[str, str]]:
    """The tags of which all regions are still there, and whose each region is."""
    tags: list[Tag] = []
    owners: dict[str, str] = {}
    for tag in filter(None, map(_tag, kept if isinstance(kept, list) else [])):
        places = [(tag.label, start, end) for start, end in tag.spans]
        if all(left.get(place) for place in places):
            owners |= {left[place].pop(0): tag.id for place in places}
            tags.append(tag)
    return tags, owners


def _tag(values: Any) -> Tag | None:
    try:
        tag = Tag(**values)
        spans = [[int(start), int(end)] for start, end in tag.spans]
        tag.label.strip()
        return replace(tag, spans=spans) if spans else None
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _new_tags(
    story: Story, regions: list[Region], relations: Sequence[Relation], owners: dict[str, str]
) -> tuple[list[Tag], list[Unreadable]]:
    """Tags of regions that nothing is kept of; `owners` learns whose they are."""
    by_key = {region.key: region for region in regions}
    tags, problems = [], []
    for group in _groups(by_key, relations):
        first = by_key[group[0]]
        meant = body_of_label(first.label)
        if meant is None:
            problems.append(Unreadable(f"The label “{first.label}” means nothing here.", "label"))
            continue
        spans = sorted([by_key[key].start, by_key[key].end] for key in group)
        identifier = f"region-{first.key}"
        owners |= dict.fromkeys(group, identifier)
        tags.append(Tag(identifier, meant[0], spans, meant[1]))
    return tags, problems


def _groups(by_key: Mapping[str, Region], relations: Sequence[Relation]) -> Iterator[list[str]]:
    """Keys of regions that are one tag: those that continue others stand with them."""
    group_of = {key: [key] for key in by_key}
    for relation in relations:
        both = relation.first in by_key and relation.second in by_key
        if relation.type == CONTINUES and both:
            one, other = group_of[relation.first], group_of[relation.second]
            if one is not other:
                one += other
                group_of |= dict.fromkeys(other, one)
    seen: set[int] = set()
    for group in group_of.values():
        if id(group) not in seen:
            seen.add(id(group))
            yield group


def _ties(
    kept: Any, relations: Iterable[Relation], owners: Mapping[str, str], tags: Mapping[str, Tag]
) -> list[Tie]:
    """The ties kept whose two ends are still tied, and those that are new."""
    pairs = {
        (owners.get(relation.first, ""), owners.get(relation.second, ""))
        for relation in relations
        if relation.type == ATTRIBUTED
    }
    values = (
        [item for item in kept or [] if isinstance(item, dict)] if isinstance(kept, list) else []
    )
    ties = [tie_of(item) for item in values]
    ties = [tie for tie in ties if tie.claim in tags and _still_there(tie, pairs)]
    known = {(tie.claim, tie.source) for tie in ties}
    for number, (claim, source) in enumerate(sorted(pairs - known), start=1):
        kinds = [tags[end].kind if end in tags else "" for end in (claim, source)]
        if kinds == ["claim", "source"]:
            ties.append(Tie(f"relation-{number}", claim, source))
    return ties


def _still_there(tie: Tie, pairs: set[tuple[str, str]]) -> bool:
    return tie.source is None or tie.status == "rejected" or (tie.claim, tie.source) in pairs
