"""How fast the readers' pages are, and how that grows: `python -m newsdesk.site.bench 1000 10000`.

For each number of stories, with twenty annotations each, a database of its own is filled, and the
web server as it is deployed is asked over HTTP. Prints a table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from newsdesk import benching

SIZES = (1000, 10_000, 100_000)
REQUESTS, CLIENTS, SECONDS = 200, 8, 10.0
# Milliseconds of p95 that are wanted at 100,000 stories; stories a second with eight clients.
WANTED = {"story": 40, "entity": 80, "search with facets": 120, "feed": 40}
STORIES_A_SECOND = 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m newsdesk.site.bench", description=__doc__)
    parser.add_argument(
        "sizes", nargs="*", type=int, default=list(SIZES), help="numbers of stories"
    )
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each kind of page")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of the eight clients")
    parser.add_argument(
        "--keep", type=Path, help="a folder to keep what is filled in, and to use it again"
    )
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.into:
        measured = measure(options)
        options.into.write_text(json.dumps(measured), encoding="utf-8")
        return
    sys.stdout.write(f"{benching.machine()}\n")
    runs = {size: _apart(size, options) for size in options.sizes}
    sys.stdout.write(table(runs))


def _apart(size: int, options: argparse.Namespace) -> dict[str, Any]:
    """Measure in a process of its own: Django knows one database."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = [
            sys.executable, "-m", "newsdesk.site.bench", str(size), "--into", result.name,
            "--requests", str(options.requests), "--seconds", str(options.seconds),
        ]  # fmt: skip
        if options.keep:
            command += ["--keep", str(options.keep)]
        subprocess.run(command, check=True)  # noqa: S603 - ourselves
        return dict(json.loads(Path(result.name).read_text(encoding="utf-8")))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """By page: p50, p95 and bytes; and stories a second with eight clients."""
    stories = options.sizes[0]
    with benching.own_servers(options.keep and options.keep / str(stories)):
        from newsdesk.site.bench.asking import many_clients, one_client, pages
        from newsdesk.site.bench.filling import filled

        os.environ["SITE_URL"] = f"http://127.0.0.1:{os.environ['NEWSDESK_PORT']}"
        start = time.perf_counter()
        news = filled(stories)
        seconds = time.perf_counter() - start
        sys.stdout.write(f"{stories:,} stories filled in {seconds:.0f} s\n")
        sys.stdout.flush()
        with benching.web_server():
            kinds = pages(news)
            measured: dict[str, Any] = {
                name: one_client(addresses, options.requests) for name, addresses in kinds.items()
            }
            rate = many_clients(kinds["story"], CLIENTS, options.seconds)
    return {"pages": measured, "rate": rate}


def table(runs: dict[int, dict[str, Any]]) -> str:
    """The measured as Markdown: a row a page, p50 / p95 a size, growth of p95 at the end."""
    sizes = list(runs)
    lines = [
        "| page | " + " | ".join(f"{size:,} stories" for size in sizes)
        + " | p95 grew | wanted | KB, compressed |",
        "|---" * (len(sizes) + 4) + "|",
    ]  # fmt: skip
    for rows in zip(*(run["pages"].items() for run in runs.values()), strict=True):
        lines.append(_row([name for name, _ in rows], [figures for _, figures in rows]))
    rates = " | ".join(f"{run['rate']:.0f} a second" for run in runs.values())
    lines.append(f"| story, {CLIENTS} clients | {rates} | | ≥ {STORIES_A_SECOND} a second | |")
    return "\n".join(["p50 / p95 in ms", "", *lines, ""])


def _row(names: list[str], figures: list[tuple[float, float, int]]) -> str:
    cells = " | ".join(f"{p50:.0f} / {p95:.0f}" for p50, p95, _ in figures)
    kind = names[-1].split(",", maxsplit=1)[0]
    wanted = f"≤ {WANTED[kind]}" if kind in WANTED else ""
    growth = f"× {figures[-1][1] / figures[0][1]:.1f}" if len(figures) > 1 else ""
    return f"| {names[-1]} | {cells} | {growth} | {wanted} | {figures[-1][2] / 1000:.0f} |"


if __name__ == "__main__":
    main()
