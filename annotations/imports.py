"""Imports: a file is stored with the wish, in one transaction; a worker is woken on commit and
takes it in piece by piece; the sweep wakes another when one died or the wake-up was lost.

How far it is stands in the database and moves in the same transaction as what was taken in. So a
worker may die at any moment: the next goes on behind the last piece. A worker works for a while
only and then has itself woken again, so that reading the news does not wait.
"""

from __future__ import annotations

import io
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from annotations.formats.catalogue import FORMATS, IMPORTED
from annotations.formats.records import Record, Unreadable
from annotations.formats.story import Story
from annotations.knowledge import require_editor
from annotations.locks import only_one
from annotations.models import Import, ImportPart, ImportProblem
from annotations.models.file_import import ImportState
from annotations.placing import Placer, Work, place_all
from articles.changes import recording
from articles.errors import Denied, Refused

logger = logging.getLogger(__name__)

LOCK_CLASS = 7165
PART = 1_000_000
# What is read at once: progress moves in steps of it.
READ_AHEAD = 1 << 16
# Annotations a transaction: their articles stay locked meanwhile, which editors feel.
PIECE = 500
MAX_STUCK = 5
BACK_OFF = timedelta(seconds=4)
PATIENCE = timedelta(seconds=10)
# A worker's time for one file at a stretch, well below its time limit.
STRETCH = 40.0
# Problems that are kept; more are counted.
MOST_PROBLEMS = 10_000

Wake = Callable[[int], None]


class Superseded(Exception):
    """Another attempt is at work."""


def create(*, file: IO[bytes], format: str, name: str, creator: Any) -> Import:
    """Store a file to be taken in; wakes a worker once the transaction commits. Raises Refused for
    a format that is not read, an empty file, one that is too large."""
    require_editor(creator)
    if format not in IMPORTED:
        raise Refused(f"The format is one of {', '.join(IMPORTED)}.", field="format")
    with transaction.atomic():
        made = Import.objects.create(
            format=format, name=_plain(name), creator=creator, sent_at=timezone.now()
        )
        made.size = _stored(made, file)
        made.save(update_fields=["size"])
        transaction.on_commit(partial(wake_worker, made.pk))
    return made


