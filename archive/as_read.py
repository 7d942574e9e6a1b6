"""A stored reading as the reader gave it: what a later reading is compared with.

All of it is there but the text itself, and the order of issues, of which the archive keeps none. What people have put
in the place of a figure is not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from archive.places import decoded
from archive.review.corrections import printed_cells
from archive.review.judging import forms_of
from archive.schema.values import Value
from pipelines.model import Attachment, FigureCell, Indicator, Issue, Reading, Section, State, Text


def as_read(db: Database, report_id: int) -> Reading:
    """What was read of a revision. Sum rules that people have had judged anew by a correction are left out."""
    row = next(iter(db.query(_READING, [report_id])))
    # A scope without words that prove it was filled in from another reading of the report.
    scope = row["scope"] if row["evidence_scope"] is not None else None
    return Reading(
        report=True,
        part=row["part"],
        agency=row["agency_printed"],
        year=row["year"],
        scope=scope,
        evidence={name: row[f"evidence_{name}"] for name in ("agency", "year", "scope")},
        title=row["title"],
        form=row["form"],
        forms=forms_of(db, report_id),
        read_by=row["read_by"],
        cells=_cells(db, report_id),
        indicators=_indicators(db, report_id),
        attachments=tuple(Attachment(*found) for found in db.execute(_ATTACHMENTS, [report_id]).fetchall()),
        issues=_issues(db, report_id),
        sections=tuple(Section(*found) for found in db.execute(_SECTIONS, [report_id]).fetchall()),
        text=_text(row),
    )


def is_corrected(db: Database, report_id: int) -> bool:
    """Whether people have put something in the place of a figure, so that its sums are no longer the reader's."""
    return db.execute("SELECT 1 FROM corrections WHERE report_id = ? LIMIT 1", [report_id]).fetchone() is not None


def _text(row: dict[str, Any]) -> Text | None:
    if row["encoding"] is None:
        return None
    repairs = tuple((row["repairs"] or "").split())
    return Text("", row["encoding"], row["encoding_reason"] or "", row["script"] or "none", repairs=repairs)


def _cells(db: Database, report_id: int) -> tuple[FigureCell, ...]:
    numbers = dict(db.execute("SELECT figure, figure_id FROM figure_definitions").fetchall())
    encoded = db.execute("SELECT places FROM report_places WHERE report_id = ?", [report_id]).fetchone()
    places = _places(encoded[0]) if encoded else {}
    found = []
    for figure, cell in printed_cells(db, report_id).items():
        state: State = cell.state  # type: ignore[assignment]
        where = places.get(numbers[figure], "")
        found.append(FigureCell(figure, _decimal(cell.value), cell.raw, where, state, cell.unit))
    return tuple(found)


@lru_cache(maxsize=512)  # a site prints its tables in one way year after year
def _places(text: str) -> Mapping[int, str]:
    return decoded(text)


def _indicators(db: Database, report_id: int) -> tuple[Indicator, ...]:
    rows = db.execute(_INDICATORS, [report_id]).fetchall()
    return tuple(Indicator(label, unit, head, _decimal(value), *rest) for label, unit, head, value, *rest in rows)


def _issues(db: Database, report_id: int) -> tuple[Issue, ...]:
    figures: dict[int, list[str]] = {}
    for issue_id, figure in db.execute(_CONCERNED, [report_id]).fetchall():
        figures.setdefault(issue_id, []).append(figure)
    origins = ("reader",) if is_corrected(db, report_id) else ("reader", "rules")
    rows = db.execute(_ISSUES, [report_id]).fetchall()
    return tuple(
        Issue(code, level, message, figure, tuple(figures.get(issue_id, ())))
        for issue_id, origin, code, level, message, figure in rows
        if origin in origins
    )


def _decimal(value: Value) -> Decimal | None:
    """The number as it was printed: the shortest decimal of a REAL is the one that was stored."""
    return None if value is None else Decimal(repr(value))


_READING = """
SELECT r.year, r.scope, r.form, r.part, t.* FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id
WHERE r.report_id = ?
"""
_ATTACHMENTS = "SELECT url, label FROM attachments WHERE report_id = ? ORDER BY position"
_SECTIONS = "SELECT number, heading, text FROM sections WHERE report_id = ? ORDER BY position"
_INDICATORS = (
    "SELECT label, unit, column_label, value, raw, place FROM indicators WHERE report_id = ? ORDER BY position"
)
_ISSUES = "SELECT issue_id, origin, code, level, message, figure FROM issues WHERE report_id = ? ORDER BY issue_id"
_CONCERNED = (
    "SELECT f.issue_id, d.figure FROM issue_figures f JOIN figure_definitions d USING (figure_id)"
    " WHERE f.report_id = ? ORDER BY f.figure_id"
)
