"""Decisions about figures find their revision again: laid on what they were made on, taken up by what came later.

A decision is the same in two archives when the same person decided the same about the same printed figure of the same
report in the same second, and it stands on the same revision, or in one of them on none. Where two have decided about
one figure of one revision, the later counts. What is taken back in one archive is taken back.
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
    known: dict[int, int | None] = {}
    rows = list(source.db.query(_THEIRS))
    if not rows:
        return 0
    left = _left_behind(rows)
    with archive.together():
        changed: set[int | None] = set()
        for theirs in rows:
            before = known.get(theirs["carried_from"])
            if theirs["decision_id"] in left:
                known[theirs["decision_id"]] = before
                continue
            row = {name: theirs[name] for name in _COPIED} | {
                "figure_id": ours[theirs["figure"]],
                "report_id": _revision(db, theirs),
                "reopened_on": report_at(db, _brought(db, theirs["reopened_capture"], theirs["reopened_part"])),
                "carried_from": before,
            }
            same = db.execute(_SAME, row).fetchall()
            if same:
                known[theirs["decision_id"]] = same[0][0]
                changed |= _agree(db, row, same)
            else:
                decision_id = known[theirs["decision_id"]] = _insert(db, row)
                _stand(db, row | {"decision_id": decision_id}, row["state"], row["ended_at"])
                new += before is None
                changed |= {row["report_id"], row["reopened_on"]}
        _follow(db, (report_id for report_id in changed if report_id is not None))
    return new


def _left_behind(rows: Iterable[dict[str, Any]]) -> set[int]:
    """The rows of decisions whose report moved, as older versions left one where each of its revisions was."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in _IDENTITY), []).append(row)
    left: set[int] = set()
    for alike in found.values():
        without = [row["decision_id"] for row in alike if row["capture_id"] is None and row["state"] != "reopened"]
        left.update(without if any(row["capture_id"] is not None for row in alike) else without[:-1])
    return left


def _revision(db: Database, theirs: dict[str, Any]) -> int | None:
    """The revision here that a decision is about; if theirs went, the one that rests on its bytes, where one does."""
    report_id = report_at(db, _brought(db, theirs["capture_id"], theirs["part_read"]))
    if report_id is None and theirs["state"] != "undone":
        rows = db.execute(_RESTING, theirs).fetchall()
        return rows[0][0] if len(rows) == 1 else None
    return report_id


def _agree(db: Database, row: dict[str, Any], same: Sequence[tuple[Any, ...]]) -> set[int | None]:
    """Does here what became of the same decision there; returns the revisions that this concerns."""
    if row["state"] == "undone":
        undone = [one for one in same if one[1] != "undone"]
        for decision_id, _, _ in undone:
            _take_back(db, decision_id, str(row["ended_at"]))
        return {report_id for _, _, report_id in undone}
    decision_id, state, report_id = same[0]
    if state == "undone" or report_id is not None or row["report_id"] is None:
        return set()
    _stand(db, row | {"decision_id": decision_id}, row["state"], row["ended_at"])
    return {row["report_id"], row["reopened_on"]}


def _stand(db: Database, row: dict[str, Any], state: str, ended_at: str | None) -> None:
    """Gives a decision its revision and state; of two that would stand about one figure, the later does."""
    if state != "undone" and row["report_id"] is not None:
        for other in list(db.query(_RIVALS, row)):
            if _turn(other) > _turn(row):
                state, ended_at = "undone", other["decided_at"]
            else:
                _take_back(db, other["decision_id"], row["decided_at"])
    db.execute(
        "UPDATE decisions SET report_id = ?, reopened_on = ?, state = ?, ended_at = ? WHERE decision_id = ?",
        [row["report_id"], row["reopened_on"] if state == "reopened" else None, state, ended_at, row["decision_id"]],
    )


def _turn(row: dict[str, Any]) -> tuple[str, ...]:
    """When it was decided; of what was decided in one second, any order that is the same in all archives."""
    return tuple(str(row[name]) for name in ("decided_at", "decided_by", "decision", "value", "why"))


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
_IDENTITY = (
    "figure",
    "agency",
    "year",
    "scope",
    "decision",
    "value",
    "raw",
    "source",
    "part",
    "decided_by",
    "decided_at",
)
_SAME = """
SELECT decision_id, state, report_id FROM decisions
WHERE figure_id = :figure_id AND agency = :agency AND year = :year AND scope IS :scope AND decision = :decision
  AND value IS :value AND raw = :raw AND source = :source AND part = :part AND decided_by = :decided_by
  AND decided_at = :decided_at AND (report_id = :report_id OR report_id IS NULL OR :report_id IS NULL)
ORDER BY report_id IS :report_id DESC, state = 'undone', decision_id
"""
_RIVALS = """
SELECT decision_id, decided_at, decided_by, decision, value, why FROM decisions
WHERE report_id = :report_id AND figure_id = :figure_id AND state <> 'undone' AND decision_id <> :decision_id
"""
_RESTING = """
SELECT max(r.report_id) FROM captures c JOIN report_revisions r ON r.capture_id = c.capture_id
WHERE c.payload_digest = :source AND r.part = :part GROUP BY r.agency_id, r.year, r.scope
"""
_FIGURE = """
SELECT d.report_id, d.figure_id, d.decision, f.figure FROM decisions d
JOIN figure_definitions f ON f.figure_id = d.figure_id WHERE d.decision_id = ?
"""
_FAMILY = """
SELECT report_id FROM report_revisions
WHERE agency_id = ? AND year = ? AND scope IS ? AND revision >= ? ORDER BY revision
"""
