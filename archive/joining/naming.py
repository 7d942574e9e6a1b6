"""What agencies are called where two archives met some of them in another order.

An agency has the name under which it was seen first, and of several that print one name the first bears it plain. So an
archive that saw a body earlier says how it is called, and namesakes get their names anew, the one that was seen first
before the others.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from archive.agencies.bodies import read_body
from archive.agencies.moving import restate_doubts
from archive.agencies.resolving import free_name
from archive.joining.settled import agency_here
from archive.joining.source import Source
from archive.store import Archive

First = tuple[str, str]
"""When something was seen first, and at which address."""

_NEVER: First = ("9", "")


def name_as_first_seen(archive: Archive, source: Source) -> None:
    """Gives the agencies of the source the names here that an archive of both would have given them."""
    changed: set[int] = set()
    printed: set[str] = set()
    for theirs in list(source.db.query(_REPORTING)):
        agency_id = agency_here(archive.db, source.db, theirs["agency_id"])
        if agency_id is None:
            continue
        wanted = _wanted(archive.db, agency_id, source.db, theirs)
        printed.add(str(theirs["printed_name"]))
        if not wanted:
            continue
        if "printed_name" in wanted:
            changed.add(agency_id)
            printed.add(archive.db.table("agencies").get(agency_id)["printed_name"])
            wanted["name"] = _nameless(agency_id)  # until those of its new name, and of its old one, are named
        with archive.together():
            archive.db.table("agencies").update(agency_id, wanted)
    for name in sorted(printed):
        _name_namesakes(archive, name, changed)


def _wanted(here: Database, agency_id: int, there: Database, theirs: dict[str, Any]) -> dict[str, Any]:
    """What their row says better, because it was there that the body was seen first, or seen first on its portal."""
    ours = next(iter(here.query("SELECT printed_name, portal_id FROM agencies WHERE agency_id = ?", [agency_id])))
    wanted = {}
    for column, official in (("printed_name", False), ("portal_id", True)):
        if theirs[column] not in (None, ours[column]):
            first = _first(there, theirs["agency_id"], official=official)
            if first <= _first(here, agency_id, official=official) and first != _NEVER:
                wanted[column] = theirs[column]
    return wanted


def _first(db: Database, agency_id: int, *, official: bool = False) -> First:
    row = db.execute(_OFFICIALLY if official else _FIRST, {"agency": agency_id}).fetchone()
    return (row[0], row[1]) if row else _NEVER


def _name_namesakes(archive: Archive, printed: str, changed: set[int]) -> None:
    """Names all agencies that print one name anew, unless the one that was seen first bears it plain already."""
    db = archive.db
    rows = list(db.query("SELECT agency_id, name, portal_id FROM agencies WHERE printed_name = ?", [printed]))
    seen = sorted((_first(db, row["agency_id"]), row["agency_id"], row) for row in rows)
    seen = [one for one in seen if one[0] != _NEVER]
    if not seen or (seen[0][2]["name"] == printed and not changed & {one[1] for one in seen}):
        return
    with archive.together():
        for _, agency_id, _ in seen:
            db.table("agencies").update(agency_id, {"name": _nameless(agency_id)})
        for _, agency_id, row in seen:
            division = db.execute(_DIVISION, [agency_id, printed, row["portal_id"] or ""]).fetchone()
            code = division[0] or None if division else None
            proved = read_body(printed, code).division_code
            db.table("agencies").update(agency_id, {"name": free_name(db, printed, proved, row["portal_id"], code)})
        restate_doubts(db, [agency_id for _, agency_id, _ in seen])


def _nameless(agency_id: int) -> str:
    return f"（{agency_id}）"


_REPORTING = """
SELECT * FROM agencies
WHERE agency_id IN (SELECT agency_id FROM report_revisions UNION SELECT agency_id FROM agency_moves)
ORDER BY agency_id
"""
_EVIDENCE = """
SELECT c.fetched_at, c.url FROM report_captures l JOIN captures c ON c.capture_id = l.capture_id
JOIN report_revisions r ON r.report_id = l.report_id
WHERE l.report_id IN (SELECT report_id FROM report_revisions WHERE agency_id = :agency
                       AND report_id NOT IN (SELECT report_id FROM agency_moves)
                      UNION SELECT report_id FROM agency_moves WHERE agency_id = :agency)
"""
_FIRST = f"{_EVIDENCE} ORDER BY 1, 2 LIMIT 1"
_OFFICIALLY = f"{_EVIDENCE} AND r.trust = 'official' AND l.role <> 'mirror' ORDER BY 1, 2 LIMIT 1"
_DIVISION = """
SELECT division_code FROM agency_names
WHERE agency_id = ? AND name = ? AND portal_id = ? AND evidence <> 'copy' ORDER BY first_year LIMIT 1
"""
