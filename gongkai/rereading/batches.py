"""What is to be read again, in batches: places in WARC files and what is needed to read them, never the bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.reading import reading
from archive.rereading import Selection, Unit, count_captures, pages_of, units

AT_ONCE = 16
"""Pages in a batch, with their files: a quarter of a second of work, so that nobody waits long for the last one."""

_MOST = 500
"""Pages that are named one by one in a question to the archive."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pages with their files, and the folder of the WARC files that hold them."""

    warc: Path
    units: tuple[Unit, ...]

    @property
    def captures(self) -> int:
        return sum(len(unit.pieces) for unit in self.units)

    def singly(self) -> Iterator[Batch]:
        """Each page with its files as a batch of its own."""
        return (Batch(self.warc, (unit,)) for unit in self.units)


def count(archive: Path, selection: Selection) -> int:
    """How many captures are selected. Raises as `archive.reading.reading` does, as all here."""
    with reading(archive) as db:
        return count_captures(db, selection)


def batches_of(archive: Path, selection: Selection) -> Iterator[Batch]:
    """All that is selected, in the order of the captures."""
    with reading(archive) as db:
        for found in units(db, selection, AT_ONCE):
            yield Batch(archive.absolute().parent / "warc", tuple(found))


def batches_with(archive: Path, captures: Iterable[int]) -> Iterator[Batch]:
    """The pages to which these captures belong, which are given back whether they are read otherwise or not."""
    with reading(archive) as db:
        pages = pages_of(db, captures)
    for start in range(0, len(pages), _MOST):
        yield from batches_of(archive, Selection(pages=pages[start : start + _MOST]))
