"""Copying WARC files record by record, so that every byte range that a capture names is checked on the way.

Memory stays at one piece, however large file and record are. What a source has lost is taken from an older copy that
still has it.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

Telling = Callable[[int], None]
"""Is told how many bytes more were dealt with."""

_PIECE = 1 << 20
_LONGEST_REQUEST = 1 << 20
"""Bytes of a request record; ours are a few hundred."""


@dataclass(frozen=True, slots=True)
class Record:
    """Where the response of a capture lies in its file, and the digest of exactly those bytes."""

    capture_id: int
    url: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A record, or with no capture a file, that is not what it was when it was written."""

    file: str
    what: str
    offset: int | None = None
    capture_id: int | None = None
    url: str | None = None

    def __str__(self) -> str:
        if self.capture_id is None:
            return f"{self.file}: {self.what}"
        return f"{self.file}, record at {self.offset} (capture {self.capture_id}, {self.url}): {self.what}"


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying or looking through one file."""

    length: int
    sha256: str
    damaged: tuple[Damage, ...]


def nothing_told(count: int) -> None:
    """For who does not want to hear how far it is."""


def records_of(db: Database, file: str) -> Iterator[Record]:
    """The records of a file in its order. They are read as they are asked for: a file may hold a hundred thousand."""
    rows = db.execute(
        "SELECT capture_id, url, warc_offset, warc_length, member_digest FROM captures WHERE warc_file = ?"
        " ORDER BY warc_offset",
        [file],
    )
    return (Record(*row) for row in rows)


def files_of(db: Database) -> dict[str, int]:
    """Every WARC file that a capture names, and where the last of its records ends."""
    rows = db.execute("SELECT warc_file, max(warc_offset + warc_length) FROM captures GROUP BY warc_file ORDER BY 1")
    return dict(rows.fetchall())


def copy(
    name: str,
    records: Iterable[Record],
    length: int,
    sources: Sequence[BinaryIO],
    target: BinaryIO | None,
    told: Telling = nothing_told,
) -> Copied:
    """Copies the first `length` bytes of a WARC file, or only looks through them where there is no target.

    Each record comes from the first source that still has it as it was written; one that none has is copied as it is in
    the first, and named. A file that ends too early gives what there is.
    """
    pouring = _Pouring(target, told)
    damaged = []
    for record in records:
        end = record.offset + record.length
        if record.offset < pouring.done:
            damaged.append(_damage(name, record, "it overlaps the one before"))  # the index was tampered with
            continue
        pouring.up_to(record.offset, sources)
        if not pouring.took(record, sources):
            short = max(map(_size, sources)) < end
            what = "the file ends before it does" if short else "not the bytes that were written there"
            damaged.append(_damage(name, record, what))
    pouring.up_to(length, sources)
    return Copied(pouring.done, pouring.digest(), tuple(damaged))


class _Pouring:
    """Pours stretches of files into one, in order, and takes the digest of all."""

    def __init__(self, target: BinaryIO | None, told: Telling) -> None:
        self.done = 0
        self._target = target
        self._told = told
        self._whole = hashlib.sha256()

    def digest(self) -> str:
        return self._whole.hexdigest()

    def took(self, record: Record, sources: Sequence[BinaryIO]) -> bool:
        """Whether some source still has the record as it was written; if none has, what the longest has is taken."""
        start, before = self.done, self._whole.copy()
        for source in sources:
            taken = hashlib.sha256()
            self._pour(source, record.length, taken)
            if taken.hexdigest() == record.digest:
                return True
            self.done, self._whole = start, before.copy()
            if self._target is not None:
                self._target.seek(start)
        self.up_to(start + record.length, sources)
        return False

    def up_to(self, end: int, sources: Sequence[BinaryIO]) -> None:
        """From where it stands to `end`, out of the first source that is long enough, else of the longest."""
        best = next((source for source in sources if _size(source) >= end), None)
        self._pour(best or max(sources, key=_size), end - self.done)

    def _pour(self, source: BinaryIO, length: int, also: hashlib._Hash | None = None) -> None:
        for piece in pieces(source, self.done, length):
            if self._target is not None:
                self._target.write(piece)
            self._whole.update(piece)
            if also is not None:
                also.update(piece)
            self.done += len(piece)
            self._told(len(piece))


def _damage(name: str, record: Record, what: str) -> Damage:
    return Damage(name, what, record.offset, record.capture_id, record.url)


def digest_of(file: BinaryIO, offset: int, length: int) -> str:
    """Of a stretch of a file; of what there is of it, if the file ends before."""
    whole = hashlib.sha256()
    for piece in pieces(file, offset, length):
        whole.update(piece)
    return whole.hexdigest()


def pieces(file: BinaryIO, offset: int, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := os.pread(file.fileno(), min(length, _PIECE), offset)):
        yield piece
        offset, length = offset + len(piece), length - len(piece)


def stable_length(file: BinaryIO, end: int) -> int:
    """How much of a file can never change any more: up to the end of its last capture, and the request that follows it.

    Bytes behind that may be taken back by a writer whose disk is full, and are of no capture that we know.
    """
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    piece = os.pread(file.fileno(), _LONGEST_REQUEST, end)
    try:
        head = stream.decompress(piece, 4096)
        while not stream.eof and stream.unconsumed_tail:
            stream.decompress(stream.unconsumed_tail, _PIECE)
    except zlib.error:
        return end
    if not stream.eof or b"\r\nWARC-Type: request\r\n" not in head:
        return end
    return end + len(piece) - len(stream.unused_data)


def opened(path: Path) -> BinaryIO | None:
    """The file, or None where there is none to be read."""
    try:
        return path.open("rb")
    except OSError:
        return None


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size
