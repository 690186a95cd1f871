"""How the desk starts and stops, seen from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import requests
from django.conf import settings

from newsdesk.tests.conftest import PATIENCE, Desk, free_port, wait_until


def start(data: Path, port: int) -> subprocess.CompletedProcess[str]:
    """A start that is to fail: what it says, and how it ends."""
    environment = os.environ | {"NEWSDESK_DATA": str(data), "NEWSDESK_PORT": str(port)}
    return subprocess.run(
        [sys.executable, "-m", "newsdesk"],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(tmp_path / "data", port)
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert len(lines) == 1
    assert str(port) in lines[0]


def test_a_data_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    done = start(file / "data", free_port())
    assert done.returncode == 1
    (line,) = (done.stdout + done.stderr).strip().splitlines()
    assert str(file / "data") in line


def test_a_second_desk_on_the_same_data_is_refused_in_one_line(desk: Desk) -> None:
    done = start(Path(desk.environment["NEWSDESK_DATA"]), free_port())
    assert done.returncode == 1
    assert "already running" in done.stdout + done.stderr


def test_the_web_server_is_started_again_when_it_dies(desk: Desk) -> None:
    first, *others = desk.processes("newsdesk.web")
    first.kill()
    psutil.wait_procs([first, *others], timeout=PATIENCE)
    wait_until(lambda: requests.get(f"{desk.address}/healthz", timeout=2).ok)


def test_the_web_processes_load_the_model_before_anybody_searches(desk: Desk) -> None:
    def has_it(process: psutil.Process) -> bool:
        return any("onnxruntime" in piece.path for piece in process.memory_maps())

    wait_until(lambda: any(has_it(process) for process in desk.processes("newsdesk.web")))


def test_a_stopped_desk_leaves_nothing_running(desk: Desk) -> None:
    family = psutil.Process(desk.process.pid).children(recursive=True)
    assert family
    desk.process.send_signal(signal.SIGTERM)
    assert desk.process.wait(30) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def test_a_desk_that_was_killed_starts_again_on_its_data(desk: Desk) -> None:
    def run() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "newsdesk"],
            cwd=settings.BASE_DIR, env=desk.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    killed = run()
    wait_until(lambda: requests.get(f"{desk.address}/readyz", timeout=2).ok)
    killed.kill()
    killed.wait()
    again = run()
    try:
        wait_until(lambda: requests.get(f"{desk.address}/readyz", timeout=2).ok)
        assert desk.manage("token", "editor").startswith("nd_")
    finally:
        again.terminate()
        again.wait(30)
