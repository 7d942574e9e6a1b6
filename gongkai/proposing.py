"""A row for the catalogue, proposed from what a search of the portal found: `gongkai portals add`."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from archive.agencies.divisions import Division, read_divisions
from crawler.platforms import Page
from crawler.portals import OPTIONAL, REQUIRED
from crawler.spiders.reports import Survey
from gongkai.crawling import run_survey

_TAIL = re.compile(r"(?:门户|官方)?网站?(?:首页)?$|\s*[-_|—].*$|首页$")
_ANYBODYS = frozenset(("generic", "services", "posted"))
"""Readers that are no vendor's."""
_GOVERNMENT = re.compile(r"^(.{2,}?)(?:人民政府|政府)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row, and what was found on the way: links to reports, requests, and the faults that were met."""

    row: Mapping[str, str]
    reports: int
    requests: int
    faults: tuple[str, ...]


def propose(url: str, taken: frozenset[str]) -> Proposal:
    """Search a portal and propose its row; `taken` are the ids that a file has already. Raises OptionsError."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        survey = run_survey(url, Path(folder))
    division, reports = _division(survey), survey.search.reports
    columns = sorted(survey.search.yields.items(), key=lambda item: -item[1])
    column = next((address for (address, setting), _ in columns if setting == "annual"), "")
    row = dict.fromkeys((*REQUIRED, *OPTIONAL), "") | {
        "portal_id": _identity(url, taken),
        "name": _name(survey) or (urlsplit(url).hostname or ""),
        "division_code": division.code if division else "",
        "home_url": url,
        "column_url": column,
        "platform": next((name for name, _ in survey.signs.most_common() if name not in _ANYBODYS), ""),
        "trust": "official",
        "level": division.level if division else "",
        "evidence": f"gongkai portals add, {reports} links to reports",
        "evidence_date": date.today().isoformat(),
        "confirmed": "column" if column else "no",
    }
    faults = tuple(f"{failure.message} ({failure.url})" for failure in survey.tally.failures)
    return Proposal(row, reports, survey.search.requests, faults)


def _meta(survey: Survey, name: str) -> str:
    tree = Page("", survey.home).tree
    for meta in tree.iter("meta") if tree is not None else ():
        if (meta.get("name") or "").lower() == name.lower():
            content = (meta.get("content") or "").strip()
            return "" if content in ("null", "网站名称") else content
    return ""


def _name(survey: Survey) -> str:
    tree = Page("", survey.home).tree
    title = tree.findtext(".//title") if tree is not None else None
    return _TAIL.sub("", re.sub(r"\s+", "", _meta(survey, "SiteName") or title or ""))


def _division(survey: Survey) -> Division | None:
    """The division whose code begins the site's own id, if it is called so; else the only one that is called so."""
    government = _GOVERNMENT.match(_name(survey))
    if not government:
        return None
    divisions = read_divisions()
    by_id = divisions.get(_meta(survey, "SiteIDCode")[:6])
    if by_id is not None and government[1].endswith(by_id.name):
        return by_id
    called = [one for one in divisions.values() if one.level != "township" and government[1].endswith(one.name)]
    return called[0] if len(called) == 1 else None


def _identity(url: str, taken: frozenset[str]) -> str:
    """An id from the host, the site first: `www.dingxi.gov.cn` is `dingxi`, `zwgk.dingxi.gov.cn` `dingxi-zwgk`."""
    labels = [label for label in (urlsplit(url).hostname or "portal").split(".") if label not in ("www", "gov", "cn")]
    base = re.sub(r"[^a-z0-9]+", "-", "-".join(reversed(labels)).lower()).strip("-") or "portal"
    identity, number = base, 2
    while identity in taken:
        identity, number = f"{base}-{number}", number + 1
    return identity
