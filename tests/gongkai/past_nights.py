"""Nights that were never crawled: runs and how portals fared in them, judged as `gongkai nightly` does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from archive import Archive
from archive.database import write
from archive.nights.alarms import Told, judge, note_told, to_tell
from archive.nights.judging import Findings
from archive.nights.portals import Fared

FIRST = datetime(2026, 1, 1, 17, 30, tzinfo=UTC)

Yield = int | tuple[int, str] | Fared
"""Reports that were met; with the fault that the portal had."""


def fared(given: Yield) -> Fared:
    if isinstance(given, Fared):
        return given
    reports, fault = (given, None) if isinstance(given, int) else given
    failures = 1 if fault and fault != "host_cooled" else 0
    return Fared(reports + 2, reports, 0, 0, 0, failures, fault, fault and f"what {fault} means")


class Nights:
    """An archive with one run a night."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_empty_archive())
        self.archive = Archive.open(path)
        self.db = self.archive.db
        self.db.execute("PRAGMA synchronous = OFF")
        self.number = 0

    def __enter__(self) -> Nights:
        return self

    def __exit__(self, *error: object) -> None:
        self.archive.close()

    def run(self, portals: Mapping[str, Yield], verdict: str | None = "ok") -> int:
        """A run that is over; without a verdict, one that was killed."""
        began = FIRST + timedelta(days=self.number)
        self.number += 1
        row = {"command": "crawl", "started_at": _text(began), "verdict": verdict}
        row["finished_at"] = _text(began + timedelta(hours=2)) if verdict else None

        def work() -> int:
            run_id = int(self.db.table("runs").insert(row).last_pk or 0)
            rows = {portal_id: fared(given) for portal_id, given in portals.items()}
            self.db.conn.executemany(
                "INSERT OR IGNORE INTO portals (portal_id, first_seen, last_seen, name) VALUES (?1, ?2, ?2, ?3)",
                [(portal_id, _text(began), f"{portal_id}县") for portal_id in rows],
            )
            self.db.conn.executemany(
                "INSERT INTO run_portals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(run_id, portal_id, *astuple(row)) for portal_id, row in rows.items()],
            )
            return run_id

        return self._change(work)

    def judge(self, run_id: int, whole: Findings | None = None, *, partial: bool = False) -> None:
        self._change(lambda: judge(self.db, run_id, whole or {}, partial=partial))

    def tell(self) -> Told:
        """What has to be told; it is told then."""
        told = to_tell(self.db)
        self._change(lambda: note_told(self.db, told))
        return told

    def night(self, portals: Mapping[str, Yield], verdict: str | None = "ok") -> Told:
        self.judge(self.run(portals, verdict))
        return self.tell()

    def open(self) -> dict[tuple[str, str], int]:
        """The alarms that are open: (portal, code) -> nights."""
        rows = self.db.execute(
            "SELECT coalesce(portal_id, ''), code, nights FROM alarms WHERE cleared_at IS NULL"
        ).fetchall()
        return {(portal, code): nights for portal, code, nights in rows}

    def _change(self, work):  # type: ignore[no-untyped-def]
        return write(self.db, self.archive.path, work)


@cache
def _empty_archive() -> bytes:
    """Making the tables takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with Archive.open(path) as archive:
            archive.db.execute("PRAGMA journal_mode = DELETE")
        return path.read_bytes()


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
