"""What readers saw change in a story: only texts and headlines that were public, never drafts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from articles.changes import Change
from articles.models import Article, Revision

PUBLIC = Article.State.PUBLISHED


@dataclass(frozen=True)
class Correction:
    """One text or headline put in the place of another, when, and the editor's note on it."""

    what: str
    at: datetime
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True)
class Seen:
    """What readers saw from a moment on."""

    at: datetime
    title: str
    revision: int


def corrections_of(article: Article, *, most: int = 5) -> list[Correction]:
    """The newest corrections first. No query where the story was never changed, else two."""
    if article.version == 1 or not article.is_published:
        return []
    seen = list(_seen(article))
    numbers = {row.revision for row in seen}
    texts = {r.number: r for r in article.revisions.filter(number__in=numbers)} if numbers else {}
    found = [c for pair in pairwise(seen) for c in _between(*pair, texts)]
    return found[::-1][:most]


def _seen(article: Article) -> Iterator[Seen]:
    """From the log, in order. An article changed while it was public was seen before, too."""
    kind, identifier = article.change_subject
    rows = Change.objects.filter(subject_type=kind, subject_id=identifier).order_by("seq")
    for at, before, after in rows.values_list("at", "before", "after"):
        for state in (before, after):
            if state and state["state"] == PUBLIC and state["revision"]:
                yield Seen(at, state["title"], state["revision"])


def _between(old: Seen, new: Seen, texts: dict[int, Revision]) -> Iterator[Correction]:
    if old.title != new.title:
        yield Correction("headline", new.at, old.title, new.title)
    if old.revision != new.revision:
        before, after = texts[old.revision], texts[new.revision]
        yield Correction("text", new.at, before.text, after.text, after.note)
