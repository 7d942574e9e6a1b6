"""What was imported: from which record each capture comes, and how far each source is.

A record is known by what it is, not by where its file lies: a copy of a WARC file elsewhere brings nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from sqlite_utils import Database

from archive.foreign import Foreign
from archive.incoming.model import Slice
from archive.moments import now
from archive.readings import clean

TO_THE_END = -1


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder to import: `digest` tells it from others, whatever it is called and wherever it lies."""

    name: str
    digest: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was in a slice; the columns of imported_slices."""

    records: int = 0
    documents: int = 0
    passed: int = 0
    reports: int = 0
    damaged: int = 0


def known_record(db: Database, key: str) -> int | None:
    """The capture that a record was imported as, by its key."""
    row = db.execute("SELECT capture_id FROM imported_records WHERE record_key = ?", [key]).fetchone()
    return int(row[0]) if row else None


def note_record(db: Database, capture_id: int, record: Foreign, run_id: int | None) -> None:
    """Notes of which record a capture is the copy."""
    db.execute(
        "INSERT INTO imported_records (capture_id, run_id, source, record_offset, kind, record_id, record_key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            capture_id,
            run_id,
            clean(record.source),
            record.offset,
            record.kind,
            clean(record.record_id) or None,
            record.key,
        ],
    )


def enter_source(db: Database, source: Source) -> int:
    """The id of a source, which is entered if it was not known."""
    db.execute(
        "INSERT INTO imported_sources (name, digest, size, first_import) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [clean(source.name), source.digest, source.size, now()],
    )
    row = db.execute("SELECT source_id FROM imported_sources WHERE digest = ?", [source.digest]).fetchone()
    return int(row[0])


def finished(db: Database, digest: str) -> Done | None:
    """What was in a source of which all is done; None for another."""
    columns = ", ".join(f"sum(i.{field.name})" for field in fields(Done))
    row = db.execute(
        f"SELECT {columns} FROM imported_sources s JOIN imported_slices i ON i.source_id = s.source_id"
        " WHERE s.digest = ? AND s.finished_at IS NOT NULL HAVING count(*) > 0",
        [digest],
    ).fetchone()
    return Done(*row) if row else None


def slices_done(db: Database, source_id: int) -> set[tuple[int, int | None]]:
    """(start, end) of the slices of a source that are done."""
    rows = db.execute("SELECT start, until FROM imported_slices WHERE source_id = ?", [source_id]).fetchall()
    return {(start, None if until == TO_THE_END else until) for start, until in rows}


def note_slice(db: Database, source_id: int, piece: Slice, done: Done) -> None:
    """Notes that a slice is done."""
    row = {"source_id": source_id, "start": piece.start, "until": _until(piece.end), **asdict(done)}
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT OR REPLACE INTO imported_slices ({', '.join(row)}) VALUES ({marks})", row)


def finish_source(db: Database, source_id: int) -> None:
    """Notes that all of a source is done, in one row instead of one for each slice."""
    names = [field.name for field in fields(Done)]
    columns = ", ".join(f"coalesce(sum({name}), 0)" for name in names)
    row = db.execute(f"SELECT {columns} FROM imported_slices WHERE source_id = ?", [source_id]).fetchone()
    db.execute("DELETE FROM imported_slices WHERE source_id = ?", [source_id])
    note_slice(db, source_id, Slice("", 0, None), Done(*row))
    db.execute("UPDATE imported_sources SET finished_at = ? WHERE source_id = ?", [now(), source_id])


def forget_progress(db: Database, digests: Iterable[str]) -> None:
    """Has the sources with these digests gone through again; what was imported of them stays."""
    for digest in digests:
        db.execute(
            "DELETE FROM imported_slices WHERE source_id = (SELECT source_id FROM imported_sources WHERE digest = ?)",
            [digest],
        )
        db.execute("UPDATE imported_sources SET finished_at = NULL WHERE digest = ?", [digest])


def introduce_portal(db: Database, portal_id: str, at: str) -> None:
    """Enters a portal that nobody has asked so far, as known from imported records."""
    db.execute(
        "INSERT INTO portals (portal_id, first_seen, last_seen, imported) VALUES (:id, :at, :at, 1)"
        " ON CONFLICT (portal_id) DO UPDATE SET first_seen = min(first_seen, :at),"
        " last_seen = iif(imported, max(last_seen, :at), last_seen)"
        " WHERE first_seen > :at OR (imported AND last_seen < :at)",
        {"id": portal_id, "at": at},
    )


def _until(end: int | None) -> int:
    return TO_THE_END if end is None else end
