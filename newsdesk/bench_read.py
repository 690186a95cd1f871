"""How fast the desk reads: `make bench-read`, or `python -m newsdesk.bench_read --help`.

Prints words a second in bulk, milliseconds for a story of 400 words that is read, linked and
matched as a worker does it, how long the model takes to load, and memory. On servers and a
database of its own in a temporary folder, with the starter knowledge base and the seeds' stories
in it: the data of `make run` is never touched.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from newsdesk import embedded

SEEDS = embedded.REPOSITORY / "seeds"
STORY_WORDS = 400
WARM_UP = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m newsdesk.bench_read", description=__doc__)
    parser.add_argument("--texts", type=Path, default=SEEDS, help="a folder of .txt files")
    parser.add_argument("--words", type=int, default=50_000, help="to read in bulk")
    parser.add_argument("--stories", type=int, default=30, help=f"of {STORY_WORDS} words, to time")
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(options.texts.glob("*.txt"))]
    if not any(text.split() for text in texts) or min(options.words, options.stories) < 1:
        parser.error("there must be a .txt file with words in it, and something to measure")
    _say("memory before the model is loaded", f"{_memory():.0f} MiB")
    _say("first load, with what it imports", f"{_seconds(_load):.2f} s")
    _say("load again", f"{_seconds(_load):.2f} s")
    bulk(repeated(texts, options.words))
    with own_desk():
        stories(texts, options.stories)
    _say("memory at most", f"{_memory():.0f} MiB")
    return 0


def repeated(texts: Sequence[str], words: int) -> list[str]:
    """The texts over and over, whole, until they have so many words."""
    found: list[str] = []
    while words > 0:
        for text in texts:
            found.append(text)
            words -= len(text.split())
            if words <= 0:
                break
    return found


def story(texts: Sequence[str], number: int) -> str:
    """A text of STORY_WORDS words in paragraphs as they are, each number another stretch of the
    texts, under a headline of its own."""
    paragraphs = [p for text in texts for p in text.split("\n\n") if p.split()]
    kept, words, at = [f"Story number {number}"], 3, number
    while words < STORY_WORDS:
        part = paragraphs[at % len(paragraphs)].split(" ")[: STORY_WORDS - words]
        kept.append(" ".join(part))
        words, at = words + max(1, len(kept[-1].split())), at + 1
    return "\n\n".join(kept)


def bulk(texts: Sequence[str]) -> None:
    """Words a second of the model alone, and of all suggesters with an empty knowledge base."""
    from annotations.nlp.dictionary import DictionarySuggester
    from annotations.nlp.lineup import line_up
    from annotations.nlp.predictions import Predictions
    from annotations.nlp.reader import shared_reader
    from annotations.nlp.suggester import Document, read

    reader = shared_reader()
    suggesters = line_up(DictionarySuggester(), reader)
    words = sum(len(text.split()) for text in texts)

    def alone() -> None:
        for text in texts:
            reader.suggest(Document(text), Predictions())

    def all_of_them() -> None:
        for text in texts:
            list(read(Document(text), suggesters))

    reader.suggest(Document(texts[0]), Predictions())
    _say(f"bulk, the model alone, {words:,} words", f"{words / _seconds(alone):,.0f} words/s")
    _say("bulk, all suggesters", f"{words / _seconds(all_of_them):,.0f} words/s")


def stories(texts: Sequence[str], count: int) -> None:
    """Milliseconds for a story: read; read, linked and matched; and the whole run, stored."""
    from annotations import matching, suggesting
    from annotations.models import Run
    from annotations.nlp.suggester import read

    while matching.remember():
        pass
    suggesters = suggesting.current_suggesters()
    looked_up, stored = [], []
    for number in range(WARM_UP + count):
        run = Run.objects.get(revision=_article(story(texts, number)).revision)
        document = suggesting.document_of(run.revision)

        def found(document: Any = document, run: Run = run) -> None:
            *_, (_, predictions) = read(document, suggesters)
            suggesting.recall(run.revision, predictions)

        looked_up.append(_seconds(found))
        stored.append(_seconds(lambda run=run: suggesting.read(run.pk)))
    _say(f"{STORY_WORDS} words, read, linked and matched", _milliseconds(looked_up[WARM_UP:]))
    _say(f"{STORY_WORDS} words, the whole run, stored", _milliseconds(stored[WARM_UP:]))


def _article(text: str) -> Any:
    from articles.ingest.text import read_text
    from articles.revising import create_article

    return create_article(draft=read_text(text)).article


@contextmanager
def own_desk() -> Iterator[None]:
    """Django set up on servers of its own, prepared as a new desk is; all is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="newsdesk-bench-read-") as folder:
        servers = embedded.Servers(Path(folder))
        servers.start()
        try:
            os.environ |= {
                "NEWSDESK_DATA": str(servers.data),
                "DATABASE_URL": embedded.database_url(servers.data),
                "REDIS_URL": embedded.redis_url(servers.data),
            }
            _prepare()
            yield
        finally:
            _disconnect()
            servers.stop()


def _prepare() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsdesk.settings"
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.INFO)
    call_command("migrate", interactive=False, verbosity=0)
    with open(os.devnull, "w") as nowhere:  # the passwords of people who are gone in a minute
        call_command("setup_desk", stdout=nowhere)


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()


def _load() -> None:
    from annotations.nlp.network import MODEL, Network

    Network(MODEL).load()


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _memory() -> float:
    """The most that this process had, in MiB; the kernels count it differently."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (2**20 if sys.platform == "darwin" else 2**10)


def _milliseconds(seconds: Sequence[float]) -> str:
    return f"median {1000 * median(seconds):.0f} ms, most {1000 * max(seconds):.0f} ms"


def _say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:48} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
