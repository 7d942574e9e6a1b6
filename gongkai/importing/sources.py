"""The sources of an import as tasks for workers: cut into slices, those left out that are done.

A source that is one compressed stream cannot be cut: it is scanned here, and what passes goes to workers in batches.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count, groupby
from pathlib import Path
from typing import BinaryIO

from archive.errors import ArchiveError
from archive.imported import Source
from archive.incoming import Incoming, Scanned, Slice, records_of, slices_of
from archive.incoming.folders import contents_of
from archive.payloads import LIMIT
from gongkai.importing.scanning import Task, is_kept

SLICE = 8 * 1024 * 1024
"""Bytes of a slice: what it sends back is in memory, several times at once, and may be nothing but reports."""
_FILES = 250
"""Files of a slice of a folder."""
_STREAM = 4 * SLICE
"""Bytes of a source beyond which, when it cannot be cut, it is scanned here."""
_BATCH, _BATCH_BYTES = 32, 8 * 1024 * 1024
"""Documents of such a source that go to a worker together, and bytes of them."""
_ENDS = 1024 * 1024

Telling = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Portion:
    """A source with the slices of it that are to be worked off, in its order."""

    root: str
    source: Source
    pieces: tuple[Slice, ...]


def portions_of(root: Path) -> Iterator[Portion]:
    """The files that hold many documents, and the folders of other ones, that a path leads to.

    Raises ArchiveError when there is nothing at the path, or it cannot be read.
    """
    for path, pieces in groupby(slices_of(root, size=SLICE, files=_FILES), key=lambda piece: piece.source):
        yield Portion(str(root), _known_by(root, Path(path)), tuple(pieces))


def tasks_of(portion: Portion, done: set[tuple[int, int | None]], tell: Telling) -> Iterator[Task]:
    """What is left to do of a portion."""
    for piece in portion.pieces:
        if (piece.start, piece.end) in done:
            continue
        if piece.start == 0 and piece.end is None and portion.source.size > _STREAM:
            yield from _streamed(portion, piece, done, tell)
        else:
            yield Task(portion.root, piece)


def weight(portion: Portion, piece: Slice) -> int:
    """Bytes of a slice, for the bar; of a stream, whose places are not those of its file, all of them at its end."""
    (*_, last) = portion.pieces
    if piece not in portion.pieces:
        return portion.source.size if piece.end is None else 0
    if Path(piece.source).is_dir():
        files = max(1, last.end or 1)
        return portion.source.size * ((piece.end or files) - piece.start) // files
    return (portion.source.size if piece.end is None else piece.end) - piece.start


def typed_in(stream: BinaryIO, folder: Path) -> Iterator[Task]:
    """JSON lines from a stream, as files in `folder` that the caller removes when each is worked off."""
    base = 0
    for number in count():
        path = folder / f"{number}.jsonl"
        taken = _taken(stream, path)
        if not taken:
            return
        yield Task(str(path), Slice(str(path)), called="stdin", base=base)
        base += taken


def _taken(stream: BinaryIO, path: Path) -> int:
    """Takes the next lines into a file; returns their bytes, 0 at the end of the stream.

    Of a line that is longer than a document may be, the file ends with as much as shows that, and the rest is left out.
    """
    taken = 0
    with path.open("wb") as file:
        while taken < SLICE and (line := stream.readline(LIMIT + 1)):
            file.write(line)
            taken += len(line)
            if len(line) > LIMIT:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(SLICE)
                    taken += len(line)
                break
    return taken


def standard_input() -> BinaryIO:
    """Where `-` reads from. Raises ArchiveError when it is closed."""
    if sys.stdin is None:
        raise ArchiveError("standard input is closed")
    return sys.stdin.buffer


def _known_by(root: Path, path: Path) -> Source:
    name = path.resolve().name if path == root else f"{root.resolve().name}/{path.relative_to(root).as_posix()}"
    try:
        if path.is_dir():
            return _folder(name, path)
        size = path.stat().st_size
        whole = hashlib.sha256(str(size).encode())
        with path.open("rb") as file:
            whole.update(file.read(_ENDS))
            file.seek(max(0, size - _ENDS))
            whole.update(file.read(_ENDS))
    except OSError as error:
        raise ArchiveError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    return Source(name, whole.hexdigest(), size)


def _folder(name: str, path: Path) -> Source:
    """Files that changed make it another source, of which what is known already is passed over."""
    whole, size = hashlib.sha256(name.encode("utf-8", "surrogateescape")), 0
    for file in contents_of(path).others:
        status = file.stat()
        said = f"{file.relative_to(path)}\n{status.st_size} {status.st_mtime_ns}\n"
        whole.update(said.encode("utf-8", "surrogateescape"))
        size += status.st_size
    return Source(name, whole.hexdigest(), size)


def _streamed(portion: Portion, piece: Slice, done: set[tuple[int, int | None]], tell: Telling) -> Iterator[Task]:
    """Batches of the documents that pass the filter, each as the slice that reaches to the beginning of the next."""
    ends = dict(done)
    scanned, told = Scanned(), Scanned()
    start, batch, size = 0, list[Incoming](), 0
    while (ends.get(start) or 0) > start:  # what was done the last time, to where it was killed
        start = ends[start] or 0
    is_done = start > 0
    for document in records_of(piece, keep=is_kept, scanned=scanned, on_damage=tell):
        before = _without(scanned, document)
        if is_done:
            if document.offset < start:
                continue
            is_done, told = False, before
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            end = max(start, document.offset)  # places begin anew behind damage; what is behind it is never done
            yield Task(portion.root, Slice(piece.source, start, end), tuple(batch), scanned=_since(told, before))
            start, batch, size, told = end, [], 0, before
        batch.append(document)
        size += len(document.body)
    yield Task(portion.root, Slice(piece.source, start, None), tuple(batch), scanned=_since(told, scanned))


def _without(scanned: Scanned, document: Incoming) -> Scanned:
    """What a scan had seen before the document that it gave just now."""
    return replace(
        scanned,
        records=scanned.records - 1,
        documents=scanned.documents - 1,
        passed=scanned.passed - 1,
        body_bytes=scanned.body_bytes - len(document.body),
    )


def _since(before: Scanned, now: Scanned) -> Scanned:
    return Scanned(*(getattr(now, name) - getattr(before, name) for name in Scanned.__dataclass_fields__))
