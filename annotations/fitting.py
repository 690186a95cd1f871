"""Stories from files: which article of the desk each is, and where its tags stand in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.utils.dateparse import parse_datetime

from annotations.anchoring import Carrier
from annotations.formats.records import Unreadable
from annotations.formats.story import Spans, Story, Tag, Tie
from annotations.meanings import Meanings
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


def articles_at(addresses: Collection[str], base: str) -> dict[str, tuple[int, bool]]:
    """By address, the number of the story there: of ours, or where it stood first; else of the one
    that has the address here that another desk's story has there. Whether it surely is the same
    one is the second of the two: else its words must show it."""
    found = {
        address: (pk, True)
        for address, pk in _found({a: _key_here(a, base) for a in addresses}).items()
    }
    elsewhere = {a: _key_elsewhere(a) for a in addresses if a not in found}
    found |= {address: (pk, False) for address, pk in _found(elsewhere).items()}
    spelled = {a: _article_spelled(a) for a in addresses if a not in found}
    return found | {address: (pk, True) for address, pk in spelled.items() if pk}


def _article_at(address: str, base: str) -> Article | None:
    """The story at an address: of ours, or where it stood first."""
    pk = _found({address: _key_here(address, base)}).get(address)
    return Article.objects.get(pk=pk) if pk else None


def _key_here(address: str, base: str) -> tuple[str, Any] | None:
    """By which of its columns, and what of it, a story at an address is found."""
    if not address or "\x00" in address:
        return None
    path = address.removeprefix(base)
    match = _OURS.fullmatch(path) if path.startswith("/") else None
    if not match:
        return "url", address
    return ("slug", match["slug"]) if match["slug"] else ("pk", int(match["pk"]))


def _key_elsewhere(address: str) -> tuple[str, Any] | None:
    try:
        match = _OURS.fullmatch(urlsplit(address).path)
    except ValueError:
        return None
    return ("slug", match["slug"]) if match and match["slug"] else None


def _found(keys: Mapping[str, tuple[str, Any] | None]) -> dict[str, int]:
    """The numbers of the stories with these keys, in a query for each of their columns."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for key in filter(None, keys.values()):
        wanted[key[0]].add(key[1])
    there: dict[tuple[str, Any], int] = {}
    for column, values in wanted.items():
        rows = Article.objects.filter(**{f"{column}__in": values})
        for value, pk in rows.values_list(column, "pk"):
            there.setdefault((column, value), pk)
    return {address: there[key] for address, key in keys.items() if key and key in there}


def _article_spelled(address: str) -> int | None:
    """The number of the story that stood first at the address, however that is spelled."""
    if not normalised(address):
        return None
    return Article.objects.at_address(address).values_list("pk", flat=True).first()


def article_of(story: Story, *, base: str, editor: Any) -> tuple[Article, bool]:
    """The article that has the story's text or its address, or a new one in review; whether it is
    new. Raises Refused or UnreadableText for what can be no article."""
    text = clean_text(story.text).strip()
    known = (
        Article.objects.filter(fingerprint=fingerprint(text)).first()
        or _article_at(story.page, base)
        or _article_at(story.url, base)
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


def bodies_here(
    bodies: Collection[Mapping[str, Any]], base: str, meanings: Meanings
) -> list[dict[str, Any]]:
    """The bodies with no address that leads to something else here than where it comes from:
    another desk's numbers are its own, and so are its short names, unless the same thing is called
    so."""
    away = [body for body in bodies if _is_away(body, base)]
    for kind, lookup in (("source", meanings.sources), ("entity", meanings.entities)):
        lookup.ask(_last(body) for body in away if _kind(body) == kind)
    return [_body_here(body, meanings) if _is_away(body, base) else dict(body) for body in bodies]


def _is_away(body: Mapping[str, Any], base: str) -> bool:
    address = body.get("id")
    return isinstance(address, str) and "://" in address and not address.startswith(f"{base}/")


def _last(body: Mapping[str, Any]) -> str:
    return str(body["id"]).rstrip("/").rpartition("/")[2]


def _kind(body: Mapping[str, Any]) -> str:
    return {"Claim": "claim", "Source": "source"}.get(str(body.get("type")), "entity")


def _body_here(body: Mapping[str, Any], meanings: Meanings) -> dict[str, Any]:
    body, kind = dict(body), _kind(body)
    there: Any = None
    if kind != "claim":
        there = (meanings.sources if kind == "source" else meanings.entities).get(_last(body))
    if kind == "claim" or (there and not _is_called(there, body)):
        del body["id"]
    if "entity" in body and "id" not in body:
        del body["entity"]
    return body


def _is_called(there: Any, body: Mapping[str, Any]) -> bool:
    name = body.get("name")
    return isinstance(name, str) and fold(name) == there.folded_name
