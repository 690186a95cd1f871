"""`make run`: starts everything, keeps it running, and leaves nothing behind.

One process, one thread: it reads its children's output, starts again what dies, and on Ctrl-C,
SIGTERM or SIGHUP stops all in order. Imports no Django and neither of the two apps.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dotenv import load_dotenv

from newsdesk import embedded
from newsdesk.logbook import Lines, Logbook
from newsdesk.processes import MARK, DeskError, Service, end_all, marked

START_SECONDS = 120.0
CALM_SECONDS = 30.0
LONGEST_PAUSE = 30.0
HIGHEST_PORT = 65535
# A desk that listens everywhere is reached, on its own machine, at the loopback address.
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked the desk to stop while it was starting."""


@dataclass(frozen=True)
class Config:
    """What the environment says about how to run; see `.env.example`."""

    data: Path
    host: str
    port: int
    site_url: str
    own_postgres: bool
    own_redis: bool

    @classmethod
    def from_environment(cls) -> Config:
        """Raises DeskError when NEWSDESK_PORT is no port."""
        host = os.environ.get("NEWSDESK_HOST") or "127.0.0.1"
        given = os.environ.get("NEWSDESK_PORT") or "8000"
        if not (given.isascii() and given.isdigit() and 0 < int(given) <= HIGHEST_PORT):
            raise DeskError(
                f"NEWSDESK_PORT is {given!r}: it must be a number from 1 to {HIGHEST_PORT}"
            )
        shown = "localhost" if host in LOOPBACK else host
        shown = f"[{shown}]" if ":" in shown else shown
        return cls(
            data=embedded.data_folder(),
            host=host,
            port=int(given),
            site_url=(os.environ.get("SITE_URL") or f"http://{shown}:{given}").rstrip("/"),
            own_postgres=not os.environ.get("DATABASE_URL"),
            own_redis=not os.environ.get("REDIS_URL"),
        )


@dataclass
class Child:
    """A service that is started again whenever it dies, with growing pauses."""

    service: Service
    started: float = 0.0
    failures: int = 0
    due: float | None = None

    def pause(self, now: float) -> float:
        """Seconds to wait after a death: none after a calm life, then 1, 2, 4 ... 30."""
        self.failures = 0 if now - self.started > CALM_SECONDS else self.failures + 1
        return min(LONGEST_PAUSE, 2.0 ** (self.failures - 1)) if self.failures else 0.0


