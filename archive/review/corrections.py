"""Putting what a person says in the place of what was read, so that both are kept and either can be had.

The value tables hold what counts; while a correction is in force, `corrections` holds what was read, and `cell_texts`
the printed text, which can then no longer be told from the value.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from archive.schema.values import Value, set_value, values_of


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed cell: its text, what was read from it, and how the text looks (`number`, `blank`, …)."""

    raw: str
    value: Value
    state: str
    unit: str | None


def readings_of(db: Database, report_id: int) -> dict[str, int | float]:
    """What was read of a report by figure, without the nulls, whatever people have put in its place."""
    found = values_of(db, report_id)
    for figure, value in db.execute(_CORRECTED, [report_id]).fetchall():
        found.pop(figure, None)
        if value is not None:
            found[figure] = value
    return found


def printed_cells(db: Database, report_id: int) -> dict[str, Printed]:
    """The printed cells of a report by figure."""
    found = {
        figure: Printed(digits(value), value, "number", None) for figure, value in readings_of(db, report_id).items()
    }
    for figure, state, unit, raw in db.execute(_TEXTS, [report_id]).fetchall():
        value = found[figure].value if figure in found else None
        found[figure] = Printed(digits(value) if raw is None else raw, value, state or "number", unit)
    return found


def correct(db: Database, report_id: int, figure_id: int, figure: str, value: Value, decision_id: int) -> None:
    """Makes `value` count for a cell that was read otherwise; one correction after the other keeps the reading."""
    restore(db, report_id, figure_id, figure)
    read = readings_of(db, report_id).get(figure)
    where = [report_id, figure_id]
    db.execute("INSERT INTO corrections VALUES (?, ?, ?, ?)", [*where, read, decision_id])
    db.execute("INSERT INTO cell_texts (report_id, figure_id) VALUES (?, ?) ON CONFLICT DO NOTHING", where)
    db.execute(f"UPDATE cell_texts SET raw = ? WHERE {_CELL} AND raw IS NULL", [digits(read), *where])
    set_value(db, report_id, figure, value)


def restore(db: Database, report_id: int, figure_id: int, figure: str) -> bool:
    """Makes what was read count again; tells whether something else did."""
    where = [report_id, figure_id]
    row = db.execute(f"SELECT read_value FROM corrections WHERE {_CELL}", where).fetchone()
    if row is None:
        return False
    (read,) = row
    db.execute(f"DELETE FROM corrections WHERE {_CELL}", where)
    db.execute(f"UPDATE cell_texts SET raw = NULL WHERE {_CELL} AND raw = ?", [*where, _unkept(read)])
    db.execute(f"DELETE FROM cell_texts WHERE {_CELL} AND coalesce(state, unit, raw) IS NULL", where)
    set_value(db, report_id, figure, read)
    return True


def digits(value: Value) -> str:
    """A number as text; '' where there is none."""
    return "" if value is None else str(value)


def _unkept(value: Value) -> str:
    """The printed text that is not kept beside a value, since it can be told from it."""
    return "" if isinstance(value, float) else digits(value)


_CELL = "report_id = ? AND figure_id = ?"
_CORRECTED = """
SELECT d.figure, c.read_value FROM corrections c JOIN figure_definitions d ON d.figure_id = c.figure_id
WHERE c.report_id = ?
"""
_TEXTS = """
SELECT d.figure, x.state, x.unit, x.raw FROM cell_texts x JOIN figure_definitions d ON d.figure_id = x.figure_id
WHERE x.report_id = ?
"""
