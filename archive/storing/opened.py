"""What all that is written to an archive goes through: its two files, one transaction at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from archive.database import savepoint, spoken, transaction, write
from archive.errors import ArchiveError
from archive.imported import introduce_portal
from archive.rows import rows_of
from archive.warc import Place, WarcStore

Result = TypeVar("Result")

# The last record of each file, from one file to the next by the index of captures.
_ENDS = """
WITH RECURSIVE files (name) AS (
    SELECT min(warc_file) FROM captures UNION ALL
    SELECT (SELECT min(warc_file) FROM captures WHERE warc_file > name) FROM files WHERE name IS NOT NULL)
SELECT name, (SELECT warc_offset + warc_length FROM captures WHERE warc_file = name ORDER BY warc_offset DESC LIMIT 1)
FROM files WHERE name IS NOT NULL
"""

_CAPTURE = (
    "SELECT c.*, EXISTS (SELECT 1 FROM imported_records i WHERE i.capture_id = c.capture_id) AS imported"
    " FROM captures c WHERE c.capture_id = ?"
)


class Opened:
    """An archive file and the `warc` folder beside it, and how anything is written to them."""

    def __init__(self, db: Database, path: Path, warc: WarcStore) -> None:
        self.db = db
        self.path = path
        self.warc = warc
        self._mended = False
        self._is_gathering = self._is_writing = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside goes to the disk when it ends: all evidence first, then all rows, each in one go.

        Each call is whole or not there, whatever becomes of the others. Raises ArchiveError as they do, when the disk
        takes nothing; then nothing of all that is written.
        """
        with transaction(self.db, self.path), spoken(self.warc.folder), self.warc.gathered():
            self._is_gathering = True
            try:
                yield
            finally:
                self._is_gathering = False

    def at_once(self, work: Callable[[], Result]) -> Result:
        """Runs a function that writes by several calls, as one: all of that is written, or nothing."""
        return self._write(work)

    def put(self, response: bytes, rest: bytes = b"") -> Place:
        """Writes the members of a record, and of what belongs to it, as they are, to the WARC. Raises ArchiveError."""
        with spoken(self.warc.folder):
            self._mend()
            return self.warc.put(response, rest)

    def _see_portal(self, portal_id: str | None, at: str, *, asked: bool = True) -> None:
        if portal_id is not None and not asked:
            introduce_portal(self.db, portal_id, at)
        elif portal_id is not None:
            self.db.execute(
                "INSERT INTO portals (portal_id, first_seen, last_seen) VALUES (:id, :at, :at)"
                " ON CONFLICT (portal_id) DO UPDATE SET first_seen = min(first_seen, :at),"
                " last_seen = max(last_seen, :at), imported = 0 WHERE first_seen > :at OR last_seen < :at OR imported",
                {"id": portal_id, "at": at},
            )

    def _capture(self, capture_id: int) -> dict[str, Any]:
        with spoken(self.path):
            for row in rows_of(self.db, _CAPTURE, [capture_id]):
                return row | {"seen_at": row["seen_at"] or row["fetched_at"]}
        raise ArchiveError(f"{self.path}: there is no capture {capture_id}")

    def _mend(self) -> None:
        """Before the first record of a process: cuts back what a process that was killed left half-written."""
        if not self._mended:
            self.warc.mend(dict(self.db.execute(_ENDS).fetchall()))
            self._mended = True

    def _write(self, work: Callable[[], Result]) -> Result:
        if self._is_writing:
            return work()
        self._is_writing = True
        try:
            return (savepoint if self._is_gathering else write)(self.db, self.path, work)
        finally:
            self._is_writing = False
