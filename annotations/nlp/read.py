"""Reads texts in bulk: JSON lines in, JSON lines out.

    python -m annotations.nlp.read < texts.jsonl > read.jsonl

Each line of the input is an object with an `id` (any JSON) and a `text`. Each gives one line, in
order and as soon as it is read: what is named and who says what in the text, without any knowledge
base. Offsets are half-open and count code points of the text as given. A line that cannot be read
gives one with an `error`; the exit status is 0 all the same.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, BinaryIO

from annotations.nlp.dictionary import DictionarySuggester
from annotations.nlp.lineup import line_up
from annotations.nlp.network import MODEL, Network
from annotations.nlp.predictions import Predictions, Spans, Tie
from annotations.nlp.reader import ReaderSuggester, read_text
from annotations.nlp.suggester import Document, read

log = logging.getLogger(__name__)

Answers = Queue[Future[str] | None]

INTERRUPTED = 130
_SURROGATE = re.compile("[\ud800-\udfff]")
_KINDS = {
    dict: "an object", list: "a list", str: "a string", bool: "true or false", int: "a number",
    float: "a number", type(None): "null",
}  # fmt: skip


class BadLine(ValueError):
    """A line that is no text to read; `given` is what its answer repeats of it."""

    def __init__(self, message: str, given: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.given = given or {}


def parsed(line: bytes) -> tuple[Any, str]:
    """The id (None where there is none) and the text of a line. Raises BadLine, which says what is
    wrong with which field."""
    item = _item(line)
    given = {"id": item["id"]} if "id" in item else {}
    if "text" not in item:
        raise BadLine("text: is missing", given)
    text = item["text"]
    if not isinstance(text, str):
        raise BadLine(f"text: must be a string, not {_KINDS[type(text)]}", given)
    if half := _SURROGATE.search(text):
        half_sign = f"half a character (U+{ord(half[0]):04X})"
        raise BadLine(f"text: has {half_sign} at character {half.start() + 1:,}", given)
    return given.get("id"), text


def _item(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        byte = f"byte 0x{line[error.start]:02X} at offset {error.start:,}"
        raise BadLine(f"the line is no UTF-8: {byte}") from error
    except json.JSONDecodeError as error:
        where = f"{error.msg} at character {error.pos + 1:,}" if line.strip() else "it is empty"
        raise BadLine(f"the line is no JSON: {where}") from error
    except RecursionError as error:
        raise BadLine("the line is nested too deeply to be read") from error
    except ValueError as error:
        raise BadLine(f"the line is no JSON: {error}") from error
    if not isinstance(item, dict):
        raise BadLine(f"the line must be a JSON object, not {_KINDS[type(item)]}")
    return item


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


class _ReadOnce:
    """The reader as a suggester that keeps what it has read."""

    def __init__(self, reader: ReaderSuggester, text: str) -> None:
        self.reader = reader
        self.name, self.version = reader.name, reader.version
        self.read = read_text(reader.network, text, Document(text).stretches)

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        return self.reader.suggest_from(self.read, so_far)


class TextReader:
    """Reads texts as a desk does that knows nobody yet. Safe to share between threads."""

    def __init__(self, reader: ReaderSuggester) -> None:
        self.reader = reader
        self.names = DictionarySuggester()

    def __call__(self, text: str) -> dict[str, Any]:
        """What is found in a text, as it is written out."""
        once = _ReadOnce(self.reader, text)
        *_, (_, found) = read(Document(text), line_up(self.names, once))
        sentences = zip(once.read.spans, once.read.worth.tolist(), strict=True)
        return {
            "mentions": [
                {**span._asdict(), "type": type, "confidence": round(sure, 4)}
                for span, type, sure in ((m.span, m.type, m.confidence) for m in found.mentions)
            ],
            "attributions": [_attribution(tie) for tie in found.ties if not tie.by_outlet],
            "claims": [
                {"spans": _places(claim.spans), "score": round(claim.confidence, 4)}
                for claim in found.claims
            ],
            "sentences": [
                {**span._asdict(), "check_worthiness": round(worth, 4)} for span, worth in sentences
            ],
        }


def _places(spans: Spans) -> list[list[int]]:
    return [list(span) for span in spans]


def _attribution(tie: Tie) -> dict[str, Any]:
    return {
        "source": list(tie.source.span) if tie.source else None,
        "cue": list(tie.cue[0]) if tie.cue else None,
        "content": _places(tie.claim.spans),
        "manner": tie.manner,
        "confidence": round(tie.confidence, 4),
    }


def answer(line: bytes, number: int, reads: Callable[[str], dict[str, Any]]) -> str:
    """The line that answers the input's line of this number."""
    given: dict[str, Any] = {}
    try:
        id, text = parsed(line)
        given = {"id": id}
        found = given | reads(text)
    except BadLine as error:
        found = error.given | {"line": number, "error": str(error)}
    except Exception as error:  # whatever one text does, the others are read
        log.exception("line %d could not be read", number)
        found = given | {"line": number, "error": f"text: could not be read ({error!r})"}
    return json.dumps(found, separators=(",", ":"))


def write_answers(
    lines: Iterable[bytes], out: BinaryIO, reads: Callable[[str], dict[str, Any]], threads: int
) -> None:
    """Read lines, several at once, and write their answers in order, each as soon as it can be."""
    answers: Answers = Queue(2 * threads)
    pool = ThreadPoolExecutor(threads)
    try:
        # A thread of its own, because whoever sends a line may wait for its answer.
        Thread(target=_feed, args=(lines, reads, pool, answers), daemon=True).start()
        while (found := answers.get()) is not None:
            out.write(f"{found.result()}\n".encode())
            out.flush()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _feed(
    lines: Iterable[bytes],
    reads: Callable[[str], dict[str, Any]],
    pool: ThreadPoolExecutor,
    answers: Answers,
) -> None:
    try:
        for number, line in enumerate(lines, start=1):
            answers.put(pool.submit(answer, line, number, reads))
    except OSError as error:
        failed: Future[str] = Future()
        failed.set_exception(error)
        answers.put(failed)
    answers.put(None)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m annotations.nlp.read",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", type=Path, default=MODEL, help="a folder of weights")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    # A text is read by one core, as many texts at once as there are: no core waits for another.
    reads = TextReader(ReaderSuggester(Network(options.model, threads=1)))
    try:
        write_answers(sys.stdin.buffer, sys.stdout.buffer, reads, threads=cores or 1)
    except (BrokenPipeError, KeyboardInterrupt) as end:
        # The thread that waits for input would hold up a tidy end.
        os._exit(0 if isinstance(end, BrokenPipeError) else INTERRUPTED)
    return 0


if __name__ == "__main__":
    sys.exit(main())
