"""Which body a printed name means, on the portal that prints it.

Two names mean one body when both prove the same division and the same words behind it. What is not proved is kept
apart: 城关镇人民政府 can mean fifty bodies. Where two such may be one, that is an issue, and a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from sqlite_utils import Database

from archive.agencies.bodies import Body, read_body
from archive.agencies.describing import columns_of
from archive.agencies.divisions import chain_of, nearest, within
from archive.agencies.placenames import is_unique
from archive.agencies.renaming import link_renamed
from archive.rows import insert, rows_of
from pipelines.model import Issue, Trust


@dataclass(frozen=True, slots=True)
class Agency:
    """A row of `agencies`, as far as filing needs it.

    `named_id` is the agency that the name alone means; it differs from `agency_id` where somebody has decided so.
    """

    agency_id: int
    name: str
    named_id: int
    issues: tuple[Issue, ...] = ()


def resolve_agency(
    db: Database,
    printed: str,
    year: int,
    *,
    trust: Trust,
    portal_id: str | None,
    division_code: str | None,
    evidence: str | None = None,
) -> Agency:
    """The body that this name means on this portal, entered if it was not known; decisions of people come first.

    Only an official portal says where a body is. A copy elsewhere is taken for the body of that name that has a report
    on that year, else for one of the name whose place is as open, or is proved by it. `evidence` is the reader's:
    `title: …`, `signature: …`.
    """
    official = trust == "official"
    portal, division = (portal_id, division_code) if official else (None, None)
    named = _seen_here(db, printed, portal, division) if official else None
    if named is None:
        body = read_body(printed, division)
        named = _official(db, printed, body, portal, division) if official else _copied(db, printed, body, year)
        if named is None:
            named = _enter(db, printed, body, portal, division)
    source = (evidence or "").partition(":")[0].strip() or "archive"
    _note_name(db, named, printed, source if official else "copy", portal or "", division or "", year)
    return named_agency(db, named, printed, trust=trust, portal_id=portal_id, division_code=division_code)


def named_agency(
    db: Database, named: int, printed: str, *, trust: Trust, portal_id: str | None, division_code: str | None
) -> Agency:
    """The agency of a name whose own is known: with what people have decided, and what is to be looked at."""
    official = trust == "official"
    portal, division = (portal_id, division_code) if official else (None, None)
    agency_id = decided(db, named, portal, division)
    name = db.execute("SELECT name FROM agencies WHERE agency_id = ?", [agency_id]).fetchone()[0]
    issues = [*doubts(db, named, printed), *link_renamed(db, named)] if official else doubts(db, named, printed)
    return Agency(agency_id, name, named, tuple(issues))


def decided(db: Database, agency_id: int, portal_id: str | None, division_code: str | None) -> int:
    """The agency for which the decisions in force put what comes from that portal in place of this one."""
    seen: set[int] = set()
    while agency_id not in seen:
        seen.add(agency_id)
        splits = rows_of(db, _SPLITS, [agency_id])
        here = (row for row in splits if covers(row["portal_id"], row["division_code"], portal_id, division_code))
        split_off = next((row["other_id"] for row in here), None)
        merged_into = db.execute("SELECT merged_into FROM agencies WHERE agency_id = ?", [agency_id]).fetchone()[0]
        agency_id = split_off or merged_into or agency_id
    return agency_id


def covers(portal: str | None, division: str | None, portal_id: str | None, division_code: str | None) -> bool:
    """Whether what comes from a portal (of a division) is what a split by portal or by division speaks of."""
    if portal is not None and portal != portal_id:
        return False
    if division is None:
        return portal is not None
    one, other = nearest(division_code), nearest(division)
    return division_code == division or bool(one and other and within(one, other))


def doubts(db: Database, named: int, printed: str) -> list[Issue]:
    """What should be looked at when other agencies print the same name.

    `agency_doubtful`: one of them may be this one, as the place of either is not proved. `agency_ambiguous`: they are
    told apart by their divisions.
    """
    mine = _row(db, named)
    others = [
        row for row in rows_of(db, _NAMESAKES, [printed, named]) if named not in (row["agency_id"], row["merged_into"])
    ]
    maybe = [row for row in others if _may_be_one(mine, row) and not _is_settled(db, named, row["agency_id"])]
    if maybe:
        return [doubtful(mine, row, f"both print {printed}, and the place of one is not proved") for row in maybe]
    if mine["name"] != printed and any(row["agency_id"] != mine["merged_into"] for row in others):
        message = f"several bodies print the name {printed}; told apart by division, this is {mine['name']}"
        return [Issue("agency_ambiguous", "info", message)]
    return []


def doubtful(one: dict[str, Any], other: dict[str, Any], why: str) -> Issue:
    """The issue that two agencies may be one."""
    message = f"{one['name']} ({one['agency_id']}) may be {other['name']} ({other['agency_id']}): {why}"
    return Issue("agency_doubtful", "warning", message)


def note_where_it_belongs(db: Database, report_id: int, agency_id: int, named_id: int) -> None:
    """Keeps the agency that the name of a report means, where a decision puts it elsewhere."""
    if agency_id == named_id:
        db.execute("DELETE FROM agency_moves WHERE report_id = ?", [report_id])
        return
    db.execute(
        "INSERT INTO agency_moves (report_id, agency_id) VALUES (?, ?)"
        " ON CONFLICT (report_id) DO UPDATE SET agency_id = excluded.agency_id WHERE agency_id <> excluded.agency_id",
        [report_id, named_id],
    )


def drop_if_unused(db: Database, agency_id: int) -> None:
    """Forgets an agency that has no report left, unless a decision speaks of it or another is merged into it."""
    db.execute(_DROP, {"id": agency_id})


def _seen_here(db: Database, printed: str, portal_id: str | None, division_code: str | None) -> int | None:
    """The one agency that printed this name on this very portal before."""
    found = db.execute(_HERE, [printed, portal_id or "", division_code or ""]).fetchall()
    return int(found[0][0]) if len(found) == 1 else None


def _official(db: Database, printed: str, body: Body, portal_id: str | None, division_code: str | None) -> int | None:
    """The agency that an official portal's name means, if it is known, with what was learnt about it noted."""
    if body.division_code:
        row = db.execute(_BY_KEY, [body.division_code, body.stem]).fetchone()
        if row:
            _locate(db, row[0], portal_id)
            return int(row[0])
    for known in rows_of(db, _BY_NAME, [printed]):
        if _is_same(db, printed, body, known, portal_id, division_code):
            if body.division_code and not known["division_code"]:
                db.table("agencies").update(known["agency_id"], columns_of(body))
            _locate(db, known["agency_id"], portal_id)
            return int(known["agency_id"])
    return None


