"""Asynchronous scenes in tests that are not."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def played(scene: Coroutine[Any, Any, Any]) -> Any:
    """What the scene gives. In a thread of its own: Playwright's loop may stand in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scene).result()
