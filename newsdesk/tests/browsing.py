"""What the browser tests share: signing in without the form, and WCAG as axe-core checks it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

# What WCAG 2.2 AA asks, as far as a program can see it.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def context_of(
    browser: Browser, server: str, user: User | None = None, **options: object
) -> BrowserContext:
    """A browser context at 1280 by 900 pixels, signed in as `user` where one is given.

    `options` are those of Playwright's `new_context`. Close it when done.
    """
    context = browser.new_context(
        **{"base_url": server, "viewport": {"width": 1280, "height": 900}} | options
    )
    if user is not None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])
    return context


def violations(page: Page) -> list[str]:
    """One line for each thing on the page that breaks a rule: rule, reason, element."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
    ]
