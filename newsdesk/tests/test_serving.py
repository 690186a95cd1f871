"""Static files as they are served once they are collected."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import override_settings

from newsdesk import serving

# What the scripts that the annotator needs to open may weigh, compressed, in bytes.
MOST = 40_000
SOURCES = Path(__file__).parents[2] / "static/desk"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder):
        serving.collect()
    return folder


def test_every_module_imports_others_by_the_names_they_have_for_good(collected: Path) -> None:
    imported = set()
    for module in collected.glob("desk/*.js"):
        for name in re.findall(r'"(\./[^"]+\.js)"', module.read_text(encoding="utf-8")):
            assert re.search(r"\.[0-9a-f]{8}\.js$", name), f"{module.name} imports {name}"
            assert (module.parent / name).exists(), f"{module.name} imports {name}"
            imported.add(name.split(".")[1].strip("/"))
    # All but those that a page names are needed by another.
    assert imported == {file.stem for file in SOURCES.glob("*.js")} - {"main", "queue"}


def test_what_the_annotator_needs_to_open_stays_small(collected: Path) -> None:
    stems = {Path(name).stem for name in serving.modules_of("desk/main.js")}
    files = [file for file in collected.glob("desk/*.js.gz") if file.name.split(".")[0] in stems]
    assert len(files) == len(stems)
    assert sum(file.stat().st_size for file in files) <= MOST


def test_a_compressed_file_says_what_the_plain_one_says(collected: Path) -> None:
    plain = next(collected.glob("desk/main.*.js"))
    packed = plain.with_name(f"{plain.name}.gz")
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()


def test_nothing_is_collected_again_where_no_source_has_changed(collected: Path) -> None:
    module = next(collected.glob("desk/main.*.js"))
    module.unlink()
    with override_settings(STATIC_ROOT=collected):
        serving.collect()
        assert not module.exists()
        (collected / serving.STAMP).write_text("another state", encoding="utf-8")
        serving.collect()
    assert module.exists()
