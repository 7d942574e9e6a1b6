"""The one writer of an import: what workers send back is kept and filed, slice by slice, each in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from archive import Archive, ArchiveBusy, ArchiveError, ArchiveFailing
from archive.imported import Done, note_slice
from archive.incoming import Slice
from crawler.faults import Fault, fault_of_reading
from crawler.portals import places_of
from crawler.room import too_little
from gongkai.importing.scanning import Found, Slip
from gongkai.importing.trust import Hosts

Telling = Callable[[str], None]
Result = TypeVar("Result")


@dataclass(slots=True)
class Tally:
    """What came of an import, or of a part of it."""

    records: int = 0
    documents: int = 0
    passed: int = 0
    """Documents that may be reports by their bytes."""
    damaged: int = 0
    """Records, lines, files and slices that could not be read."""
    known: int = 0
    """Reports whose record is in the archive already."""
    unreadable: int = 0
    unread: int = 0
    """Documents that could not be read within our limits, and are kept."""
    not_stored: int = 0
    """Reports that the archive did not take."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """How each report was filed."""

    @property
    def reports(self) -> int:
        return sum(self.outcomes.values()) + self.known

    @property
    def is_whole(self) -> bool:
        """Whether nothing was damaged or lost."""
        return not (self.damaged or self.unread or self.not_stored)

    def add(self, other: Tally) -> None:
        """Takes the numbers of another one in."""
        for name in ("records", "documents", "passed", "damaged", "known", "unreadable", "unread", "not_stored"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes += other.outcomes

    def counts(self) -> dict[str, int]:
        """For the `runs` table."""
        numbers = {name: getattr(self, name) for name in Tally.__dataclass_fields__ if name != "outcomes"}
        return numbers | {"reports": self.reports} | {f"reports_{name}": n for name, n in self.outcomes.items()}


class Writer:
    """Files what workers found into an archive whose lock the caller holds."""

    def __init__(self, archive: Archive, hosts: Hosts, run_id: int, tell: Telling, *, floor: float = 0) -> None:
        self._archive = archive
        self._floor = floor
        self._hosts = hosts
        self._run_id = run_id
        self._tell = tell
        self._introduced: set[str] = set()

    def file(self, slip: Slip, source_id: int | None = None, piece: Slice | None = None) -> Tally:
        """Keeps and files what was found, and notes the slice of the source as done, all in one transaction.

        Raises ArchiveError when the archive can take nothing, or its disk has fewer bytes left than the floor; nothing
        of the slip is written then.
        """
        if low := too_little(self._archive.path, self._floor):
            raise low
        seen = slip.scanned
        tally = Tally(seen.records, seen.documents, seen.passed, seen.damaged, unreadable=slip.unreadable)
        new = [found for found in slip.found if not self._archive.holds(found.record)]
        tally.known += len(slip.found) - len(new)
        with self._archive.together():
            for found in new:
                self._take(found, tally)
            if source_id is not None and piece is not None:
                done = Done(tally.records, tally.documents, tally.passed, tally.reports, tally.damaged)
                note_slice(self._archive.db, source_id, piece, done)
        return tally

    def _take(self, found: Found, tally: Tally) -> None:
        origin = self._hosts.origin_of(found.record.url)
        self._introduce(origin.portal_id, found.record.fetched_at)
        capture_id = self._archive.keep_foreign(found.record, run_id=self._run_id, portal_id=origin.portal_id)
        if capture_id is None:
            tally.known += 1
        elif found.unread:
            tally.unread += 1
            fault = fault_of_reading(found.unread) or Fault("unreadable", found.unread)
            self._archive.note_unread(capture_id, fault.message, fault.code)
            self._tell(f"{_place(found)}: not read: {fault.message}")
        else:
            try:
                filed = self._archive.file(capture_id, found.readings, origin)
            except (ArchiveFailing, ArchiveBusy):
                raise
            except ArchiveError as error:
                tally.not_stored += 1
                self._tell(f"{_place(found)}: not stored: {error}")
                return
            read = zip(found.readings, filed, strict=True)
            tally.outcomes.update(stored.outcome for reading, stored in read if reading.report and stored is not None)

    def _introduce(self, portal_id: str | None, at: str) -> None:
        """What the portals file says of a portal, for one that the archive does not know yet."""
        if portal_id is None or portal_id in self._introduced:
            return
        self._introduced.add(portal_id)
        portal = self._hosts.portal(portal_id)
        self._archive.introduce_portal(portal_id, at, places_of(portal) if portal else {})


def _place(found: Found) -> str:
    return f"{found.record.source} at {found.record.offset} ({found.record.url})"
