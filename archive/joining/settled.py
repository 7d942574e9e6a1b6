"""What people settled about agencies in another archive, settled here in the same order: merged, split, kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from archive.agencies.deciding import Reason, keep_apart, merge, split
from archive.errors import AgencyError
from archive.joining.source import Source
from archive.store import Archive


def settle_theirs(archive: Archive, source: Source) -> tuple[int, list[str]]:
    """Repeats what was settled there and not here; returns how much that was, and a line for each that cannot be."""
    new, refused = 0, []
    for row in list(source.db.query(_THEIRS)):
        one, other = (agency_here(archive.db, source.db, row[name]) for name in ("agency_id", "other_id"))
        if archive.db.execute(_KNOWN, row).fetchone():
            continue
        try:
            new += _settle(archive, row, one, other)
        except AgencyError as error:
            refused.append(f"{source.path}: {row['action']} of {row['name']} by {row['who']}: {error}")
    return new, refused


def _settle(archive: Archive, row: dict[str, Any], one: int | None, other: int | None) -> bool:
    reason = Reason(row["who"], row["why"], row["decided_at"])
    if one is None or (other is None and row["action"] != "split"):
        raise AgencyError("the agency is not known here")
    if row["action"] == "merge":
        return merge(archive, str(one), str(other), reason).changed
    if row["action"] == "split":
        return split(archive, str(one), reason, portal=row["portal_id"], division=row["division_code"]).changed
    if row["takes_back"]:
        return split(archive, str(other), reason).changed
    return keep_apart(archive, str(one), str(other), reason).changed


def agency_here(here: Database, there: Database, agency_id: int) -> int | None:
    """The agency of the other archive, by a report that its name has in both; else by its name and place."""
    for capture, part in _reports(there, agency_id):
        row = here.execute(_NAMED, [capture, part]).fetchone()
        if row:
            return int(row[0])
    known = next(iter(there.query("SELECT * FROM agencies WHERE agency_id = ?", [agency_id])))
    rows = here.execute(_ALIKE, known).fetchall()
    return int(rows[0][0]) if len(rows) == 1 else None


def _reports(there: Database, agency_id: int) -> Iterator[tuple[int, int]]:
    yield from there.execute(_OF, {"agency": agency_id}).fetchall()


_THEIRS = """
SELECT d.*, a.name, EXISTS (SELECT 1 FROM agency_decisions m WHERE m.undone_by = d.decision_id AND m.action = 'merge')
       AS takes_back
FROM agency_decisions d JOIN agencies a ON a.agency_id = d.agency_id ORDER BY d.decision_id
"""
_KNOWN = """
SELECT 1 FROM agency_decisions WHERE action = :action AND who = :who AND why = :why AND decided_at = :decided_at
   AND portal_id IS :portal_id AND division_code IS :division_code
"""
_OF = """
SELECT r.capture_id, r.part FROM report_revisions r LEFT JOIN agency_moves m ON m.report_id = r.report_id
WHERE coalesce(m.agency_id, r.agency_id) = :agency ORDER BY r.report_id LIMIT 20
"""
_NAMED = """
SELECT coalesce(m.agency_id, r.agency_id) FROM temp.brought b
JOIN report_captures l ON l.capture_id = b.capture_id JOIN report_revisions r ON r.report_id = l.report_id
LEFT JOIN agency_moves m ON m.report_id = r.report_id
WHERE b.source_id = ? AND l.part = ? ORDER BY r.capture_id = l.capture_id DESC LIMIT 1
"""
_ALIKE = """
SELECT agency_id FROM agencies
WHERE name = :name OR (printed_name = :printed_name AND division_code IS :division_code AND portal_id IS :portal_id)
"""
