"""Pictures of the readers' pages for the docs, from the seed stories: `make screenshots`.

Everything is made in servers of its own, which are gone afterwards. What the seeds do not have, so
that a page has something to show, is added there: outlets, dates, ratings, ties between claims.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from newsdesk.benching import own_servers, web_server
from newsdesk.picturing import COLOURS, SIZES, chromium, store

OUTLETS = ("Sarnholm Courier", "Marrow Times", "Dranne Valley Post")
DAM, WARNED = "Korsvik Dam", "Halvard Power had warned Sarnholm three times."
CALLED = "Halvard Power warned Sarnholm once."


def main() -> None:
    """Write the pictures into the folder named on the command line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots").resolve()
    with own_servers(), web_server():
        pages = fill()
        with chromium() as browser:
            for width, height in SIZES.items():
                for colours in COLOURS:
                    take(browser, pages, folder, (width, height), colours)


def fill() -> dict[str, str]:
    """Load the seeds and what else is shown; returns the address of each kind of page."""
    from annotations import near, seeding, showing
    from annotations.models import Claim, Entity, Source
    from articles.models import Article

    people = _people()
    seeding.load_knowledge(_seeds() / "knowledge.jsonl", actor=people["editor"])
    seeding.load_stories(_seeds(), editor=people["chief"])
    _spread_over_outlets_and_months(people["chief"])
    _rate_and_tie(people["editor"])
    showing.rebuild()
    while near.remember():
        pass
    claim, source = Claim.objects.get(text=WARNED), Source.objects.get(name="Halvard Power")
    story = Article.objects.get(title__startswith="Basin authority")
    return {
        "start": "/",
        "story": story.get_absolute_url(),
        "entity": Entity.objects.get(name=DAM).get_absolute_url(),
        "claim": claim.get_absolute_url(),
        "source": source.get_absolute_url(),
        "outlet": Article.objects.get(pk=story.pk).outlet.get_absolute_url(),
        "index": "/entities/",
        "claims": "/claims/",
        "sources": "/sources/",
        "outlets": "/outlets/",
        "search": "/search/?q=dam",
        "search-help": "/search/",
        "search-empty": "/search/?q=zeppelin",
        "search-refused": "/search/?page=x",
        "words": f"{source.get_absolute_url()}?claim={claim.pk}",
        "gone": _taken_back(people["chief"]).get_absolute_url(),
        "missing": "/stories/no-such-story/",
        "api-docs": "/api/docs/",
    }


def _taken_back(chief: Any) -> Any:
    """A story that readers saw once, and do not any more."""
    from articles.models import Article
    from articles.publishing import move

    story = Article.objects.published().earliest("pk")
    return move(article=story, state="archived", actor=chief, seen_version=story.version)


def _seeds() -> Path:
    from django.conf import settings

    return settings.BASE_DIR / "seeds"


def _people() -> dict[str, Any]:
    from django.contrib.auth.models import User

    from annotations import seeding

    seeding.make_roles()
    seeding.make_demo_people()
    return {user.username: user for user in User.objects.all()}


def _spread_over_outlets_and_months(chief: Any) -> None:
    """Past all writers, as none of them lets a story be older than it is."""
    from articles.models import Article
    from articles.revising import correct

    articles = list(Article.objects.published().order_by("pk"))
    for number, article in enumerate(articles):
        outlet = OUTLETS[number % len(OUTLETS)]
        correct(article=article, actor=chief, seen_version=article.version, outlet=outlet)
        age = timedelta(days=(len(articles) - 1 - number) ** 2 * 1.2)
        Article.objects.filter(pk=article.pk).update(published_at=article.published_at - age)


def _rate_and_tie(editor: Any) -> None:
    from annotations.models import Claim, ClaimLink, ClaimReview

    warned, called = Claim.objects.get(text=WARNED), Claim.objects.get(text=CALLED)
    old = _review(warned, "Unproven", 3, date(2026, 3, 2), "The company gave no record of calls.")
    new = _review(warned, "False", 1, date(2026, 4, 9), "The call log has one call, not three.")
    ClaimReview.objects.filter(pk=new.pk).update(supersedes=old)
    ClaimLink.objects.create(claim=called, other=warned, kind="contradicts", created_by=editor)


def _review(claim: Any, rating: str, value: int, day: date, evidence: str) -> Any:
    return claim.reviews.create(
        rating=rating, rating_value=value, reviewer="Dranne Fact Bureau", reviewed_on=day,
        evidence=evidence,
    )  # fmt: skip


def take(
    browser: Any, pages: dict[str, str], folder: Path, size: tuple[int, int], colours: str
) -> None:
    """A picture of each page in this size and these colours; of the story with a card, too."""
    from django.conf import settings

    width, height = size
    context = browser.new_context(
        base_url=f"http://{settings.HOST}:{settings.PORT}",
        viewport={"width": width, "height": height},
        color_scheme=colours,
    )
    page = context.new_page()
    for name, address in pages.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        store(page.screenshot(), folder / f"site-{name}-{width}-{colours}.png")
    page.goto(pages["story"])
    page.locator(".story-text a.tag-claim").first.hover()
    page.locator("#card").wait_for(state="visible")
    store(page.screenshot(), folder / f"site-card-{width}-{colours}.png")
    context.close()


if __name__ == "__main__":
    main()
