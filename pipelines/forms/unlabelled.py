"""Rows of a real table whose label is not printed: a page break or a careless merge has eaten the cell.

They are taken by their order between labelled neighbours, and only if every sum of the table then holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.forms.blocks import cells_of_row, lost_row
from pipelines.forms.definitions import Block, Label
from pipelines.forms.rules import column_sums_hold
from pipelines.forms.stream import LabelledRow, Line
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, FigureCell, Issue


def place_unlabelled(
    block: Block, missing: Sequence[Label], lines: Sequence[Line], rows: Sequence[LabelledRow], known: list[FigureCell]
) -> tuple[list[FigureCell], list[Issue]]:
    """The figures of the rows in `missing`: placed where that can be proved, else null with an issue."""
    cells: list[FigureCell] = []
    issues: list[Issue] = []
    for run in _runs(missing, block):
        placed = _between_neighbours(block, run, lines, rows)
        if placed and column_sums_hold([*known, *cells, *placed], block):
            cells += placed
            issues += [_placed(block, label) for label in run]
            continue
        for label in run:
            lost, faults = lost_row(block, label, "row_missing", f"{label.text}: no such row is printed")
            cells += lost
            issues += faults
    return cells, issues


def _runs(missing: Sequence[Label], block: Block) -> list[list[Label]]:
    """Missing rows grouped into runs of neighbours."""
    order = [label.id for label in block.value_rows()]
    runs: list[list[Label]] = []
    for label in missing:
        if runs and order.index(runs[-1][-1].id) + 1 == order.index(label.id):
            runs[-1].append(label)
        else:
            runs.append([label])
    return runs


def _between_neighbours(
    block: Block, run: list[Label], lines: Sequence[Line], rows: Sequence[LabelledRow]
) -> list[FigureCell]:
    """The rows of values without words between the labelled rows above and below, if they are as many as missing."""
    order = [label.id for label in block.value_rows()]
    at = {row.label.id: row.line for row in rows if row.ruled and not row.label.is_group}
    first, last = order.index(run[0].id), order.index(run[-1].id)
    above = at.get(order[first - 1]) if first else None
    below = at.get(order[last + 1]) if last + 1 < len(order) else None
    if above is None or below is None:
        return []
    labelled = {row.line for row in rows if not row.label.is_group or row.values}
    free = [n for n in range(above + 1, below) if n not in labelled and len(_values(lines[n])) == len(block.columns)]
    if len(free) != len(run):
        return []
    placed: list[FigureCell] = []
    for label, number in zip(run, free, strict=True):
        values = _values(lines[number])
        row = LabelledRow(label, True, number, lines[number].grid, True, "", values, ())
        placed += cells_of_row(block, label, row, values)[0]
    return placed


def _values(line: Line) -> tuple[Cell, ...]:
    """The value cells of a row that has no words."""
    cells = tuple(cell for cell in line.cells if cell.text)
    return cells if all(looks_like_value(cell.text) for cell in cells) else ()


def _placed(block: Block, label: Label) -> Issue:
    figures = tuple(block.figure(label, column) for column in block.columns)
    message = f"{label.text}: the label is not printed; the row was placed by order and by the sums"
    return Issue("row_placed_by_sums", "info", message, figures[0], figures)
