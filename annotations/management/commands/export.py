"""`manage.py export`: annotations in one of the field's formats, to a file or standard output."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import make_aware
from tqdm import tqdm

from annotations import exporting
from annotations.exporting import Selection
from annotations.formats.catalogue import FORMATS
from annotations.models.annotation import Kind, Status
from articles.errors import Denied, Refused


class Command(BaseCommand):
    help = "Export annotations, as everybody sees them or all that the desk has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="standard output if not given")
        parser.add_argument("--format", choices=list(FORMATS), default="w3c")
        parser.add_argument("--status", nargs="+", choices=Status.values, default=["accepted"])
        parser.add_argument("--kind", nargs="+", choices=Kind.values, default=[])
        parser.add_argument("--article", type=int, help="this one only, by its number")
        parser.add_argument("--published", action="store_true", help="only what readers see")
        parser.add_argument("--since", default="", help="a date, or a date and time")
        parser.add_argument("--after", default="", help="the cursor to go on from")

    def handle(self, *, file: Path | None, format: str, **options: Any) -> None:
        selection = _selection(**options)
        try:
            pieces = exporting.export(selection, FORMATS[format])
            if file is None:
                _write(pieces, sys.stdout.buffer)
            else:
                _write_file(pieces, file)
        except (Denied, Refused) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}") from error


def _selection(
    *, status: list[str], kind: list[str], article: int | None, published: bool, since: str,
    after: str, **_: Any,
) -> Selection:  # fmt: skip
    """Whoever runs commands may see all: as readers, or as the desk itself."""
    return Selection(
        user=AnonymousUser() if published else User(is_superuser=True, is_active=True),
        base=settings.SITE_URL,
        statuses=tuple(status),
        article=article,
        since=_moment(since) if since else None,
        where={"kind__in": kind} if kind else {},
        after=after,
    )


def _moment(written: str) -> Any:
    try:
        moment = parse_datetime(written) or parse_datetime(f"{parse_date(written)}T00:00")
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError("--since is a date, such as 2026-11-25, or a date and time.")
    return moment if moment.tzinfo else make_aware(moment)


def _write_file(pieces: Any, file: Path) -> None:
    """The file is there once it is whole: a part of an export never has its name."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            _write(pieces, out)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def _write(pieces: Any, out: IO[bytes]) -> None:
    options = {"unit": "B", "unit_scale": True, "file": sys.stderr, "desc": "exported"}
    with tqdm(disable=not sys.stderr.isatty(), **options) as progress:
        for piece in pieces:
            out.write(piece)
            progress.update(len(piece))
    out.flush()
