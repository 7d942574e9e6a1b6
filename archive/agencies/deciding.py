"""What people settle about agencies: that two are one, that one is two, that two are not one. It holds for good.

A decision is a row with who, when and why. It is asked whenever a name is resolved, so that later reports and reports
that are read again follow it. A later decision may take it back; then it stays as history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.agencies.bodies import read_body
from archive.agencies.describing import columns_of
from archive.agencies.finding import find_agency
from archive.agencies.moving import restate_doubts, settle_reports
from archive.agencies.resolving import covers, free_name
from archive.database import write
from archive.errors import AgencyError
from archive.moments import now
from archive.store import Archive


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a decision: the agencies, how many revisions moved, and whether anything was new."""

    agency_id: int
    name: str
    other_id: int
    other_name: str
    moved: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Who decides, and why."""

    who: str
    why: str
    at: str = ""
    """When, where it was decided before, in another archive."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A decision of another archive, about the agencies of this one."""

    action: str
    agency_id: int
    other_id: int | None
    """None: what is split off, of which this archive knows, or which it makes."""
    portal: str | None
    division: str | None
    reason: Reason


def merge(archive: Archive, source: str, target: str, reason: Reason) -> Settled:
    """Makes one agency of two: from now on `source` (a name or id) is `target`. Twice is the same as once.

    Raises AgencyError when one of them is not known, or an earlier decision stands in the way.
    """
    return write(archive.db, archive.path, lambda: _merge(archive.db, source, target, reason))


def split(
    archive: Archive, agency: str, reason: Reason, *, portal: str | None = None, division: str | None = None
) -> Settled:
    """Makes what comes from a portal, or from portals of a division, an agency of its own.

    Without either, `agency` must be one that was merged, which is taken back. What a merge had put together is parted
    as it was. Twice is the same as once. Raises AgencyError when nothing fits.
    """
    return write(archive.db, archive.path, lambda: _split(archive.db, agency, reason, portal, division))


def keep_apart(archive: Archive, one: str, other: str, reason: Reason) -> Settled:
    """Settles that two agencies are not one, so that nobody is asked again. Raises AgencyError if they are merged."""
    return write(archive.db, archive.path, lambda: _keep_apart(archive.db, one, other, reason))


def enter(db: Database, entered: Entered) -> int | None:
    """Notes a decision of another archive, once; returns its id, None where it is known. Inside a transaction.

    `ordering.carry_out_in_order` then makes it count. Raises AgencyError where it makes no sense here.
    """
    one, other, reason = entered.agency_id, entered.other_id, entered.reason
    where = (entered.portal, entered.division)
    key = [entered.action, one, other, other, *where, reason.who, reason.why, reason.at]
    if db.execute(_ENTERED, key).fetchone():
        return None
    if one == other:
        raise AgencyError(f"{_called(find_agency(db, str(one)))} is both of the two here")
    if other is None:
        other = _split_off(db, find_agency(db, str(one)), *where)
    return _decide(db, entered.action, one, other, *where, reason)


def _merge(db: Database, source: str, target: str, reason: Reason) -> Settled:
    one, other = find_agency(db, source), find_agency(db, target)
    if one["agency_id"] == other["agency_id"]:
        raise AgencyError(f"{_called(one)} cannot be merged into itself")
    if one["merged_into"] == other["agency_id"]:
        return _settled(one, other, 0, changed=False)
    for row in (one, other):
        if row["merged_into"] is not None:
            into = find_agency(db, str(row["merged_into"]))
            raise AgencyError(f"{_called(row)} is merged into {_called(into)} already; split it off first")
    decision = _decide(db, "merge", one["agency_id"], other["agency_id"], None, None, reason)
    db.execute(
        "UPDATE agency_decisions SET undone_by = ? WHERE action IN ('split', 'apart') AND undone_by IS NULL"
        " AND ((agency_id = ? AND other_id = ?) OR (agency_id = ? AND other_id = ?))",
        [decision, one["agency_id"], other["agency_id"], other["agency_id"], one["agency_id"]],
    )
    db.table("agencies").update(one["agency_id"], {"merged_into": other["agency_id"]})
    return _settled(one, other, _carry_out(db, one["agency_id"], other["agency_id"]), changed=True)


