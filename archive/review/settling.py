"""Which issues are settled: those about cells that people have decided about.

An issue may concern many cells (a whole picture that nobody has compared, a row that could not be read): each cell is
settled on its own, and the issue is closed with the last of them. A failed sum is settled by its total alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from sqlite_utils import Database

from pipelines.forms.definitions import load_forms


@dataclass(frozen=True, slots=True)
class _Decision:
    decision_id: int
    decided_at: str
    issues: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Messages by code of what it settles."""

    def settles(self, code: str, message: str) -> bool:
        """The reader may word a doubt otherwise one day; a rule that fails with other numbers is another failure."""
        return code in self.issues and (code not in judged_codes() or message in self.issues[code])


@cache
def rule_codes() -> frozenset[str]:
    """The ids of the sum rules of the forms."""
    return frozenset(rule.id for form in load_forms().values() for rule in form.rules)


@cache
def judged_codes() -> frozenset[str]:
    """The issues that compare figures with one another, over one year or two, and say with which numbers."""
    return rule_codes() | {"t3_carry_over_years", "t2_stock_over_years"}


def settle_issues(db: Database, report_id: int) -> None:
    """Marks, on each issue of a report, the cells that decisions in force settle, and closes it when none is left."""
    decisions = _decisions(db, report_id)
    marked = db.execute(
        "SELECT 1 FROM issue_figures WHERE report_id = ? AND decision_id IS NOT NULL LIMIT 1", [report_id]
    ).fetchone()
    if not decisions and not marked:
        return
    for issue_id, code, message, total, closed_at in db.execute(_ISSUES, [report_id]).fetchall():
        cells = db.execute(_CELLS, [report_id, issue_id]).fetchall()
        wanted = _settled_by(code, message, total, [(figure_id, figure) for figure_id, figure, _ in cells], decisions)
        for figure_id, _, decision_id in cells:
            if wanted.get(figure_id) != decision_id:
                db.execute(_MARK, [wanted.get(figure_id), report_id, figure_id, issue_id])
        _close(db, issue_id, closed_at, wanted, len(cells), decisions.values())


def _decisions(db: Database, report_id: int) -> dict[int, _Decision]:
    """The decisions in force on a report by figure_id."""
    found: dict[int, _Decision] = {}
    for figure_id, decision_id, decided_at, code, message in db.execute(_IN_FORCE, [report_id]).fetchall():
        decision = found.setdefault(figure_id, _Decision(decision_id, decided_at))
        if code is not None:
            decision.issues[code].add(message)
    return found


def _settled_by(
    code: str, message: str, total: str | None, cells: Iterable[tuple[int, str]], decisions: dict[int, _Decision]
) -> dict[int, int]:
    """The decision that settles an issue, by figure_id of the cells that are settled."""
    cells = list(cells)
    mine = {id_: decision for id_, decision in decisions.items() if decision.settles(code, message)}
    above = next((mine[id_] for id_, figure in cells if figure == total and id_ in mine), None)
    if above is not None and code in judged_codes():
        return dict.fromkeys((id_ for id_, _ in cells), above.decision_id)
    return {id_: mine[id_].decision_id for id_, _ in cells if id_ in mine}


def _close(
    db: Database,
    issue_id: int,
    closed_at: str | None,
    wanted: dict[int, int],
    count: int,
    decisions: Iterable[_Decision],
) -> None:
    times = {decision.decision_id: decision.decided_at for decision in decisions}
    end = max(times[decision_id] for decision_id in wanted.values()) if len(wanted) == count else None
    if end != closed_at:
        db.execute("UPDATE issues SET closed_at = ? WHERE issue_id = ?", [end, issue_id])


_IN_FORCE = """
SELECT d.figure_id, d.decision_id, d.decided_at, s.code, s.message
FROM decisions d LEFT JOIN decision_issues s ON s.decision_id = d.decision_id
WHERE d.report_id = ? AND d.state = 'in force'
"""
_ISSUES = """
SELECT issue_id, code, message, figure, closed_at FROM issues i
WHERE report_id = ? AND level <> 'info' AND EXISTS (SELECT 1 FROM issue_figures f WHERE f.issue_id = i.issue_id)
"""
_CELLS = """
SELECT f.figure_id, d.figure, f.decision_id
FROM issue_figures f JOIN figure_definitions d ON d.figure_id = f.figure_id WHERE f.report_id = ? AND f.issue_id = ?
"""
_MARK = "UPDATE issue_figures SET decision_id = ? WHERE report_id = ? AND figure_id = ? AND issue_id = ?"
