"""`manage.py rebuild_shown`: make anew what readers are shown, from what is published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from annotations import showing


class Command(BaseCommand):
    help = "Make the search index, the counts and the names that readers see anew. Locks writers."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{showing.rebuild()} published stories are shown.")
