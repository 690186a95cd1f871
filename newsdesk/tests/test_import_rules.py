from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_the_rooms_import_only_what_the_design_allows() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
