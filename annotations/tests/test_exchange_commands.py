from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from annotations import exporting
from annotations.models import Annotation
from annotations.tests.exchanging import forget
from annotations.tests.test_exporting import a_desk
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return editor(username="ada")


def run(name: str, *arguments) -> str:
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_everything_is_exported_to_a_file_and_imported_from_it(ada, tmp_path) -> None:
    a_desk(ada)
    file = tmp_path / "all.jsonl"
    run("export", file, "--status", "suggested", "accepted", "rejected")
    assert len(file.read_bytes().splitlines()) == 9
    assert list(tmp_path.iterdir()) == [file]
    forget()
    assert run("import_annotations", file, "--as", "ada") == "8 added, 3 attributions\n"
    assert Annotation.objects.count() == 8


def test_readers_get_what_is_published(ada, tmp_path, capfdbinary) -> None:
    a_desk(ada, state="in_review")
    call_command("export")
    call_command("export", "--published")
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [line["total"] for line in lines if "total" in line] == [6, 0]


def test_an_export_that_fails_leaves_no_file(ada, tmp_path, monkeypatch) -> None:
    a_desk(ada)
    monkeypatch.setattr(exporting, "_lines", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("export", tmp_path / "all.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [["--since", "soon"], ["--after", "x"]])
def test_what_cannot_be_exported_is_said(options) -> None:
    with pytest.raises(CommandError):
        run("export", *options)


def test_what_did_not_fit_is_told_by_line(ada, tmp_path) -> None:
    make_article("Ana left.")
    file = tmp_path / "a.csv"
    file.write_text("spans,quote,label,page\n0-3,Bob,Person,/stories/x/\n")
    said = run("import_annotations", file, "--as", "ada")
    assert said == "line 2 target.source: There is no such story here.\n1 refused\n"


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [("a.xyz", ["--as", "ada"], "Say which"), ("gone.csv", ["--as", "ada"], "No such file"),
     ("a.xyz", ["--as", "bob"], "nobody called bob")],
)  # fmt: skip
def test_what_cannot_be_imported_is_said(name, options, told, ada, tmp_path) -> None:
    (tmp_path / "a.xyz").write_text("x")
    with pytest.raises(CommandError, match=told):
        run("import_annotations", tmp_path / name, *options)