def _split(db: Database, agency: str, reason: Reason, portal: str | None, division: str | None) -> Settled:
    row = find_agency(db, agency)
    if portal is None and division is None:
        return _split_merged(db, row, reason)
    if row["merged_into"] is not None:
        into = find_agency(db, str(row["merged_into"]))
        raise AgencyError(f"{_called(row)} is merged into {_called(into)}; split that, or leave out what to split off")
    for other_id in _split_off_before(db, row["agency_id"], portal, division):
        other = find_agency(db, str(other_id))
        if other["merged_into"] == row["agency_id"]:
            return _take_back(db, other, reason)
        if other["merged_into"] is None:
            return _settled(row, other, 0, changed=False)
    came = _comes_from(db, row["agency_id"], portal, division)
    if came != "some":
        raise AgencyError(f"{came} of {_called(row)} comes from {_place(portal, division)}: there is nothing to split")
    other_id = _part(db, db.execute(_NAMES, [row["agency_id"]] * 2).fetchall(), portal, division)
    _decide(db, "split", row["agency_id"], other_id, portal, division, reason)
    moved = _carry_out(db, row["agency_id"], other_id)
    return _settled(row, find_agency(db, str(other_id)), moved, changed=True)


def _split_merged(db: Database, row: dict[str, Any], reason: Reason) -> Settled:
    """Takes a merge back, named by the agency that was merged."""
    if row["merged_into"] is not None:
        return _take_back(db, row, reason)
    before = db.execute(_TAKEN_BACK, [row["agency_id"]]).fetchone()
    if before is None:
        raise AgencyError(f"{_called(row)} was not merged: say what to split off, by portal or division")
    return _settled(find_agency(db, str(before[0])), row, 0, changed=False)


def _split_off(db: Database, row: dict[str, Any], portal: str | None, division: str | None) -> int:
    """The agency of what is split off in another archive: that which it is here since another split, or a new one."""
    before = db.execute(_SPLIT_OFF, [row["agency_id"], portal, division]).fetchone()
    if before is not None:
        return int(before[0])
    names = db.execute(_NAMES_EVER, [row["agency_id"]] * 2).fetchall()
    if not any(covers(portal, division, seen or None, where or None) for _, seen, where in names):
        raise AgencyError(f"nothing of {_called(row)} comes from {_place(portal, division)}: there is nothing to split")
    return _part(db, names, portal, division)


def _split_off_before(db: Database, agency_id: int, portal: str | None, division: str | None) -> list[int]:
    """The agencies that are what a portal or division has of this one: split off once, or merged into it."""
    split_off = [row[0] for row in db.execute(_SPLIT_OFF, [agency_id, portal, division]).fetchall()]
    merged = [row[0] for row in db.execute(_MERGED, [agency_id]).fetchall()]
    return split_off + [one for one in merged if _comes_from(db, one, portal, division) == "all"]


def _take_back(db: Database, part: dict[str, Any], reason: Reason) -> Settled:
    """Parts what a merge had put together."""
    whole = find_agency(db, str(part["merged_into"]))
    decision = _decide(db, "apart", whole["agency_id"], part["agency_id"], None, None, reason)
    db.execute(
        "UPDATE agency_decisions SET undone_by = ? WHERE action = 'merge' AND undone_by IS NULL AND agency_id = ?",
        [decision, part["agency_id"]],
    )
    db.execute(
        "UPDATE agency_decisions SET undone_by = NULL WHERE action = 'split' AND agency_id = ? AND other_id = ?",
        [whole["agency_id"], part["agency_id"]],
    )
    db.table("agencies").update(part["agency_id"], {"merged_into": None})
    return _settled(whole, part, _carry_out(db, whole["agency_id"], part["agency_id"]), changed=True)


