"""Cutting a source into slices that can be worked off one by one, in any order, on any machine that sees the source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.errors import ArchiveError
from archive.incoming.folders import contents_of
from archive.incoming.kinds import kind_of
from archive.incoming.members import is_in_members, next_record
from archive.incoming.model import Slice

SLICE = 256 * 1024 * 1024
"""Bytes of a slice of a file."""
FILES = 1000
"""Files of a slice of a folder."""
_MOST_CLOSED = 5
"""Folders that are named which cannot be looked into."""


def slices_of(path: Path, *, size: int = SLICE, files: int = FILES) -> Iterator[Slice]:
    """The slices of a source (a file or a folder) in its order; every document belongs to exactly one.

    Files that hold many documents are cut at about every `size` bytes where records or lines begin, unless they are
    one compressed stream. A folder gives the slices of such files in it, and its other files `files` at a time.

    Raises ArchiveError when there is nothing at the path, or it cannot be read; behind all else when some of it cannot.
    """
    kind = kind_of(path)
    if kind == "folder":
        contents = contents_of(path)
        for collection in contents.collections:
            yield from slices_of(collection, size=size)
        for start in range(0, len(contents.others), files):
            yield Slice(str(path), start, min(start + files, len(contents.others)))
        if contents.closed:
            raise ArchiveError("; ".join(contents.closed[:_MOST_CLOSED]))
    elif kind == "file":
        yield Slice(str(path))
    else:
        yield from _cut(path, size, by_lines=kind == "lines")


def _cut(path: Path, size: int, *, by_lines: bool) -> Iterator[Slice]:
    """Slices that begin at records; of lines, which are found as they are read, at about any byte."""
    length = path.stat().st_size
    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
        whole = compressed if by_lines else not (compressed and is_in_members(file))
        start = 0
        while not whole and start + size < length:
            end = start + size if by_lines else next_record(file, start + size)
            if end is None:
                break
            yield Slice(str(path), start, end)
            start = end
    yield Slice(str(path), start, None)
