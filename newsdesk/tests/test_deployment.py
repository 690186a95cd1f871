"""What cannot be run here is held to its specification, and read line by line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_compose_file_keeps_to_the_compose_specification() -> None:
    tool = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [tool, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("service", ["web", "worker", "beat", "postgres", "redis"])
def test_the_compose_file_has_each_service(service: str) -> None:
    assert re.search(rf"^  {service}:", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)


def test_the_image_runs_as_somebody_who_is_not_root() -> None:
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")


def test_what_the_image_copies_is_there() -> None:
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _ = [word for word in line.split() if not word.startswith("--")]
        for source in sources:
            assert list(ROOT.glob(source.rstrip("/"))) or source == ".", source


def test_every_setting_that_is_read_is_documented() -> None:
    documented = set(
        re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    read = set()
    for path in [*(ROOT / "newsdesk").glob("*.py")]:
        read |= set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', path.read_text()))
    own = {
        "CI",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
        "DJANGO_SETTINGS_MODULE",
        "NEWSDESK_TEST_SERVERS",
        "PYTEST_XDIST_WORKER",
        "PYTHONPATH",
    }
    assert read - documented - own == set()


def test_no_secret_is_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert ".env" not in listed
    assert not any(name.endswith("secret_key") for name in listed)
