"""Archives as an earlier reader would have left them: true pages, filed with what it is made to have read in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from archive import Archive, Exchange
from archive.captured import Origin
from crawler.sample_portal.documents import report_blocks
from crawler.sample_portal.facts import load
from crawler.sample_portal.markup import Table
from crawler.sample_portal.render_docx import docx
from pipelines import extract
from pipelines.attached import named_by_files, said_of
from pipelines.model import Capture, Reading
from tests.conftest import ROOT

Readings = tuple[Reading, ...]
Alter = Callable[[Readings], Readings]

EARLIER = "0.0.1-0f0f0f0f"
GOLDEN = ("clean", "f2019_blank", "gb2312", "traditional", "word")
SITE = "https://www.example.gov.cn"
STUB, LEADS, FILE = f"{SITE}/stub.html", f"{SITE}/leads.html", f"{SITE}/nb.docx"
TOTAL = "applications.new_received.total"


def url(name: str) -> str:
    """The address of a golden page."""
    return f"{SITE}/{name}.html"


@dataclass(frozen=True, slots=True)
class Page:
    """A document with what today's reader makes of it, and for a file the address of the page that links to it."""

    url: str
    body: bytes
    readings: Readings
    origin: Origin
    page: str | None = None


@cache
def pages() -> tuple[Page, ...]:
    """Five reports as pages, a page that is none, and one that only leads to its report in Word, which has no title."""
    found = [_page(url(name), (ROOT / "tests" / "golden" / f"{name}.html").read_bytes()) for name in GOLDEN]
    found.append(_page(STUB, "<html><body><p>网站首页</p><p>联系我们</p></body></html>".encode()))
    return (*found, *_attached())


def older(folder: Path, alter: Mapping[str, Alter], of: Iterable[Page] | None = None) -> Path:
    """An archive in which these addresses were read as `alter` has it, by an earlier reader."""
    path, ids = folder / "archive.db", dict[str | None, int]()
    with Archive.open(path) as archive:
        for page in pages() if of is None else of:
            exchange = Exchange(page.url, headers=(), body=page.body, fetched_at="2024-03-01T02:00:00Z")
            ids[page.url] = archive.keep(exchange, run_id=None, portal_id="p")
        with archive.together():
            for page in pages() if of is None else of:
                readings = alter[page.url](page.readings) if page.url in alter else page.readings
                origin = replace(page.origin, page_id=ids.get(page.page))
                stored = archive.file(ids[page.url], readings, origin, whole=True)
                is_report = any(one is not None and one.report_id for one in stored)
                outcome = "report" if is_report else "not_a_report"
                archive.note_page(page.url, portal_id="p", capture_id=ids[page.url], outcome=outcome, reason=None)
        archive.db.execute("UPDATE captures_read SET reader = ?", [EARLIER])
        archive.db.execute("UPDATE report_readings SET reader = ?", [EARLIER])
    return path


def asked(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql, values).fetchall()


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What researchers see, without ids, which tell the order in which it came."""
    return {
        "reports": asked(path, f"SELECT {_REPORTS} FROM reports ORDER BY agency, year, scope, revision"),
        "figures": asked(path, f"SELECT {_FIGURES} FROM figures ORDER BY agency, year, scope, figure"),
        "sections": asked(
            path,
            "SELECT a.name, r.year, s.position, s.heading, s.text FROM sections s JOIN report_revisions r"
            " USING (report_id) JOIN agencies a USING (agency_id) ORDER BY 1, 2, 3",
        ),
        "issues": asked(path, "SELECT agency, year, level, code, message, figure FROM open_issues ORDER BY 1, 2, 4, 5"),
        "panel": asked(path, "SELECT agency, year, scope, received FROM panel ORDER BY 1, 2, 3"),
        "pages": asked(path, "SELECT url, outcome FROM pages ORDER BY url"),
        "evidence": asked(
            path,
            "SELECT a.name, r.year, c.url, l.part, l.role FROM report_captures l JOIN captures c USING (capture_id)"
            " JOIN report_revisions r USING (report_id) JOIN agencies a USING (agency_id) ORDER BY 1, 2, 3, 4",
        ),
    }


def everything(path: Path, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    tables = [name for (name,) in asked(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = [name for name in tables if not name.startswith(("sections_search", "sqlite_")) and name not in without]
    return {name: sorted(asked(path, f"SELECT * FROM {name}"), key=repr) for name in kept}


def changes(path: Path, address: str) -> dict[str, tuple[str | None, str | None]]:
    """In what the reading of a document differs from the one before it."""
    rows = asked(
        path,
        "SELECT h.what, h.before, h.after FROM reading_changes h JOIN captures c USING (capture_id) WHERE c.url = ?",
        address,
    )
    return {what: (before, after) for what, before, after in rows}


# --- what an earlier reader may have made of a page


def titled(title: str) -> Alter:
    return lambda readings: tuple(replace(reading, title=title) for reading in readings)


def of_agency(agency: str) -> Alter:
    return lambda readings: tuple(replace(reading, agency=agency) for reading in readings)


def blind(figure: str) -> Alter:
    """It saw no number in a cell that has one."""

    def alter(readings: Readings) -> Readings:
        (reading,) = readings
        cells = tuple(
            replace(cell, value=None, state="unreadable") if cell.figure == figure else cell for cell in reading.cells
        )
        return (replace(reading, cells=cells),)

    return alter


def no_report(readings: Readings) -> Readings:
    return tuple(Reading(False, "no statement of the year", reading.part) for reading in readings)


def with_another_part(readings: Readings) -> Readings:
    """It took the end of the document for a second report."""
    (reading,) = readings
    return (reading, replace(reading, part=2, agency="青禾县审计局", year=2019))


def _page(address: str, body: bytes) -> Page:
    return Page(address, body, extract(Capture(body, address)), Origin("official", "p"))


def _attached() -> tuple[Page, Page]:
    fact = next(fact for fact in load() if fact.agency == "青禾县财政局" and fact.year == 2022)
    body = (
        f"<html><head><title>{fact.title}</title></head><body><h1>{fact.title}</h1>"
        '<p>附件：<a href="nb.docx">年度报告.docx</a></p></body></html>'
    ).encode()
    blocks = [block for block in report_blocks(fact) if isinstance(block, Table)]
    file = docx(blocks)
    origin = Origin("official", "p")
    read = extract(Capture(body, LEADS), origin.context)
    said = said_of(read[0], origin.context)
    inside = extract(Capture(file, FILE), said)
    return (
        Page(LEADS, body, named_by_files(read, [inside]), origin),
        Page(FILE, file, inside, replace(origin, role="attachment", context=said), LEADS),
    )


_REPORTS = "agency, agency_printed, year, scope, revision, is_current, form, title, trust, read_by, url, first_seen"
_FIGURES = "agency, year, scope, figure, value, unit, state, raw, flag"
