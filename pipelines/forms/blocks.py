"""What the readers of the three tables have in common: one block with its cells, and how a cell becomes a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from pipelines.forms.definitions import Block, Kind, Label
from pipelines.forms.stream import LabelledRow, Line, where
from pipelines.forms.values import Value, read_value, representable
from pipelines.model import Cell, FigureCell, Issue, State


@dataclass(frozen=True, slots=True)
class BlockReading:
    """One printed block: its id, the form chosen for it, every figure of it, and the reading faults."""

    block: str
    form: str
    cells: tuple[FigureCell, ...]
    issues: tuple[Issue, ...] = ()
    why: str = ""
    """What decided for the form, in words for a person."""


def read_cell(figure: str, cell: Cell, place: LabelledRow | Line, column: Label, head_unit: str | None) -> FigureCell:
    """One cell as a figure; digits that are no single exact number give state `unreadable`."""
    number, state, unit = _figure_in(cell.text, column.kind, column.unit, head_unit)
    if not cell.legible:
        number, state = None, "unreadable"
    printed = cell.printed if cell.printed is not None else cell.text
    return FigureCell(figure, number, printed, where(cell, place), state, unit)


@lru_cache(maxsize=8192)
def _figure_in(
    text: str, kind: Kind, unit: str | None, head_unit: str | None
) -> tuple[Decimal | None, State, str | None]:
    """The number of a cell, its state and its unit; more digits than its readers keep are unreadable too."""
    value = read_value(text, kind, unit, head_unit)
    named = value.unit or (head_unit if value.state == "number" else None)
    if value.number is not None and not representable(value.number):
        return None, "unreadable", named
    return value.number, value.state, named


def said(cells: Sequence[Cell], columns: Sequence[Label]) -> tuple[Value, ...]:
    """What cells say, whatever remarks stand beside it: rows printed twice may differ in those."""
    return tuple(read_value(cell.text, column.kind, column.unit) for cell, column in zip(cells, columns, strict=True))


def cells_of_row(
    block: Block, row: Label, found: LabelledRow, values: Sequence[Cell], head_units: Sequence[str | None] = ()
) -> tuple[list[FigureCell], list[Issue]]:
    """The figures of one row whose cells are known."""
    units = head_units or [None] * len(block.columns)
    columns = zip(block.figures_of[row.id], values, block.columns, units, strict=True)
    cells = [read_cell(figure, cell, found, column, unit) for figure, cell, column, unit in columns]
    issues = unreadable_cells(cells)
    if not found.exact:
        message = f"the label {found.printed!r} was taken for {row.text!r}"
        issues.append(Issue("label_misprint", "info", message, cells[0].figure, tuple(c.figure for c in cells)))
    return cells, issues


def unreadable_cells(cells: Sequence[FigureCell]) -> list[Issue]:
    """One issue for each cell that has digits but is no single exact number."""
    return [
        Issue("cell_unreadable", "warning", f"{cell.where}: {cell.raw!r} is not one number", cell.figure)
        for cell in cells
        if cell.state == "unreadable"
    ]


def lost_row(
    block: Block, row: Label, code: str, message: str, place: str = ""
) -> tuple[list[FigureCell], list[Issue]]:
    """A row whose cells are not known: every figure null, one issue that names them all."""
    cells = [FigureCell(figure, None, "", place, "unreadable") for figure in block.figures_of[row.id]]
    return cells, [Issue(code, "warning", message, cells[0].figure, tuple(cell.figure for cell in cells))]


def lost_block(block: Block, form: str, code: str, message: str) -> BlockReading:
    """A block whose cells are not known: every figure null, one issue that names them all."""
    figures = block.figures()
    cells = tuple(FigureCell(figure, None, "", "", "unreadable") for figure in figures)
    return BlockReading(block.id, form, cells, (Issue(code, "warning", message, figures[0], figures),))


def parted(cells: Sequence[Cell], split: Sequence[str]) -> tuple[Cell, ...]:
    """The cells that glued digits were split into, all at the place of the first of them."""
    return tuple(replace(cells[0], text=text, printed=None) for text in split)


def ordered(block: Block, cells: Sequence[FigureCell]) -> tuple[FigureCell, ...]:
    """The cells in the order in which the form prints them."""
    return tuple(sorted(cells, key=lambda cell: block.places[cell.figure]))
