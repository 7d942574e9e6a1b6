"""The archive: evidence and facts in one place, opened by whoever crawls, imports or reads again.

Evidence first: a capture is on the disk, in the WARC, before the row that points to it is written. Facts next, each
report in one transaction, so that a reader in another process sees it whole or not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.coverage import refresh_coverage
from archive.database import open_database, spoken
from archive.errors import ArchiveError
from archive.locking import lock_file, locked
from archive.moments import now
from archive.readings import clean
from archive.rows import insert
from archive.search import tidied
from archive.storing.evidence import Evidence
from archive.storing.facts import Facts
from archive.storing.memory import Memory
from archive.warc import FILE_LIMIT, WarcStore

_TIDIED = 100
"""Times that a little of the index is merged at the end of a run: some seconds, if there is so much to do."""


class Archive(Evidence, Facts, Memory):
    """An archive file and the `warc` folder beside it.

    One thread at a time may use an object, whichever it is. Programs that write take `lock()` first, so that two nights
    never run at once; SQLite alone would let them take turns.
    """

    @classmethod
    def open(cls, path: Path | str, *, warc_limit: int = FILE_LIMIT) -> Self:
        """Opens the archive at that path, and makes it, with the folders above, if there is none.

        `warc_limit` is the size in bytes after which a WARC file is followed by another.

        Raises ArchiveError for a path that is read-only, a folder or something else, and for an archive of a newer
        version; ArchiveBusy when another program keeps it from being brought up to date. Nothing is left behind then.
        """
        path = Path(path)
        return cls(open_database(path), path, WarcStore(path.parent / "warc", file_limit=warc_limit))

    def close(self) -> None:
        """Closes the files; what was stored has been on the disk since it was stored."""
        self.warc.close()
        with suppress(
            sqlite3.Error
        ):  # it is closed, somebody reads, or the disk is full: the log waits for the next time
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the archive for one writing program. The system lets go of it when the program dies, however it dies.

        Raises ArchiveBusy, at once, when another one holds it.
        """
        with locked(lock_file(self.path), f"{self.path}: another gongkai is writing to it"):
            yield

    def begin_run(self, command: str) -> int:
        """Notes that a command starts to write; returns the id of the run.

        The caller holds the lock. Runs that have no end yet have therefore died.
        """
        row = {"command": clean(command), "started_at": now()}

        def work() -> int:
            self.db.execute("UPDATE runs SET verdict = 'died' WHERE finished_at IS NULL AND verdict IS NULL")
            return insert(self.db, "runs", row)

        return self._write(work)

    def finish_run(self, run_id: int, verdict: str, exit_code: int, counts: Mapping[str, int]) -> None:
        """Notes how a run ended and what it did, and what is missing now; and tidies the index of the search a bit."""

        def work() -> None:
            end = {"finished_at": now(), "verdict": verdict, "exit_code": exit_code}
            self.db.table("runs").update(run_id, end)
            rows = [{"run_id": run_id, "name": name, "value": value} for name, value in counts.items()]
            self.db.table("run_counts").upsert_all(rows, pk=("run_id", "name"))
            refresh_coverage(self.db)

        self._write(work)
        with suppress(ArchiveError):  # the run has ended in order, and the next one goes on with it
            for _ in range(_TIDIED):
                if not self._write(lambda: tidied(self.db)):
                    break

    def totals(self) -> dict[str, int]:
        """What the archive holds, in numbers: for the line with which a command ends."""
        counts = {
            "agencies": "SELECT count(*) FROM agencies WHERE merged_into IS NULL",
            "reports": "SELECT count(*) FROM report_revisions WHERE is_current = 1",
            "revisions": "SELECT count(*) FROM report_revisions",
            "figures": "SELECT coalesce(sum(cell_count), 0) FROM report_revisions WHERE is_current = 1",
            "captures": "SELECT count(*) FROM captures",
            "issues": "SELECT count(*) FROM open_issues",
        }
        with spoken(self.path):
            return {name: int(self.db.execute(sql).fetchone()[0]) for name, sql in counts.items()}
