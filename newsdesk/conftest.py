"""The browser, and a desk in this process for it to look at, for the tests of all three faces."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
import warnings
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one the browser tests are skipped, never in CI.

    One a module: Playwright's loop stands in the thread as long as it is open, and where it stands
    Django cannot run an asynchronous view for a test that has no browser.
    """
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI must install Chromium: see .ci/run")
        warnings.warn("NO CHROMIUM: the browser tests were not run", stacklevel=1)
        pytest.skip("no Chromium on this machine: the browser tests were NOT run")
    # Playwright's loop stands in the test's thread, where Django takes every query for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The address of the desk's own ASGI application on the test's database: live pages work."""
    from newsdesk.asgi import application

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    end = time.monotonic() + 10
    while not running.started and time.monotonic() < end:
        time.sleep(0.01)
    assert running.started, "the desk did not start in 10 seconds"
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(10)
