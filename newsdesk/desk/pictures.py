"""Pictures of the desk for the docs: `make screenshots`. The seed story, read by the machine.

Everything is made in servers of its own, which are gone afterwards.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from newsdesk.benching import own_servers, web_server
from newsdesk.picturing import COLOURS, SIZES, chromium, store

SEED = "000_71f4712ea89c3f57"
DECIDED = 9


def main() -> None:
    """Write the pictures into the folder named on the command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots").resolve()
    # The browser's loop stands in this thread, where Django takes every query for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with own_servers(), web_server():
        article = fill()
        with chromium() as browser:
            for width, height in SIZES.items():
                for colours in COLOURS:
                    take(browser, article, folder, (width, height), colours)


def fill() -> int:
    """Load the seeds, read the story, decide the first suggestions; returns the article's key."""
    from django.conf import settings
    from django.contrib.auth.models import User

    from annotations import seeding, suggesting
    from annotations.deciding import accept
    from annotations.models import Annotation, Run
    from articles.models import Article

    seeds = settings.BASE_DIR / "seeds"
    seeding.make_roles()
    seeding.make_demo_people()
    editor = User.objects.get(username="editor")
    seeding.load_knowledge(seeds / "knowledge.jsonl", actor=editor)
    chief = User.objects.get(username="chief")
    seeding.load_stories(seeds, editor=chief, to_decide=[SEED])
    article = Article.objects.get(state="in_review")
    for run in Run.objects.filter(revision__article=article):
        suggesting.read(run.pk)
    open_ones = Annotation.objects.filter(article=article, status="suggested").order_by("start")
    for annotation in list(open_ones[:DECIDED]):
        annotation.refresh_from_db()
        accept(annotation=annotation, editor=editor, seen_version=annotation.version)
    return article.pk


def take(browser: Any, article: int, folder: Path, size: tuple[int, int], colours: str) -> None:
    """The annotator on a claim, the sheet of keys, and the desk's other pages."""
    from django.conf import settings
    from django.contrib.auth.models import User

    from annotations.models import Entity
    from newsdesk.tests.browsing import context_of

    width, height = size
    with context_of(
        browser,
        f"http://{settings.HOST}:{settings.PORT}",
        User.objects.get(username="editor"),
        viewport={"width": width, "height": height},
        color_scheme=colours,
        has_touch=width < 400,
    ) as context:
        page = context.new_page()

        def shot(name: str) -> None:
            store(page.screenshot(), folder / f"desk-{name}-{width}-{colours}.png")

        page.goto(f"/desk/articles/{article}/")
        page.locator("[data-annotator=ready]").wait_for()
        page.locator("#text mark.tag-claim.is-suggested[tabindex]").first.click()
        page.wait_for_timeout(1500)
        shot("annotator")
        page.keyboard.press("?")
        page.locator("dialog[open]").wait_for()
        shot("keys")
        for name, address in (
            ("queue", "/desk/"),
            ("new", "/desk/articles/new/"),
            ("history", f"/desk/articles/{article}/history/"),
            ("entities", "/desk/entities/"),
            ("entity", f"/desk/entities/{Entity.objects.get(name='Vladimir Putin').pk}/"),
            ("tokens", "/desk/tokens/"),
        ):
            page.goto(address)
            shot(name)


if __name__ == "__main__":
    main()
