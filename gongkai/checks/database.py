"""Checks of the archive's SQLite file, its lock, and its runs."""

from __future__ import annotations

from collections.abc import Iterator

from archive import schema
from archive.errors import ArchiveError
from gongkai.amounts import amount
from gongkai.checks.finding import Finding, Patient, listed

_LONG_LOG = 64_000_000
"""Bytes: a log is written back at four million, unless a reader keeps an old state for long."""
_BACK = "get the archive back from a backup: gongkai restore"


def version(patient: Patient) -> Iterator[Finding]:
    """Whether this program knows the archive's tables."""
    try:
        schema.refuse_newer(patient.opened)
    except ArchiveError as error:
        yield Finding("error", "archive", f"{patient.archive}: {error}", "update gongkai")
        return
    if schema.is_settled(patient.opened):
        yield Finding("ok", "archive", f"{patient.archive}: of this version of gongkai")
    else:
        said = f"{patient.archive}: of an older version; the next command brings it up to date"
        yield Finding("ok", "archive", said)


def integrity(patient: Patient) -> Iterator[Finding]:
    """SQLite's own check, the quick one unless all is to be looked at."""
    how = "integrity_check" if patient.thorough else "quick_check"
    faults = [str(fault) for (fault,) in patient.opened.execute(f"PRAGMA {how}(20)").fetchall()]
    if faults != ["ok"]:
        yield Finding("error", "integrity", f"{how}: {listed(faults, 2)}", _BACK)
    else:
        yield Finding("ok", "integrity", how)


def references(patient: Patient) -> Iterator[Finding]:
    """Rows that point to rows that are not there."""
    lost = patient.opened.execute("PRAGMA foreign_key_check").fetchmany(1000)
    if lost:
        tables = sorted({str(row[0]) for row in lost})
        yield Finding("error", "references", f"rows that point nowhere in {listed(tables)}", _BACK)
    else:
        yield Finding("ok", "references", "every row that another one names is there")


def log(patient: Patient) -> Iterator[Finding]:
    """The write-ahead log, which grows when it cannot be written back."""
    wal = patient.archive.with_name(patient.archive.name + "-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > _LONG_LOG:
        advice = "stop programs that keep the archive open for hours: a snapshot for readers is gongkai publish"
        yield Finding("warning", "log", f"{wal}: {amount(size)}", advice)
    else:
        yield Finding("ok", "log", f"{amount(size)} not written back yet")


def lock(patient: Patient) -> Iterator[Finding]:
    """Who writes to the archive, and since when."""
    writer = patient.writer()
    if writer is None:
        yield Finding("ok", "lock", "nobody writes to the archive")
        return
    last = "SELECT command, started_at FROM runs WHERE finished_at IS NULL ORDER BY run_id DESC LIMIT 1"
    row = patient.opened.execute(last).fetchone()
    who = f"process {writer}" if writer else "a process that cannot be seen from here"
    yield Finding("ok", "lock", f"{who} writes to the archive" + (f": {row[0]}, since {row[1]}" if row else ""))


def unfinished(patient: Patient) -> Iterator[Finding]:
    """Runs that began and never ended, the one under way left out. One that was made good since is no matter."""
    rows = patient.opened.execute(
        "SELECT run_id, command, started_at FROM runs WHERE finished_at IS NULL"
        " AND run_id > (SELECT coalesce(max(run_id), 0) FROM runs WHERE finished_at IS NOT NULL) ORDER BY run_id"
    ).fetchall()
    if patient.writer() is not None:
        rows = rows[:-1]
    if rows:
        runs = listed([f"run {run_id} ({command}, {started_at})" for run_id, command, started_at in rows], 3)
        yield Finding("warning", "runs", f"killed before the end: {runs}", "start it again: it goes on where it was")
    else:
        yield Finding("ok", "runs", "every run came to its end, or another one after it did")
