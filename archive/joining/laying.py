"""What lies on reports beside what was read of them: when their page went, earlier readings, what people decided.

It is tied to the part of a capture that the revision rests on, so that it finds its revision again, in another archive
or after its history was filed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.joining import decided
from archive.joining.source import Source
from archive.store import Archive

Anchor = tuple[int, int]
"""capture_id and part."""


@dataclass(frozen=True, slots=True)
class Gone:
    """That a page is gone since a moment, and was there until another."""

    anchor: Anchor
    gone_at: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The number of a reading, and the rows of those before it."""

    anchor: Anchor
    digest: str
    reading: int
    revisions: tuple[dict[str, Any], ...]
    changes: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Lifted:
    """All of that, of some reports of one archive."""

    gone: tuple[Gone, ...]
    earlier: tuple[Earlier, ...]
    decisions: tuple[decided.Lifted, ...]


def lift(db: Database, reports: Sequence[int]) -> Lifted:
    """Takes it up before the reports go; decisions are as if taken back until they are laid again."""
    gone = tuple(Gone((c, part), at, seen) for c, part, at, seen in _of(db, _GONE, reports))
    earlier = tuple(_earlier(db, row, (row[1], row[2])) for row in _of(db, _REREAD, reports))
    return Lifted(gone, earlier, decided.lift(db, reports))


def lay(db: Database, lifted: Lifted) -> None:
    """Puts it back, on the revisions that rest on the same evidence now."""
    for gone in lifted.gone:
        _lay_gone(db, gone)
    for earlier in lifted.earlier:
        _lay_earlier(db, earlier)
    decided.lay(db, lifted.decisions)


def lay_theirs(archive: Archive, source: Source) -> int:
    """Lays here what lies on the reports of the source; returns how many decisions are new here."""
    for row in source.db.execute(_ALL_GONE).fetchall():
        for anchor in _here(archive.db, row[0], row[1]):
            with archive.together():
                _lay_gone(archive.db, Gone(anchor, row[2], row[3]))
    for row in source.db.execute(_ALL_REREAD).fetchall():
        for anchor in _here(archive.db, row[1], row[2]):
            with archive.together():
                _lay_earlier(archive.db, _earlier(source.db, row, anchor))
    return decided.lay_theirs(archive, source)


def _here(db: Database, source_id: int, part: int) -> list[Anchor]:
    rows = db.execute("SELECT capture_id FROM temp.brought WHERE source_id = ?", [source_id]).fetchall()
    return [(row[0], part) for row in rows]


def _of(db: Database, sql: str, reports: Iterable[int]) -> list[tuple[Any, ...]]:
    return [row for report_id in reports for row in db.execute(sql, [report_id]).fetchall()]


def _lay_gone(db: Database, gone: Gone) -> None:
    """A page that was seen again since is there; of two who found it gone, the first knows since when."""
    report_id = decided.report_at(db, gone.anchor)
    if report_id is not None:
        db.execute(_LAY_GONE, {"id": report_id, "gone": gone.gone_at, "last": gone.last_seen})


def _earlier(db: Database, row: tuple[Any, ...], anchor: Anchor) -> Earlier:
    where = "WHERE capture_id = ? AND part = ?"
    revisions = tuple(db.query(f"SELECT * FROM reading_revisions {where}", [row[1], row[2]]))
    changes = tuple(db.query(f"SELECT * FROM reading_changes {where}", [row[1], row[2]]))
    return Earlier(anchor, row[4], row[3], revisions, changes)


def _lay_earlier(db: Database, earlier: Earlier) -> None:
    """Only where the reading itself is the one that they led to, and nobody knows of others before it."""
    report_id = decided.report_at(db, earlier.anchor)
    where = "report_id = ? AND reading_digest = ? AND reading = 1"
    if report_id is None or not db.table("report_readings").count_where(where, [report_id, earlier.digest]):
        return
    db.execute("UPDATE report_readings SET reading = ? WHERE report_id = ?", [earlier.reading, report_id])
    for table, rows in (("reading_revisions", earlier.revisions), ("reading_changes", earlier.changes)):
        for row in rows:
            new = row | dict(zip(("capture_id", "part"), earlier.anchor, strict=True))
            marks = ", ".join("?" for _ in new)
            db.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(new)}) VALUES ({marks})", [*new.values()])


_GONE = """
SELECT r.capture_id, r.part, t.gone_at, t.last_seen FROM report_revisions r
JOIN report_readings t ON t.report_id = r.report_id WHERE t.gone_at IS NOT NULL AND r.report_id = ?
"""
_ALL_GONE = _GONE.removesuffix("AND r.report_id = ?\n")
_REREAD = """
SELECT r.report_id, r.capture_id, r.part, t.reading, t.reading_digest FROM report_revisions r
JOIN report_readings t ON t.report_id = r.report_id WHERE t.reading > 1 AND r.report_id = ?
"""
_ALL_REREAD = _REREAD.removesuffix("AND r.report_id = ?\n")
_LAY_GONE = """
UPDATE report_readings AS t
SET last_seen = max(t.last_seen, :last),
    gone_at = CASE WHEN s.at >= :gone THEN t.gone_at ELSE min(coalesce(t.gone_at, :gone), :gone) END
FROM (SELECT max(coalesce(c.seen_at, c.fetched_at)) AS at
      FROM report_captures l JOIN captures c ON c.capture_id = l.capture_id
      JOIN report_revisions r ON r.report_id = l.report_id
      WHERE l.report_id = :id AND (l.role IN ('page', 'twin') OR r.capture_id = l.capture_id)) s
WHERE t.report_id = :id
  AND (t.last_seen < :last OR s.at < :gone AND (t.gone_at IS NULL OR t.gone_at > :gone))
"""
