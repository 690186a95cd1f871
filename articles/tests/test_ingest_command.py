from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article

pytestmark = pytest.mark.django_db


def ingest(*paths: Path) -> str:
    out = io.StringIO()
    call_command("ingest", *map(str, paths), stdout=out)
    return out.getvalue().strip()


def test_the_stories_of_a_folder_are_stored_and_counted(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.txt").write_text(f"Story {number}\n\nText {number} of it.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert ingest(tmp_path) == "2 stored, 0 known already, 0 failed"
    assert ingest(tmp_path) == "0 stored, 2 known already, 0 failed"
    assert Article.objects.count() == 2


def test_one_that_fails_is_named_and_the_others_are_stored(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.txt").write_text("Story\n\nText of it.")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01binary")
    with pytest.raises(CommandError):
        ingest(tmp_path)
    assert "b.txt" in capsys.readouterr().err
    assert Article.objects.count() == 1


def test_a_path_that_is_not_there_fails(tmp_path: Path, capsys) -> None:
    with pytest.raises(CommandError):
        ingest(tmp_path / "none.txt")
    assert "No such file" in capsys.readouterr().err


def test_a_megabyte_of_text_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("Long story\n\n" + "The bridge was opened on Monday. " * 32_000)
    assert ingest(path).startswith("1 stored")
    assert Article.objects.get().revision.length > 1_000_000
