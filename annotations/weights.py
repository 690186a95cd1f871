"""Which model the desk reads with: the shipped one, or one that it trained itself.

Models of the desk's own lie side by side in `settings.MODELS`, a folder each, and none is ever
altered or deleted. A file `current` there lists the versions in the order in which they came into
use; the last one is in use, and without any the shipped one is. The file is replaced whole, so a
worker that looks at it before each story sees the old list or the new one. `settings.MODEL`, where
given, comes before all.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from annotations.nlp.network import MODEL as SHIPPED
from articles.errors import Refused

log = logging.getLogger(__name__)

CONFIG, NOTES, CURRENT = "config.json", "learned.json", "current"
# Stands between the shipped model's version and a number.
OWN = "-desk-"


@dataclass(frozen=True)
class Stored:
    """A model; `notes` is what its training wrote down, nothing for the shipped one."""

    folder: Path
    version: str
    notes: dict[str, Any]


def model_folder() -> Path:
    """The folder of the model in use, looked up anew at each call."""
    if settings.MODEL:
        return settings.MODEL
    used = _used()
    folder = _folders().get(used[-1]) if used else SHIPPED
    if folder is None:
        log.warning("the model %s is not there, or not of the shipped one", used[-1])
    return folder or SHIPPED


def _used() -> list[str]:
    try:
        return (settings.MODELS / CURRENT).read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return []


def _folders() -> dict[str, Path]:
    """All folders by their version: the shipped model's, then the desk's own as trained.

    Of these only what was trained from it: another shipped model may be read in another way.
    """
    shipped = version_of(SHIPPED)
    own = [path.parent for path in settings.MODELS.glob(f"{shipped}{OWN}*/{CONFIG}")]
    own.sort(key=lambda folder: _number(folder.name))
    return {shipped: SHIPPED} | {folder.name: folder for folder in own}


def _number(name: str) -> int:
    number = name.rpartition(OWN)[2]
    return int(number) if number.isdecimal() else 0


def version_of(folder: Path) -> str:
    return str(json.loads((folder / CONFIG).read_text(encoding="utf-8"))["version"])


def stored_models() -> list[Stored]:
    """The shipped model, then the desk's own in the order in which they were trained."""
    return [Stored(folder, version, _notes(folder)) for version, folder in _folders().items()]


def _notes(folder: Path) -> dict[str, Any]:
    path = folder / NOTES
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@contextmanager
def new_model() -> Iterator[tuple[Path, str]]:
    """A folder to write a model into, and the version that it is to have.

    When the block ends well the folder is stored under its version; else it is removed.
    """
    settings.MODELS.mkdir(parents=True, exist_ok=True)
    taken = max((_number(path.name) for path in settings.MODELS.glob(f"*{OWN}*")), default=0)
    version = f"{version_of(SHIPPED)}{OWN}{taken + 1}"
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=settings.MODELS))
    try:
        yield draft, version
        # The desk's worker may be another user than who trains.
        draft.chmod(0o755)
        draft.rename(settings.MODELS / version)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def use(version: str) -> str:
    """Read with this model from the next story on. Raises Refused when there is none such."""
    _refuse_where_fixed()
    if version not in _folders():
        raise Refused(f"There is no model {version}; `manage.py train --list` lists them.")
    _write_used([*_used(), version])
    return version


def go_back() -> str:
    """Use the model that was in use before the present one; returns its version.

    Raises Refused when the desk never used another.
    """
    _refuse_where_fixed()
    used = _used()
    if not used:
        raise Refused("The shipped model is in use, and none was before it.")
    _write_used(used[:-1])
    return version_of(model_folder())


def _refuse_where_fixed() -> None:
    if settings.MODEL:
        raise Refused(f"NEWSDESK_MODEL says to read with {settings.MODEL}: take it away first.")


def _write_used(versions: list[str]) -> None:
    settings.MODELS.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=settings.MODELS, prefix=".current-", delete=False
    ) as draft:
        draft.writelines(f"{version}\n" for version in versions)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(settings.MODELS / CURRENT)
