"""A reading for people and for other tools: one line of JSON, or the statutory tables as text."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tabulate import tabulate

from crawler.escaping import printable
from gongkai.extracting import Found
from pipelines.contract import as_object
from pipelines.forms.definitions import Block, load_forms
from pipelines.model import FigureCell, Reading

__all__ = ["as_line", "as_table", "printable"]

_MARKS = {"blank": "", "unreadable": "?"}


def as_line(found: Found) -> str:
    """The object of the contract on one line; `url` is added for a record out of a WARC file."""
    answer = as_object(found.reading, found.source)
    if found.url:
        answer["url"] = found.url
    return json.dumps(answer, ensure_ascii=False)


def as_table(found: Found) -> str:
    """Key, tables, and what there is to look at."""
    reading = found.reading
    if not reading.report:
        return printable(f"{found.source}: {reading.reason}\n")
    lines = [
        f"{reading.agency or '(agency unknown)'}  {reading.year or '(year unknown)'}  {reading.form or 'no tables'}",
        f"from {found.url or found.source}, read as {reading.read_by}",
        "",
    ]
    lines += _tables(reading)
    lines += [f"{issue.level}: {issue.code}: {issue.message}" for issue in reading.issues]
    return printable("\n".join(lines).rstrip() + "\n")


def _tables(reading: Reading) -> Iterable[str]:
    cells = {cell.figure: cell for cell in reading.cells}
    blocks = [
        block for form in load_forms().values() for block in form.blocks if reading.forms.get(block.id) == form.id
    ]
    for block in blocks:
        yield block.caption
        yield tabulate(
            _rows(block, cells), headers=["", *(column.text for column in block.columns)], disable_numparse=True
        )
        yield ""
    if reading.indicators:
        rows = [[i.label[:24], i.unit, i.column, i.raw] for i in reading.indicators]
        yield "other indicators"
        yield tabulate(rows, headers=["", "unit", "column", "printed"], disable_numparse=True)
        yield ""


def _rows(block: Block, cells: dict[str, FigureCell]) -> Iterable[list[str]]:
    for row in block.value_rows():
        label = f"{row.number} {row.text}" if row.number else row.text
        yield [label[:24], *(_shown(cells[block.figure(row, column)]) for column in block.columns)]


def _shown(cell: FigureCell) -> str:
    if cell.value is not None:
        return f"{cell.value:f}"
    return _MARKS.get(cell.state, cell.raw)
