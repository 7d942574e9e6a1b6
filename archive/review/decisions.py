"""What people have decided about figures, and what becomes of it when a report is read again or its source changes.

A decision is about one figure of one revision, and rests on the bytes that were read for it. Read again from the same
bytes it holds, whatever a better reader makes of them. In a revision from other bytes it is carried over where the cell
prints and reads just the same; else it is reopened, and an issue names what was decided and what is printed now.

A report that is read as another one is withdrawn and filed anew. A decision whose revision went is about the bytes
alone: the next revision from them takes it up, and who decides about that, or takes it back, ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from archive.issues import state_issues
from archive.moments import now
from archive.review.corrections import Printed, correct, digits, printed_cells
from archive.review.settling import settle_issues
from archive.schema.values import Value
from pipelines.model import Issue


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of `decisions`, as far as taking it up needs it."""

    decision_id: int
    report_id: int | None
    figure_id: int
    figure: str
    decision: str
    value: Value
    read_value: Value
    raw: str
    source: str
    part: int
    state: str
    reopened_on: int | None

    def is_about(self, source: str, part: int, cell: Printed | None) -> bool:
        """Whether that cell, read from those bytes, is what was decided."""
        same = cell is not None and (self.raw, self.read_value) == (cell.raw, cell.value)
        return same or (self.source, self.part) == (source, part)


def take_up_decisions(db: Database, report_id: int) -> bool:
    """Applies what is decided to the figures of a revision that were written just now; tells if a correction counts.

    States the issues of what has to be decided again. The caller states all others afterwards.
    """
    if db.execute("SELECT 1 FROM decisions LIMIT 1").fetchone() is None:
        return False
    source, part, is_current = db.execute(_REVISION, [report_id]).fetchone()
    known = [Decision(**row) for row in db.query(_KNOWN, {"report": report_id, "source": source, "part": part})]
    own = {d.figure_id: d for d in known if d.report_id == report_id and (d.source, d.part) == (source, part)}
    others: dict[int, list[Decision]] = {}
    for decision in known:
        if decision.figure_id not in own:
            others.setdefault(decision.figure_id, []).append(decision)
    cells = printed_cells(db, report_id) if others else {}
    for decision in own.values():
        if decision.reopened_on == report_id:
            _let_stand(db, decision.decision_id)
    for _, earlier in sorted(others.items()):
        alike = next((d for d in earlier if d.is_about(source, part, cells.get(d.figure))), None)
        if alike is not None:
            own[alike.figure_id] = _carry_over(db, alike, report_id, source, part)
        elif is_current:
            _end(db, earlier[0].decision_id, "reopened", reopened_on=report_id)
    corrections = [decision for decision in own.values() if decision.decision == "corrected"]
    for decision in corrections:
        correct(db, report_id, decision.figure_id, decision.figure, decision.value, decision.decision_id)
    state_reopened(db, report_id)
    return bool(corrections)


def state_reopened(db: Database, report_id: int) -> None:
    """Makes the issues of a revision about decisions that must be looked at again exactly those that there are."""
    rows = list(db.query(_REOPENED, [report_id]))
    cells = printed_cells(db, report_id) if rows else {}
    state_issues(db, report_id, "decisions", [_reopened(row, cells.get(str(row["figure"]))) for row in rows])


def make_way(db: Database, report_id: int, figure_id: int, chosen: int | None = None) -> None:
    """Ends what stands about a figure of a revision, or of its bytes alone, for another decision on it (`chosen`).

    One that this revision has reopened holds again, for the earlier revision on which it was made.
    """
    rows = db.execute(_STANDING, {"report": report_id, "figure": figure_id}).fetchall()
    for decision_id, made_on, reopened_on in rows:
        if decision_id == chosen:
            continue
        if made_on in (report_id, None):
            _end(db, decision_id, "undone")
        else:
            _let_stand(db, decision_id)
        if reopened_on not in (report_id, None):
            state_reopened(db, reopened_on)


def is_decided(db: Database, report_id: int, figure_id: int) -> bool:
    """Whether something stands about a figure of a revision or of its bytes, or was reopened by it."""
    return db.execute(_STANDING, {"report": report_id, "figure": figure_id}).fetchone() is not None


def with_those_before(db: Database, report_id: int, figure_id: int) -> list[tuple[int, int | None]]:
    """What stands about a figure, and that from which this, or what it replaced, was carried over.

    (decision_id, report_id) of this revision and of others of the same report.
    """
    return db.execute(_LINE, {"report": report_id, "figure": figure_id}).fetchall()


