"""Child processes that die with their parent, can be stopped for certain, and are found again."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

PR_SET_PDEATHSIG = 1
# Loaded here and not between fork and exec, where nothing may take a lock.
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

# The environment of each Python child carries its desk's data folder under this name, so that
# the next start knows a leftover from any other process.
MARK = "NEWSDESK_CHILD_OF"


class DeskError(Exception):
    """What keeps the desk from starting; the message is one line that a person can act on."""


@dataclass(frozen=True)
class Account:
    """A system user other than the one who runs the desk."""

    uid: int
    gid: int


@dataclass
class Service:
    """One child process and how to stop it: `stops` are signals with the seconds given to each.

    SIGKILL, to the whole process group, follows when all of them were in vain. When the parent
    dies without a word the child gets `orphan_signal` (on Linux).
    """

    name: str
    command: Sequence[str | Path]
    stops: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 5.0),)
    orphan_signal: signal.Signals = signal.SIGKILL
    environment: dict[str, str] | None = None
    account: Account | None = None
    files: Sequence[int] = ()
    prepare: Callable[[], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    _coming: list[tuple[signal.Signals, float]] = field(default_factory=list)
    _patient_until: float = 0.0
    _swept: bool = False

    def start(self, *, output: IO[Any] | int, waits: bool = False) -> subprocess.Popen[bytes]:
        """Start the child with stdout and stderr going to `output`.

        With `waits` its stdin stays open until `let_go`; otherwise stdin is empty. Raises
        DeskError when the preparation fails or the program cannot be run.
        """
        if self.prepare:
            self.prepare()
        self._coming, self._patient_until, self._swept = list(self.stops), 0.0, False
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                [str(part) for part in self.command],
                stdin=subprocess.PIPE if waits else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment,
                pass_fds=self.files,
                # Out of the terminal's group: Ctrl-C reaches the parent, which stops in order.
                start_new_session=True,
                # Safe: it makes two system calls and takes no lock.
                preexec_fn=(  # noqa: PLW1509
                    _follow(os.getpid(), self.orphan_signal) if LIBC else None
                ),
                **_as(self.account),
            )
        except OSError as error:
            raise DeskError(f"{self.name} could not be started: {error}") from error
        return self.process

    def let_go(self) -> None:
        """End the wait of a child that was started with `waits`."""
        if self.process and self.process.stdin:
            self.process.stdin.close()

    def exit_status(self) -> int | None:
        """None while the child runs; then its exit status, negative for a signal."""
        if self.process is None:
            return 0
        status = self.process.poll()
        if status is not None and not self._swept:
            self._signal_group(signal.SIGKILL)
            self._swept = True
        return status

    @property
    def running(self) -> bool:
        return self.exit_status() is None

    def press(self) -> None:
        """Send the next stop signal when the time given to the last one is over."""
        now = time.monotonic()
        if now < self._patient_until or not self.running:
            return
        number, seconds = self._coming.pop(0) if self._coming else (signal.SIGKILL, 1.0)
        self._patient_until = now + seconds
        if number is signal.SIGKILL:
            self._signal_group(number)
        elif self.process:
            self.process.send_signal(number)

    def hurry(self) -> None:
        """Skip what patience is left: the next `press` kills."""
        self._coming, self._patient_until = [], 0.0

    def stop(self) -> None:
        """Stop the child and return when it has gone."""
        while self.running:
            self.press()
            time.sleep(0.01)

    def _signal_group(self, number: signal.Signals) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def end_all(
    processes: Iterable[psutil.Process], stops: Sequence[tuple[signal.Signals, float]] = ()
) -> int:
    """Stop processes that are not our children; returns how many there were.

    Raises DeskError when one of them belongs to somebody else or outlives SIGKILL.
    """
    found = left = list(processes)
    for number, seconds in (*stops, (signal.SIGKILL, 5.0)):
        for process in left:
            _send(process, number)
        deadline = time.monotonic() + seconds
        while (left := [one for one in left if _lives(one)]) and time.monotonic() < deadline:
            time.sleep(0.02)
        if not left:
            return len(found)
    raise DeskError(f"process {left[0].pid}, left over from an earlier desk, cannot be ended")


def working_in(folder: Path, program: str) -> list[psutil.Process]:
    """The processes called `program` whose working directory is `folder`, deleted or not."""
    places = {str(folder), f"{folder} (deleted)"}
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == program and process.info["cwd"] in places
    ]


def marked(data: Path) -> list[psutil.Process]:
    """The Python children of any supervisor of this data folder, and their own children."""
    return [
        process
        for process in psutil.process_iter(["name"])
        if "python" in (process.info["name"] or "") and _environment(process).get(MARK) == str(data)
    ]


def _lives(process: psutil.Process) -> bool:
    """Whether it still does anything: in a container nobody may ever collect a dead orphan."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise DeskError(
            f"process {process.pid}, left over from an earlier desk, belongs to another user"
        ) from error


def follow_parent(number: signal.Signals) -> None:
    """Have the kernel send this process `number` when its parent dies (on Linux)."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def _follow(parent: int, number: signal.Signals) -> Callable[[], None]:
    def follow() -> None:
        follow_parent(number)
        if os.getppid() != parent:
            os._exit(1)

    return follow


def _as(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
