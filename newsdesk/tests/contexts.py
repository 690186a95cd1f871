"""Browser contexts that are emptied and used again: a new one, with its first page's process, takes
the browser longer than most tests' own steps."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page


class Contexts:
    """Stands in for a browser where contexts are made.

    To close a context is to empty it: its pages, cookies and all that pages keep are gone, and
    the next one with the same options is this one. One that is made `apart` is used once: for
    tests of what outlives a page, whose process then ends with it.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = defaultdict(list)

    def new_context(self, *, apart: bool = False, **options: Any) -> BrowserContext:
        """A context with nothing in it; `options` are those of Playwright's `new_context`."""
        if apart:
            return self._browser.new_context(**options)
        free = self._free[repr(sorted(options.items()))]
        return free.pop() if free else self._made(free, options)

    def _made(self, free: list[BrowserContext], options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**options)
        stays: list[Page] = []

        def close() -> None:
            if context in free:
                return
            if not stays and "base_url" in options:
                # While a page of the site is there, so is a process that knows the site.
                stays.append(context.new_page())
                stays[0].goto("/static/favicon.svg")
            empty(context, stays)
            free.append(context)

        context.close = close  # type: ignore[method-assign]
        return context


def empty(context: BrowserContext, stays: list[Page]) -> None:
    """Leave nothing of what was done in a context but the pages that stay."""
    context.set_offline(False)
    context.unroute_all()
    for page in context.pages:
        if page not in stays:
            page.close()
    context.clear_cookies()
    context.clear_permissions()
    for page in stays:
        session = context.new_cdp_session(page)
        origin = {"origin": page.evaluate("location.origin"), "storageTypes": "all"}
        session.send("Storage.clearDataForOrigin", origin)
        session.send("Network.clearBrowserCache")
        session.detach()
