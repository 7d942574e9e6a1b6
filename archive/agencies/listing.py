"""Questions to the registry: which agencies there are, and all that is known about one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.agencies.describing import proof_of
from archive.agencies.finding import find_agency

COLUMNS = (
    "agency_id",
    "name",
    "level",
    "kind",
    "division_code",
    "province",
    "city",
    "county",
    "township",
    "reports",
    "first_year",
    "last_year",
)
"""Of a line of `list_agencies`: `reports` counts current ones, the years are those reported on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which agencies are wanted; what is empty is no condition."""

    province: str = ""
    division: str = ""
    level: str = ""
    kind: str = ""
    search: str = ""


def list_agencies(db: Database, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """The agencies that meet every condition, by division and id, those without a division last.

    `province` is its name or how that begins (江苏). `division` is what a code begins with; 320100 means all of 3201.
    `search` is a part of any name under which an agency was seen.
    """
    parameters = {
        "province": wanted.province,
        "division": significant(wanted.division),
        "level": wanted.level,
        "kind": wanted.kind,
        "search": wanted.search,
    }
    return db.query(_LIST, parameters)


def describe_agency(db: Database, text: str) -> dict[str, Any]:
    """All that is known about the agency of that id or name, those merged into it included. Raises ArchiveError.

    `proof` is a list of reasons for level, kind and place; `names`, `reports` (by year), `links` (to `earlier` and
    `later` agencies) and `decisions` are lists of objects.
    """
    row = find_agency(db, text)
    agency_id = row["agency_id"]
    return {
        **{name: row[name] for name in ("agency_id", "name", *COLUMNS[2:9], "portal_id", "merged_into")},
        "proof": list(proof_of(db, agency_id)),
        "names": list(db.query(_NAMES, [agency_id, agency_id])),
        "reports": list(db.query(_REPORTS, [agency_id])),
        "links": list(db.query(_LINKS, {"id": agency_id})),
        "decisions": list(db.query(_DECISIONS, {"id": agency_id})),
    }


def significant(code: str) -> str:
    """`320100` means all of Nanjing: 3201 and what begins with it."""
    return re.sub(r"(?:00){1,2}$", "", code) if len(code) == 6 else code


_LIST = """
SELECT a.agency_id, a.name, a.level, a.kind, a.division_code, a.province, a.city, a.county, a.township,
       count(r.report_id) AS reports, min(r.year) AS first_year, max(r.year) AS last_year
FROM agencies a LEFT JOIN report_revisions r ON r.agency_id = a.agency_id AND r.is_current = 1
WHERE a.merged_into IS NULL
  AND (:province = '' OR substr(a.province, 1, length(:province)) = :province)
  AND (:division = '' OR substr(a.division_code, 1, length(:division)) = :division)
  AND (:level = '' OR a.level = :level)
  AND (:kind = '' OR a.kind = :kind)
  AND (:search = '' OR instr(a.name, :search) > 0 OR EXISTS (
       SELECT 1 FROM agency_names n LEFT JOIN agencies m ON m.agency_id = n.agency_id
        WHERE (n.agency_id = a.agency_id OR m.merged_into = a.agency_id) AND instr(n.name, :search) > 0))
GROUP BY a.agency_id
ORDER BY a.division_code IS NULL, a.division_code, a.agency_id
"""
_NAMES = """
SELECT name, evidence, portal_id, division_code, first_year, last_year FROM agency_names
WHERE agency_id = ? OR agency_id IN (SELECT agency_id FROM agencies WHERE merged_into = ?)
ORDER BY first_year, name, evidence, portal_id, division_code
"""
_REPORTS = """
SELECT r.year, r.scope, r.form, r.trust, t.url,
       (SELECT count(*) FROM report_revisions o
         WHERE o.agency_id = r.agency_id AND o.year = r.year AND o.scope IS r.scope) AS revisions
FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id
WHERE r.agency_id = ? AND r.is_current = 1 ORDER BY r.year, r.scope
"""
_LINKS = """
SELECT 'earlier' AS is_the, a.agency_id, a.name, l.evidence
FROM agency_links l JOIN agencies a ON a.agency_id = l.earlier_id WHERE l.later_id = :id
UNION ALL
SELECT 'later', a.agency_id, a.name, l.evidence
FROM agency_links l JOIN agencies a ON a.agency_id = l.later_id WHERE l.earlier_id = :id
ORDER BY 1, 2
"""
_DECISIONS = """
SELECT d.decision_id, d.action, a.name AS agency, o.name AS other, d.portal_id, d.division_code, d.who, d.why,
       d.decided_at, d.undone_by
FROM agency_decisions d JOIN agencies a ON a.agency_id = d.agency_id JOIN agencies o ON o.agency_id = d.other_id
WHERE d.agency_id = :id OR d.other_id = :id ORDER BY d.decision_id
"""
