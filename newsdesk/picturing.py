"""What the pictures of the docs share: sizes, colours, the browser, and small files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = {1280: 1000, 390: 900}
COLOURS = ("light", "dark")


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's own, as in the tests."""
    from playwright.sync_api import sync_playwright

    from newsdesk.conftest import CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def store(picture: bytes, path: Path) -> None:
    """With as few colours as a page has, and so in a quarter of the bytes."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