def undo(db: Database, decision_id: int) -> None:
    """Takes one decision back. The caller restores the value."""
    _end(db, decision_id, "undone")


def forget_withdrawn(db: Database, source: str) -> None:
    """To be called when revisions from that document went.

    Decisions that they had reopened hold again; those that were made on them, and that another revision from the same
    bytes has taken up, are that one's.
    """
    held = db.execute(
        "SELECT decision_id, report_id, source FROM decisions WHERE state = 'reopened' AND reopened_on IS NULL"
    ).fetchall()
    for decision_id, report_id, _ in held:
        _let_stand(db, decision_id)
        if report_id is not None:
            settle_issues(db, report_id)
    for one in sorted({source, *(row[2] for row in held)}):
        _leave_to_heirs(db, one)


def _leave_to_heirs(db: Database, source: str) -> None:
    """A decision that moved with its report stands once: where it came from goes."""
    heirs: dict[int, int] = {}
    for gone, heir, before in db.execute(_MOVED, [source]).fetchall():
        if gone not in heirs:
            heirs[gone] = heirs.get(heir, heir)
            link = "UPDATE decisions SET carried_from = iif(decision_id = ?, ?, ?) WHERE carried_from = ?"
            db.execute(link, [heirs[gone], before, heirs[gone], gone])
            db.execute("DELETE FROM decisions WHERE decision_id = ?", [gone])


def _carry_over(db: Database, decision: Decision, report_id: int, source: str, part: int) -> Decision:
    """The decision anew, on a revision that prints the same; one that was made on this very revision gives way."""
    if decision.report_id is None:
        return _take_up(db, decision, report_id)
    make_way(db, report_id, decision.figure_id)
    decision_id = db.execute(_CARRY, [report_id, source, part, decision.decision_id]).lastrowid or 0
    db.execute(
        "INSERT INTO decision_issues SELECT ?, code, message FROM decision_issues WHERE decision_id = ?",
        [decision_id, decision.decision_id],
    )
    values = (decision.decision, decision.value, decision.read_value, decision.raw)
    key = (decision_id, report_id, decision.figure_id, decision.figure)
    return Decision(*key, *values, source, part, "in force", None)


def _take_up(db: Database, decision: Decision, report_id: int) -> Decision:
    """The decision itself, whose revision went, on another one from its bytes."""
    make_way(db, report_id, decision.figure_id, chosen=decision.decision_id)
    db.execute("UPDATE decisions SET report_id = ? WHERE decision_id = ?", [report_id, decision.decision_id])
    reopened_on = decision.reopened_on
    if reopened_on is not None and not db.execute(_OF_ONE_REPORT, [report_id, reopened_on]).fetchone():
        _let_stand(db, decision.decision_id)  # what prints something else is another report
        state_reopened(db, reopened_on)
    return decision


def _end(db: Database, decision_id: int, state: str, *, reopened_on: int | None = None) -> None:
    db.execute(
        "UPDATE decisions SET state = ?, reopened_on = coalesce(?, reopened_on), ended_at = ? WHERE decision_id = ?",
        [state, reopened_on, now(), decision_id],
    )


def _let_stand(db: Database, decision_id: int) -> None:
    db.execute(
        "UPDATE decisions SET state = 'in force', reopened_on = NULL, ended_at = NULL WHERE decision_id = ?",
        [decision_id],
    )


def _reopened(row: dict[str, object], cell: Printed | None) -> Issue:
    if row["decision"] == "corrected":
        before = f"{_said(str(row['raw']))} was corrected to {_number(row['value'])}"
    else:
        before = f"{_said(str(row['raw']))} was accepted as {_number(row['value'])}"
    after = f"{_said(cell.raw)} is printed, and read as {_number(cell.value)}" if cell else "it is not printed"
    figure = str(row["figure"])
    message = f"{before} by {row['decided_by']}; now {after}: decide again"
    return Issue("decision_reopened", "warning", message, figure, (figure,))


def _said(raw: str) -> str:
    return repr(raw) if raw else "a blank"


def _number(value: object) -> str:
    return digits(value) if isinstance(value, int | float) else "null"


