"""Moving reports from one agency to another, so that every report keeps its revisions and its rules.

Two reports on one year and scope that meet become revisions of one report, in the order in which they were seen, as
filing would have made them; the newest of the best source is current. Nothing is taken away: what met can part again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from archive.agencies.renaming import link_renamed
from archive.agencies.resolving import decided, doubts, note_where_it_belongs
from archive.filing import sources_differ
from archive.issues import add_issue, drop_issue, state_issues
from archive.review.corrections import readings_of, restore
from archive.review.decisions import state_reopened, undo
from archive.review.judging import judged
from archive.review.settling import settle_issues
from archive.revisions import RANKS, number
from archive.schema.panel import refresh_panel
from archive.years import judge_years

Key = tuple[int, int, str | None]
"""agency_id, year, scope"""

_FAR = 1_000_000
"""Added to numbers of revisions while they change, so that no two are the same at any moment."""


def move_reports(db: Database, reports: Iterable[int], agency_id: int) -> int:
    """Makes reports (revisions, by id) those of an agency; returns how many were not yet. Inside a transaction."""
    moved = [row for report in reports for row in db.query(_REPORT, [report]) if row["agency_id"] != agency_id]
    keys: set[Key] = set()
    for row in moved:
        old, new = (row["agency_id"], row["year"], row["scope"]), (agency_id, row["year"], row["scope"])
        keys |= {old, new}
    together = {key: _family(db, key) for key in keys}
    currents = {row["report_id"] for rows in together.values() for row in rows if row["is_current"]}
    for row in moved:
        db.execute(
            "UPDATE report_revisions SET agency_id = ?, is_current = 0, revision = ? + report_id WHERE report_id = ?",
            [agency_id, _FAR, row["report_id"]],
        )
    for rows in together.values():
        _drop_differences(db, rows, {row["report_id"] for row in moved})
    for key in sorted(keys, key=repr):
        _renumber(db, key, currents)
    _part_decisions(db)
    # A report stands in the panel once: it leaves its old place before it gets the new one.
    for agency, year, scope in sorted(keys, key=lambda key: key[0] == agency_id):
        judge_years(db, agency, scope, {year})
        refresh_panel(db, agency, year)
    return len(moved)


def settle_reports(db: Database, agencies: Iterable[int]) -> int:
    """Puts the reports of these agencies where the decisions in force have them; returns how many moved."""
    wanted: dict[int, list[int]] = {}
    for agency_id in agencies:
        for row in db.query(_REPORTS_OF, [agency_id, agency_id]):
            named = row["named_id"] or row["agency_id"]
            goal = decided(db, named, row["portal_id"], _division(db, named, row))
            note_where_it_belongs(db, row["report_id"], goal, named)
            if goal != row["agency_id"]:
                wanted.setdefault(goal, []).append(row["report_id"])
    return sum(move_reports(db, reports, goal) for goal, reports in wanted.items())


def restate_doubts(db: Database, agencies: Sequence[int]) -> None:
    """Makes the issues about agencies, and about those of the same names, right after something was settled."""
    namesakes = {row[0] for agency_id in agencies for row in db.execute(_NAMESAKES, [agency_id]).fetchall()}
    for agency_id in sorted(namesakes.union(agencies)):
        for row in db.query(_DOUBTED, [agency_id]):
            named = row["named_id"] or agency_id
            found = doubts(db, named, row["agency_printed"])
            if row["trust"] == "official":
                found += link_renamed(db, named)
            state_issues(db, row["report_id"], "filing", found)


def _division(db: Database, named: int, row: dict[str, Any]) -> str | None:
    """The division of the portal on which a report's name was seen."""
    found = db.execute(_DIVISION, [named, row["agency_printed"], row["portal_id"] or ""]).fetchall()
    return found[0][0] or None if len(found) == 1 else None


def _family(db: Database, key: Key) -> list[dict[str, Any]]:
    return list(db.query(_FAMILY, key))


def _renumber(db: Database, key: Key, currents: set[int]) -> None:
    rows = _family(db, key)
    if not rows:
        return
    newest = max((row for row in rows if row["report_id"] in currents), key=_age, default=max(rows, key=_age))
    order = [*sorted((row for row in rows if row is not newest), key=_age), newest]
    if [(row["revision"], row["is_current"]) for row in order] == _numbers(len(order)):
        return
    number(db, [row["report_id"] for row in order])
    _note_differences(db, [row for row in rows if row["report_id"] in currents], newest)


