"""Which body a printed name means.

Most names say their place (江苏省南京市鼓楼区教育局) and can only mean one body. 城关镇人民政府 can mean fifty: there
the administrative division of the portal decides, and bodies of different places are never merged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

from pipelines.model import Issue, Trust

_PLACE = re.compile(
    # The name must begin with the place. One character before 市, 旗, 盟 or 州 makes a word (城市, 红旗, 联盟, 杭州),
    # before 县 it may be a name (乾县). 市 is no city in 市场, nor in 城市 before what is done with cities.
    r"^(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区|(?<!城)市(?!场)|(?<=城)市(?!管理|建设|更新|综合|规划|运行)"
    r"|自治州|州|盟|旗|地区)|[\u4e00-\u9fff]{1,8}?县)"
)
_DISTRICT = re.compile(r"^[\u4e00-\u9fff]{2,6}?(?<!开发)(?<!社)(?<!园)(?<!新)区")


@dataclass(frozen=True, slots=True)
class Agency:
    """A row of `agencies`, as far as filing needs it."""

    agency_id: int
    name: str
    printed_name: str
    division_code: str | None
    portal_id: str | None

    def doubt(self) -> Issue | None:
        """What should be looked at when another body prints the same name."""
        if self.name == self.printed_name:
            return None
        return Issue(
            "agency_ambiguous",
            "warning",
            f"several bodies print the name {self.printed_name}; told apart by division, this is {self.name}",
        )


def resolve_agency(
    db: Database, printed: str, year: int, *, trust: Trust, portal_id: str | None, division_code: str | None
) -> Agency:
    """The body that this name means on this portal, entered if it was not known.

    Only an official portal says where a body is. A copy elsewhere is taken for the body of that name that has a report
    on that year, else for the first of the name.
    """
    known = [Agency(**row) for row in db.query(_BY_NAME, [printed])]
    if trust != "official":
        return _reporting(db, known, year) or (known[0] if known else _enter(db, printed, printed, None, None))
    here = [agency for agency in known if same_place(printed, agency.division_code, division_code)]
    if here:
        best = max(here, key=lambda agency: (agency.division_code == division_code, agency.portal_id == portal_id))
        return _located(db, best, portal_id, division_code)
    name = _distinct_name(db, printed, portal_id, division_code) if known else printed
    return _enter(db, name, printed, portal_id, division_code)


def same_place(name: str, one: str | None, other: str | None) -> bool:
    """Whether a name printed by portals of these divisions means the same body; a missing code is no objection.

    A name that begins with a province, prefecture, city, county or banner settles it. One that begins with a district
    (four cities have a 鼓楼区) means the same body when one division lies in the other. Any other name needs the same
    six digits: 教育局 of a city and 教育局 of a county in it are two.
    """
    first, second = (one or "")[:6], (other or "")[:6]
    if not first or not second or first == second or _PLACE.match(name):
        return True
    if _DISTRICT.match(name):
        near, far = sorted((_significant(first), _significant(second)), key=len)
        return far.startswith(near)
    return False


_BY_NAME = (
    "SELECT agency_id, name, printed_name, division_code, portal_id FROM agencies"
    " WHERE printed_name = ? ORDER BY agency_id"
)


def _significant(code: str) -> str:
    """`320100` (Nanjing) is 3201: the pairs of digits that say something."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def _reporting(db: Database, known: list[Agency], year: int) -> Agency | None:
    for agency in known:
        if db.table("report_revisions").count_where("agency_id = ? AND year = ?", [agency.agency_id, year]):
            return agency
    return None


def _located(db: Database, agency: Agency, portal_id: str | None, division_code: str | None) -> Agency:
    """Notes where a body is, the first time that an official portal tells."""
    portal, division = agency.portal_id or portal_id, agency.division_code or division_code
    if (portal, division) == (agency.portal_id, agency.division_code):
        return agency
    db.table("agencies").update(agency.agency_id, {"portal_id": portal, "division_code": division})
    return Agency(agency.agency_id, agency.name, agency.printed_name, division, portal)


def _distinct_name(db: Database, printed: str, portal_id: str | None, division_code: str | None) -> str:
    for mark in (portal_id, division_code, f"{portal_id} {division_code}"):
        name = f"{printed}（{mark}）"
        if mark and not db.table("agencies").count_where("name = ?", [name]):
            return name
    raise AssertionError("same portal, same division: the place is the same")


def _enter(db: Database, name: str, printed: str, portal_id: str | None, division_code: str | None) -> Agency:
    agency_id = db.execute(
        "INSERT INTO agencies (name, printed_name, division_code, portal_id) VALUES (?, ?, ?, ?)",
        [name, printed, division_code, portal_id],
    ).lastrowid
    return Agency(agency_id or 0, name, printed, division_code, portal_id)
