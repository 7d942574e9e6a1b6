"""The rules that need two years of an agency: what was carried over, and what should be in force.

They can fail long after either report was filed, so they are judged again whenever a report of one of the two years
changes, over the current revisions of the same agency and scope. Ids of rules and figures are those of the form files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlite_utils import Database

from archive.issues import state_issues
from archive.schema.values import values_of
from archive.schema.views import APPLICANTS
from pipelines.model import Issue

Number = int | float
Figures = Mapping[str, Number]

STOCKS = ("regulations", "normative_documents")
"""The rows of the disclosure table that count documents in force (规章, 行政规范性文件)."""


def judge_years(db: Database, agency_id: int, scope: str | None, years: set[int]) -> None:
    """Makes the issues over two years right for reports on those years, and on the years after them."""
    for year in sorted({*years, *(year + 1 for year in years)}):
        report = _current(db, agency_id, scope, year)
        if report is None:
            continue
        before = _current(db, agency_id, scope, year - 1)
        found = contradictions(values_of(db, before), values_of(db, report), year) if before else ()
        state_issues(db, report, "years", found)


def contradictions(before: Figures, now: Figures, year: int) -> Iterator[Issue]:
    """What the report on `year` says otherwise than the one before. A rule with an unknown operand says nothing."""
    for applicant in APPLICANTS:
        figure = f"applications.carried_in.{applicant}"
        taken, left = now.get(figure), before.get(f"applications.carried_out.{applicant}")
        if taken is not None and left is not None and taken != left:
            message = f"{taken} carried in from {year - 1}, whose report carries {left} out"
            yield Issue("t3_carry_over_years", "warning", message, figure, (figure,))
    for row in STOCKS:
        names = [
            f"active_disclosure.{row}.{column}" for column in ("in_force", "issued_this_year", "abolished_this_year")
        ]
        stock, issued, abolished = (now.get(name) for name in names)
        last = before.get(names[0])
        if stock is None or issued is None or abolished is None or last is None:
            continue
        if stock != last + issued - abolished:
            message = (
                f"{stock} in force, but {last} of {year - 1} + {issued} - {abolished} = {last + issued - abolished}"
            )
            yield Issue("t2_stock_over_years", "warning", message, names[0], tuple(names))


def _current(db: Database, agency_id: int, scope: str | None, year: int) -> int | None:
    row = db.execute(
        "SELECT report_id FROM report_revisions"
        " WHERE agency_id = ? AND year = ? AND coalesce(scope, '') = ? AND is_current = 1",
        [agency_id, year, scope or ""],
    ).fetchone()
    return row[0] if row else None
