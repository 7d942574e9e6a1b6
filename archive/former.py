"""Former readings: what an earlier reader made of the same bytes, kept when a later one makes something else of them.

They are kept by document and part, not by report: a reader that has learnt may find that the report is another agency's
or another year's, or that there is none.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.as_read import as_read, is_corrected
from archive.differing import differences
from archive.moments import now
from pipelines.model import Reading


def keep_former(db: Database, report_id: int, after: Reading) -> None:
    """Keeps what was read of a revision so far, and in what `after` differs; the caller then replaces or withdraws it.

    `after` is no report where the document, or that part of it, is none any more.
    """
    row = dict(next(iter(db.query(_FORMER, [report_id]))))
    row["reading"] = next_number(db, row["capture_id"], row["part"])
    row["replaced_at"] = now()
    db.execute(_KEEP, row)
    found = differences(as_read(db, report_id), after, rules=not is_corrected(db, report_id))
    key = (row["capture_id"], row["part"], row["reading"])
    db.conn.executemany(
        "INSERT INTO reading_changes VALUES (?, ?, ?, ?, ?, ?)",
        [(*key, what, before, later) for what, (before, later) in sorted(found.items())],
    )


def next_number(db: Database, capture_id: int, part: int) -> int:
    """The number of the reading of that part of a document that stands, after all those that are kept."""
    kept = "SELECT coalesce(max(reading), 0) FROM reading_revisions WHERE capture_id = ? AND part = ?"
    return int(db.execute(kept, [capture_id, part]).fetchone()[0]) + 1


def number_reading(db: Database, report_id: int) -> None:
    """Tells a revision how many readings of its document there have been, this one included."""
    db.execute(_NUMBER, [report_id, report_id])


_FORMER = """
SELECT r.capture_id, r.part, a.name AS agency, r.year, r.scope, t.reader, t.read_at, t.reading_digest
FROM report_revisions r
JOIN report_readings t ON t.report_id = r.report_id
JOIN agencies a ON a.agency_id = r.agency_id
WHERE r.report_id = ?
"""
_KEEP = """
INSERT INTO reading_revisions
VALUES (:capture_id, :part, :reading, :agency, :year, :scope, :reader, :read_at, :replaced_at, :reading_digest)
"""
_NUMBER = """
UPDATE report_readings SET reading = 1 + (
    SELECT coalesce(max(k.reading), 0) FROM report_revisions r
    LEFT JOIN reading_revisions k ON k.capture_id = r.capture_id AND k.part = r.part WHERE r.report_id = ?)
WHERE report_id = ?
"""
