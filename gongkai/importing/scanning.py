"""What a worker does with a slice of a source: scan it, drop what cannot be a report, read the rest.

Nothing but reports goes back, each with its record made ours: the writer has only to append and to file.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from archive.errors import ArchiveError
from archive.foreign import Foreign, made_ours
from archive.incoming import Incoming, Reach, Scanned, Slice, records_of
from archive.incoming.lines import address_of
from archive.moments import now, text_of
from crawler.confining import allow_processor
from gongkai.workers import read_within
from pipelines.model import Capture, Context, Reading
from pipelines.sieve import may_be_report

_SECONDS = 3600
"""Of the processor, for scanning between two documents: reading lays a closer limit on the process, and leaves it."""

_TRIM, _MAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
_KEPT, _MAPPED = 64 * 1024 * 1024, 4 * 1024 * 1024
"""Bytes of freed memory that are kept for the next page, and bytes of a piece from which on it is given back."""

_OURS = ("too_slow: ", "too_much_memory: ", "reader_died: ", "the reader failed: ", "reading takes more than ")
"""How the refusal of a document begins that a better reader, or one with more time, might read."""

_MOST_NAMED = 20
"""Lines on damage that a slice sends back; all of it is counted."""


@dataclass(frozen=True, slots=True)
class Task:
    """A slice to scan and read; or the documents of one that was scanned elsewhere, to be read."""

    root: str
    """The path that was given, after which the files in it are named."""
    piece: Slice
    documents: tuple[Incoming, ...] | None = None
    only_scan: bool = False
    """Whether to send the documents back unread."""
    scanned: Scanned | None = None
    """What the scan elsewhere has seen for these documents."""
    called: str = ""
    """What to call the file, where its own name says nothing."""
    base: int = 0
    """Where the file begins in what is called so, in bytes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A report, as the record that it came in and what was read; or a document that could not be read in our limits."""

    record: Foreign
    readings: tuple[Reading, ...]

    @property
    def unread(self) -> str:
        """Why it could not be read; '' for a report."""
        return "" if any(reading.report for reading in self.readings) else self.readings[0].reason or ""


@dataclass(slots=True)
class Slip:
    """What came of a task."""

    found: list[Found] = field(default_factory=list)
    documents: tuple[Incoming, ...] = ()
    scanned: Scanned = field(default_factory=Scanned)
    damage: list[str] = field(default_factory=list)
    unreadable: int = 0
    """Documents that passed the filter and are damaged, locked, or of a kind that nobody reads."""
    lost: bool = False
    """Whether the slice could not be scanned."""
    reach: Reach | None = None
    """Of a slice that was scanned: where its records begin and end."""

    @property
    def is_whole(self) -> bool:
        """Whether all that is in the slice could be read; else it is not done: it may be whole the next time."""
        return not (self.lost or self.scanned.damaged)


def work(task: Task) -> Slip:
    """Does a task; to be called in a worker. A source that cannot be opened is named, and its slice is lost."""
    allow_processor(_SECONDS)
    _keep_memory()
    slip = Slip()
    documents: Iterable[Incoming] = task.documents or ()
    if task.documents is None:
        slip.reach, tell = Reach(), _first(slip.damage)
        documents = records_of(task.piece, keep=is_kept, scanned=slip.scanned, on_damage=tell, reach=slip.reach)
    slip.scanned = task.scanned or slip.scanned
    try:
        if task.only_scan:
            slip.documents = tuple(documents)
        else:
            _read(task, documents, slip)
    except ArchiveError as error:
        slip.lost = True
        slip.scanned.damaged += 1
        slip.damage.append(str(error))
    return slip


def is_kept(body: bytes) -> bool:
    """Whether a document is to be read: also one that takes too much memory to look at, which reading names."""
    try:
        return may_be_report(body)
    except MemoryError:
        return True


def _read(task: Task, documents: Iterable[Incoming], slip: Slip) -> None:
    for document in documents:
        readings = read_within(Capture(document.body, document.url, document.content_type), Context())
        allow_processor(_SECONDS)
        if any(reading.report for reading in readings) or (readings[0].reason or "").startswith(_OURS):
            slip.found.append(found(task, document, readings))
        else:
            slip.unreadable += all(reading.text is None for reading in readings)


@cache
def _keep_memory() -> None:
    """Has glibc keep what a page leaves behind for the next one.

    Handing it back and asking again page for page takes a third of the time of a scan. Other systems do as they do.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_TRIM, _KEPT)
        library.mallopt(_MAP, _MAPPED)


def found(task: Task, document: Incoming, readings: tuple[Reading, ...]) -> Found:
    """A document to be kept, with what was read of it."""
    source = task.called or name_of(task.root, document.source)
    offset = task.base + document.offset
    own = task.called and document.url == address_of(Path(document.source).name, document.offset)
    document = replace(document, offset=offset, url=address_of(source, offset) if own else document.url)
    return Found(made_ours(document, source, document.fetched_at or _latest(document)), readings)


def name_of(root: str, file: str) -> str:
    """What to call a file, on any machine: its name, after the folder that was given the path in it."""
    home, path = Path(root), Path(file)
    return path.name if home == path else f"{home.resolve().name}/{path.relative_to(home).as_posix()}"


def _latest(document: Incoming) -> str:
    """Of a document that does not say when it was fetched: when its file was written, for that was later."""
    try:
        return text_of(datetime.fromtimestamp(Path(document.source).stat().st_mtime, UTC))
    except OSError:  # standard input
        return now()


def _first(damage: list[str]) -> Callable[[str], None]:
    def note(line: str) -> None:
        if len(damage) < _MOST_NAMED:
            damage.append(line)

    return note
