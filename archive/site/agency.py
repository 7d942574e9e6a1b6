"""The page of one agency: its names and place, its reports year by year, and what became of requests to it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.site.asking import Row, first, rows


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """All that the page shows."""

    agency: Row
    years: list[Row]
    """The current reports with the main indicators, newest first."""
    names: list[Row]
    """Every other name under which it was seen, with the first and last year."""
    links: list[Row]
    """What it was called before or is called now, where that is another row of agencies; `is_later` and evidence."""
    merged: Row | None
    """The agency that a person found it to be."""
    others: list[Row]
    """Other agencies of the same division."""


def agency_page(db: sqlite3.Connection, agency_id: int) -> AgencyPage | None:
    """What the page of an agency shows; None where there is no such agency."""
    agency = first(db, "SELECT * FROM agencies WHERE agency_id = ?", agency_id)
    if agency is None:
        return None
    return AgencyPage(
        agency,
        rows(db, "SELECT * FROM panel WHERE agency_id = ? ORDER BY year DESC, scope", agency_id),
        rows(db, _NAMES, agency_id, agency["name"]),
        rows(db, _LINKS, agency_id, agency_id),
        first(db, _MERGED, agency_id),
        rows(db, _OTHERS, agency["division_code"], agency_id),
    )


_NAMES = """
SELECT name, min(first_year) AS first_year, max(last_year) AS last_year FROM agency_names
WHERE agency_id = ? AND name <> ? GROUP BY name ORDER BY last_year DESC, name LIMIT 30
"""
_LINKS = """
SELECT a.agency_id, a.name, 1 AS is_later, l.evidence FROM agency_links l JOIN agencies a ON a.agency_id = l.later_id
WHERE l.earlier_id = ?
UNION ALL
SELECT a.agency_id, a.name, 0, l.evidence FROM agency_links l JOIN agencies a ON a.agency_id = l.earlier_id
WHERE l.later_id = ?
"""
_MERGED = """
SELECT a.agency_id, a.name, d.why FROM agency_decisions d JOIN agencies a ON a.agency_id = d.other_id
WHERE d.action = 'merge' AND d.agency_id = ? AND d.undone_by IS NULL ORDER BY d.decision_id DESC
"""
_OTHERS = "SELECT agency_id, name FROM agencies WHERE division_code = ? AND agency_id <> ? ORDER BY name LIMIT 40"
