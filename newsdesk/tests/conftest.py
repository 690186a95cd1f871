"""A whole desk of its own, as `make run` starts it, for the tests that kill parts of it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from django.conf import settings

PATIENCE = 60
GIVEN = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "SECRET_KEY", "NEWSDESK_TEST_SERVERS")


@dataclass
class Desk:
    """A running desk: where it is, its people's passwords, and its processes."""

    address: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    def password(self, name: str) -> str:
        match = re.search(rf"New user {name}, password (\S+)", self.log.read_text())
        assert match, self.log.read_text()
        return match.group(1)

    def manage(self, *arguments: str) -> str:
        """What a management command prints, run as from another terminal."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, check=True, capture_output=True
        )
        return done.stdout.decode()

    def client(self) -> requests.Session:
        """A REST client with an editor's token."""
        session = requests.Session()
        session.headers["Authorization"] = f"Token {self.manage('token', 'editor').strip()}"
        return session

    def processes(self, *words: str) -> list[psutil.Process]:
        """Those of the desk whose command line has all the words."""
        ours = psutil.Process(self.process.pid).children(recursive=True)
        return [p for p in ours if all(word in " ".join(_command(p)) for word in words)]

    def kill(self, *words: str) -> None:
        """Kill those; one may end by itself when another has gone."""
        for process in self.processes(*words):
            with suppress(psutil.NoSuchProcess):
                process.kill()


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait_until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first truthy answer; fails when there is none in time."""
    end, pause = time.monotonic() + seconds, 0.02
    while time.monotonic() < end:
        try:
            if answer := what():
                return answer
        except (requests.RequestException, psutil.Error):
            pass
        time.sleep(pause)
        pause = min(0.1, pause * 1.2)
    raise AssertionError(f"waited {seconds} s in vain")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="newsdesk-whole-"))
    seeds = folder / "seeds"
    seeds.mkdir()
    shutil.copy(settings.BASE_DIR / "seeds" / "knowledge.jsonl", seeds)
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in GIVEN} | {
        "NEWSDESK_DATA": str(folder / "var"),
        "NEWSDESK_PORT": str(port),
        "NEWSDESK_SEEDS": str(seeds),
        "PYTHONUNBUFFERED": "1",
        # The receivers of the tests are on this machine.
        "NEWSDESK_PRIVATE_WEBHOOKS": "1",
    }
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "newsdesk"],
            cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    running = Desk(f"http://127.0.0.1:{port}", environment, process, log)
    try:
        wait_until(lambda: requests.get(f"{running.address}/readyz", timeout=2).ok)
        wait_until(lambda: "ready." in log.read_text())
        yield running
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)
