"""`manage.py setup_desk`: roles, demo people, the starter knowledge base and the seed stories."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from annotations import seeding, showing
from articles.roles import CHIEF

# These wait in the queue, so that a new desk has something to decide.
TO_DECIDE = 3


class Command(BaseCommand):
    help = "Prepare a new desk; on one that was prepared before it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seeds", type=Path, default=settings.SEEDS)

    def handle(self, *, seeds: Path, **options: Any) -> None:
        seeding.make_roles()
        passwords = seeding.make_demo_people()
        chief = User.objects.get(username=CHIEF)
        knowledge, stories = seeds / "knowledge.jsonl", sorted(seeds.glob("*.txt"))
        entities = seeding.load_knowledge(knowledge, actor=chief) if knowledge.exists() else 0
        waiting = [stories[0].stem, *(s.stem for s in stories[1 - TO_DECIDE :])] if stories else []
        new = seeding.load_stories(seeds, editor=chief, to_decide=waiting)
        # A desk that was there before readers were shown what is derived.
        if showing.is_behind():
            showing.rebuild()
        if entities or new:
            self.stdout.write(
                f"Loaded {len(new)} stories and {entities} entities from {seeds.name}/."
            )
        for name, password in passwords.items():
            self.stdout.write(f"New user {name}, password {password} (shown this once).")
