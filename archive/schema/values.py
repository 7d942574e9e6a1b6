"""The value tables: one for each statutory table, with one row a report and one column a figure.

That takes a tenth of the bytes of a row a figure, and a question to many figures of many reports reads each row once.
Columns are named as figures are, without their table (`"new_received.total"`), and follow the form files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from sqlite_utils import Database

from pipelines.forms.definitions import all_figures, load_forms

Value = int | float | None


@dataclass(frozen=True)
class ValueTable:
    """The table that holds the values of one statutory table."""

    form_table: str
    figures: Mapping[str, str]
    """Column by figure, totals first: what most questions are about is found without walking along the row."""
    forms: Mapping[str, str]
    """The column that holds the form of a block, by block."""

    @property
    def name(self) -> str:
        return f"{self.form_table}_values"

    @cached_property
    def insert(self) -> str:
        columns = [*self.forms.values(), *self.figures.values()]
        names = ", ".join(f'"{column}"' for column in columns)
        return f"INSERT INTO {self.name} (report_id, {names}) VALUES (?{', ?' * len(columns)})"

    @cached_property
    def select(self) -> str:
        names = ", ".join(f'"{column}"' for column in self.figures.values())
        return f"SELECT {names} FROM {self.name} WHERE report_id = ?"


@cache
def value_tables() -> dict[str, ValueTable]:
    """The value tables by statutory table, in printed order."""
    figures: dict[str, dict[str, str]] = {}
    for figure in sorted(all_figures().values(), key=lambda figure: figure.column != "total"):
        figures.setdefault(figure.table, {})[figure.id] = figure.id.removeprefix(f"{figure.table}.")
    blocks = {block.id: block.table for form in load_forms().values() for block in form.blocks}
    return {
        table: ValueTable(table, figures[table], {id_: form_column(id_) for id_ in blocks if blocks[id_] == table})
        for table in dict.fromkeys(blocks.values())
    }


@cache
def figures_of(blocks: frozenset[str]) -> frozenset[str]:
    """The figures that any form prints in one of these blocks; forms may group their rows otherwise."""
    found = (block for form in load_forms().values() for block in form.blocks if block.id in blocks)
    return frozenset(figure for block in found for figure in block.figures())


def form_column(block: str) -> str:
    """The column with the form of a block: `form` where the table is one block, else `art20_1.form` and so on."""
    _, _, part = block.partition(".")
    return f"{part}.form" if part else "form"


def make_tables(db: Database) -> None:
    """Makes the value tables that are missing, and the columns that newer form files bring."""
    for table in value_tables().values():
        columns = dict.fromkeys(table.forms.values(), "TEXT")
        # Whole or decimal as printed, so no type but ANY will do; numbers alone are smaller than ''.
        columns |= {column: f"ANY CHECK (\"{column}\" < '')" for column in table.figures.values()}
        if table.name not in db.table_names():
            lines = ",\n    ".join(f'"{name}" {kind}' for name, kind in columns.items())
            db.execute(
                f"CREATE TABLE {table.name} (\n"
                "    -- The values of a statutory table: a row a report, a column a figure; null: not given, or not"
                " printed.\n"
                "    report_id INTEGER PRIMARY KEY REFERENCES report_revisions ON DELETE CASCADE,\n"
                f"    {lines}\n) STRICT"
            )
            continue
        present = {column.name for column in db[table.name].columns}
        for name in columns.keys() - present:
            db.execute(f'ALTER TABLE {table.name} ADD COLUMN "{name}" {columns[name]}')


def write_values(db: Database, report_id: int, forms: Mapping[str, str], values: Mapping[str, Value]) -> None:
    """Writes the values of a report that has none: the forms of its blocks, and its figures by id."""
    for table in value_tables().values():
        printed = [forms.get(block) for block in table.forms]
        row = [values.get(figure) for figure in table.figures]
        if any(form is not None for form in printed) or any(value is not None for value in row):
            db.execute(table.insert, [report_id, *printed, *row])


def set_value(db: Database, report_id: int, figure: str, value: Value) -> None:
    """Makes one value of a report another."""
    table = value_tables()[figure.partition(".")[0]]
    db.execute(f"INSERT INTO {table.name} (report_id) VALUES (?) ON CONFLICT DO NOTHING", [report_id])
    db.execute(f'UPDATE {table.name} SET "{table.figures[figure]}" = ? WHERE report_id = ?', [value, report_id])


def values_of(db: Database, report_id: int) -> dict[str, int | float]:
    """The values of a report by figure, without the nulls."""
    found: dict[str, int | float] = {}
    for table in value_tables().values():
        row = db.execute(table.select, [report_id]).fetchone()
        if row is not None:
            pairs = zip(table.figures, row, strict=True)
            found.update((figure, value) for figure, value in pairs if value is not None)
    return found