class Supervisor:
    """The desk of one data folder, from start to stop."""

    def __init__(self, config: Config, log: Logbook) -> None:
        self.config = config
        self.log = log
        self._selector = selectors.DefaultSelector()
        self._children: list[Child] = []
        self._asked = 0
        self._listener: socket.socket | None = None

    def run(self) -> int:
        """Run until asked to stop; the exit status."""
        self._catch_signals()
        try:
            lock = embedded.FolderLock(self.config.data)
            try:
                self._start()
                self._keep()
            except Stopped:
                pass
            finally:
                self._stop()
                embedded.remove_short_folder(self.config.data)
                lock.release()
        except DeskError as error:
            self.log.write("desk", str(error))
            return 1
        return 0

    def _start(self) -> None:
        self._listener = listen(self.config)
        end_all(marked(self.config.data))
        embedded.secret_key(self.config.data)
        servers = self._servers()
        setup = self._python("setup", "newsdesk.startup", "--wait")
        web = self._python("web", "newsdesk.web", "--wait", f"--fd={self._listener.fileno()}")
        web.files = [self._listener.fileno()]
        # Importing takes these two longer than the servers need to start: both at once.
        self._launch(setup, waits=True)
        self._launch(web, waits=True)
        for service in servers:
            self._launch(service)
        self._await(self._servers_answer, servers)
        if self.config.own_postgres:
            embedded.ensure_database(self.config.data)
        setup.let_go()
        self._await(lambda: not setup.running, [*servers, web])
        if setup.exit_status():
            raise DeskError("the database could not be set up: the lines above say why")
        web.let_go()
        worker = self._worker()
        self._launch(worker)
        self._await(lambda: answers(self._listener), [*servers, web, worker])
        self._launch(self._beat())
        self._children = [child for child in self._children if child.service is not setup]
        self.log.block(ready_text(self.config))

    def _servers(self) -> list[Service]:
        data = self.config.data
        chosen = [embedded.postgres(data)] if self.config.own_postgres else []
        return [*chosen, embedded.redis(data)] if self.config.own_redis else chosen

    def _servers_answer(self) -> bool:
        data, found = self.config.data, {c.service.name: c.service for c in self._children}
        return ("postgres" not in found or embedded.postgres_answers(data, found["postgres"])) and (
            "redis" not in found or embedded.redis_answers(data)
        )

    def _worker(self) -> Service:
        concurrency = max(2, min(4, os.cpu_count() or 2))
        worker = self._python("worker", "celery", "--quiet", "-A", "newsdesk", "worker")
        options = ["--queues=read,ingest,deliver", f"--concurrency={concurrency}"]
        options += ["--loglevel=INFO", "--without-gossip", "--without-mingle"]
        worker.command = [*worker.command, *options]
        # A run cut short is sent again by the sweep, so the stop need not wait for long ones.
        worker.stops = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 2.0))
        return worker

    def _beat(self) -> Service:
        beat = self._python("beat", "celery", "--quiet", "-A", "newsdesk", "beat")
        schedule = f"--schedule={self.config.data / 'beat-schedule'}"
        # Its pid file would outlive a kill -9 and keep the next one from starting.
        beat.command = [*beat.command, schedule, "--pidfile=", "--loglevel=WARNING"]
        return beat

    def _python(self, name: str, module: str, *arguments: str) -> Service:
        paths = [str(embedded.REPOSITORY), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {
            "NEWSDESK_DATA": str(self.config.data),
            "NEWSDESK_HOST": self.config.host,
            "NEWSDESK_PORT": str(self.config.port),
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONUNBUFFERED": "1",
            MARK: str(self.config.data),
        }
        command = [sys.executable, "-m", module, *arguments]
        return Service(name=name, command=command, environment=environment)

    def _launch(self, service: Service, *, waits: bool = False) -> None:
        child = Child(service)
        self._children.append(child)
        self._spawn(child, waits=waits)
        self._check_asked()

    def _spawn(self, child: Child, *, waits: bool = False) -> None:
        process = child.service.start(output=subprocess.PIPE, waits=waits)
        child.started, child.due = time.monotonic(), None
        assert process.stdout
        os.set_blocking(process.stdout.fileno(), False)
        # The set-up is a matter of the desk itself; its lines (the passwords) are the desk's.
        name = "desk" if child.service.name == "setup" else child.service.name
        self._selector.register(process.stdout, selectors.EVENT_READ, Lines(self.log, name))

    def _await(self, done: Callable[[], bool], needed: Iterable[Service]) -> None:
        deadline = time.monotonic() + START_SECONDS
        needed = list(needed)
        while not done():
            self._read(0.03)
            self._check_asked()
            for service in needed:
                if not service.running:
                    self._read(0.0)
                    raise DeskError(f"{service.name} ended at once: the lines above say why")
            if time.monotonic() > deadline:
                raise DeskError(f"the desk did not start within {START_SECONDS:.0f} seconds")

    def _keep(self) -> None:
        while not self._asked:
            self._read(1.0)
            for child in self._children:
                self._tend(child, time.monotonic())

    def _tend(self, child: Child, now: float) -> None:
        if child.service.running or self._asked:
            return
        if child.due is None:
            pause = child.pause(now)
            child.due = now + pause
            how = exit_text(child.service.exit_status() or 0)
            when = f"in {pause:.0f} s" if pause else "at once"
            self.log.write("desk", f"{child.service.name} {how}; starting it again {when}")
        if now >= child.due:
            try:
                self._spawn(child)
            except DeskError as error:
                self.log.write("desk", str(error))
                child.due, child.started = now + child.pause(now), now

    def _stop(self) -> None:
        """Faces first, then what they stand on; a second signal kills at once."""
        asked = self._asked
        if any(child.service.running for child in self._children):
            self.log.write("desk", "stopping")
        servers = ("postgres", "redis")
        for group in (
            [c.service for c in self._children if c.service.name not in servers],
            [c.service for c in self._children if c.service.name in servers],
        ):
            while left := [service for service in group if service.running]:
                for service in left:
                    if self._asked > max(asked, 1):
                        service.hurry()
                    service.press()
                self._read(0.03)
        self._read(0.0)
        if self._listener:
            self._listener.close()
        if self._children:
            self.log.write("desk", "stopped")

    def _read(self, seconds: float) -> None:
        """Copy what the children say into the log; wait for something at most so long."""
        for key, _ in self._selector.select(seconds):
            data = os.read(key.fd, 65536)
            if key.data is None:
                continue
            key.data.feed(data)
            if not data:
                self._selector.unregister(key.fileobj)

    def _catch_signals(self) -> None:
        reading, writing = os.pipe()
        for end in (reading, writing):
            os.set_blocking(end, False)
        # Each signal writes a byte here, which ends the wait in `_read`.
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._selector.register(reading, selectors.EVENT_READ, None)
        for number in STOP_SIGNALS:
            signal.signal(number, self._ask)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _ask(self, *_: object) -> None:
        self._asked += 1

    def _check_asked(self) -> None:
        if self._asked:
            raise Stopped


def listen(config: Config) -> socket.socket:
    """The desk's listening socket. Raises DeskError, naming the port, when it cannot be had."""
    where = f"port {config.port} on {config.host}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        raise DeskError(
            f"{where} cannot be used ({error.strerror}): choose another with NEWSDESK_PORT"
        ) from error
    return listener


