"""An archive of text that hurts, and what comes back from each format, as rows of Python values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from archive_samples import FORMS, number, reading, requests, visit

from archive.export.cells import undone
from archive.publish.codebook import codebook
from archive.reading import open_for_reading
from archive.store import Archive
from pipelines.model import FigureCell

HOSTILE = (
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://example.org","点击")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "－1",
    "'=1",
    "''-",
    "-",
    "'",
    'say "yes", then\r\nno',
    "a;=1\tb",
    "line\u2028sep\u2029par\x85nel\x0bvt\x1cfs",
    "１２件\ufeff",
    "rare \U00020bb7 and 😀",
    "<script>alert(1)</script>",
    "' OR 1=1; DROP TABLE reports; --",
    "-5",
    "00012",
    "1e5",
    "NULL",
    "null",
    "NaN",
    "   ",
)
"""Titles of reports: what spreadsheets run, what breaks lines and quotes, what looks like something else."""


def hostile_archive(folder: Path) -> Path:
    """An archive with a report for each of the texts, as title and as printed text of a cell, and with odd numbers."""
    with Archive.open(folder / "archive.db") as archive:
        for n, text in enumerate(HOSTILE):
            odd = FigureCell("active_disclosure.normative_documents.in_force", None, text, "table 1", "word")
            cells = (*reading().cells, odd)
            visit(archive, reading(year=2000 + n, title=text, cells=cells), f"https://www.example.gov.cn/{n}")
        visit(archive, replace(odd_numbers(), title=None), "https://www.example.gov.cn/odd")
        visit(archive, reading(agency="江苏省云泽市“=1+1”局", scope=None), "https://www.example.gov.cn/scopeless")
        archive.db.execute("UPDATE agencies SET province = '江苏省', level = 'city' WHERE name LIKE '江苏%'")
    return folder / "archive.db"


def odd_numbers() -> Any:
    """A report with decimals, a negative, a count with a fraction, and the largest number that a double counts to."""
    cells = (
        *requests("new_received", 2**53),
        number("applications.carried_in.total", "2.5"),
        number("active_disclosure.administrative_licensing.change", -3),
        number("active_disclosure.administrative_fees.amount", Decimal("0.00001")),
        number("active_disclosure.central_procurement.procurement_amount", Decimal("123456789.1")),
    )
    forms = {**FORMS, "active_disclosure.art20_5": "f2019", "active_disclosure.art20_9": "f2019"}
    return reading(year=2040, form="mixed", forms=forms, cells=cells)


def stored(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a view or table, as SQLite has them."""
    db = open_for_reading(path)
    found = list(db[name].rows)
    db.close()
    return found


def from_csv(path: Path, name: str, *, exact: bool = False) -> list[dict[str, Any]]:
    """Rows of a CSV file: null where a field is empty and not quoted, apostrophes taken away, typed by the codebook."""
    text = path.read_bytes().decode("utf-8-sig")
    lines = [fields(line) for line in records(text)]
    head = [str(field) for field in lines[0]]
    columns = codebook()[name].columns
    found = []
    for line in lines[1:]:
        row: dict[str, Any] = {}
        for column, field in zip(head, line, strict=True):
            if field is None or columns[column].type in ("text", "moment", "date"):
                row[column] = field if field is None or exact else undone(field)
            else:
                row[column] = json.loads(field)
        found.append(row)
    return found


def records(text: str) -> list[str]:
    """The records of a CSV text: lines, but for those that end inside quotes."""
    found = re.findall(r'(?:"(?:[^"]|"")*"|[^"\n])+(?:\n|$)', text)
    assert "".join(found) == text
    return [record.removesuffix("\n").removesuffix("\r") for record in found]


def fields(record: str) -> list[str | None]:
    """The fields of a record; None for one that is empty and not quoted."""
    return [part[1:-1].replace('""', '"') if part.startswith('"') else part or None for part in split(record)]


def split(record: str) -> list[str]:
    """A record at the commas that stand outside quotes."""
    parts, inside = [""], False
    for character in record:
        inside ^= character == '"'
        if character == "," and not inside:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def as_text(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows in which null and empty text are the same, for formats that do not tell them apart."""
    return [{name: None if value == "" else value for name, value in row.items()} for row in rows]
