from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import dj_database_url
import kombu
import psutil
import psycopg2
import pytest
import redis as redis_client

from newsdesk import embedded
from newsdesk.processes import DeskError, working_in


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="newsdesk-embedded-") as name:
        yield Path(name).resolve()


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder whose PostgreSQL is made once; each test starts the servers anew."""
    with tempfile.TemporaryDirectory(prefix="newsdesk-embedded-") as name:
        yield Path(name).resolve()


@pytest.fixture
def started(home: Path) -> Iterator[Any]:
    running: list[embedded.Servers] = []

    def start(data: Path = home) -> embedded.Servers:
        running.append(embedded.Servers(data, durable=False))
        running[-1].start()
        return running[-1]

    yield start
    for servers in running:
        servers.stop()


def ask(data: Path, sql: str) -> Any:
    address = dj_database_url.parse(embedded.database_url(data))
    connection = psycopg2.connect(
        host=address["HOST"], port=address["PORT"], user=address["USER"], dbname=address["NAME"]
    )
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def servers_of(data: Path) -> list[psutil.Process]:
    return [
        *working_in(data / "postgres", "postgres"),
        *working_in(data / "redis", "redis-server"),
    ]


def test_the_data_folder_is_var_beside_the_code_unless_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NEWSDESK_DATA")
    assert embedded.data_folder() == embedded.REPOSITORY / "var"
    monkeypatch.setenv("NEWSDESK_DATA", "/srv/desk")
    assert embedded.data_folder() == Path("/srv/desk").resolve()
    monkeypatch.setenv("NEWSDESK_DATA", "elsewhere")
    assert embedded.data_folder() == embedded.REPOSITORY / "elsewhere"


@pytest.mark.parametrize(
    "data", ["/srv/desk", "/srv/News Desk/März", "/srv/" + "long/" * 40, "/srv/a,b@c:d%20"]
)
def test_every_data_folder_has_an_address_that_django_reads_back(data: str) -> None:
    sockets = embedded.socket_folder(Path(data))
    read = dj_database_url.parse(embedded.database_url(Path(data)))
    assert (read["HOST"], read["PORT"], read["NAME"]) == (str(sockets), 5432, "newsdesk")
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= embedded.SOCKET_PATH_BYTES


def test_two_data_folders_have_different_addresses() -> None:
    one, two = (Path("/srv/" + "long/" * 40 + name) for name in ("one", "two"))
    assert embedded.database_url(one) != embedded.database_url(two)
    assert embedded.redis_url(one) != embedded.redis_url(two)


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://cache:6379/2", "redis://cache:6379/2"),
        ("unix:///srv/redis.sock", "redis+socket:///srv/redis.sock?virtual_host=0"),
        ("unix:///srv/redis.sock?db=3", "redis+socket:///srv/redis.sock?virtual_host=3"),
    ],
)
def test_celery_is_told_the_same_redis_in_its_own_spelling(url: str, broker: str) -> None:
    assert embedded.broker_url(url) == broker


def test_the_secret_key_is_made_once_and_is_private(folder: Path) -> None:
    key = embedded.secret_key(folder / "new")
    assert len(key) >= 50
    assert embedded.secret_key(folder / "new") == key
    assert stat.S_IMODE((folder / "new" / "secret_key").stat().st_mode) == 0o600


def test_data_outlives_a_restart_and_nothing_keeps_running(home: Path, started: Any) -> None:
    servers = started()
    ask(home, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.stop()
    assert servers_of(home) == []
    started()
    assert ask(home, "SELECT answer FROM kept") == 42


def test_the_database_lowers_the_capitals_of_every_script(home: Path, started: Any) -> None:
    started()
    assert ask(home, "SELECT lower('ÄÉЖҚ')") == "äéжқ"
    assert ask(home, "SHOW server_encoding") == "UTF8"


def test_servers_run_side_by_side_with_spaces_and_long_paths(folder: Path, started: Any) -> None:
    plain, deep = folder / "plain", folder / "Two Words" / ("long" * 30)
    started(plain)
    started(deep)
    ask(plain, "CREATE TABLE only_here ()")
    assert ask(deep, "SELECT to_regclass('only_here')") is None
    with redis_client.Redis.from_url(embedded.redis_url(deep)) as client:
        assert client.ping()
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    with kombu.Connection(embedded.broker_url(embedded.redis_url(deep))) as broker:
        assert broker.ensure_connection(max_retries=1).connected


def test_only_their_owner_reaches_the_servers(home: Path, started: Any) -> None:
    started()
    sockets = embedded.socket_folder(home)
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert ask(home, "SHOW listen_addresses") == ""


def test_what_a_killed_desk_left_running_is_ended_by_the_next(home: Path, started: Any) -> None:
    orphaned = (
        "import os, sys; from pathlib import Path; from newsdesk import embedded, processes;"
        "processes.LIBC = None;"
        "servers = embedded.Servers(Path(sys.argv[1]), durable=False); servers.start();"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", orphaned, str(home)], cwd=embedded.REPOSITORY, check=False
    )
    before = {process.pid for process in servers_of(home)}
    assert done.returncode == -signal.SIGKILL
    assert before
    started()
    assert before.isdisjoint(process.pid for process in servers_of(home))
    assert ask(home, "SELECT 1") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_servers_end_by_themselves_when_their_starter_is_killed(home: Path) -> None:
    starter = (
        "import os, sys; from pathlib import Path; from newsdesk import embedded;"
        "servers = embedded.Servers(Path(sys.argv[1]), durable=False); servers.start();"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", starter, str(home)], cwd=embedded.REPOSITORY, check=False)
    assert (home / "postgres" / "PG_VERSION").exists()
    deadline = time.monotonic() + 10
    while servers_of(home) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert servers_of(home) == []


def test_a_stale_lock_whose_number_went_to_another_process_does_not_matter(
    home: Path, started: Any
) -> None:
    started().stop()
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getppid()}\n{home}\n")
    (home / "desk.lock").write_text(f"{os.getppid()}\n")
    started()
    assert ask(home, "SELECT 1") == 1


def test_a_first_start_that_was_killed_half_way_is_begun_again(folder: Path, started: Any) -> None:
    (folder / "postgres.new").mkdir()
    (folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    started(folder)
    assert ask(folder, "SELECT 1") == 1


def test_a_second_desk_on_the_same_folder_is_told_who_runs_there(folder: Path) -> None:
    lock = embedded.FolderLock(folder)
    with pytest.raises(DeskError, match=f"already running on .*process {os.getpid()}"):
        embedded.FolderLock(folder)
    lock.release()
    embedded.FolderLock(folder).release()


def test_a_data_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(DeskError, match=r"file/var cannot be written .* NEWSDESK_DATA"):
        embedded.FolderLock(folder / "file" / "var")


def test_files_that_are_not_postgresqls_are_not_overwritten(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "letter.txt").write_text("mine")
    servers = embedded.Servers(folder, durable=False)
    with pytest.raises(DeskError, match="holds files, but no PostgreSQL data"):
        servers.start()
    assert (folder / "postgres" / "letter.txt").read_text() == "mine"


def test_data_of_another_postgresql_version_is_refused(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("16\n")
    servers = embedded.Servers(folder, durable=False)
    with pytest.raises(DeskError, match="made by PostgreSQL 16 and this is 18"):
        servers.start()


def test_a_sockets_folder_that_is_a_link_to_somewhere_else_is_refused(folder: Path) -> None:
    data = folder / "Capitals"
    embedded.make_writable(data)
    sockets = embedded.socket_folder(data)
    sockets.symlink_to(folder)
    try:
        servers = embedded.Servers(data, durable=False)
        with pytest.raises(DeskError, match="is not ours"):
            servers.start()
    finally:
        sockets.unlink()
