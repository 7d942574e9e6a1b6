"""What became of a report over time: its revisions, the figures that changed, what was decided, where it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.answers.asking import Report

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """All of it for one agency, year and scope, as rows that can be printed or written as JSON."""

    report: Report
    """The current revision."""
    revisions: tuple[Row, ...]
    changes: tuple[Row, ...]
    """Figures that changed from the revision before, as they were read."""
    readings: tuple[Row, ...]
    """What an earlier reader made of the same bytes: by whom, when, and how much of it was otherwise."""
    decisions: tuple[Row, ...]
    captures: tuple[Row, ...]
    """Every response that is evidence for a revision, and as what: page, attachment, twin or mirror."""


def history_of(db: Database, report: Report) -> History:
    """The history of the report of which `report` is a revision, oldest first."""
    key = {"agency": report.agency.agency_id, "year": report.year, "scope": report.scope}
    revisions = [dict(row) for row in db.query(_REVISIONS, key)]
    for row in revisions:
        row |= _whereabouts(db, row)
    report_ids = [row["report_id"] for row in revisions]
    changes = [row for report_id in report_ids[1:] for row in db.query(_CHANGES, [report_id])]
    captures = [row for report_id in report_ids for row in db.query(_CAPTURES, [report_id])]
    readings = [row for report_id in report_ids for row in db.query(_READINGS, [report_id])]
    decisions = decisions_on(db, report_ids)
    return History(report, tuple(revisions), tuple(changes), tuple(readings), tuple(decisions), tuple(captures))


def decisions_on(db: Database, report_ids: list[int]) -> list[dict[str, Any]]:
    """The decisions on these revisions, oldest first."""
    marks = ", ".join("?" for _ in report_ids)
    return list(db.query(f"{DECISIONS} WHERE d.report_id IN ({marks}) ORDER BY d.decision_id", report_ids))


def _whereabouts(db: Database, revision: Row) -> dict[str, Any]:
    """What is known about whether the page of a revision is still there; nothing about those that were replaced.

    `vanished_at`: it was asked for again and gave no report. `missed_since`: its portal was crawled, and it did not
    come up, be it that no column links to it any more or that the crawl was a small one.
    """
    found: dict[str, Any] = {"page_outcome": None, "vanished_at": revision["gone_at"], "missed_since": None}
    if not revision["is_current"]:
        return found
    page = db.execute(_PAGE, [revision["url"]]).fetchone()
    if page is not None:
        outcome, reason, seen = page
        found["page_outcome"] = f"{outcome}: {reason}" if reason else outcome
        if outcome not in ("report", "blocked") and seen > revision["last_seen"]:
            found["vanished_at"] = seen
    where = {"portal": revision["portal_id"], "seen": revision["last_seen"], "url": revision["url"]}
    missed = db.execute(_MISSED, where).fetchone()
    found["missed_since"] = missed[0]
    return found


DECISIONS = """
SELECT d.decision_id, coalesce(a.name, d.agency) AS agency, coalesce(r.year, d.year) AS year,
       CASE WHEN r.report_id IS NULL THEN d.scope ELSE r.scope END AS scope, r.revision, f.figure, d.decision, d.raw,
       d.read_value, d.value, d.why, d.decided_by, d.decided_at, d.state, d.ended_at, d.carried_from, d.source,
       (SELECT group_concat(code, ' ') FROM (SELECT DISTINCT code FROM decision_issues s
                                             WHERE s.decision_id = d.decision_id ORDER BY code)) AS settles, d.report_id
FROM decisions d
JOIN figure_definitions f ON f.figure_id = d.figure_id
LEFT JOIN report_revisions r ON r.report_id = d.report_id
LEFT JOIN agencies a ON a.agency_id = r.agency_id
"""
_REVISIONS = """
SELECT r.report_id, r.revision, r.is_current, r.form, r.trust, r.portal_id, t.read_by, t.title, t.url, t.fetched_at,
       t.first_seen, t.last_seen, t.gone_at, c.payload_digest AS sha256, r.cell_count AS cells
FROM report_revisions r
JOIN report_readings t ON t.report_id = r.report_id
JOIN captures c ON c.capture_id = r.capture_id
WHERE r.agency_id = :agency AND r.year = :year AND r.scope IS :scope
ORDER BY r.revision
"""
_CHANGES = """
SELECT revision, figure, before, after, raw_before, raw_after FROM revision_changes WHERE report_id = ?
"""
_READINGS = """
SELECT r.revision, f.reading, f.reader, f.read_at, f.replaced_at, f.agency, f.year, f.scope,
       (SELECT count(*) FROM reading_changes h
        WHERE h.capture_id = f.capture_id AND h.part = f.part AND h.reading = f.reading) AS changes
FROM report_revisions r JOIN reading_revisions f ON f.capture_id = r.capture_id AND f.part = r.part
WHERE r.report_id = ? ORDER BY f.reading
"""
_CAPTURES = """
SELECT r.revision, l.role, c.url, c.fetched_at, c.status, c.content_type, c.payload_digest AS sha256,
       c.payload_length AS bytes, c.capture_id, c.capture_id = r.capture_id AND l.part = r.part AS was_read
FROM report_captures l
JOIN report_revisions r ON r.report_id = l.report_id
JOIN captures c ON c.capture_id = l.capture_id
WHERE l.report_id = ?
ORDER BY c.fetched_at, c.capture_id
"""
_PAGE = "SELECT outcome, reason, last_seen FROM pages WHERE url = ?"
_MISSED = """
WITH known AS (SELECT missing_since FROM links WHERE portal_id = :portal AND page_url = :url)
SELECT CASE WHEN EXISTS (SELECT 1 FROM known)
    THEN (SELECT max(missing_since) FROM known HAVING count(*) = count(missing_since))
    ELSE (SELECT min(u.started_at) FROM runs u
           WHERE u.started_at > :seen
             AND EXISTS (SELECT 1 FROM captures c WHERE c.run_id = u.run_id AND c.portal_id = :portal)) END
"""
