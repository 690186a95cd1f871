"""The cases that Python and JavaScript share: JavaScript's side is in `js/`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from annotations.segments import segmented

HERE = Path(__file__).parent
CASES = json.loads((HERE / "offset_cases.json").read_text(encoding="utf-8"))
NODE = shutil.which("node")


@pytest.mark.parametrize("case", CASES["offsets"], ids=lambda case: case["name"])
def test_spans_count_code_points(case) -> None:
    assert [case["text"][start:end] for start, end in case["spans"]] == case["words"]


@pytest.mark.parametrize("case", CASES["segments"], ids=lambda case: case["name"])
def test_segments_are_cut_as_the_shared_cases_say(case) -> None:
    paragraphs = segmented(case["text"], case["marks"].items())
    cut = [[[s.text, "".join(s.marks)] for s in paragraph.segments] for paragraph in paragraphs]
    assert cut == case["paragraphs"]


@pytest.mark.skipif(NODE is None, reason="node is not installed: JavaScript WAS NOT TESTED")
@pytest.mark.parametrize("file", sorted(path.name for path in HERE.glob("js/*.test.mjs")))
def test_the_annotators_modules_pass_their_own_tests(file) -> None:
    command = [str(NODE), "--test", "--test-reporter=spec", str(HERE / "js" / file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
