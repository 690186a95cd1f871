"""Stories from files: which article of the desk each is, and where its tags stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.utils.dateparse import parse_datetime

from annotations.anchoring import Carrier
from annotations.formats.records import Unreadable
from annotations.formats.story import Spans, Story, Tag, Tie
from annotations.models import Entity, Source
from annotations.models.fields import fold
from articles.addresses import normalised
from articles.errors import Refused
from articles.ingest.draft import Draft, fingerprint
from articles.ingest.languages import guess_language
from articles.ingest.text import clean_text, make_up_title
from articles.ingest.zones import find_zones
from articles.models import Article
from articles.revising import create_article

_SPACE = re.compile(r"\s")
_OURS = re.compile(
    r"/(?:stories/(?P<slug>[-\w]+)"
    r"|api/articles/(?P<pk>\d{1,18})(?:/annotations|/revisions(?:/\d+)?)?)/?"
)


def article_at(address: str, base: str) -> Article | None:
    """The story at an address: of ours, or where it stood first."""
    if not address or "\x00" in address:
        return None
    path = address.removeprefix(base)
    match = _OURS.fullmatch(path) if path.startswith("/") else None
    if match:
        known = {"slug": match["slug"]} if match["slug"] else {"pk": int(match["pk"])}
        return Article.objects.filter(**known).first()
    return Article.objects.filter(url=address).first()


def article_of_another_desk(address: str) -> Article | None:
    """The story that has at another desk the address that one of ours has here. Whether it is the
    same one its words must show."""
    try:
        match = _OURS.fullmatch(urlsplit(address).path)
    except ValueError:
        return None
    return Article.objects.filter(slug=match["slug"]).first() if match and match["slug"] else None


def article_spelled(address: str) -> Article | None:
    """The story that stood first at the address, however that is spelled."""
    return Article.objects.at_address(address).first() if normalised(address) else None


def article_of(story: Story, *, base: str, editor: Any) -> tuple[Article, bool]:
    """The article that has the story's text or its address, or a new one in review; whether it is
    new. Raises Refused or UnreadableText for what can be no article."""
    text = clean_text(story.text).strip()
    known = (
        Article.objects.filter(fingerprint=fingerprint(text)).first()
        or article_at(story.page, base)
        or article_at(story.url, base)
    )
    if known:
        return known, False
    if not text:
        raise Refused("The text is empty.", field="text")
    stored = create_article(draft=_draft(story, text), actor=editor)
    return stored.article, stored.is_new


def _draft(story: Story, text: str) -> Draft:
    title = " ".join(clean_text(story.title).split())
    return Draft(
        title=title or make_up_title(text),
        title_is_made_up=not title,
        text=text,
        language=story.language or guess_language(text),
        outlet=story.outlet,
        byline=story.byline,
        url=story.url,
        dated=_moment(story.dated),
        zones=find_zones(text),
    )


def _moment(written: str) -> Any:
    try:
        return parse_datetime(written)
    except ValueError:
        return None


def fitted(story: Story, text: str) -> tuple[Story, list[Unreadable]]:
    """The story with its spans counted in `text`; and what stands nowhere in it for certain."""
    if story.text == text:
        return story, []
    cleaned = clean_text(story.text)
    moved = story if cleaned == story.text else _moved(story, _Cleaned(story, cleaned))
    missing = [tag for tag in story.tags if tag.id not in {t.id for t in moved.tags}]
    if cleaned != text and _SPACE.sub(" ", cleaned) != _SPACE.sub(" ", text):
        carried = _moved(moved, Carrier(cleaned, text))
        missing += [tag for tag in moved.tags if tag.id not in {t.id for t in carried.tags}]
        moved = carried
    return replace(moved, text=text), [_lost(tag, story.text) for tag in missing]


def _lost(tag: Tag, text: str) -> Unreadable:
    words = " … ".join(text[start:end] for start, end in tag.spans)
    return Unreadable(f"“{words[:200]}” has no certain place in the text that is here.", "target")


def _moved(story: Story, mover: Any) -> Story:
    tags = [(tag, mover.carry(tag.spans)) for tag in story.tags]
    kept = tuple(replace(tag, spans=spans) for tag, spans in tags if spans)
    return replace(story, tags=kept, ties=tuple(_tie(tie, mover) for tie in story.ties))


def _tie(tie: Tie, mover: Any) -> Tie:
    return replace(tie, cue=(mover.carry(tie.cue) or []) if tie.cue else [])


class _Cleaned:
    """Carries spans from a text to what `clean_text` makes of it: line breaks of one kind, letters
    with their accents. Text between two places is cleaned by itself, so that its length tells."""

    def __init__(self, story: Story, cleaned: str) -> None:
        self._text, self._cleaned = story.text, cleaned
        spans = [tag.spans for tag in story.tags] + [tie.cue for tie in story.ties]
        places = {place for each in spans for span in each for place in span}
        self._at = self._counted(place for place in places if 0 <= place <= len(story.text))

    def _counted(self, places: Iterable[int]) -> dict[int, int]:
        at, before, length = {}, 0, 0
        for place in sorted(places):
            length += len(clean_text(self._text[before:place]))
            at[place], before = length, place
        return at

    def carry(self, spans: Spans) -> Spans | None:
        """The spans there; None where the words are not what they were."""
        carried = []
        for start, end in spans:
            if start not in self._at or end not in self._at:
                return None
            first, last = self._at[start], self._at[end]
            if self._cleaned[first:last] != clean_text(self._text[start:end]):
                return None
            carried.append([first, last])
        return carried


def body_here(body: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The body with no address that leads to something else here than where it comes from: another
    desk's numbers are its own, and so are its short names, unless the same thing is called so."""
    body = dict(body)
    address = body.get("id")
    if not isinstance(address, str) or "://" not in address or address.startswith(f"{base}/"):
        return body
    slug = address.rstrip("/").rpartition("/")[2]
    model = {"Claim": None, "Source": Source}.get(str(body.get("type")), Entity)
    there = model.objects.filter(slug=slug).first() if model else None
    if model is None or (there and not _is_called(there, body)):
        del body["id"]
    if "entity" in body and "id" not in body:
        del body["entity"]
    return body


def _is_called(there: Any, body: Mapping[str, Any]) -> bool:
    name = body.get("name")
    return isinstance(name, str) and fold(name) == there.folded_name
