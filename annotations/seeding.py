"""What a new desk starts with: roles, two people to try it with, a knowledge base, stories.

All of it may be run again: what is there already is left as it is.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission, User

from annotations import knowledge
from annotations.importing import add_page
from articles.changes import recording
from articles.ingest.text import read_text
from articles.models import Article
from articles.publishing import publish
from articles.revising import create_article
from articles.roles import CHIEF, EDITOR

CHIEF_MAY = [
    ("auth", "user", ("add", "change", "view")),
    ("auth", "group", ("view",)),
    ("articles", None, ("view", "change")),
    ("annotations", None, ("view", "change")),
]


def make_roles() -> None:
    """The groups `editor` and `chief`; a chief may also use the admin."""
    Group.objects.get_or_create(name=EDITOR)
    chief, _ = Group.objects.get_or_create(name=CHIEF)
    for app, model, verbs in CHIEF_MAY:
        wanted = Permission.objects.filter(content_type__app_label=app)
        if model:
            wanted = wanted.filter(content_type__model=model)
        names = [p for p in wanted if p.codename.split("_")[0] in verbs]
        chief.permissions.add(*names)


def make_demo_people() -> dict[str, str]:
    """The users `editor` and `chief`, where missing: their names and new passwords."""
    made = {}
    for role in (EDITOR, CHIEF):
        user, is_new = User.objects.get_or_create(
            username=role, defaults={"is_staff": role == CHIEF}
        )
        if is_new:
            made[role] = secrets.token_urlsafe(9)
            user.set_password(made[role])
            user.save()
            user.groups.add(Group.objects.get(name=role))
    return made


def load_knowledge(path: Path, *, actor: Any = None) -> int:
    """Entities from JSON lines of name, type, aliases, description, wikidata; how many were new."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return len(knowledge.create_entities(rows=map(json.loads, filter(None, lines)), actor=actor))


def load_stories(folder: Path, *, editor: Any, to_decide: Iterable[str] = ()) -> list[Article]:
    """Each story of the folder; those with gold annotations get them, accepted, and are published.

    Stories whose stem is in `to_decide` wait in the queue instead. Returns the new ones.
    """
    waiting = set(to_decide)
    stories = (_load_story(p, editor, p.stem in waiting) for p in sorted(folder.glob("*.txt")))
    return [article for article in stories if article]


def _load_story(path: Path, editor: Any, waits: bool) -> Article | None:
    gold = path.parent / "gold" / f"{path.stem}.jsonld"
    with recording(actor=editor):
        stored = create_article(draft=read_text(path.read_bytes()), actor=editor)
        if not stored.is_new:
            return None
        if waits or not gold.exists():
            return stored.article
        page = json.loads(gold.read_text(encoding="utf-8"))
        add_page(article=stored.article, page=page, editor=editor)
        return publish(article=stored.article, actor=editor, seen_version=stored.article.version)
