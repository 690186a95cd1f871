"""`manage.py ingest PATH...`: store the stories in text files and folders."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles.errors import Refused
from articles.ingest.draft import UnreadableText
from articles.ingest.text import read_text
from articles.revising import create_article


class Command(BaseCommand):
    help = "Store the stories in .txt files; a folder stands for the .txt files in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--language", default="", help="language tag; found out if not given")

    def handle(self, *, paths: list[Path], language: str, **options: Any) -> None:
        counts: Counter[str] = Counter()
        files = [file for path in paths for file in text_files(path)]
        for file in tqdm(files, unit="story", file=sys.stderr, disable=not sys.stderr.isatty()):
            outcome, message = store_file(file, language=language)
            counts[outcome] += 1
            if message:
                tqdm.write(f"{file}: {message}", file=sys.stderr)
        self.stdout.write(
            f"{counts['stored']} stored, {counts['known']} known already, {counts['failed']} failed"
        )
        if counts["failed"] or not files:
            raise CommandError("Not all of it could be stored." if files else "No .txt file there.")


def text_files(path: Path) -> list[Path]:
    """The file itself, or the .txt files of a folder in order of their names."""
    return sorted(path.glob("*.txt")) if path.is_dir() else [path]


def store_file(path: Path, *, language: str = "", actor: Any = None) -> tuple[str, str]:
    """Store one file: ("stored" | "known" | "failed", why it failed)."""
    try:
        stored = create_article(draft=read_text(path.read_bytes(), language=language), actor=actor)
    except OSError as error:
        return "failed", error.strerror or str(error)
    except (UnreadableText, Refused) as error:
        return "failed", str(error)
    return ("stored" if stored.is_new else "known"), ""