def answers(listener: socket.socket | None) -> bool:
    """Whether a web server takes requests from this socket and answers them."""
    if listener is None:
        return False
    host, port = listener.getsockname()[:2]
    try:
        with socket.create_connection((LOOPBACK.get(host, host), port), timeout=0.5) as client:
            client.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return client.recv(5) == b"HTTP/"
    except OSError:
        return False


def exit_text(status: int) -> str:
    """How a child ended, in words."""
    if status < 0:
        return f"was killed ({signal.Signals(-status).name})"
    return f"ended (exit status {status})"


def ready_text(config: Config) -> str:
    """What a newcomer needs to know once the desk runs."""
    url = config.site_url
    return "\n".join(
        f"  {label:<10} {text}"
        for label, text in (
            ("Newsdesk", f"{url}/"),
            ("Sign in", f"{url}/desk/ as editor or chief; their passwords were shown once, at"),
            ("", "the first start (new ones: python manage.py changepassword editor)"),
            ("API", f"{url}/api/docs/"),
            ("Data", str(config.data)),
            ("Stop", "Ctrl-C"),
        )
    )


class _Handler(logging.Handler):
    """Takes the notes of newsdesk.embedded into the log."""

    def __init__(self, log: Logbook) -> None:
        super().__init__(logging.INFO)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.write("desk", record.getMessage())


def main() -> int:
    """Run the desk that the environment and `.env` describe; the exit status."""
    load_dotenv(embedded.REPOSITORY / ".env")
    log = Logbook(sys.stdout)
    notes = logging.getLogger("newsdesk.embedded")
    notes.setLevel(logging.INFO)
    notes.addHandler(_Handler(log))
    try:
        config = Config.from_environment()
    except DeskError as error:
        log.write("desk", str(error))
        return 1
    return Supervisor(config, log).run()