def _numbers(count: int) -> list[tuple[int, int]]:
    return [(number, int(number == count)) for number in range(1, count + 1)]


def _age(row: dict[str, Any]) -> tuple[int, str, int]:
    return RANKS[row["trust"]], row["first_seen"], row["report_id"]


def _note_differences(db: Database, met: list[dict[str, Any]], newest: dict[str, Any]) -> None:
    """As in filing: two sources of one rank that say different things are an issue."""
    for row in met:
        same = row["figures_digest"] == newest["figures_digest"] or row["url"] == newest["url"]
        if row["report_id"] == newest["report_id"] or same or row["trust"] != newest["trust"]:
            continue
        ours, theirs = readings_of(db, newest["report_id"]), readings_of(db, row["report_id"])
        figures = tuple(figure for figure, value in ours.items() if theirs.get(figure, value) != value)
        add_issue(db, newest["report_id"], "sources", sources_differ(_address(row), _address(newest), figures))


def _part_decisions(db: Database) -> None:
    """Takes back what was carried over from a report with which a revision is together no longer."""
    for decision_id, report_id, figure_id, figure in db.execute(_PARTED).fetchall():
        undo(db, decision_id)
        if restore(db, report_id, figure_id, figure):
            state_issues(db, report_id, "rules", judged(db, report_id))
        state_reopened(db, report_id)
        settle_issues(db, report_id)


def _drop_differences(db: Database, family: list[dict[str, Any]], moved: set[int]) -> None:
    """Two reports of which only one moves are no longer two sources of one report."""
    for row in family:
        for other in family:
            if (row["report_id"] in moved) != (other["report_id"] in moved):
                drop_issue(db, row["report_id"], "sources", sources_differ(_address(row), _address(other)))


def _address(row: dict[str, Any]) -> tuple[str, int]:
    return row["url"], row["part"]


_REPORT = "SELECT report_id, agency_id, year, scope FROM report_revisions WHERE report_id = ?"
_NAMESAKES = (
    "SELECT DISTINCT o.agency_id FROM agency_names n JOIN agency_names o ON o.name = n.name WHERE n.agency_id = ?"
)
_FAMILY = (
    "SELECT r.report_id, r.revision, r.is_current, r.trust, t.first_seen, t.url, r.part, t.figures_digest"
    " FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id"
    " WHERE r.agency_id = ? AND r.year = ? AND r.scope IS ? ORDER BY r.report_id"
)
_REPORTS_OF = (
    "SELECT r.report_id, r.agency_id, t.agency_printed, m.agency_id AS named_id,"
    " CASE WHEN r.trust = 'official' THEN r.portal_id END AS portal_id"
    " FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id"
    " LEFT JOIN agency_moves m ON m.report_id = r.report_id"
    " WHERE r.agency_id = ? OR m.agency_id = ? ORDER BY r.report_id"
)
_DIVISION = (
    "SELECT DISTINCT division_code FROM agency_names"
    " WHERE agency_id = ? AND name = ? AND portal_id = ? AND evidence <> 'copy'"
)
# What was decided on the same bytes, or on a revision that is there no more, is the report's own.
_PARTED = """
WITH RECURSIVE line(decision_id, first_id) AS (
    SELECT decision_id, decision_id FROM decisions WHERE carried_from IS NULL
    UNION ALL SELECT d.decision_id, l.first_id FROM decisions d JOIN line l ON d.carried_from = l.decision_id)
SELECT d.decision_id, d.report_id, d.figure_id, f.figure
FROM line l JOIN decisions d ON d.decision_id = l.decision_id JOIN decisions o ON o.decision_id = l.first_id
JOIN report_revisions r ON r.report_id = d.report_id JOIN report_revisions q ON q.report_id = o.report_id
JOIN figure_definitions f ON f.figure_id = d.figure_id
WHERE d.state <> 'undone' AND d.source <> o.source
  AND (r.agency_id <> q.agency_id OR r.year <> q.year OR r.scope IS NOT q.scope)
"""
_DOUBTED = (
    "SELECT DISTINCT r.report_id, r.trust, t.agency_printed, m.agency_id AS named_id FROM report_revisions r"
    " JOIN report_readings t ON t.report_id = r.report_id"
    " JOIN issues i ON i.report_id = r.report_id LEFT JOIN agency_moves m ON m.report_id = r.report_id"
    " WHERE r.agency_id = ? AND i.origin = 'filing'"
)
