"""Deciding about figures: accepting what was read, correcting it, taking that back.

All decisions of one call are taken in one transaction or not at all. The values that count, the sum rules, the rules
over two years and the panel are then those of the decisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlite_utils import Database

from archive.answers.asking import (
    Agency,
    NotFound,
    Report,
    figure_ids,
    find_agency,
    find_figure,
    report_by_id,
    report_of,
)
from archive.database import write
from archive.errors import ArchiveError
from archive.issues import state_issues
from archive.moments import now
from archive.readings import clean, exact
from archive.review.corrections import Printed, correct, digits, printed_cells, restore
from archive.review.decisions import is_decided, make_way, state_reopened, undo, with_those_before
from archive.review.judging import judged
from archive.review.settling import judged_codes, settle_issues
from archive.revisions import key_of
from archive.schema.panel import refresh_panel
from archive.schema.values import Value
from archive.store import Archive
from archive.years import judge_years

Verb = Literal["accepted", "corrected", "undone"]

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)


class Refused(ArchiveError):  # noqa: N818 - an answer, not a fault
    """Decisions that cannot be taken: a line for each. None was taken."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as a person gives it. `place` says where it was given, for the line that refuses it."""

    agency: str
    year: int
    figure: str
    verb: Verb
    why: str = ""
    value: str = ""
    """For `corrected`: the number in the form's unit, or `null`."""
    scope: str | None = None
    code: str | None = None
    """Only the issues of this code are settled; None: all that are open on the figure."""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was taken, and what the figure counts as now."""

    report: Report
    figure: str
    verb: Verb
    raw: str
    read_value: Value
    value: Value
    settled: tuple[str, ...]
    """Codes of the issues that it settles, in part or in whole."""


def decide(archive: Archive, rulings: Sequence[Ruling], by: str) -> list[Decided]:
    """Takes all these decisions. Raises Refused, and takes none, if one of them makes no sense."""

    def work() -> list[Decided]:
        table = _Table(archive.db, by)
        return table.take([(ruling, None) for ruling in rulings])

    return write(archive.db, archive.path, work)


def accept_report(archive: Archive, report_id: int, why: str, by: str, code: str | None = None) -> list[Decided]:
    """Accepts every figure of a current revision with an open error or warning (of that code).

    Raises NotFound when there is no such report, or nothing on it to accept.
    """

    def work() -> list[Decided]:
        report = report_by_id(archive.db, report_id)
        figures = [row[0] for row in archive.db.execute(_DOUBTFUL, {"report": report_id, "code": code})]
        if not figures:
            raise NotFound(f"report {report_id} ({report}) has no open {code or 'issue'} on a figure")
        name, year = str(report.agency.agency_id), report.year
        rulings = [Ruling(name, year, figure, "accepted", why, code=code) for figure in figures]
        return _Table(archive.db, by).take([(ruling, report) for ruling in rulings])

    return write(archive.db, archive.path, work)


class _Table:
    """Where the decisions of one call are taken: what they look up is looked up once."""

    def __init__(self, db: Database, by: str) -> None:
        self.db, self.by, self.at = db, by, now()
        self.ids = figure_ids(db)
        self.agencies: dict[str, Agency] = {}
        self.cells: dict[int, dict[str, Printed]] = {}

    def take(self, rulings: Iterable[tuple[Ruling, Report | None]]) -> list[Decided]:
        taken: list[Decided] = []
        refused: list[str] = []
        seen: set[tuple[int, str]] = set()
        changed: set[int] = set()
        for ruling, report in rulings:
            try:
                report = report or self._report(ruling)
                figure = find_figure(ruling.figure).id
                if (report.report_id, figure) in seen:
                    raise NotFound(f"{report}: {figure} is decided twice")
                seen.add((report.report_id, figure))
                taken.append(self._take(ruling, report, figure, changed))
            except ArchiveError as error:
                refused.append(f"{ruling.place}: {error}" if ruling.place else str(error))
        if refused:
            raise Refused(refused)
        for report_id in dict.fromkeys([*(decided.report.report_id for decided in taken), *changed]):
            _follow(self.db, report_id, judge=report_id in changed)
        return taken

    def _report(self, ruling: Ruling) -> Report:
        if ruling.agency not in self.agencies:
            self.agencies[ruling.agency] = find_agency(self.db, ruling.agency)
        return report_of(self.db, self.agencies[ruling.agency], ruling.year, scope=ruling.scope)

    def _take(self, ruling: Ruling, report: Report, figure: str, changed: set[int]) -> Decided:
        if not report.is_current:
            raise NotFound(f"report {report.report_id} is revision {report.revision} of {report}, not the current one")
        report_id, figure_id = report.report_id, self.ids[figure]
        cells = self._printed(report_id)
        if ruling.verb == "undone":
            return self._undo(report, figure_id, figure, cells.get(figure), changed)
        if figure not in cells:
            raise NotFound(f"{report} does not print {figure}")
        cell = cells[figure]
        if not ruling.why.strip():
            raise NotFound(f"{report}: {figure}: say why")
        value = cell.value if ruling.verb == "accepted" else parsed(ruling.value)
        if ruling.verb == "corrected" and value == cell.value:
            raise NotFound(f"{report}: {figure} is read as {digits(value) or 'null'} already; accept it instead")
        if is_decided(self.db, report_id, figure_id):
            make_way(self.db, report_id, figure_id)
            restored = restore(self.db, report_id, figure_id, figure)
            _follow(self.db, report_id, judge=restored)  # what the decision before had settled is open for this one
        issues = self._open_issues(report_id, figure_id, ruling)
        decision_id = self.db.execute(
            _INSERT,
            {
                **{"report": report_id, "figure": figure_id, "decision": ruling.verb, "value": value},
                **{"read": cell.value, "raw": cell.raw, "why": clean(ruling.why.strip()), "by": clean(self.by)},
                "at": self.at,
            },
        ).lastrowid
        self.db.conn.executemany(
            "INSERT INTO decision_issues VALUES (?, ?, ?)", [(decision_id, *issue) for issue in issues]
        )
        if ruling.verb == "corrected":
            correct(self.db, report_id, figure_id, figure, value, decision_id or 0)
            changed.add(report_id)
        codes = tuple(sorted({code for code, _ in issues}))
        return Decided(report, figure, ruling.verb, cell.raw, cell.value, value, codes)

    def _printed(self, report_id: int) -> dict[str, Printed]:
        if report_id not in self.cells:
            self.cells[report_id] = printed_cells(self.db, report_id)
        return self.cells[report_id]

    def _undo(self, report: Report, figure_id: int, figure: str, cell: Printed | None, changed: set[int]) -> Decided:
        rows = with_those_before(self.db, report.report_id, figure_id)
        if not rows:
            raise NotFound(f"{report}: nothing is decided about {figure}")
        for decision_id, made_on in rows:
            undo(self.db, decision_id)
            if made_on is not None and restore(self.db, made_on, figure_id, figure):
                changed.add(made_on)
            if made_on is not None:
                settle_issues(self.db, made_on)
        raw, value = (cell.raw, cell.value) if cell else ("", None)
        return Decided(report, figure, "undone", raw, value, value, ())

    def _open_issues(self, report_id: int, figure_id: int, ruling: Ruling) -> list[tuple[str, str]]:
        """(code, message) of what a decision settles. What a sum says after a correction is judged anew."""
        rows = self.db.execute(_OPEN, {"report": report_id, "figure": figure_id, "code": ruling.code}).fetchall()
        if ruling.verb == "corrected":
            return [row for row in rows if row[0] not in judged_codes()]
        return rows


def parsed(text: str) -> Value:
    """The number that a person gave: an exact decimal, or `null`. Raises NotFound for anything else."""
    if text == "null":
        return None
    if not _NUMBER.fullmatch(text):
        raise NotFound(f"not a number: {text[:40]!r} (digits with a decimal point, or null)")
    return exact(Decimal(text))


def _follow(db: Database, report_id: int, *, judge: bool) -> None:
    """What follows from decisions on a report: its issues, those over two years, its row in the panel."""
    if judge:
        state_issues(db, report_id, "rules", judged(db, report_id))
    state_reopened(db, report_id)
    settle_issues(db, report_id)
    agency_id, year, scope = key_of(db, report_id)
    if judge:
        judge_years(db, agency_id, scope, {year})
        refresh_panel(db, agency_id, year)


_INSERT = """
INSERT INTO decisions (report_id, figure_id, agency, year, scope, decision, value, read_value, raw, source, part, why,
                       decided_by, decided_at, state)
SELECT r.report_id, :figure, a.name, r.year, r.scope, :decision, :value, :read, :raw, c.payload_digest, r.part, :why,
       :by, :at, 'in force'
FROM report_revisions r JOIN agencies a ON a.agency_id = r.agency_id JOIN captures c ON c.capture_id = r.capture_id
WHERE r.report_id = :report
"""
_OPEN = """
SELECT DISTINCT i.code, i.message FROM issue_figures f JOIN issues i ON i.issue_id = f.issue_id
WHERE f.report_id = :report AND f.figure_id = :figure AND f.decision_id IS NULL AND i.closed_at IS NULL
  AND i.level <> 'info' AND i.origin <> 'decisions' AND (:code IS NULL OR i.code = :code)
"""
_DOUBTFUL = """
SELECT DISTINCT d.figure FROM issue_figures f JOIN issues i ON i.issue_id = f.issue_id
JOIN figure_definitions d ON d.figure_id = f.figure_id
WHERE f.report_id = :report AND f.decision_id IS NULL AND i.closed_at IS NULL AND i.level <> 'info'
  AND (:code IS NULL OR i.code = :code)
ORDER BY f.figure_id
"""
