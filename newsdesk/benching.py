"""What the benchmarks share: servers of their own, and the web server as it is deployed."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from newsdesk import embedded

START_SECONDS = 60.0


@contextlib.contextmanager
def own_servers(kept: Path | None = None) -> Iterator[Path]:
    """PostgreSQL and Redis in a temporary folder, migrated, with Django set up on them.

    To be entered before anything of Django is imported. All of it is gone afterwards, unless
    it lies in the folder `kept`, which need not be new.
    """
    data = (kept or Path(tempfile.mkdtemp(prefix="newsdesk-bench-"))).resolve()
    servers = embedded.Servers(data)
    servers.start()
    try:
        settle_environment(data)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield data
    finally:
        servers.stop()
        if not kept:
            shutil.rmtree(data, ignore_errors=True)


def machine() -> str:
    """The machine that figures were seen on, in a line."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def settle_environment(data: Path) -> None:
    """Point Django at the servers of `data`; before anything of Django is imported."""
    os.environ |= {
        "NEWSDESK_DATA": str(data),
        "DATABASE_URL": embedded.database_url(data),
        "REDIS_URL": embedded.redis_url(data),
        "SECRET_KEY": "for-measuring-only",
        "DEBUG": "0",
        "NEWSDESK_HOST": "127.0.0.1",
        "NEWSDESK_PORT": str(_free_port()),
        "NEWSDESK_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "newsdesk.settings",
        # A person's own: it would send the clients elsewhere.
        "SITE_URL": "",
        "NEWSDESK_SPACY_PIPELINE": "",
    }


@contextlib.contextmanager
def web_server() -> Iterator[psutil.Process]:
    """The web server as it is deployed, once it answers. Raises DeskError when it does not."""
    from newsdesk import serving

    serving.collect()
    log = Path(os.environ["NEWSDESK_DATA"]) / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "newsdesk.web"],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await(process, log)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _await(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    address = os.environ["NEWSDESK_HOST"], int(os.environ["NEWSDESK_PORT"])
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(address, timeout=1).close()
            return
        time.sleep(0.05)
    raise embedded.DeskError(f"the web server did not start: {log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