def _plain(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[-200:]


def _stored(made: Import, file: IO[bytes]) -> int:
    size = 0
    for number, data in enumerate(iter(partial(_full, file), b"")):
        size += len(data)
        if size > settings.IMPORT_BYTES:
            raise TooLarge()
        ImportPart.objects.create(file=made, number=number, data=data)
    if not size:
        raise Refused("The file is empty.", field="file")
    return size


def _full(file: IO[bytes]) -> bytes:
    """A whole part, however little the file gives at once: parts are found again by their size."""
    data = file.read(PART)
    while 0 < len(data) < PART and (more := file.read(PART - len(data))):
        data += more
    return data


class TooLarge(Refused):
    """A file that is larger than what is taken."""

    def __init__(self) -> None:
        most = settings.IMPORT_BYTES
        super().__init__(f"A file has at most {most:,} bytes: send it in parts.", field="file")


def wake_worker(import_id: int) -> None:
    """Send the wake-up. A broker that is down is no error: the sweep sends it again."""
    from annotations.tasks import take_in_file

    try:
        take_in_file.apply_async((import_id,), retry=False)
    except Exception as error:  # noqa: BLE001 - kombu raises its transports' own errors
        logger.warning(
            "import %s waits for the sweep, no answer from the broker: %s", import_id, error
        )


def take_in(import_id: int, *, stretch: float = STRETCH, told: Wake | None = None) -> None:
    """Take in what is left of a file, for so many seconds, if nobody else does. `told` hears after
    each piece. Safe to be called at any time, any number of times."""
    with only_one(LOCK_CLASS, import_id) as held:
        file = _begun(import_id) if held else None
        if file is None:
            return
        try:
            finished = _worked(file, time.monotonic() + stretch, told)
        except Superseded:
            return
        except Denied as error:
            _failed(file, str(error))
        except Exception as error:
            logger.exception("import %s did not go on", import_id)
            _tried(file, error)
        else:
            if not finished:
                wake_worker(import_id)


def _begun(import_id: int) -> Import | None:
    """The import, marked as running; None when it is finished."""
    with transaction.atomic():
        rows = Import.objects.select_for_update(of=("self",)).select_related("creator")
        file = rows.filter(pk=import_id).first()
        if file is None or not file.is_open:
            return None
        if file.stuck >= MAX_STUCK:
            _end(file, ImportState.FAILED, file.error or "The worker died each time at this place.")
            return None
        file.state = ImportState.RUNNING
        file.attempt += 1
        # Counted before the work: a worker that dies can count nothing.
        file.stuck += 1
        file.started_at = file.started_at or timezone.now()
        file.save()
    return file


def _worked(file: Import, until: float, told: Wake | None) -> bool:
    """Whether it is finished; else the time is up."""
    require_editor(file.creator)
    passes = _passes(file)
    while file.passes < len(passes):
        data = _Parts(file)
        for piece in _pieces(_records(file, data), file.records):
            _take(file, piece, passes[file.passes], data.share() / len(passes))
            if told:
                told(file.pk)
            if time.monotonic() > until:
                _paused(file)
                return False
        _next_pass(file, len(passes))
    return True


def _passes(file: Import) -> list[Work]:
    """Annotations that stand alone are tied once they are all there."""
    if file.format in ("w3c", "csv"):
        return [Placer.annotations, Placer.ties, Placer.parents]
    return [Placer.stories]


def _records(file: Import, data: _Parts) -> Iterator[Record]:
    read = FORMATS[file.format].read
    assert read is not None
    return read(io.BufferedReader(data, READ_AHEAD))


def _pieces(records: Iterator[Record], done: int) -> Iterator[list[Record]]:
    """The records that are left, so many at a time that they hold about PIECE annotations."""
    piece: list[Record] = []
    size = 0
    for record in islice(records, done, None):
        piece.append(record)
        size += 1 + (len(record.data.tags) if isinstance(record.data, Story) else 0)
        if size >= PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _take(file: Import, piece: list[Record], work: Work, share: float) -> None:
    """One piece, and that it was taken: both or neither."""
    with recording(actor=file.creator) as log:
        placer = place_all(work, piece, file=file, base=settings.SITE_URL, log=log)
        counts = Counter(file.counts) + placer.counts
        _store_problems(file, placer.problems, counts)
        progress = min(99, int(100 * (file.passes / len(_passes(file)) + share)))
        _store(file, records=file.records + len(piece), counts=dict(counts), stuck=0,
               progress=max(file.progress, progress))  # fmt: skip


def _store(file: Import, **values: Any) -> None:
    """Raises Superseded, which undoes all of it, where another attempt has begun."""
    mine = Import.objects.filter(pk=file.pk, attempt=file.attempt, state=ImportState.RUNNING)
    if not mine.update(**values):
        raise Superseded(f"import {file.pk} attempt {file.attempt}")
    for name, value in values.items():
        setattr(file, name, value)


def _store_problems(
    file: Import, problems: list[tuple[Record, Unreadable]], counts: Counter[str]
) -> None:
    if not problems:
        return
    room = max(0, MOST_PROBLEMS - counts["refused"])
    counts["refused"] += len(problems)
    ImportProblem.objects.bulk_create(
        ImportProblem(
            file=file, line=record.line, place=record.place[-300:], field=problem.field[:100],
            reason=problem.reason[:1000],
        )
        for record, problem in problems[:room]
    )  # fmt: skip


def _next_pass(file: Import, of: int) -> None:
    with transaction.atomic():
        _store(file, passes=file.passes + 1, records=0, stuck=0)
        if file.passes == of:
            _end(file, ImportState.DONE, "")


def _paused(file: Import) -> None:
    _store(file, state=ImportState.QUEUED, sent_at=timezone.now())


def _failed(file: Import, error: str) -> None:
    _end(file, ImportState.FAILED, error)


def _tried(file: Import, error: BaseException) -> None:
    """Once more, later; each time after a longer while."""
    locked = Import.objects.filter(pk=file.pk, attempt=file.attempt)
    stuck = max(1, file.stuck)
    locked.update(
        state=ImportState.QUEUED,
        error=f"{type(error).__name__}: {error}"[:2000],
        stuck=stuck,
        due_at=timezone.now() + BACK_OFF * 2 ** (stuck - 1),
        sent_at=None,
    )


def _end(file: Import, state: str, error: str) -> None:
    """What the file said is in the database now, or never will be: it goes."""
    file.state, file.error, file.finished_at = state, error, timezone.now()
    file.progress = 100 if state == ImportState.DONE else file.progress
    file.save()
    file.parts.all().delete()
    file.names.all().delete()


def sweep(wake: Wake = wake_worker) -> list[int]:
    """Wake workers for imports that are due and whose wake-up or worker was lost."""
    now = timezone.now()
    lost = [
        pk
        for pk, state, sent_at in Import.objects.open()
        .filter(due_at__lte=now)
        .values_list("pk", "state", "sent_at")
        if _is_lost(pk, state, sent_at is None or sent_at <= now - PATIENCE)
    ]
    Import.objects.filter(pk__in=lost).update(sent_at=now)
    for pk in lost:
        wake(pk)
    return lost


def _is_lost(pk: int, state: str, overdue: bool) -> bool:
    with only_one(LOCK_CLASS, pk) as nobody_works:
        return nobody_works and (state == ImportState.RUNNING or overdue)


class _Parts(io.RawIOBase):
    """The stored file, read part by part."""

    def __init__(self, file: Import) -> None:
        super().__init__()
        self._file = file
        self._number, self._data, self._place = -1, b"", 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def share(self) -> float:
        """How much of it was read, of one."""
        return self._place / max(1, self._file.size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: Any) -> int:
        number, inside = divmod(self._place, PART)
        if self._place >= self._file.size:
            return 0
        if number != self._number:
            part = self._file.parts.get(number=number)
            self._number, self._data = number, bytes(part.data)
        piece = self._data[inside : inside + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)
