"""Running PostgreSQL and Redis when the desk itself runs as root, which PostgreSQL refuses.

The servers then run as a system user of their own. It is made at the first start, and gets the
right to pass through (not to list) the folders above its files.
"""

from __future__ import annotations

import logging
import os
import pwd
import stat
import subprocess
from pathlib import Path

from newsdesk.processes import Account, DeskError

SYSTEM_USER = "newsdesk"
logger = logging.getLogger("newsdesk.embedded")


def server_account(folder: Path) -> Account | None:
    """Who owns, or is to own, a server's folder; None when that is simply the current user."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    entry = _entry() or _made_entry()
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def give(folder: Path, account: Account | None) -> None:
    """Make a private folder, and its way in, the account's own."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)
        open_way(folder, account)


def open_way(path: Path, account: Account) -> None:
    """Let the account pass through every folder above `path`."""
    for folder in path.parents:
        if not _passable(folder.stat(), account):
            _allow(folder, stat.S_IXOTH)


def share_program(root: Path, account: Account) -> None:
    """Let the account read and run an installed program: one file, or a tree of them."""
    open_way(root, account)
    files = [Path(top, name) for top, _, names in os.walk(root) for name in names]
    folders = [Path(top) for top, _, _ in os.walk(root)]
    for path in (root, *folders, *files):
        mode = path.stat().st_mode
        wanted = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode & wanted != wanted:
            _allow(path, wanted)


def _passable(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _allow(path: Path, bits: int) -> None:
    try:
        path.chmod(stat.S_IMODE(path.stat().st_mode) | bits)
    except OSError as error:
        raise DeskError(f"PostgreSQL's system user cannot get into {path}: {error}") from error
    if path.is_dir():
        logger.info("opened %s to PostgreSQL's system user", path)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def _made_entry() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    try:
        said = subprocess.run(  # noqa: S603 - a fixed command
            [*command, SYSTEM_USER], check=False, capture_output=True, text=True
        ).stderr
    except OSError as error:
        said = str(error)
    # Another desk may have made the user at the same moment: what counts is that it is there.
    if entry := _entry():
        logger.info("running as root: the servers run as the system user %s", SYSTEM_USER)
        return entry
    raise DeskError(
        "PostgreSQL does not run as root, and no system user could be made for it "
        f"({said.strip()}): start the desk as another user"
    )
