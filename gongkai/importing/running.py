"""An import from its sources to its end: what is done is passed over, what is left goes through workers, in order.

Killed at any moment and run again, it goes on where it was: a slice is noted as done with all that came of it, or not
at all.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive import Archive, ArchiveError
from archive.imported import enter_source, finish_source, finished, forget_progress, slices_done
from gongkai.importing.filing import Tally, Telling, Writer
from gongkai.importing.leading import Lead
from gongkai.importing.mending import mended
from gongkai.importing.scanning import Slip, Task
from gongkai.importing.sources import Portion, portions_of, standard_input, tasks_of, typed_in, weight
from gongkai.importing.trust import Hosts
from gongkai.workers import Staff, WorkerError

STDIN = "-"

_MOST_TOLD = 10
"""Lines on damage of one source; all of it is counted."""


@dataclass(slots=True)
class Ended:
    """What came of one source; `before` when all of it was done on an earlier day."""

    name: str
    tally: Tally = field(default_factory=Tally)
    before: bool = False


class Import:
    """Whole sources, each but the parts of it that are done; `again` has all of them gone through anew.

    It ends when the disk has fewer bytes left than `floor`. `tell` hears, in lines, of what is damaged, `told` of bytes
    that are done. The caller holds the archive's lock.
    """

    def __init__(
        self,
        archive: Archive,
        hosts: Hosts,
        *,
        run_id: int,
        workers: Staff[Task, Slip],
        again: bool = False,
        floor: float = 0,
        tell: Telling = print,
        told: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._archive = archive
        self._workers = workers
        self._again = again
        self._tell = tell
        self._told = told
        self._writer = Writer(archive, hosts, run_id, tell, floor=floor)
        self._ended: list[Ended] = []
        self._asked: deque[_Open] = deque()
        """The source of each task that is under way, in their order."""

    def source(self, name: str) -> Iterator[Ended]:
        """Imports a file, a folder, or, as `-`, JSON lines from standard input; gives each part of it as it ends.

        What is no source, or cannot be opened, is named and counts as damaged, and so is one over which a worker fails.

        Raises ArchiveError when the archive takes nothing.
        """
        try:
            if name == STDIN:
                yield self._typed_in()
            else:
                yield from self._worked_off(Path(name))
        except WorkerError as error:
            yield from self._so_far()
            self._tell(f"{name}: {error.line}")
            yield self._broken_off(name)

    def _worked_off(self, root: Path) -> Iterator[Ended]:
        lead = Lead()
        for task, answer in self._workers.run(self._tasks(root)):
            yield from self._so_far()
            slip = lead.proved(self._workers, task, mended(self._workers, task, answer))
            source = self._asked.popleft()
            source.add(slip, self._writer.file(slip, source.source_id if slip.is_whole else None, task.piece))
            self._told(weight(source.portion, task.piece))
            if source.is_over:
                self._end(source)
        yield from self._so_far()

    def _tasks(self, root: Path) -> Iterator[Task]:
        for portion in self._portions(root):
            digest = portion.source.digest
            with self._archive.together():
                if self._again:
                    forget_progress(self._archive.db, [digest])
                before = finished(self._archive.db, digest)
                source_id = enter_source(self._archive.db, portion.source)
            if before is not None:
                self._told(portion.source.size)
                tally = Tally(before.records, before.documents, before.passed, known=before.reports)
                self._ended.append(Ended(portion.source.name, tally, before=True))
                continue
            source = _Open(portion, source_id, self._tell)
            done = slices_done(self._archive.db, source_id)
            self._told(sum(weight(portion, piece) for piece in portion.pieces if (piece.start, piece.end) in done))
            try:
                for task in tasks_of(portion, done, source.tell):
                    source.under_way += 1
                    self._asked.append(source)
                    yield task
            except ArchiveError as error:
                source.lose(str(error))
            source.is_handed_out = True
            if source.is_over:
                self._end(source)

    def _portions(self, root: Path) -> Iterator[Portion]:
        """The parts of a source, up to the first that cannot be used."""
        try:
            yield from portions_of(root)
        except ArchiveError as error:
            self._tell(str(error))
            self._ended.append(Ended(root.resolve().name, Tally(damaged=1)))

    def _broken_off(self, name: str) -> Ended:
        """What came of a source before it could not be gone on with; what is under way is left to the next import."""
        tally = Tally(damaged=1)
        for source in {id(source): source for source in self._asked}.values():
            tally.add(source.tally)
        self._asked.clear()
        return Ended(name, tally)

    def _so_far(self) -> Iterator[Ended]:
        ended, self._ended = self._ended, []
        yield from ended

    def _end(self, source: _Open) -> None:
        if not source.is_lost:
            with self._archive.together():
                finish_source(self._archive.db, source.source_id)
        if source.lines > _MOST_TOLD:
            self._tell(f"{source.portion.source.name}: and {source.lines - _MOST_TOLD} more")
        self._ended.append(Ended(source.portion.source.name, source.tally))

    def _typed_in(self) -> Ended:
        ended = Ended("standard input")
        with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
            for task, answer in self._workers.run(typed_in(standard_input(), Path(folder))):
                slip = mended(self._workers, task, answer)
                ended.tally.add(self._writer.file(slip))
                where = f"{ended.name}, from byte {task.base} on" if task.base else ended.name
                for line in slip.damage:
                    self._tell(line.replace(task.root, where))
                Path(task.root).unlink()
        return ended


@dataclass(slots=True)
class _Open:
    """A source that is being worked off."""

    portion: Portion
    source_id: int
    say: Telling
    tally: Tally = field(default_factory=Tally)
    under_way: int = 0
    is_handed_out: bool = False
    is_lost: bool = False
    """Whether not all of it could be read: then it is not done, and the next import looks there again."""
    lines: int = 0

    @property
    def is_over(self) -> bool:
        return self.is_handed_out and not self.under_way

    def add(self, slip: Slip, tally: Tally) -> None:
        """Takes in what came of a task."""
        self.under_way -= 1
        self.is_lost = self.is_lost or not slip.is_whole
        self.tally.add(tally)
        for line in slip.damage:
            self.tell(line)

    def lose(self, why: str) -> None:
        """Gives up the rest of it."""
        self.is_lost = True
        self.tally.damaged += 1
        self.tell(why)

    def tell(self, line: str) -> None:
        """Passes the first lines on."""
        self.lines += 1
        if self.lines <= _MOST_TOLD:
            self.say(line)
