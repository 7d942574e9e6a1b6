"""Keeping the issues of a report as they should be, without touching those that are so already.

Whoever finds issues (the reader, the filing, the rules over two years) states all that it finds; a row that is still
found keeps its id, and one that a decision in force settles stays closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlite_utils import Database

from archive.review.settling import settle_issues
from archive.rows import rows_of
from pipelines.forms.definitions import all_figures
from pipelines.model import Issue

Origin = Literal["reader", "rules", "filing", "sources", "years", "decisions"]


def state_issues(db: Database, report_id: int, origin: Origin, found: Iterable[Issue]) -> None:
    """Makes the issues of that origin on a report exactly those found."""
    standing = {
        (row["code"], row["level"], row["message"], row["figure"], _figures(db, row["issue_id"])): row["issue_id"]
        for row in rows_of(
            db,
            "SELECT issue_id, code, level, message, figure FROM issues WHERE report_id = ? AND origin = ?",
            [report_id, origin],
        )
    }
    wanted = {_key(issue): issue for issue in found}
    for key, issue_id in standing.items():
        if key not in wanted:
            db.execute("DELETE FROM issues WHERE issue_id = ?", [issue_id])
    for key, issue in wanted.items():
        if key not in standing:
            _insert(db, report_id, origin, issue)
    settle_issues(db, report_id)


def add_issue(db: Database, report_id: int, origin: Origin, issue: Issue) -> bool:
    """Adds one issue, unless the report has it already; tells whether it was new."""
    same = "report_id = ? AND origin = ? AND code = ? AND message = ?"
    if db.table("issues").count_where(same, [report_id, origin, issue.code, issue.message]):
        return False
    _insert(db, report_id, origin, issue)
    settle_issues(db, report_id)
    return True


def drop_issue(db: Database, report_id: int, origin: Origin, issue: Issue) -> None:
    """Takes an issue back that is no longer so."""
    same = "report_id = ? AND origin = ? AND code = ? AND message = ?"
    db.table("issues").delete_where(same, [report_id, origin, issue.code, issue.message])


def state_filing(db: Database, url: str, part: int, capture_id: int, found: Iterable[Issue]) -> None:
    """Makes the issues of a page that could not be filed exactly those found; an empty list when it now could."""
    standing = {
        (row["code"], row["level"], row["message"]): row["issue_id"]
        for row in rows_of(
            db,
            "SELECT i.* FROM captures c JOIN issues i ON i.capture_id = c.capture_id WHERE c.url = ? AND i.part = ?",
            [url, part],
        )
    }
    wanted = {(issue.code, issue.level, issue.message): issue for issue in found}
    for key, issue_id in standing.items():
        if key not in wanted:
            db.execute("DELETE FROM issues WHERE issue_id = ?", [issue_id])
    for key, issue in wanted.items():
        if key not in standing:
            row = {"capture_id": capture_id, "part": part, "origin": "filing", "figure": issue.figure}
            db.table("issues").insert({**row, "code": issue.code, "level": issue.level, "message": issue.message})


def _key(issue: Issue) -> tuple[str, str, str, str | None, tuple[str, ...]]:
    return issue.code, issue.level, issue.message, issue.figure, _concerned(issue)


def _concerned(issue: Issue) -> tuple[str, ...]:
    named = {*issue.figures, *([issue.figure] if issue.figure else [])}
    return tuple(sorted(named & all_figures().keys()))


def _figures(db: Database, issue_id: int) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT d.figure FROM issue_figures f JOIN figure_definitions d ON d.figure_id = f.figure_id"
        " WHERE f.issue_id = ?",
        [issue_id],
    )
    return tuple(sorted(row[0] for row in rows))


def _insert(db: Database, report_id: int, origin: Origin, issue: Issue) -> None:
    issue_id = db.execute(
        "INSERT INTO issues (report_id, origin, code, level, message, figure) VALUES (?, ?, ?, ?, ?, ?)",
        [report_id, origin, issue.code, issue.level, issue.message, issue.figure],
    ).lastrowid
    db.conn.executemany(
        "INSERT INTO issue_figures (report_id, figure_id, issue_id)"
        " VALUES (?, (SELECT figure_id FROM figure_definitions WHERE figure = ?), ?)",
        [(report_id, figure, issue_id) for figure in _concerned(issue)],
    )