def _is_same(
    db: Database, printed: str, body: Body, known: dict[str, Any], portal_id: str | None, division_code: str | None
) -> bool:
    """Whether an agency that printed this name before is this one, though the names do not both prove a division."""
    if body.division_code and known["division_code"]:
        return False
    seen = db.execute(_SEEN_ON, [known["agency_id"]]).fetchall()
    if not seen or is_unique(printed):
        return True  # so far only copies printed it; or no two places have that name
    here = {division for portal, division in seen if portal == (portal_id or "")}
    return bool(here) and (not division_code or here <= {"", division_code} or division_code in here)


def _copied(db: Database, printed: str, body: Body, year: int) -> int | None:
    """The agency that a copy on somebody else's site means."""
    if body.division_code and (row := db.execute(_BY_KEY, [body.division_code, body.stem]).fetchone()):
        return int(row[0])
    known = [row["agency_id"] for row in rows_of(db, _BY_NAME, [printed])]
    for agency_id in known:
        reporting = "agency_id = ? AND year = ?"
        if db.table("report_revisions").count_where(reporting, [decided(db, agency_id, None, None), year]):
            return int(agency_id)
    if not (body.division_code or is_unique(printed)):  # 教育局 of a year that no known one reports on: of anywhere
        known = [agency_id for agency_id in known if not db.execute(_SEEN_ON, [agency_id]).fetchone()]
    return int(known[0]) if known else None


def _enter(db: Database, printed: str, body: Body, portal_id: str | None, division_code: str | None) -> int:
    row = {"name": free_name(db, printed, body.division_code, portal_id, division_code), "printed_name": printed}
    return insert(db, "agencies", {**row, "portal_id": portal_id, **columns_of(body)})


