"""Histories that are easy to vary: pages that change from night to night, and archives of those who fetched them.

Pages are real ones, so that they can be read again from their records; their readings are made by the reader, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from archive.captured import Origin
from archive.filing import Stored
from archive.store import Archive
from archive.warc import Exchange
from pipelines import extract
from pipelines.attached import named_by_files
from pipelines.model import Capture, Reading, Trust
from tests.conftest import ROOT

_PAGE = (ROOT / "tests" / "golden" / "clean.html").read_text(encoding="utf-8")
_AGENCY, _YEAR, _STOCK = "刚察县人民政府办公室", "2023", ">15<"
_FIRST = datetime(2024, 2, 1, 1, tzinfo=UTC)


def page(agency: str, year: int, stock: int, words: str = "公开专区", file: str = "") -> str:
    """A report of f2021 with so many documents in force; with a `file`, it has no tables and links to that."""
    assert _PAGE.count(_STOCK) == 1
    text = _PAGE.replace(_STOCK, f">{stock}<").replace(_AGENCY, agency).replace("公开专区", words)
    text = text.replace(_YEAR, str(year)).replace("2024-01-13", f"{year + 1}-01-13")
    if file:
        link = f'<p><a href="{file}">附件：{agency}{year}年度政府信息公开工作年度报告.html</a></p>'
        text = re.sub(r"<table.*?</table>", "", text, flags=re.DOTALL).replace('<div class="TRS_Editor">', link)
    return text


@dataclass(frozen=True)
class Fetched:
    """A page as it was fetched once, with the files that it links to."""

    at: str
    url: str
    body: str
    portal_id: str
    trust: Trust = "official"
    division_code: str | None = None
    files: tuple[tuple[str, str], ...] = ()

    @property
    def order(self) -> tuple[str, bool, str]:
        return self.at, self.trust != "official", self.url


def moment(night: int, second: int = 0, hours: int = 0) -> str:
    return (_FIRST + timedelta(days=night, seconds=second, hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def fetch(archive: Archive, one: Fetched) -> list[Stored | None]:
    """Keeps a page and its files, reads them and files them, as a crawl does."""
    origin = Origin(one.trust, one.portal_id, one.division_code)
    capture_id = _keep(archive, one.url, one.body, one.at, one.portal_id)
    files = [(_keep(archive, url, body, one.at, one.portal_id), read(url, body)) for url, body in one.files]
    readings = named_by_files(read(one.url, one.body), [readings for _, readings in files])
    stored = archive.file(capture_id, readings, origin)
    archive.note_page(one.url, portal_id=one.portal_id, capture_id=capture_id, outcome="report", reason=None)
    for file_id, readings in files:
        attached = Origin(one.trust, one.portal_id, one.division_code, "attachment", page_id=capture_id)
        stored += archive.file(file_id, readings, attached)
    return stored


def archive_of(folder: Path, fetched: Iterable[Fetched]) -> Path:
    """An archive of somebody who fetched these, in the order of time."""
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        for one in sorted(fetched, key=lambda one: one.order):
            fetch(archive, one)
    return path


@cache
def read(url: str, body: str) -> tuple[Reading, ...]:
    return extract(Capture(body.encode(), url, "text/html; charset=utf-8"))


def _keep(archive: Archive, url: str, body: str, at: str, portal_id: str) -> int:
    exchange = Exchange(
        url=url,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body.encode(),
        fetched_at=at,
    )
    return archive.keep(exchange, run_id=None, portal_id=portal_id)


_FULL = ("青海省海北州刚察县教育局", "刚察县人民政府办公室")
# What a bare name means where its agency is known by others too depends on what was known first; so it stands alone.
_SITES: Sequence[tuple[str, Trust, str | None, tuple[str, ...]]] = (
    ("north", "official", None, ("教育局",)),
    ("south", "official", "632224", _FULL),
    ("east", "official", "632224", ("教育局", *_FULL)),
    ("city", "official", None, ("教育局",)),
    ("copies", "mirror", None, _FULL),
)


def history(chance: Random, nights: int = 4, pages: int = 6) -> list[Fetched]:
    """What stood at some addresses night after night. No page ever says again what it has said before."""
    fetched = []
    for number in range(pages):
        portal, trust, division, names = chance.choice(_SITES)
        agency, year = chance.choice(names), chance.choice([2021, 2022])
        url = f"https://{portal}.example.gov.cn/{number}.html"
        first, last = sorted((chance.randrange(nights), chance.randrange(nights)))
        stock, words = chance.choice([15, 15, 16]), 0
        file = f"https://{portal}.example.gov.cn/{number}/file.html" if chance.random() < 0.25 else ""
        for night in range(first, last + 1):
            if night > first and chance.random() < 0.4:
                stock += 2
            if night > first and chance.random() < 0.2:
                words += 1
            full = page(agency, year, stock, f"公开专区{words}")
            body = page(agency, year, stock, f"公开专区{words}", file) if file else full
            at = moment(night, number + 100 * (trust != "official"))
            fetched.append(Fetched(at, url, body, portal, trust, division, ((file, full),) if file else ()))
    return fetched


def going_back(chance: Random, nights: int = 5) -> list[Fetched]:
    """Pages that say 15 or 16 on any night, as they said before or not."""
    return [
        Fetched(
            moment(night, number), f"https://south.example.gov.cn/{number}.html", page(agency, 2022, stock), "south"
        )
        for number, agency in enumerate(_FULL)
        for night in range(nights)
        for stock in [chance.choice([15, 16])]
        if chance.random() < 0.7
    ]


def told(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What an archive says, by natural keys: without ids, and without the moments at which we did something."""
    with Archive.open(path) as archive:
        return {
            name: sorted((tuple(_plain(cell) for cell in row) for row in archive.db.execute(sql).fetchall()), key=repr)
            for name, sql in _TOLD.items()
        }


