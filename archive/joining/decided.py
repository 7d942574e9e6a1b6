"""Decisions about figures find their revision again: laid on what they were made on, taken up by what came later.

A decision is the same in two archives when the same person decided the same about the same printed figure in the same
second. Where two have decided about one figure of one revision, the later counts. What is taken back in one archive is
taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.issues import state_issues
from archive.joining.source import Source
from archive.review.corrections import restore
from archive.review.decisions import state_reopened, take_up_decisions
from archive.review.judging import judged
from archive.review.settling import settle_issues
from archive.revisions import key_of
from archive.schema.panel import refresh_panel
from archive.store import Archive
from archive.years import judge_years

Anchor = tuple[int, int]
"""capture_id and part."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A decision whose revision goes and comes again."""

    decision_id: int
    anchor: Anchor | None
    reopened: Anchor | None
    state: str
    ended_at: str | None


def report_at(db: Database, anchor: Anchor | None) -> int | None:
    """The revision that rests on a part of a capture, or else has it among its evidence."""
    row = db.execute(_AT, anchor).fetchone() if anchor else None
    return row[0] if row else None


def lift(db: Database, reports: Sequence[int]) -> tuple[Lifted, ...]:
    """What stands about these revisions; it counts as taken back until it is laid again."""
    found = {}
    for report_id in reports:
        for row in db.execute(_STANDING, {"report": report_id}).fetchall():
            anchor, reopened = _pair(row[1:3]), _pair(row[3:5])
            found[row[0]] = Lifted(row[0], anchor, reopened, row[5], row[6])
    for decision_id in found:
        db.execute("UPDATE decisions SET state = 'undone' WHERE decision_id = ?", [decision_id])
    return tuple(found.values())


def lay(db: Database, lifted: Iterable[Lifted]) -> None:
    """Makes decisions stand again, and those reports follow them that came after the ones they were made on."""
    reports = set()
    for one in lifted:
        report_id = report_at(db, one.anchor)
        row = next(iter(db.query("SELECT * FROM decisions WHERE decision_id = ?", [one.decision_id])))
        reopened_on = report_at(db, one.reopened)
        _stand(db, row | {"report_id": report_id, "reopened_on": reopened_on}, one.state, one.ended_at)
        reports |= {report_id, reopened_on} - {None}
    _follow(db, [report for report in reports if report is not None])


def lay_theirs(archive: Archive, source: Source) -> int:
    """Lays the decisions of the source on the reports here; returns how many were not known."""
    db, new = archive.db, 0
    ours = dict(db.execute("SELECT figure, figure_id FROM figure_definitions").fetchall())
    known: dict[int, int] = {}
    rows = list(source.db.query(_THEIRS))
    if not rows:
        return 0
    with archive.together():
        changed: set[int] = set()
        for row in rows:
            report_id = report_at(db, _brought(db, row["capture_id"], row["part_read"]))
            reopened_on = report_at(db, _brought(db, row["reopened_capture"], row["reopened_part"]))
            theirs = row["decision_id"]
            row = {name: row[name] for name in _COPIED} | {
                "figure_id": ours[row["figure"]],
                "report_id": report_id,
                "reopened_on": reopened_on,
                "carried_from": known.get(row["carried_from"]),
            }
            standing = db.execute(_SAME, row).fetchone()
            if standing is None:
                known[theirs] = _insert(db, row)
                _stand(db, row | {"decision_id": known[theirs]}, row["state"], row["ended_at"])
                new += row["carried_from"] is None
            else:
                known[theirs] = standing[0]
                if row["state"] != "undone" or standing[1] == "undone":
                    continue
                _take_back(db, standing[0], str(row["ended_at"]))
                report_id = standing[2]
            changed |= {report for report in (report_id, reopened_on) if report is not None}
        _follow(db, changed)
    return new


def _stand(db: Database, row: dict[str, Any], state: str, ended_at: str | None) -> None:
    """Gives a decision its revision and state; of two that would stand about one figure, the later does."""
    if state != "undone" and row["report_id"] is not None:
        for other, decided_at in db.execute(_RIVALS, row).fetchall():
            if decided_at > row["decided_at"]:
                state, ended_at = "undone", decided_at
            else:
                _take_back(db, other, row["decided_at"])
    db.execute(
        "UPDATE decisions SET report_id = ?, reopened_on = ?, state = ?, ended_at = ? WHERE decision_id = ?",
        [row["report_id"], row["reopened_on"] if state == "reopened" else None, state, ended_at, row["decision_id"]],
    )