def free_name(db: Database, printed: str, proved: str | None, portal_id: str | None, division_code: str | None) -> str:
    """A name that no agency has: the printed one, else with what tells this body apart."""
    marks = [chain_of(proved).full_name, portal_id, division_code, f"{portal_id} {division_code}"]
    told_apart = (f"{printed}（{mark}）" for mark in chain(filter(None, marks), count(2)))
    taken = "SELECT 1 FROM agencies WHERE name = ?"
    return next(name for name in chain([printed], told_apart) if not db.execute(taken, [name]).fetchone())


def _locate(db: Database, agency_id: int, portal_id: str | None) -> None:
    """Notes on which portal a body is, the first time that an official one has it."""
    db.execute(
        "UPDATE agencies SET portal_id = ? WHERE agency_id = ? AND portal_id IS NULL AND ? IS NOT NULL",
        [portal_id, agency_id, portal_id],
    )


def _note_name(
    db: Database, agency_id: int, name: str, evidence: str, portal_id: str, division_code: str, year: int
) -> None:
    db.execute(
        "INSERT INTO agency_names (agency_id, name, evidence, portal_id, division_code, first_year, last_year)"
        " VALUES (:agency, :name, :evidence, :portal, :division, :year, :year) ON CONFLICT DO UPDATE"
        " SET first_year = min(first_year, :year), last_year = max(last_year, :year)"
        " WHERE first_year > :year OR last_year < :year",
        {
            "agency": agency_id,
            "name": name,
            "evidence": evidence,
            "portal": portal_id,
            "division": division_code,
            "year": year,
        },
    )


def _may_be_one(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two agencies of one name may be one: the place of one is not known, or only as a part of the other's."""
    first, second = nearest(one["division_code"]), nearest(other["division_code"])
    if first is None or second is None:
        return True
    return one["stem"] != other["stem"] and (within(first, second) or within(second, first))


def _is_settled(db: Database, one: int, other: int) -> bool:
    """Whether somebody has decided about two agencies, one way or the other."""
    if decided(db, one, None, None) == decided(db, other, None, None):
        return True
    return db.execute(_DECIDED, {"one": one, "other": other}).fetchone() is not None


def _row(db: Database, agency_id: int) -> dict[str, Any]:
    return rows_of(db, _ROW, [agency_id])[0]


_HERE = (
    "SELECT DISTINCT agency_id FROM agency_names"
    " WHERE name = ? AND portal_id = ? AND division_code = ? AND evidence <> 'copy'"
)
_BY_KEY = "SELECT agency_id FROM agencies WHERE division_code = ? AND stem = ? ORDER BY agency_id"
_BY_NAME = (
    "SELECT agency_id, division_code, portal_id FROM agencies WHERE agency_id IN"
    " (SELECT agency_id FROM agency_names WHERE name = ?) ORDER BY agency_id"
)
_SEEN_ON = "SELECT DISTINCT portal_id, division_code FROM agency_names WHERE agency_id = ? AND evidence <> 'copy'"
_ROW = "SELECT agency_id, name, division_code, stem, merged_into FROM agencies WHERE agency_id = ?"
_NAMESAKES = (
    "SELECT agency_id, name, division_code, stem, merged_into FROM agencies WHERE agency_id IN"
    " (SELECT agency_id FROM agency_names WHERE name = ? AND evidence <> 'copy') AND agency_id <> ? ORDER BY agency_id"
)
_SPLITS = (
    "SELECT other_id, portal_id, division_code FROM agency_decisions"
    " WHERE agency_id = ? AND action = 'split' AND undone_by IS NULL ORDER BY decision_id"
)
_DECIDED = (
    "SELECT 1 FROM agency_decisions WHERE undone_by IS NULL"
    " AND ((agency_id = :one AND other_id = :other) OR (agency_id = :other AND other_id = :one))"
)
_DROP = (
    "DELETE FROM agencies WHERE agency_id = :id AND merged_into IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM report_revisions r WHERE r.agency_id = :id)"
    " AND NOT EXISTS (SELECT 1 FROM agencies a WHERE a.merged_into = :id)"
    " AND NOT EXISTS (SELECT 1 FROM agency_moves m WHERE m.agency_id = :id)"
    " AND NOT EXISTS (SELECT 1 FROM agency_decisions d WHERE d.agency_id = :id OR d.other_id = :id)"
)