def whole(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but those of the diary, to see whether any has changed."""
    with Archive.open(path) as archive:
        names = [name for name in archive.db.table_names() if not name.startswith("sections_search")]
        kept = [name for name in names if name not in ("runs", "run_counts", "coverage_rows", "coverage_day")]
        return {name: sorted(archive.db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in kept}


def _plain(cell: Any) -> Any:
    """Messages name agencies by their ids too."""
    return re.sub(r" \(\d+\)", "", cell) if isinstance(cell, str) else cell


# Doubts about agencies (issues of origin filing) are those of the moment at which a report was filed last: two archives
# that know the same may have looked at other moments. So it is with when a copy was seen last that something outranks,
# and with which former revisions copies and files were compared: when they were seen in between is not kept.
_KEY = "a.printed_name, a.division_code, r.year, r.scope, r.revision"
_REPORT = "report_revisions r JOIN agencies a ON a.agency_id = r.agency_id"
_TOLD = {
    "agencies": "SELECT name, printed_name, division_code, portal_id, level, kind FROM agencies",
    "names": "SELECT a.printed_name, a.division_code, n.name, n.evidence, n.portal_id, n.division_code, n.first_year,"
    " n.last_year FROM agency_names n JOIN agencies a ON a.agency_id = n.agency_id",
    "reports": f"SELECT {_KEY}, r.is_current, r.form, r.trust, r.portal_id, r.part, r.cell_count, t.agency_printed,"
    " t.title, t.url, t.fetched_at, t.first_seen, iif(r.trust = 'official', t.last_seen, ''), t.gone_at,"
    f" t.reading_digest, c.url, c.payload_digest FROM {_REPORT} JOIN report_readings t ON t.report_id = r.report_id"
    " JOIN captures c ON c.capture_id = r.capture_id",
    "figures": "SELECT agency, year, scope, figure, value, read_value, raw, review FROM figures",
    "sections": f"SELECT {_KEY}, s.position, s.heading, s.text FROM {_REPORT}"
    " JOIN sections s ON s.report_id = r.report_id",
    "issues": f"SELECT {_KEY}, i.origin, i.code, i.level, i.message, i.figure, i.closed_at IS NULL FROM {_REPORT}"
    " JOIN issues i ON i.report_id = r.report_id WHERE i.origin <> 'filing'"
    " AND (i.origin <> 'sources' OR r.is_current)",
    "unfiled": "SELECT c.url, i.code, i.message FROM issues i JOIN captures c ON c.capture_id = i.capture_id",
    "evidence": f"SELECT {_KEY}, c.url, c.payload_digest, c.fetched_at, l.part, l.role FROM {_REPORT}"
    " JOIN report_captures l ON l.report_id = r.report_id JOIN captures c ON c.capture_id = l.capture_id"
    " WHERE l.role IN ('page', 'twin') OR r.is_current",
    "captures": "SELECT url, portal_id, fetched_at, seen_at, status, payload_digest FROM captures",
    "read": "SELECT c.url, c.fetched_at, k.role, k.trust, k.portal_id, k.division_code, k.title, k.digest, p.url"
    " FROM captures_read k JOIN captures c ON c.capture_id = k.capture_id"
    " LEFT JOIN captures p ON p.capture_id = k.page_id",
    "pages": "SELECT g.url, g.portal_id, g.outcome, g.reason, g.first_seen, g.last_seen, c.fetched_at FROM pages g"
    " LEFT JOIN captures c ON c.capture_id = g.capture_id",
    "portals": "SELECT portal_id, first_seen, last_seen, name FROM portals",
    "panel": "SELECT a.printed_name, a.division_code, p.year, p.scope, p.form, p.trust FROM panel_figures p"
    " JOIN agencies a ON a.agency_id = p.agency_id",
    "decisions": "SELECT f.figure, d.agency, d.year, d.decision, d.value, d.raw, d.source, d.why, d.decided_by,"
    " d.decided_at, d.state, d.carried_from IS NOT NULL FROM decisions d"
    " JOIN figure_definitions f ON f.figure_id = d.figure_id",
}
