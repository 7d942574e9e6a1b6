"""Writing what the reader made of a report into the rows of one revision.

The revision row itself is the business of `revisions`; here are the cells, the narrative and the rest that hangs on it,
written so that the same reading leaves the same rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set
from decimal import Decimal
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from archive.digests import Digests
from archive.errors import ArchiveError
from archive.issues import state_issues
from archive.moments import now
from archive.places import encoded
from archive.review.decisions import take_up_decisions
from archive.review.judging import judged
from archive.review.settling import rule_codes
from archive.schema.values import Value, figures_of, value_tables, write_values
from archive.search import forget_sections, index_sections
from pipelines.model import FigureCell, Issue, Reading
from pipelines.version import reader_version


def revision_columns(reading: Reading) -> dict[str, object]:
    """The columns of `report_revisions` that tell what was read; those of key and origin are not among them."""
    return {"form": reading.form, "cell_count": len(reading.cells)}


def reading_columns(reading: Reading, found: Digests) -> dict[str, object]:
    """The columns of `report_readings` that tell what was read, and by whom; those of origin are not among them."""
    text = reading.text
    return {
        "reader": reader_version(),
        "read_at": now(),
        "agency_printed": clean(reading.agency),
        "title": clean(reading.title),
        "read_by": reading.read_by,
        "evidence_agency": clean(reading.evidence.get("agency")),
        "evidence_year": clean(reading.evidence.get("year")),
        "evidence_scope": clean(reading.evidence.get("scope")),
        "encoding": text.encoding if text else None,
        "encoding_reason": text.reason if text else None,
        "script": text.script if text else None,
        "repairs": " ".join(text.repairs) if text else None,
        "content_digest": found.content,
        "figures_digest": found.figures,
        "reading_digest": found.reading,
    }


def forget_reading(db: Database, report_id: int) -> None:
    """Takes the rows below a revision out, but for its issues, before those of another reading are written."""
    forget_sections(db, report_id)
    tables = ("cell_texts", "report_places", "sections", "indicators", "attachments", "corrections")
    for table in (*tables, *(values.name for values in value_tables().values())):
        db.execute(f"DELETE FROM {table} WHERE report_id = ?", [report_id])


def write_reading(db: Database, report_id: int, reading: Reading) -> None:
    """Writes the rows below a revision that has none, and takes up what people have decided about its figures.

    Raises ArchiveError for a figure that no form has or that occurs twice, and for a number that SQLite cannot hold
    exactly.
    """
    _write_cells(db, report_id, reading)
    db.conn.executemany(
        "INSERT INTO sections (report_id, position, number, heading, text) VALUES (?, ?, ?, ?, ?)",
        [(report_id, n, s.number, clean(s.heading), clean(s.text)) for n, s in enumerate(reading.sections, 1)],
    )
    index_sections(db, report_id)
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
    issues = [cleaned(issue) for issue in reading.issues]
    broken = [issue for issue in issues if issue.code in rule_codes()]
    corrected = take_up_decisions(db, report_id)
    state_issues(db, report_id, "reader", [issue for issue in issues if issue.code not in rule_codes()])
    state_issues(db, report_id, "rules", judged(db, report_id) if corrected else broken)


@lru_cache(maxsize=4096)
def exact(value: Decimal | None) -> Value:
    """The number as SQLite holds it: whole ones as INTEGER, others as REAL. Raises ArchiveError if it would differ."""
    if value is None:
        return None
    if not value.is_finite():
        raise ArchiveError(f"not a number: {value}")
    whole = int(value)
    if whole == value:
        if not -(2**63) <= whole < 2**63:
            raise ArchiveError(f"too large a number: {whole}")
        return whole
    real = float(value)
    if Decimal(repr(real)) != value:
        raise ArchiveError(f"a number of more than 15 digits: {value}")
    return real


def clean(text: str | None) -> str | None:
    """Text that SQLite keeps and gives back whole: no lone surrogates, which it refuses, and no NUL, where it stops."""
    return text if text is None or (text.isascii() and "\0" not in text) else _UNKEPT.sub("\ufffd", text)


_UNKEPT = re.compile("[\0\ud800-\udfff]")


def cleaned(issue: Issue) -> Issue:
    return Issue(issue.code, issue.level, clean(issue.message) or "", issue.figure, issue.figures)


def _write_cells(db: Database, report_id: int, reading: Reading) -> None:
    figures = {cell.figure for cell in reading.cells}
    ids = _figure_ids(db, figures)
    _refuse_odd(reading, figures, ids)
    numbers: dict[str, Value] = {}
    texts: list[tuple[int, int, str | None, str | None, str | None]] = []
    places: list[tuple[int, str]] = []
    for cell in reading.cells:
        figure_id, value = ids[cell.figure], exact(cell.value)
        numbers[cell.figure] = value
        text = _text_of(cell, value)
        if text is not None:
            texts.append((report_id, figure_id, *text))
        if cell.where:
            places.append((figure_id, clean(cell.where) or ""))
    write_values(db, report_id, reading.forms, numbers)
    db.conn.executemany("INSERT INTO cell_texts VALUES (?, ?, ?, ?, ?)", texts)
    if places:
        db.execute("INSERT INTO report_places VALUES (?, ?)", [report_id, encoded(places)])


def _refuse_odd(reading: Reading, figures: Set[str], ids: Mapping[str, int]) -> None:
    """Raises ArchiveError for cells that the value tables have no place for."""
    for figure in sorted(figures - ids.keys()):
        raise ArchiveError(f"a figure that no form has: {figure}")
    if len(figures) < len(reading.cells):
        seen = Counter(cell.figure for cell in reading.cells)
        raise ArchiveError(f"a figure that was read twice: {seen.most_common(1)[0][0]}")
    for figure in sorted(figures - figures_of(frozenset(reading.forms))):
        raise ArchiveError(f"a figure of a table whose form is not told: {figure}")


def _text_of(cell: FigureCell, value: Value) -> tuple[str | None, str | None, str | None] | None:
    """State, unit and printed text; None for the most of cells, whose text is just the digits of the number."""
    raw = None if cell.raw == (str(value) if isinstance(value, int) else "") else clean(cell.raw)
    state = None if cell.state == "number" else cell.state
    if raw is state is cell.unit is None and value is not None:
        return None
    return state, clean(cell.unit), raw


def _figure_ids(db: Database, wanted: Set[str]) -> Mapping[str, int]:
    """The ids of the figures, which never change; asked again when one is wanted that was not there the last time."""
    ids = _IDS.get(db, {})
    if not wanted <= ids.keys():
        ids = _IDS[db] = dict(db.execute("SELECT figure, figure_id FROM figure_definitions").fetchall())
    return ids


_IDS: WeakKeyDictionary[Database, dict[str, int]] = WeakKeyDictionary()