_REVISION = """
SELECT c.payload_digest, r.part, r.is_current
FROM report_revisions r JOIN captures c ON c.capture_id = r.capture_id WHERE r.report_id = ?
"""
_KNOWN = """
SELECT d.decision_id, d.report_id, d.figure_id, f.figure, d.decision, d.value, d.read_value, d.raw, d.source, d.part,
       d.state, d.reopened_on
FROM decisions d JOIN figure_definitions f ON f.figure_id = d.figure_id
WHERE d.state <> 'undone'
  AND (d.report_id IN (SELECT o.report_id FROM report_revisions r JOIN report_revisions o
                       ON o.agency_id = r.agency_id AND o.year = r.year AND o.scope IS r.scope
                       WHERE r.report_id = :report)
       OR (d.source = :source AND d.part = :part AND d.report_id IS NULL AND NOT (d.state = 'in force' AND EXISTS (
           SELECT 1 FROM decisions h WHERE h.carried_from = d.decision_id AND (h.source, h.part) = (d.source, d.part))))
       OR d.report_id IN (SELECT o.report_id FROM report_revisions r
                          JOIN captures c ON c.capture_id = r.capture_id
                          JOIN captures p ON p.url = c.url AND p.payload_digest = c.payload_digest
                          JOIN report_revisions o ON o.capture_id = p.capture_id AND o.part = r.part
                          WHERE r.report_id = :report))
ORDER BY d.decided_at DESC, d.report_id IS NOT NULL, d.decision_id DESC
"""
"""Those of the same report, and those on the same bytes of the same address that were filed under another key.

The latest first; of one decision on several revisions that whose own went before those carried over from it. Older
versions left a row in force wherever a report had moved from: what became of the decision is told by the last one.
"""

_OF_ONE_REPORT = """
SELECT 1 FROM report_revisions r JOIN report_revisions o
ON o.agency_id = r.agency_id AND o.year = r.year AND o.scope IS r.scope AND o.report_id <> r.report_id
WHERE r.report_id = ? AND o.report_id = ?
"""
_CARRY = """
INSERT INTO decisions (report_id, figure_id, agency, year, scope, decision, value, read_value, raw, source, part, why,
                       decided_by, decided_at, state, carried_from)
SELECT ?, figure_id, agency, year, scope, decision, value, read_value, raw, ?, ?, why, decided_by, decided_at,
       'in force', decision_id
FROM decisions WHERE decision_id = ?
"""
_REOPENED = """
SELECT f.figure, d.decision, d.value, d.raw, d.decided_by FROM decisions d
JOIN figure_definitions f ON f.figure_id = d.figure_id
WHERE d.reopened_on = ? AND d.state = 'reopened' ORDER BY d.decision_id
"""
_ABOUT = """
d.figure_id = :figure AND (d.report_id = :report OR d.reopened_on = :report OR d.report_id IS NULL
    AND (d.source, d.part) = (SELECT c.payload_digest, r.part FROM report_revisions r
                              JOIN captures c ON c.capture_id = r.capture_id WHERE r.report_id = :report))
"""
_STANDING = f"SELECT d.decision_id, d.report_id, d.reopened_on FROM decisions d WHERE d.state <> 'undone' AND {_ABOUT}"
_LINE = f"""
WITH RECURSIVE line(decision_id) AS (
    SELECT d.decision_id FROM decisions d WHERE {_ABOUT}
    UNION SELECT d.carried_from FROM decisions d JOIN line USING (decision_id) WHERE d.carried_from IS NOT NULL)
SELECT decision_id, report_id FROM decisions
WHERE decision_id IN line AND state <> 'undone'
  AND (report_id IS NULL OR report_id IN (SELECT o.report_id FROM report_revisions r JOIN report_revisions o
           ON o.agency_id = r.agency_id AND o.year = r.year AND o.scope IS r.scope WHERE r.report_id = :report))
"""
"""Else what was taken back would be taken up again by the next revision. Other reports keep what they have."""

_MOVED = """
SELECT g.decision_id, h.decision_id, g.carried_from FROM decisions g JOIN decisions h
ON h.carried_from = g.decision_id OR (h.decision_id = g.carried_from AND h.state <> 'undone')
WHERE g.source = ? AND g.report_id IS NULL AND g.state = 'in force'
  AND h.figure_id = g.figure_id AND h.source = g.source AND h.part = g.part
  AND (h.report_id IS NOT NULL OR h.decision_id > g.decision_id)
ORDER BY g.decision_id DESC, h.decision_id DESC
"""
"""A decision whose revision went, the same one on another revision from these bytes, and what the first came from."""
