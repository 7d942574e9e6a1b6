"""The sum rules of the forms over the values that count: what the reader judged at first, once somebody has corrected.

A report is judged by the rules of the forms that its blocks are printed in, exactly as the reader does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlite_utils import Database

from archive.schema.values import value_tables, values_of
from pipelines.forms.rules import judge
from pipelines.model import FigureCell, Issue


def judged(db: Database, report_id: int) -> tuple[Issue, ...]:
    """The rules that the values of a report break."""
    values = decimals(values_of(db, report_id))
    cells = [FigureCell(figure, value, "", "", "number") for figure, value in values.items()]
    return judge(cells, forms_of(db, report_id), agency_of(db, report_id))


def agency_of(db: Database, report_id: int) -> str | None:
    """The name that the report prints: some rules go by what its kind of body may do."""
    row = db.execute("SELECT agency_printed FROM report_readings WHERE report_id = ?", [report_id]).fetchone()
    return row[0] if row else None


def forms_of(db: Database, report_id: int) -> dict[str, str]:
    """The form of each printed block of a report."""
    found: dict[str, str] = {}
    for table in value_tables().values():
        names = ", ".join(f'"{column}"' for column in table.forms.values())
        row = db.execute(f"SELECT {names} FROM {table.name} WHERE report_id = ?", [report_id]).fetchone()
        if row is not None:
            found |= {block: form for block, form in zip(table.forms, row, strict=True) if form is not None}
    return found


def decimals(values: Mapping[str, int | float]) -> dict[str, Decimal]:
    """The numbers as they were printed: the shortest decimal of a REAL is the one that was stored."""
    return {figure: Decimal(repr(value)) for figure, value in values.items()}
