"""The records of files as annotations that stand on stories: read and checked, not placed yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from annotations.formats.plain import address_of, as_list
from annotations.formats.records import Record, Unreadable, unstorable
from annotations.formats.story import Story, Tag, Tie, tag_to_jsonld, tie_to_jsonld
from annotations.formats.uuids import uuid_in
from annotations.formats.w3c import ReadAnnotation, ReadAttribution, read_annotation
from annotations.places import Place, place
from annotations.spans import checked_spans
from articles.errors import Refused
from articles.models import Article


class Item(NamedTuple):
    """An annotation of a record, and where it stands in the newest text of which story."""

    record: Record
    article: Article
    read: ReadAnnotation
    place: Place


def addresses_in(data: Any) -> list[str]:
    """The address of the story that each target of an annotation is on; one that names none is on
    the first's. Raises Refused for what says none, or cannot be stored."""
    if isinstance(data, Unreadable):
        raise Refused(data.reason, field=data.field)
    _check_storable(data)
    targets = as_list(data.get("target")) if isinstance(data, dict) else []
    addresses = [address_of(target).partition("#")[0] for target in targets]
    if not addresses or not addresses[0]:
        raise Refused("Say which story it is on.", field="target.source")
    return [address or addresses[0] for address in addresses]


def has_ties(data: Any, *, nested: bool) -> bool:
    """Whether an annotation comes with ties; with `nested`, such as stand in others."""
    ties = data.get("attributions") if isinstance(data, dict) else None
    if not nested or not isinstance(ties, list):
        return bool(ties)
    return any(isinstance(tie, dict) and tie.get("parent") for tie in ties)


def item_of(record: Record, article: Article | None, *, is_certain: bool) -> Item:
    """The annotation of a record on the story that is at its address; `is_certain`: that it is this
    one. Raises Refused."""
    if article is None:
        raise Refused("There is no such story here.", field="target.source")
    quoted = _all_quoted(record.data)
    if not is_certain and not quoted:
        raise Refused("It is on another desk's story: quote the words.", field="target.selector")
    read = read_annotation(record.data, article.text)
    # Words that are quoted say more than the number of a revision does.
    return _item(record, article, read.without_revision() if quoted else read)


def item_of_tag(record: Record, article: Article, tag: Tag, story: Story) -> Item:
    """A story's tag, whose spans count in the text of its article. Raises Refused."""
    data = tag_to_jsonld(tag, story.text, story.ties)
    # A name that only the file has is nobody's address.
    data["id"] = tag.id if uuid_in(tag.id) else ""
    _check_storable(data)
    return _item(record, article, read_annotation(data, story.text))


def _item(record: Record, article: Article, read: ReadAnnotation) -> Item:
    assert article.revision is not None
    spans = checked_spans(read.spans, article.text)
    return Item(
        record, article, replace(read, spans=spans), place(article.revision.pk, read.kind, spans)
    )


def storable_story(data: Any) -> Story:
    """Raises Refused for what is none."""
    if isinstance(data, Unreadable):
        raise Refused(data.reason, field=data.field)
    _check_storable([data.text, data.about()], field="text")
    story: Story = data
    return story


def read_tie(tie: Tie) -> ReadAttribution:
    """A story's tie as those are that come with an annotation."""
    return ReadAttribution(
        id=tie_to_jsonld(tie)["id"], source=tie.source, cue=[list(span) for span in tie.cue],
        manner=tie.manner, mode=tie.mode, by_outlet=tie.by_outlet, parent=tie.parent,
        status=tie.status,
    )  # fmt: skip


def _check_storable(data: Any, field: str = "") -> None:
    if (place := unstorable(data)) is not None:
        raise Refused("This holds a character that no text has.", field=field or place)


def _all_quoted(data: dict[str, Any]) -> bool:
    return all(
        isinstance(target, dict)
        and any(isinstance(s, dict) and s.get("type") == "TextQuoteSelector" and s.get("exact")
                for s in as_list(target.get("selector")))
        for target in as_list(data["target"])
    )  # fmt: skip
