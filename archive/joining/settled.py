"""What people settled about agencies in another archive, settled here: merged, split, kept apart, the latest last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from archive.agencies.deciding import Entered, Reason, enter
from archive.agencies.ordering import carry_out_in_order
from archive.errors import AgencyError
from archive.joining.source import Source
from archive.store import Archive


def settle_theirs(archive: Archive, source: Source) -> tuple[int, list[str]]:
    """Settles what was settled there and not here; returns how much that was, and a line for each that cannot be."""
    entered: list[int] = []
    refused: list[str] = []
    rows = list(source.db.query(_THEIRS))
    if not rows:
        return 0, []
    with archive.together():
        for row in rows:
            try:
                decision_id = enter(archive.db, _entered(archive.db, source.db, row))
            except AgencyError as error:
                refused.append(f"{source.path}: {row['action']} of {row['name']} by {row['who']}: {error}")
            else:
                entered += [decision_id] if decision_id is not None else []
        if entered:
            carry_out_in_order(archive.db, entered)
    return len(entered), refused


def _entered(here: Database, there: Database, row: dict[str, Any]) -> Entered:
    one = agency_here(here, there, row["agency_id"])
    other = None if row["action"] == "split" else agency_here(here, there, row["other_id"])
    if one is None or (other is None and row["action"] != "split"):
        raise AgencyError("the agency is not known here")
    reason = Reason(row["who"], row["why"], row["decided_at"])
    return Entered(row["action"], one, other, row["portal_id"], row["division_code"], reason)


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
SELECT d.*, a.name FROM agency_decisions d JOIN agencies a ON a.agency_id = d.agency_id ORDER BY d.decision_id
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
