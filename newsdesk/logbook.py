"""One readable log of several processes: time, a short name, the line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TextIO

WIDTH = 8
COLOURS: Mapping[str, str] = {
    "desk": "1",
    "web": "36",
    "worker": "33",
    "beat": "35",
    "postgres": "34",
    "redis": "31",
}
# What Redis says at every start, with a warning about snapshots, which the desk never takes.
CHATTER = re.compile(
    r"oO0OoO0OoO0Oo|Redis version=|Configuration loaded|Server initialized|Memory overcommit"
    r"|overcommit_memory|signal-handler"
)
# Redis puts process and time before each line; the log has both already.
REDIS_STAMP = re.compile(r"^\d+:[A-Z] \d\d \w{3} \d{4} [\d:.]+ ")


class Logbook:
    """Writes lines to a stream, in colour on a terminal; a stream that has gone is no error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colourful = stream.isatty() and "NO_COLOR" not in os.environ

    def write(self, name: str, line: str) -> None:
        if name == "redis":
            if CHATTER.search(line):
                return
            line = REDIS_STAMP.sub("", line)
        label = f"{name:<{WIDTH}}"
        if self._colourful and name in COLOURS:
            label = f"\x1b[{COLOURS[name]}m{label}\x1b[0m"
        self._put(f"{datetime.now():%H:%M:%S} {label} {line}\n")

    def block(self, text: str) -> None:
        """Write lines that stand by themselves, with an empty line before and after."""
        self._put(f"\n{text}\n\n")

    def _put(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            # The terminal or the reader of the pipe has gone; stopping in order matters more.
            pass


class Lines:
    """Cuts one child's output into lines for the logbook."""

    def __init__(self, log: Logbook, name: str) -> None:
        self._log, self._name, self._rest = log, name, b""

    def feed(self, data: bytes) -> None:
        """Take what was read; empty data is the end and writes an unfinished last line."""
        *lines, self._rest = (self._rest + (data or b"\n")).split(b"\n")
        for line in lines:
            if line.strip():
                self._log.write(self._name, line.decode(errors="replace").rstrip())
