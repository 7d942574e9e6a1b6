"""What the first page tells of an archive: how much there is, from where and when, and what came last."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.site.asking import Row, first, rows


@dataclass(frozen=True, slots=True)
class Home:
    """Counts over the current reports, and the newest of them."""

    counts: Row
    """`reports`, `agencies`, `first_year`, `last_year`, `received`, `provinces`, `flagged`, `fetched_at`."""
    newest: list[Row]
    provinces: list[Row]
    portals: int


def home_page(db: sqlite3.Connection) -> Home:
    """What the first page shows. One walk over the panel, and look-ups."""
    counts = first(
        db,
        "SELECT count(*) AS reports, count(DISTINCT agency_id) AS agencies, min(year) AS first_year,"
        " max(year) AS last_year, sum(CASE WHEN scope = 'own' THEN received END) AS received,"
        " count(DISTINCT province) AS provinces, sum(flags > 0) AS flagged, max(report_id) AS newest FROM panel",
    )
    assert counts is not None
    newest = rows(
        db,
        "SELECT report_id, agency, agency_id, year, scope, form, first_seen FROM reports"
        " WHERE report_id > ? AND is_current = 1 ORDER BY report_id DESC LIMIT 8",
        (counts["newest"] or 0) - 100,
    )
    provinces = rows(
        db,
        "SELECT province, count(DISTINCT agency_id) AS agencies, count(*) AS reports, sum(received) AS received"
        " FROM panel WHERE province IS NOT NULL GROUP BY province ORDER BY reports DESC, province",
    )
    portals = first(db, "SELECT count(*) AS n FROM portals") or {"n": 0}
    return Home(counts, newest, provinces, portals["n"])
