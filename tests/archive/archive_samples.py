"""Readings that are easy to vary, pages that say them, and questions to the archive, for its tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from archive.filing import Stored
from archive.schema.views import APPLICANTS
from archive.store import Archive
from archive.warc import Exchange
from pipelines.forms.definitions import load_forms
from pipelines.model import Attachment, FigureCell, Reading, Section, Text

FORMS = {block.id: "f2021" for block in load_forms()["f2021"].blocks}
AGENCY = "甘肃省兰州市城关区教育局"


def number(figure: str, value: int | str | Decimal, raw: str | None = None) -> FigureCell:
    return FigureCell(figure, Decimal(value), str(value) if raw is None else raw, "table 2, row 1, column 1", "number")


def requests(row: str, total: int) -> tuple[FigureCell, ...]:
    """A row of the table of applications in which all came from natural persons."""
    counts = dict.fromkeys(APPLICANTS, 0) | {"natural_person": total, "total": total}
    return tuple(number(f"applications.{row}.{name}", count) for name, count in counts.items())


def reading(
    received: int = 12, *, carried_in: int = 0, carried_out: int = 0, words: str = "总体情况", **changes: Any
) -> Reading:
    """A report of f2021 in which `received` natural persons asked for something."""
    cells = (
        *requests("new_received", received),
        *requests("carried_in", carried_in),
        *requests("carried_out", carried_out),
        FigureCell(
            "active_disclosure.administrative_fees.amount", Decimal("25.1"), "251000元", "table 1", "number", "元"
        ),
        FigureCell("active_disclosure.regulations.in_force", None, "/", "table 1", "slash"),
        FigureCell("active_disclosure.regulations.issued_this_year", None, "", "table 1", "blank"),
    )
    base = Reading(
        report=True,
        agency=AGENCY,
        year=2023,
        scope="own",
        evidence={"agency": "title", "year": "2023年", "scope": "本机关"},
        title="政府信息公开工作年度报告",
        form="f2021",
        forms=FORMS,
        read_by="html",
        cells=cells,
        sections=(Section(1, "一、总体情况", words),),
        attachments=(Attachment("https://www.example.gov.cn/a.pdf", "附件"),),
        text=Text("…", "utf-8", "declared", "simplified", repairs=("nbsp",)),
    )
    return replace(base, **changes)


def keep(archive: Archive, url: str, body: str, at: str = "2024-01-31T02:00:00Z") -> int:
    exchange = Exchange(
        url=url,
        request_headers=(("User-Agent", "gongkai"),),
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body.encode(),
        fetched_at=at,
    )
    return archive.keep(exchange, run_id=None, portal_id=None)


def visit(
    archive: Archive,
    read: Reading,
    url: str = "https://www.example.gov.cn/2023.html",
    at: str = "2024-01-31T02:00:00Z",
    body: str | None = None,
    **how: Any,
) -> Stored:
    """Fetches a page that is a function of what it says, and files it."""
    said = hashlib.sha256(repr(replace(read, issues=())).encode()).hexdigest() if body is None else body
    capture = keep(archive, url, said, at)
    return archive.store(read, capture, **{"trust": "official", "portal_id": "p", **how})


def dump(archive: Archive, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but those named; the search index is looked into in test_search."""
    kept = [name for name in archive.db.table_names() if not name.startswith("sections_search")]
    names = [name for name in kept if name not in without]
    return {name: sorted(archive.db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


def one(archive: Archive, sql: str, *parameters: object) -> tuple[Any, ...]:
    rows = archive.db.execute(sql, parameters).fetchall()
    assert len(rows) == 1, rows
    return tuple(rows[0])


def column(archive: Archive, sql: str, *parameters: object) -> list[Any]:
    return [row[0] for row in archive.db.execute(sql, parameters).fetchall()]


def facts(archive: Archive) -> Mapping[str, list[tuple[Any, ...]]]:
    """What the archive says, without the ids and moments that depend on the order in which it learnt it."""
    return {
        "reports": archive.db.execute(
            "SELECT agency, year, scope, revision, is_current, form, title, trust, read_by, review, url, first_seen,"
            " last_seen FROM reports ORDER BY agency, year, scope, revision"
        ).fetchall(),
        "figures": archive.db.execute(
            "SELECT agency, year, scope, figure, value, unit, state, raw, flag, url FROM figures ORDER BY agency, year,"
            " scope, figure"
        ).fetchall(),
        "issues": archive.db.execute("SELECT level, code, message, figure, agency, year FROM open_issues").fetchall(),
        "evidence": archive.db.execute(
            "SELECT DISTINCT c.url, l.role FROM report_captures l JOIN captures c USING (capture_id) ORDER BY 1, 2"
        ).fetchall(),
        "agencies": archive.db.execute("SELECT name, division_code, portal_id FROM agencies").fetchall(),
    }
