"""The article page's state: what the template shows and the annotator starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from annotations.models import Annotation, Attribution, Run
from annotations.models.annotation import Kind
from annotations.models.entity import EntityType
from annotations.models.source import SourceKind
from annotations.spans import words_of
from articles.changes import last_seq
from articles.models import Article
from newsdesk.desk import undoable
from newsdesk.desk.models import keys_of

# Stands in an address for the identifier that the script puts there.
ANY_ID = UUID(int=0)
# As `static/desk/panel.js` has it: rows stand in lists of so many.
MANY = 50
GROUPS = {"suggested": "To decide", "accepted": "Accepted", "rejected": "Rejected"}


@dataclass(frozen=True)
class Item:
    """One row of the side list. `static/desk/panel.js` draws the same rows."""

    annotation: Annotation
    words: str
    note: str


@dataclass(frozen=True)
class Picture:
    """An article's annotations at one moment. `seq` is a change that all of it includes."""

    seq: int
    annotations: list[Annotation]
    detached: list[Annotation]
    ties: list[Attribution]
    run: Run | None


def picture_of(article: Article, user: Any) -> Picture:
    """Six queries, however much is tagged."""
    # Before all else is read: what happens in between is then sent once more, not missed.
    seq = last_seq()
    annotations = Annotation.objects.visible_to(user).with_bodies().filter(article=article)
    ties = Attribution.objects.visible_to(user).with_ends().filter(claim__article=article)
    return Picture(
        seq=seq,
        # Every row would bring the whole text along.
        annotations=list(annotations.attached().defer("revision__text")),
        detached=list(annotations.detached()),
        ties=list(ties),
        run=Run.objects.filter(revision=article.revision).select_related("revision").first(),
    )


def groups_of(picture: Picture, text: str) -> list[tuple[str, str, int, list[list[Item]]]]:
    """The side list: status, heading, number, and items in text order, in short lists."""
    said = speakers_of(picture)
    items = [
        Item(one, words_of(text, one.spans), _note(one, said.get(one.pk, [])))
        for one in picture.annotations
    ]
    groups = []
    for status, heading in GROUPS.items():
        its = [item for item in items if item.annotation.status == status]
        lists = [its[start : start + MANY] for start in range(0, len(its), MANY)]
        groups.append((status, heading, len(its), lists))
    return groups


def speakers_of(picture: Picture) -> dict[int, list[str]]:
    """Who makes each claim: names, by the key of the claim's annotation."""
    said: dict[int, list[str]] = {}
    for tie in picture.ties:
        if tie.status != "rejected":
            said.setdefault(tie.claim_id, []).append(_speaker(tie))
    return said


def _note(annotation: Annotation, speakers: list[str]) -> str:
    if annotation.kind != Kind.CLAIM:
        return " · ".join(filter(None, [annotation.get_type_display(), annotation.name]))
    return f"Claim · said by {', '.join(speakers)}" if speakers else "Claim · no source"


def _speaker(tie: Attribution) -> str:
    if tie.source:
        return tie.source.name
    return "the outlet itself" if tie.by_outlet else "nobody named"


def script_state(request: HttpRequest, article: Article, picture: Picture) -> dict[str, Any]:
    """What the annotator needs to start: offsets in code points of `text`."""
    get_token(request)
    return {
        "article": article.pk,
        "version": article.version,
        "revision": article.revision.number if article.revision else 0,
        "text": article.text,
        "annotations": [annotation.snapshot() for annotation in picture.annotations],
        "ties": [tie.snapshot() for tie in picture.ties],
        "run": picture.run.snapshot() if picture.run else None,
        "seq": picture.seq,
        "steps": undoable.steps_of(article=article, editor=request.user),
        "anyId": str(ANY_ID),
        "me": request.user.get_username(),
        "entityTypes": EntityType.choices,
        "sourceKinds": SourceKind.choices,
        "csrfCookie": settings.CSRF_COOKIE_NAME,
        "keys": keys_of(request.user),
        "things": {
            Kind.ENTITY: reverse("desk:entities", args=[0]),
            Kind.CLAIM: reverse("desk:claims", args=[0]),
            Kind.SOURCE: reverse("desk:sources", args=[0]),
        },
        "urls": {
            "decisions": reverse("desk:decisions", args=[article.pk]),
            "step": reverse("desk:step", args=[article.pk, ANY_ID]),
            "live": reverse("desk:live", args=[article.pk]),
            "here": reverse("desk:here", args=[article.pk]),
            "entities": reverse("desk:entity_search"),
            "keys": reverse("desk:keys"),
            "saidBefore": reverse("desk:said_before", args=[ANY_ID]),
            "signIn": reverse("desk:sign_in"),
        },
    }
