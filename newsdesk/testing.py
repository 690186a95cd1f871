"""The tests' own PostgreSQL and Redis, as a pytest plugin: `-p newsdesk.testing`.

They start before Django reads its settings, in a temporary folder, and are gone when pytest
ends. The data of `make run` is never touched. With NEWSDESK_TEST_DATABASE_URL and
NEWSDESK_TEST_REDIS_URL given, servers that run already are used instead.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsdesk import embedded

PREFIX = "newsdesk-test-"
# Set by the process that started the servers; those that it starts in turn only use them.
STARTED = "NEWSDESK_TEST_SERVERS"
GIVEN = ("DATABASE_URL", "REDIS_URL")
YOUNG_SECONDS = 60
# A developer's .env must not change what the tests see.
FIXED = {
    "SECRET_KEY": "for-tests-only",
    "DEBUG": "0",
    "NEWSDESK_HOST": "127.0.0.1",
    "NEWSDESK_PORT": "8000",
    "SITE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "NEWSDESK_SPACY_PIPELINE": "",
    # A connection that a thread keeps would keep the test's database from being dropped.
    "NEWSDESK_CONNECTION_SECONDS": "0",
    "NEWSDESK_PRIVATE_WEBHOOKS": "0",
    # All tests ask from one address, faster than people do.
    "NEWSDESK_REQUESTS_A_MINUTE": "1000000",
    "NEWSDESK_STRANGERS_REQUESTS_A_MINUTE": "1000000",
}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the servers; a wrapper, because it must come before pytest-django's own hook."""
    if STARTED not in os.environ and not _only_asks(early_config):
        early_config.add_cleanup(_start())
    elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["REDIS_URL"] = with_database(os.environ["REDIS_URL"], worker)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Passwords are hashed fast: a safe hash is slow on purpose, and many tests make users."""
    from django.conf import settings

    from newsdesk.tests import emptying

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    emptying.install()


def pytest_collection_finish() -> None:
    """All that is loaded by now stays: what looks for cycles need not go through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, file by file: whole desks, then browsers, so that no worker
    is left alone with them at the end."""
    with_browser = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}

    def turn(item: pytest.Item) -> int:
        whole_desk = "newsdesk/tests/" in item.nodeid
        return 0 if whole_desk else 1 if item.path in with_browser else 2

    items.sort(key=turn)


def with_database(url: str, worker: str) -> str:
    """The Redis address with a database of its own for one pytest-xdist worker ("gw0" ...)."""
    number = int(worker.removeprefix("gw")) + 1
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={number}"
    return urlsplit(url)._replace(path=f"/{number}").geturl()


def remove_leftovers() -> None:
    """Delete the folders of test runs that were killed; a run that lives holds its lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another run removes the same ones
            if folder.stat().st_uid == os.geteuid() and not _in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _start() -> Callable[[], None]:
    """Start what is not given and set the environment; returns what stops it all, once."""
    remove_leftovers()
    data = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    given = {name: os.environ.get(f"NEWSDESK_TEST_{name}") for name in GIVEN}
    held = embedded.FolderLock(data) if all(given.values()) else _started(data)
    os.environ.update(FIXED)
    os.environ["NEWSDESK_DATA"] = str(data)
    os.environ["DATABASE_URL"] = given["DATABASE_URL"] or embedded.database_url(data)
    os.environ["REDIS_URL"] = given["REDIS_URL"] or embedded.redis_url(data)
    os.environ[STARTED] = str(os.getpid())

    def stop() -> None:
        atexit.unregister(stop)
        held.stop() if isinstance(held, embedded.Servers) else held.release()
        shutil.rmtree(data, ignore_errors=True)
        os.environ.pop(STARTED, None)

    # pytest's own clean-up does not come about when it fails very early.
    atexit.register(stop)
    return stop


def _started(data: Path) -> embedded.Servers:
    servers = embedded.Servers(data, durable=False)
    servers.start()
    return servers


def _only_asks(config: pytest.Config) -> bool:
    known = config.known_args_namespace
    return bool(known.help or known.version)


def _in_use(folder: Path) -> bool:
    try:
        with (folder / "desk.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        # Without a lock yet: perhaps a run that began a moment ago.
        return time.time() - folder.stat().st_mtime < YOUNG_SECONDS
    return False
