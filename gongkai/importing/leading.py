"""Whether each slice of a WARC file begins where the records of the one before lead to.

Slices are cut where records seem to begin. That may be inside of a record that holds a WARC file, whose records nobody
crawled: such a slice is worked off again, from where the next record begins in truth.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archive.incoming import Reach, Slice, first_behind
from archive.incoming.kinds import kind_of
from gongkai.importing.mending import asked, mended
from gongkai.importing.scanning import Slip, Task
from gongkai.workers import Staff


class Lead:
    """Follows the slices of one source after the other, in their order; those that are left out are walked through."""

    def __init__(self) -> None:
        self._before = Slice("", 0, 0)
        self._leads_to: int | None = 0

    def proved(self, workers: Staff[Task, Slip], task: Task, slip: Slip) -> Slip:
        """What came of a task, or, where its slice began at no record of the file, what comes of the right one."""
        piece = task.piece
        if not _is_cut(piece) or (slip.reach is None and not slip.lost):
            return slip
        start = self._start_of(piece)
        if slip.reach is not None and slip.reach.start != start:
            slip = _again(workers, task, start)
        if slip.reach is not None:
            self._leads_to = slip.reach.end
        elif piece.end is not None:
            self._leads_to = first_behind(piece.source, start, piece.end)
        self._before = piece
        return slip

    def _start_of(self, piece: Slice) -> int | None:
        if piece.start == 0:
            return 0
        if (self._before.source, self._before.end) == (piece.source, piece.start):
            return self._leads_to
        return first_behind(piece.source, 0, piece.start)


def _again(workers: Staff[Task, Slip], task: Task, start: int | None) -> Slip:
    if start is None or (task.piece.end is not None and start >= task.piece.end):
        return Slip(reach=Reach(start, start))
    task = replace(task, piece=replace(task.piece, start=start))
    return mended(workers, task, asked(workers, task))


def _is_cut(piece: Slice) -> bool:
    """Whether a slice is part of a WARC file; those of folders and lines begin where they say."""
    return bool(piece.start or piece.end is not None) and kind_of(Path(piece.source)) == "warc"
