"""The page of one report: its figures in the printed tables, its text, its evidence, and what the rules say of it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from archive.places import decoded
from archive.site.asking import Row, first, rows
from archive.site.printed import Cell, Table, tables_of
from pipelines.forms.rules import tally
from pipelines.model import FigureCell


@dataclass(frozen=True, slots=True)
class Judged:
    """How often a rule held, was broken, or could not be judged for want of a number."""

    rule: str
    holds: int
    broken: int
    open: int


@dataclass(frozen=True, slots=True)
class ReportPage:
    """All that the page shows."""

    report: Row
    short: Row
    """The row of the panel; empty for a revision that is not the current one."""
    revisions: list[Row]
    years: list[Row]
    tables: list[Table]
    indicators: list[Row]
    sections: list[Row]
    issues: list[Row]
    rules: list[Judged]
    captures: list[Row]
    attachments: list[Row]
    facts: Row
    """What else is known of the reading: encoding, repairs, the words that prove agency, year and scope."""

    @property
    def before(self) -> Row | None:
        return max((row for row in self.years if row["year"] < self.report["year"]), key=_year, default=None)

    @property
    def after(self) -> Row | None:
        return min((row for row in self.years if row["year"] > self.report["year"]), key=_year, default=None)


def report_page(db: sqlite3.Connection, report_id: int) -> ReportPage | None:
    """What the page of a report shows; None where there is no such report."""
    report = first(db, "SELECT * FROM reports WHERE report_id = ?", report_id)
    if report is None:
        return None
    key = (report["agency_id"], report["scope"])
    issues = _issues(db, report_id)
    cells = _cells(db, report_id, issues)
    forms = dict(db.execute("SELECT block, form FROM report_forms WHERE report_id = ?", [report_id]).fetchall())
    return ReportPage(
        report=report,
        short=first(db, "SELECT * FROM panel WHERE report_id = ?", report_id) or {},
        revisions=rows(
            db,
            "SELECT report_id, revision, is_current, first_seen, last_seen FROM reports"
            " WHERE agency_id = ? AND scope IS ? AND year = ? ORDER BY revision DESC",
            *key,
            report["year"],
        ),
        years=rows(
            db,
            "SELECT report_id, year FROM reports WHERE agency_id = ? AND scope IS ? AND is_current = 1 ORDER BY year",
            *key,
        ),
        tables=tables_of(cells, forms),
        indicators=rows(
            db, "SELECT label, unit, column_label, raw FROM indicators WHERE report_id = ? ORDER BY position", report_id
        ),
        sections=rows(
            db, "SELECT number, heading, text FROM sections WHERE report_id = ? ORDER BY position", report_id
        ),
        issues=issues,
        rules=_judged(cells, forms, report["agency"]),
        captures=rows(
            db,
            "SELECT r.role, c.* FROM report_captures r JOIN captures c ON c.capture_id = r.capture_id"
            " WHERE r.report_id = ? ORDER BY r.role, c.fetched_at",
            report_id,
        ),
        attachments=rows(db, "SELECT url, label FROM attachments WHERE report_id = ? ORDER BY position", report_id),
        facts=_facts(db, report_id),
    )


def _facts(db: sqlite3.Connection, report_id: int) -> Row:
    found = first(db, "SELECT * FROM report_readings WHERE report_id = ?", report_id) or {}
    names = "evidence_agency evidence_year evidence_scope encoding encoding_reason script repairs content_digest"
    return {name: found.get(name) for name in names.split()}


def _issues(db: sqlite3.Connection, report_id: int) -> list[Row]:
    """The open issues, gravest first, each with the figures that it concerns."""
    found = rows(
        db,
        "SELECT issue_id, code, level, message, figure FROM issues WHERE report_id = ? AND closed_at IS NULL"
        " ORDER BY CASE level WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, issue_id",
        report_id,
    )
    concerned: dict[int, list[str]] = defaultdict(list)
    for issue_id, figure in db.execute(
        "SELECT f.issue_id, d.figure FROM issue_figures f JOIN figure_definitions d ON d.figure_id = f.figure_id"
        " WHERE f.report_id = ? AND f.decision_id IS NULL",  # else a person has settled it for this cell
        [report_id],
    ):
        concerned[issue_id].append(figure)
    return [{**issue, "figures": concerned[issue["issue_id"]]} for issue in found]


def _cells(db: sqlite3.Connection, report_id: int, issues: list[Row]) -> dict[str, Cell]:
    flags: dict[str, list[str]] = defaultdict(list)
    for issue in issues:
        if issue["level"] != "info":
            for figure in issue["figures"]:
                flags[figure].append(f"{issue['code']}: {issue['message']}")
    decided = {
        row["figure"]: row
        for row in rows(
            db, "SELECT figure, value, review FROM figures WHERE report_id = ? AND review IS NOT NULL", report_id
        )
    }
    places = _places(db, report_id)
    cells = {}
    for row in rows(db, "SELECT figure, value, state, unit, raw FROM cells WHERE report_id = ?", report_id):
        figure = row["figure"]
        decision = decided.get(figure, {})
        corrected = decision.get("value") if decision.get("review") == "corrected" else None
        cells[figure] = Cell(
            figure,
            row["raw"] or "",
            row["value"],
            row["state"],
            row["unit"],
            places.get(figure),
            corrected,
            decision.get("review"),
            tuple(flags[figure]),
        )
    return cells


def _places(db: sqlite3.Connection, report_id: int) -> dict[str, str]:
    row = first(db, "SELECT places FROM report_places WHERE report_id = ?", report_id)
    if row is None:
        return {}
    names = dict(db.execute("SELECT figure_id, figure FROM figure_definitions").fetchall())
    return {names[figure_id]: place for figure_id, place in decoded(row["places"]).items() if figure_id in names}


def _judged(cells: Mapping[str, Cell], forms: Mapping[str, str], agency: str) -> list[Judged]:
    read = [
        FigureCell(c.figure, None if c.counts is None else Decimal(str(c.counts)), c.raw, "", "number")
        for c in cells.values()
    ]
    found = tally(read, forms, agency)
    return [Judged(rule, n["holds"], n["broken"], n["open"]) for rule, n in found.items()]


def _year(row: Row) -> int:
    return int(row["year"])
