"""Bodies that go on under another name: a bureau after a reform, a county that became a district.

A link needs evidence: the same division and portal, names that a reform changed one into the other, and reports that
follow one another. Where one of these fails, that is an issue, not a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

from archive.agencies.divisions import VALID_ON, nearest
from archive.agencies.placenames import stem as plain_name
from pipelines.model import Issue

REFORMS: tuple[tuple[str, str, int], ...] = (
    ("卫生", "卫生计划生育", 2013),
    ("人口计划生育", "卫生计划生育", 2013),
    ("广播电影电视", "新闻出版广电", 2013),
    ("新闻出版", "新闻出版广电", 2013),
    ("工商行政管理", "市场监督管理", 2018),
    ("质量技术监督", "市场监督管理", 2018),
    ("食品药品监督管理", "市场监督管理", 2018),
    ("环境保护", "生态环境", 2018),
    ("国土资源", "自然资源", 2018),
    ("国土资源", "自然资源规划", 2018),
    ("规划", "自然资源规划", 2018),
    ("农业", "农业农村", 2018),
    ("农牧", "农业农村", 2018),
    ("文化", "文化旅游", 2018),
    ("旅游", "文化旅游", 2018),
    ("旅游发展", "文化旅游", 2018),
    ("卫生计划生育", "卫生健康", 2018),
    ("安全生产监督管理", "应急管理", 2018),
    ("林业", "林业草原", 2018),
    ("粮食", "粮食物资储备", 2018),
    ("国家税务总局国家税务", "国家税务总局税务", 2018),
    ("扶贫开发", "乡村振兴", 2021),
)
"""(words before, words after, first year in which a body may bear the new name), 和 left out as in every `stem`.

Source: the State Council's plans of reform (国务院机构改革和职能转变方案 2013, 深化党和国家机构改革方案 2018) and the
decision of 2021 on 国家乡村振兴局; local bodies follow them.
"""

_OFFICE = re.compile(r"(?:局|厅|委员会|办公室|领导小组办公室|委)$")


@dataclass(frozen=True, slots=True)
class _Body:
    agency_id: int
    name: str
    portals: frozenset[str]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why one body may be what another became; `since`: the first year possible, 0 for any."""

    words: str
    since: int = 0


def link_renamed(db: Database, agency_id: int) -> list[Issue]:
    """Makes the links of an agency what the evidence says now; returns doubts where it proves none."""
    code, stem = db.execute(_KEY, [agency_id]).fetchone()
    issues = []
    for other_id, other_stem in db.execute(_SAME_PLACE, [code, agency_id]).fetchall() if code else ():
        for one, two in (((agency_id, stem), (other_id, other_stem)), ((other_id, other_stem), (agency_id, stem))):
            reason = _reason(one[1], two[1], code)
            if reason is None:
                continue
            earlier, later = _body(db, one[0]), _body(db, two[0])
            problem = _problem(earlier, later, reason)
            _state_link(db, earlier, later, None if problem else reason.words)
            if problem and not _is_settled(db, earlier, later):
                message = (
                    f"{earlier.name} ({earlier.agency_id}) may go on as {later.name} ({later.agency_id}):"
                    f" {reason.words}, but {problem}"
                )
                issues.append(Issue("agency_doubtful", "warning", message))
    return issues


def _reason(before: str, after: str, code: str) -> _Reason | None:
    division = nearest(code)
    if division and before.endswith(after) and after:
        former = before.removesuffix(after)
        if former and former != division.name and plain_name(former) == plain_name(division.name):
            return _Reason(f"{former} is {division.name} ({code}) in the list of divisions of {VALID_ON}")
    first, second = _OFFICE.sub("", before), _OFFICE.sub("", after)
    for old, new, year in _BY_OLD.get(first, ()):
        if new == second and first != before and second != after:
            return _Reason(f"{old} became {new} in the reform of {year}", year)
    return None


def _problem(earlier: _Body, later: _Body, reason: _Reason) -> str | None:
    """What keeps two bodies, for which there is a reason, from being linked."""
    if earlier.last >= later.first:
        return f"the one reports on {earlier.last}, the other on {later.first}"
    if reason.since and not earlier.portals & later.portals:
        return "no portal publishes both"
    if later.first < reason.since:
        return f"the later name is used for {later.first}"
    return None


def _body(db: Database, agency_id: int) -> _Body:
    name, first, last = db.execute(_YEARS, [agency_id]).fetchone()
    portals = {row[0] for row in db.execute(_PORTALS, [agency_id]).fetchall()}
    return _Body(agency_id, name, frozenset(portals), first or 0, last or 0)


def _is_settled(db: Database, one: _Body, other: _Body) -> bool:
    """Whether somebody has said that these two are not the same."""
    return db.execute(_APART, {"one": one.agency_id, "other": other.agency_id}).fetchone() is not None


def _state_link(db: Database, earlier: _Body, later: _Body, evidence: str | None) -> None:
    key = [earlier.agency_id, later.agency_id]
    standing = db.execute(_LINK, key).fetchone()
    if standing and standing[0] != evidence:
        db.execute("DELETE FROM agency_links WHERE earlier_id = ? AND later_id = ?", key)
    if evidence and standing != (evidence,):
        db.execute("INSERT INTO agency_links (earlier_id, later_id, evidence) VALUES (?, ?, ?)", [*key, evidence])


_BY_OLD = {old: tuple(reform for reform in REFORMS if reform[0] == old) for old, _, _ in REFORMS}

_KEY = "SELECT division_code, stem FROM agencies WHERE agency_id = ?"
_YEARS = (
    "SELECT a.name, min(n.first_year), max(n.last_year)"
    " FROM agencies a LEFT JOIN agency_names n ON n.agency_id = a.agency_id WHERE a.agency_id = ?"
)
_PORTALS = "SELECT DISTINCT portal_id FROM agency_names WHERE agency_id = ? AND portal_id <> ''"
_SAME_PLACE = (
    "SELECT agency_id, stem FROM agencies WHERE division_code = ? AND agency_id <> ? AND merged_into IS NULL"
    " ORDER BY agency_id"
)
_LINK = "SELECT evidence FROM agency_links WHERE earlier_id = ? AND later_id = ?"
_APART = (
    "SELECT 1 FROM agency_decisions WHERE undone_by IS NULL"
    " AND ((agency_id = :one AND other_id = :other) OR (agency_id = :other AND other_id = :one))"
)
