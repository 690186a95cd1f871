"""The browser, and a desk in this process for it to look at, for the tests of all three faces."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from newsdesk.tests.contexts import Contexts

if TYPE_CHECKING:
    from newsdesk.tests.listening import Listening

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = ["--no-sandbox", "--disable-background-networking"]


class Opened:
    """The browser that is open, if one is, until tests follow that need none."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._contexts: Contexts | None = None

    def contexts(self) -> Contexts:
        """The open browser's; it is opened when none is."""
        if self._contexts is None:
            # Playwright's loop stands in the test's thread, where Django takes every query for a
            # mistake.
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            playwright = self._open.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            self._contexts = Contexts(self._open.enter_context(browser))
        return self._contexts

    def close(self) -> None:
        self._contexts = None
        self._open.close()


OPENED = Opened()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The browser is closed before a module that begins without one: Playwright's loop stands in
    the thread as long as it is open, and where it stands Django cannot run an asynchronous view for
    a test that has no browser."""
    yield
    if nextitem is None or (nextitem.path != item.path and "browser" not in _fixtures(nextitem)):
        OPENED.close()


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


@pytest.fixture(scope="module")
def browser() -> Contexts:
    """The system's Chromium; without one the browser tests are skipped, never in CI."""
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI must install Chromium: see .ci/run")
        warnings.warn("NO CHROMIUM: the browser tests were not run", stacklevel=1)
        pytest.skip("no Chromium on this machine: the browser tests were NOT run")
    return OPENED.contexts()


@pytest.fixture(scope="session")
def listening() -> Iterator[Listening]:
    from newsdesk.tests.listening import Listening

    server = Listening()
    server.begin()
    yield server
    server.end()


@pytest.fixture
def server(transactional_db: None, listening: Listening) -> Iterator[str]:
    """The address of the desk's own ASGI application on the test's database: live pages work."""
    listening.open()
    yield listening.address
    listening.rest()
