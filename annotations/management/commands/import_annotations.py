"""`manage.py import_annotations FILE`: take in annotations, and stories, from a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from annotations import imports
from annotations.formats.catalogue import FORMATS, IMPORTED
from annotations.models import Import
from articles.errors import Denied, Refused

# A command works until it is done.
FOR_EVER = 1e9


class Command(BaseCommand):
    help = "Import annotations, and stories that are new, from a file that export or a tool wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format", choices=IMPORTED, default="", help="told by the file's name if not given"
        )
        parser.add_argument("--as", dest="editor", required=True, help="the editor who imports")

    def handle(self, *, file: Path, format: str, editor: str, **options: Any) -> None:
        creator = User.objects.filter(username=editor).first()
        if creator is None:
            raise CommandError(f"There is nobody called {editor}.")
        try:
            with file.open("rb") as opened:
                job = imports.create(
                    file=opened, format=format or _format(file), name=file.name, creator=creator
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (Refused, Denied) as error:
            raise CommandError(str(error)) from error
        _work(job)
        self._tell(job)

    def _tell(self, job: Import) -> None:
        job.refresh_from_db()
        for problem in job.problems.all().iterator():
            place = " ".join(filter(None, [f"line {problem.line}", problem.place, problem.field]))
            self.stderr.write(f"{place}: {problem.reason}")
        told = ", ".join(f"{number} {name}" for name, number in sorted(job.counts.items()))
        self.stdout.write(told.replace("_", " ") or "nothing in it")
        if job.state != "done":
            raise CommandError(job.error or "A worker goes on with it.")


def _format(file: Path) -> str:
    """The format whose files are called so; of those for JSON lines the W3C's."""
    found = [f.name for f in FORMATS.values() if f.writer().extension == file.suffix.lstrip(".")]
    if not found or found[0] not in IMPORTED:
        raise Refused(f"Say which --format {file.name} has: {', '.join(IMPORTED)}.")
    return found[0]


def _work(job: Import) -> None:
    with tqdm(total=100, unit="%", file=sys.stderr, disable=not sys.stderr.isatty()) as progress:

        def told(pk: int) -> None:
            now = Import.objects.values_list("progress", flat=True).get(pk=pk)
            progress.update(now - progress.n)

        imports.take_in(job.pk, stretch=FOR_EVER, told=told)