def _take_back(db: Database, decision_id: int, at: str) -> None:
    row = next(iter(db.query(_FIGURE, [decision_id])))
    db.execute("UPDATE decisions SET state = 'undone', ended_at = ? WHERE decision_id = ?", [at, decision_id])
    if row["report_id"] is not None and row["decision"] == "corrected":
        restore(db, row["report_id"], row["figure_id"], row["figure"])
        state_issues(db, row["report_id"], "rules", judged(db, row["report_id"]))


def _follow(db: Database, reports: Iterable[int]) -> None:
    """Takes up, on the revisions of these reports in their order, what was decided on them or on earlier ones."""
    keys: dict[tuple[int, int, str | None], int] = {}
    for report_id in reports:
        (revision,) = db.execute("SELECT revision FROM report_revisions WHERE report_id = ?", [report_id]).fetchone()
        key = key_of(db, report_id)
        keys[key] = min(revision, keys.get(key, revision))
    for key, first in sorted(keys.items(), key=repr):
        for (report_id,) in db.execute(_FAMILY, [*key, first]).fetchall():
            if take_up_decisions(db, report_id):
                state_issues(db, report_id, "rules", judged(db, report_id))
            state_reopened(db, report_id)
            settle_issues(db, report_id)
        agency_id, year, scope = key
        judge_years(db, agency_id, scope, {year})
        refresh_panel(db, agency_id, year)


def _insert(db: Database, row: dict[str, Any]) -> int:
    new = row | {"state": "undone"}  # until it is known which of two stands
    issues = new.pop("issues")
    marks = ", ".join("?" for _ in new)
    cursor = db.execute(f"INSERT INTO decisions ({', '.join(new)}) VALUES ({marks})", [*new.values()])
    decision_id = cursor.lastrowid or 0
    for line in str(issues or "").split(_LINES) if issues else []:
        code, _, message = line.partition(_BETWEEN)
        db.execute("INSERT OR IGNORE INTO decision_issues VALUES (?, ?, ?)", [decision_id, code, message])
    return decision_id


def _brought(db: Database, source_id: int | None, part: int | None) -> Anchor | None:
    row = db.execute("SELECT capture_id FROM temp.brought WHERE source_id = ?", [source_id]).fetchone()
    return (row[0], part or 1) if row else None


def _pair(pair: Sequence[Any]) -> Anchor | None:
    return None if pair[0] is None else (pair[0], pair[1])


_LINES, _BETWEEN = "\x1e", "\x1f"
_COPIED = (
    "agency",
    "year",
    "scope",
    "decision",
    "value",
    "read_value",
    "raw",
    "source",
    "part",
    "why",
    "decided_by",
    "decided_at",
    "state",
    "ended_at",
    "carried_from",
    "issues",
)
_AT = """
SELECT l.report_id FROM report_captures l JOIN report_revisions r ON r.report_id = l.report_id
WHERE l.capture_id = ? AND l.part = ? AND l.role <> 'mirror'
ORDER BY r.capture_id = l.capture_id AND r.part = l.part DESC, l.report_id LIMIT 1
"""
_STANDING = """
SELECT d.decision_id, r.capture_id, r.part, o.capture_id, o.part, d.state, d.ended_at
FROM decisions d LEFT JOIN report_revisions r ON r.report_id = d.report_id
LEFT JOIN report_revisions o ON o.report_id = d.reopened_on
WHERE d.report_id = :report OR d.reopened_on = :report ORDER BY d.decision_id
"""
_THEIRS = """
SELECT d.*, f.figure, r.capture_id, r.part AS part_read, o.capture_id AS reopened_capture, o.part AS reopened_part,
       (SELECT group_concat(s.code || char(31) || s.message, char(30)) FROM decision_issues s
         WHERE s.decision_id = d.decision_id) AS issues
FROM decisions d JOIN figure_definitions f ON f.figure_id = d.figure_id
LEFT JOIN report_revisions r ON r.report_id = d.report_id
LEFT JOIN report_revisions o ON o.report_id = d.reopened_on
ORDER BY d.decision_id
"""
_SAME = """
SELECT decision_id, state, report_id FROM decisions
WHERE figure_id = :figure_id AND source = :source AND part = :part AND decision = :decision AND value IS :value
  AND raw = :raw AND decided_by = :decided_by AND decided_at = :decided_at
"""
_RIVALS = """
SELECT decision_id, decided_at FROM decisions
WHERE report_id = :report_id AND figure_id = :figure_id AND state <> 'undone' AND decision_id <> :decision_id
"""
_FIGURE = """
SELECT d.report_id, d.figure_id, d.decision, f.figure FROM decisions d
JOIN figure_definitions f ON f.figure_id = d.figure_id WHERE d.decision_id = ?
"""
_FAMILY = """
SELECT report_id FROM report_revisions
WHERE agency_id = ? AND year = ? AND scope IS ? AND revision >= ? ORDER BY revision
"""
