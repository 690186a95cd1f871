"""How fast the annotator is: `make bench-annotator`, or `python -m newsdesk.desk.bench`.

A desk of its own with the web server as it is deployed, and the system's Chromium. Opening is
timed from the navigation's start to the annotator's being ready and painted; a key from the
event's time stamp to the first task after the frame that shows its effect.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from newsdesk import benching

OPENED = """
() => {
  const painted = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(0);
  });
  const seen = new MutationObserver(() => {
    if (document.documentElement?.dataset.annotator !== "ready") return;
    seen.disconnect();
    painted(() => (window.benchOpened = performance.now()));
  });
  seen.observe(document, { attributes: true, subtree: true, attributeFilter: ["data-annotator"] });
}
"""
TIMED = """
() => {
  window.benchKeys = [];
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.benchKeys.push(performance.now() - timeStamp);
    port2.postMessage(0);
  }), { capture: true });
}
"""
# What an editor does most, with the mouse untouched: the first key goes to the first tag.
KEYS = ["a", "x", "j", "a", " ", "a", "k", "2", "a", "Backspace"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m newsdesk.desk.bench", description=__doc__)
    parser.add_argument("--keys", type=int, default=200, help="how many keys are timed a story")
    parser.add_argument("--opens", type=int, default=5, help="how often each story is opened")
    options = parser.parse_args()
    with benching.own_servers(), benching.web_server():
        address = f"http://{os.environ['NEWSDESK_HOST']}:{os.environ['NEWSDESK_PORT']}"
        say(f"{benching.machine()}; Chromium, headless, 1280 by 900")
        with signed_in(address) as page:
            for words, annotations in ((5_000, 500), (20_000, 2_000)):
                measure(page, words=words, annotations=annotations, options=options)
            say(loaded(page))
            say(keys_of_the_seed_story(page))


def measure(page: Any, *, words: int, annotations: int, options: argparse.Namespace) -> None:
    """Open a story of that size several times, then press keys on it; print both."""
    pk, made = _story(words, annotations)
    opened = [_open(page, pk) for _ in range(options.opens)]
    page.evaluate(f"({TIMED})()")
    page.keyboard.press("j")
    for number in range(options.keys):
        page.keyboard.press(KEYS[number % len(KEYS)])
        # At uneven moments, as from a person: in step with the frames each would wait the same.
        page.wait_for_timeout(15 + number * 7 % 17)
    page.wait_for_function("n => window.benchKeys.length > n", arg=options.keys)
    keys = page.evaluate("window.benchKeys.slice(1)")
    page.wait_for_function("document.body.dataset.waiting === '0'", timeout=60_000)
    say(
        f"{words:,} words, {made:,} annotations: opens in {statistics.median(opened):.0f} ms "
        f"(longest of {len(opened)}: {max(opened):.0f}); key to paint median "
        f"{statistics.median(keys):.1f} ms, 95th percentile {_percentile(keys, 95):.1f}, "
        f"longest of {len(keys)}: {max(keys):.1f}"
    )


def loaded(page: Any) -> str:
    """How much JavaScript of its own the page loaded, each module compressed by gzip."""
    import gzip

    addresses = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((name) => name.endsWith('.js'))"
    )
    bodies = [page.request.get(address).body() for address in sorted(set(addresses))]
    size = sum(len(gzip.compress(body, 9)) for body in bodies)
    return f"JavaScript: {len(bodies)} modules, {size / 1000:.1f} kB, each compressed by gzip"


def keys_of_the_seed_story(page: Any) -> str:
    """How many keys it takes to decide all that the machine suggests in it, and to add a little."""
    from django.conf import settings
    from django.contrib.auth.models import User

    from annotations import seeding, suggesting
    from annotations.models import Run
    from articles.ingest.text import read_text
    from articles.revising import create_article
    from newsdesk.desk.bench.keys import SEED, gold_of, tag_story

    seeds = settings.BASE_DIR / "seeds"
    seeding.load_knowledge(seeds / "knowledge.jsonl", actor=User.objects.get(username="chief"))
    draft = read_text((seeds / f"{SEED}.txt").read_bytes())
    article = create_article(draft=draft, actor=None).article
    suggesting.read(Run.objects.get(revision=article.revision).pk)
    _open(page, article.pk)
    # What opening does not need is there a second later.
    page.wait_for_timeout(2000)
    keys, tags = tag_story(page, gold_of())
    return f"The seed story: {keys} keys for {tags} tags, {keys / tags:.2f} a tag"


def _story(words: int, annotations: int) -> tuple[int, int]:
    from articles.ingest.text import read_text
    from articles.revising import create_article
    from newsdesk.desk.bench.story import make_story, make_suggestions

    draft = read_text(make_story(words=words, seed=words), title=f"A story of {words} words")
    article = create_article(draft=draft, actor=None).article
    return article.pk, make_suggestions(article, most=annotations)


def _open(page: Any, pk: int) -> float:
    page.goto(f"/desk/articles/{pk}/", wait_until="commit")
    page.wait_for_function("window.benchOpened", timeout=60_000)
    return page.evaluate("window.benchOpened")


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


@contextmanager
def signed_in(address: str) -> Iterator[Any]:
    """A page of the system's Chromium, signed in as an editor."""
    from django.contrib.auth.models import User
    from playwright.sync_api import sync_playwright

    from annotations import seeding
    from articles.roles import EDITOR
    from newsdesk.conftest import CHROMIUM
    from newsdesk.tests.browsing import context_of

    if not CHROMIUM:
        sys.exit("There is no Chromium on this machine: nothing was measured.")
    seeding.make_roles()
    seeding.make_demo_people()
    editor = User.objects.get(username=EDITOR)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        # Waiting for a condition is done by eval, which the policy of the pages forbids.
        context = context_of(browser, address, editor, bypass_csp=True)
        context.add_init_script(f"({OPENED})()")
        yield context.new_page()
        browser.close()


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
