"""Readers' pages as axe-core sees them."""

from __future__ import annotations

from playwright.sync_api import Browser

from newsdesk.tests.browsing import context_of, violations


def test_an_empty_start_page_is_accessible(browser: Browser, server: str) -> None:
    with context_of(browser, server) as context:
        page = context.new_page()
        page.goto("/")
        assert violations(page) == []