def _keep_apart(db: Database, one: str, other: str, reason: Reason) -> Settled:
    first, second = find_agency(db, one), find_agency(db, other)
    if first["agency_id"] == second["agency_id"]:
        raise AgencyError(f"{_called(first)} cannot be kept apart from itself")
    if second["agency_id"] in (first["merged_into"], first["agency_id"]) or second["merged_into"] == first["agency_id"]:
        raise AgencyError(f"{_called(first)} and {_called(second)} are merged; split them first")
    if db.execute(_APART, {"one": first["agency_id"], "other": second["agency_id"]}).fetchone():
        return _settled(first, second, 0, changed=False)
    _decide(db, "apart", first["agency_id"], second["agency_id"], None, None, reason)
    return _settled(first, second, _carry_out(db, first["agency_id"], second["agency_id"]), changed=True)


def _carry_out(db: Database, one: int, other: int) -> int:
    moved = settle_reports(db, (one, other))
    restate_doubts(db, (one, other))
    return moved


def _comes_from(db: Database, agency_id: int, portal: str | None, division: str | None) -> str:
    """Whether `all`, `some` or `nothing` of an agency's names, with those of what is merged, is from there."""
    names = db.execute(_NAMES, [agency_id, agency_id]).fetchall()
    fits = [covers(portal, division, seen or None, where or None) for _, seen, where in names]
    return "all" if fits and all(fits) else "some" if any(fits) else "nothing"


def _place(portal: str | None, division: str | None) -> str:
    return " and ".join(f"{name} {value}" for name, value in (("portal", portal), ("division", division)) if value)


def _part(db: Database, names: list[tuple[str, str, str]], portal: str | None, division: str | None) -> int:
    """A new agency for what is split off of one with these names (printed, portal, its division)."""
    here = [name for name in names if covers(portal, division, name[1] or None, name[2] or None)]
    printed, seen, where = here[0]
    columns = columns_of(read_body(printed, where or None))
    name = free_name(db, printed, columns["division_code"], seen or None, where or None)
    new = {"name": name, "printed_name": printed, "portal_id": seen or None, **columns}
    return int(db.table("agencies").insert(new).last_pk or 0)


def _decide(
    db: Database, action: str, agency: int, other: int, portal: str | None, division: str | None, reason: Reason
) -> int:
    row = {
        "action": action,
        "agency_id": agency,
        "other_id": other,
        "portal_id": portal,
        "division_code": division,
        "who": reason.who,
        "why": reason.why,
        "decided_at": reason.at or now(),
    }
    return int(db.table("agency_decisions").insert(row).last_pk or 0)


def _settled(one: dict[str, Any], other: dict[str, Any], moved: int, *, changed: bool) -> Settled:
    return Settled(one["agency_id"], one["name"], other["agency_id"], other["name"], moved, changed)


def _called(row: dict[str, Any]) -> str:
    return f"{row['name']} ({row['agency_id']})"


_ENTERED = (
    "SELECT 1 FROM agency_decisions WHERE action = ? AND agency_id = ? AND (other_id = ? OR ? IS NULL)"
    " AND portal_id IS ? AND division_code IS ? AND who = ? AND why = ? AND decided_at = ?"
)
_SPLIT_OFF = (
    "SELECT other_id FROM agency_decisions WHERE action = 'split' AND agency_id = ? AND portal_id IS ?"
    " AND division_code IS ? ORDER BY decision_id DESC"
)
_MERGED = "SELECT DISTINCT agency_id FROM agency_decisions WHERE action = 'merge' AND other_id = ? ORDER BY agency_id"
_TAKEN_BACK = (
    "SELECT other_id FROM agency_decisions WHERE action = 'merge' AND agency_id = ? AND undone_by IS NOT NULL"
    " ORDER BY decision_id DESC"
)
_APART = (
    "SELECT 1 FROM agency_decisions WHERE undone_by IS NULL AND action IN ('split', 'apart')"
    " AND ((agency_id = :one AND other_id = :other) OR (agency_id = :other AND other_id = :one))"
)
_NAMES = (
    "SELECT DISTINCT name, portal_id, division_code FROM agency_names WHERE evidence <> 'copy'"
    " AND (agency_id = ? OR agency_id IN (SELECT agency_id FROM agencies WHERE merged_into = ?))"
    " ORDER BY last_year DESC"
)
# In another archive the split came before the merge was taken back.
_NAMES_EVER = _NAMES.replace("agencies WHERE merged_into", "agency_decisions WHERE action = 'merge' AND other_id")
