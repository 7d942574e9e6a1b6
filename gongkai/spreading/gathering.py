"""The parts of a crawl come home: each is joined to the archive, and counted as if one machine had crawled all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive import Archive, ArchiveBusy, ArchiveError
from crawler.faults import Fault
from crawler.portals import Portal
from crawler.verdict import Tally, verdict_of
from gongkai.apart import PATIENCE
from gongkai.merging import Merged, Room, merge_into
from gongkai.spreading.errors import AtWork
from gongkai.spreading.handing import Gone
from gongkai.spreading.parts import Part, Result, Run

_FILED = ("new", "revised", "twin", "mirror", "upgraded", "refused")
"""Outcomes of filing by which something is there that was not."""

_LOOK = 0.5


@dataclass(slots=True)
class Gathering:
    """A crawl that is handed out, as far as it has come home. The caller holds the archive's lock."""

    archive: Archive
    room: Room
    run_id: int
    run: Run
    tallies: dict[str, Tally]
    reasons: set[str] = field(default_factory=set)
    """Verdicts of parts that did not come to their end."""
    left_out: list[str] = field(default_factory=list)
    """Lines on what of parts could not be joined."""
    problem: ArchiveError | None = None
    """Why nothing could be written, or nothing more."""
    signals: int = 0
    kept: set[Path] = field(default_factory=set)
    """Folders of parts that came home, but for what could not be joined: that is tried again by the next crawl."""

    @classmethod
    def begun(cls, archive: Archive, room: Room, portals: Sequence[Portal]) -> Gathering:
        """A new run of these portals."""
        run_id = archive.begin_run("crawl")
        tallies = {portal.portal_id: Tally(portal.name) for portal in portals}
        return cls(archive, room, run_id, Run.of(archive.path, run_id), tallies)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be handed out."""
        return bool(self.signals) or self.problem is not None

    @property
    def verdict(self) -> str:
        """As of one crawl that all this happened to."""
        if self.problem is not None:
            return "archive"
        if self.signals:
            return "stopped"
        for name in ("archive", "cut_short", "stopped"):
            if name in self.reasons:
                return name
        return "incomplete" if self.left_out else verdict_of(self.tallies, "finished")

    def counts(self) -> dict[str, int]:
        """For the `runs` table."""
        counts: Counter[str] = Counter()
        for tally in self.tallies.values():
            counts.update(tally.counts())
        return dict(counts)

    def take(self, part: Part, answer: Gone[str] | None) -> int:
        """Joins a part that is done, or lost, with what there is of it, and removes it; how many portals it has."""
        only, result = part.task().only, None
        try:
            merged = self._joined(part)
            result = part.result()  # it may have come while we waited
            self.left_out += merged.left_out
            self._count(only, result, merged, answer.why if isinstance(answer, Gone) else "")
            if merged.left_out:
                self.kept.add(part.folder)
            else:
                part.remove()
        except ArchiveError as error:
            self.fail(error)
        if result is not None and result.verdict not in ("ok", "incomplete"):
            self.reasons.add(result.verdict)
        if result is not None and result.problem:
            self.fail(ArchiveError(result.problem))
        return len(only)

    def fail(self, error: ArchiveError) -> None:
        """The archive takes no more: what is under way ends in order."""
        self.problem = self.problem or error
        self.run.stop()

    def _joined(self, part: Part) -> Merged:
        """What came of joining it; one on which a worker still is, or hangs, is left to the next crawl."""
        try:
            return join(self.archive, self.room, part, self.run_id)
        except AtWork as error:
            return Merged({}, (str(error),))

    def _count(self, only: Sequence[str], result: Result | None, merged: Merged, lost: str) -> None:
        for portal_id, tally in result.tallies.items() if result is not None else ():
            self.tallies[portal_id] = tally
            if _counted_here(tally, merged.portals.get(portal_id, Counter())):
                self._note(portal_id)
        for portal_id in only if result is None and lost else ():
            self.tallies[portal_id].held = Fault("worker_lost", lost)
            self._note(portal_id)

    def _note(self, portal_id: str) -> None:
        """Notes how a portal fared, in the words of this run."""
        fared = self.tallies[portal_id].fared()
        self.archive.close_portal(self.run_id, portal_id, fared, listed={}, missing=(), walks=())


def join(archive: Archive, room: Room, part: Part, run_id: int | None) -> Merged:
    """Joins what there is of a part, with how portals fared if the archive knows the run.

    Raises ArchiveError, as AtWork while a worker is at it that should not be.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with part.at_rest():
                if not part.archive.exists():
                    return Merged({})
                return merge_into(archive, part.archive, run_id=run_id or 0, with_state=run_id is not None, room=room)
        except ArchiveBusy:
            if time.monotonic() > end:
                raise
        time.sleep(_LOOK)


def _counted_here(tally: Tally, filed: Counter[str]) -> bool:
    """Has a tally tell what became of reports in the whole archive, as a part knows no other portals, and of all that
    was begun anew after a worker was lost; whether it did not tell that already.
    """
    met, told = tally.reports, tally.outcomes.copy()
    for name in _FILED:
        tally.outcomes[name] = filed[name]
    rest = max(0, met - tally.reports + told["unchanged"] + told["known"])
    tally.outcomes["unchanged"] = min(told["unchanged"], rest)
    tally.outcomes["known"] = rest - tally.outcomes["unchanged"]
    return tally.outcomes != told
