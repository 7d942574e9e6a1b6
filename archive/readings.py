"""Writing what the reader made of a report into the rows of one revision.

The revision row itself is the business of `revisions`; here are the cells, the narrative and the rest that hangs on it,
written so that the same reading leaves the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from sqlite_utils import Database

from archive.digests import Digests
from archive.errors import ArchiveError
from archive.issues import state_issues
from pipelines.model import FigureCell, Issue, Reading

Value = int | float | None


def reading_columns(reading: Reading, found: Digests) -> dict[str, object]:
    """The columns of `report_revisions` that tell what was read; those of key, time and origin are not among them."""
    text = reading.text
    return {
        "agency_printed": clean(reading.agency),
        "form": reading.form,
        "title": clean(reading.title),
        "read_by": reading.read_by,
        "evidence_agency": clean(reading.evidence.get("agency")),
        "evidence_year": clean(reading.evidence.get("year")),
        "evidence_scope": clean(reading.evidence.get("scope")),
        "encoding": text.encoding if text else None,
        "encoding_reason": text.reason if text else None,
        "script": text.script if text else None,
        "repairs": " ".join(text.repairs) if text else None,
        "cell_count": len(reading.cells),
        "content_digest": found.content,
        "figures_digest": found.figures,
        "reading_digest": found.reading,
    }


def write_reading(db: Database, report_id: int, reading: Reading) -> None:
    """Makes the rows below a revision those of this reading.

    Raises ArchiveError for a figure that no form has or that occurs twice, and for a number that SQLite cannot hold
    exactly.
    """
    for table in ("cells", "sections", "indicators", "attachments", "report_forms"):
        db.execute(f"DELETE FROM {table} WHERE report_id = ?", [report_id])
    _write_cells(db, report_id, reading.cells)
    db.conn.executemany(
        "INSERT INTO sections (report_id, position, number, heading, text) VALUES (?, ?, ?, ?, ?)",
        [(report_id, n, s.number, clean(s.heading), clean(s.text)) for n, s in enumerate(reading.sections, 1)],
    )
    db.conn.executemany(
        "INSERT INTO indicators VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (report_id, n, clean(i.label), clean(i.unit), clean(i.column), exact(i.value), clean(i.raw), i.where)
            for n, i in enumerate(reading.indicators, 1)
        ],
    )
    db.conn.executemany(
        "INSERT INTO attachments VALUES (?, ?, ?, ?)",
        [(report_id, n, clean(a.url), clean(a.label)) for n, a in enumerate(reading.attachments, 1)],
    )
    db.conn.executemany(
        "INSERT INTO report_forms VALUES (?, ?, ?)",
        [(report_id, block, form) for block, form in sorted(reading.forms.items())],
    )
    state_issues(db, report_id, "reader", [cleaned(issue) for issue in reading.issues])


def exact(value: Decimal | None) -> Value:
    """The number as SQLite holds it: whole ones as INTEGER, others as REAL. Raises ArchiveError if it would differ."""
    if value is None:
        return None
    if not value.is_finite():
        raise ArchiveError(f"not a number: {value}")
    if value == value.to_integral_value():
        whole = int(value)
        if not -(2**63) <= whole < 2**63:
            raise ArchiveError(f"too large a number: {whole}")
        return whole
    real = float(value)
    if Decimal(repr(real)) != value:
        raise ArchiveError(f"a number of more than 15 digits: {value}")
    return real


def clean(text: str | None) -> str | None:
    """Text that SQLite keeps and gives back whole: no lone surrogates, which it refuses, and no NUL, where it stops."""
    return text if text is None else re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def cleaned(issue: Issue) -> Issue:
    return Issue(issue.code, issue.level, clean(issue.message) or "", issue.figure, issue.figures)


def _write_cells(db: Database, report_id: int, cells: tuple[FigureCell, ...]) -> None:
    ids = _figure_ids(db) if cells else {}
    rows: dict[int, tuple[object, ...]] = {}
    for cell in cells:
        if cell.figure not in ids:
            raise ArchiveError(f"a figure that no form has: {cell.figure}")
        value = exact(cell.value)
        # The text of most cells is just the digits of the number; leaving it out halves the table.
        plain = str(value) if isinstance(value, int) else ""
        raw = None if cell.raw == plain else clean(cell.raw)
        state = None if cell.state == "number" else cell.state
        number = ids[cell.figure]
        if number in rows:
            raise ArchiveError(f"a figure that was read twice: {cell.figure}")
        rows[number] = (report_id, number, value, state, cell.unit, raw, clean(cell.where) or None)
    db.conn.executemany("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?, ?)", [rows[number] for number in sorted(rows)])


def _figure_ids(db: Database) -> Mapping[str, int]:
    return dict(db.execute("SELECT figure, figure_id FROM figure_definitions").fetchall())
