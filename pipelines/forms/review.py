"""Table 4, 政府信息公开行政复议、行政诉讼情况: one row of fifteen cells, read by position.

The heads repeat three times and are often cut (结果 | 结果 | 其他 | 尚未), so they find the row but
cannot name the cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.forms.blocks import BlockReading, read_cell
from pipelines.forms.definitions import Block, load_forms
from pipelines.forms.labels import label_key
from pipelines.forms.stream import Line
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "review_litigation"
_CELLS = 15


def read_review(lines: Sequence[Line], form: str) -> list[BlockReading]:
    """The three blocks of table 4, all or none of which are printed."""
    blocks = [block for block in load_forms()[form].blocks if block.table == _TABLE]
    start = _heads_end(lines)
    if start is None:
        return []
    found = _data_row(lines, *start)
    if found is None:
        lost = [_lost(block, form) for block in blocks]
        figures = tuple(cell.figure for reading in lost for cell in reading.cells)
        issue = Issue("row_unreadable", "warning", "table 4: no row of fifteen cells found", figures[0], figures)
        return [BlockReading(lost[0].block, form, lost[0].cells, (issue,)), *lost[1:]]
    line, values = found
    readings = []
    for number, block in enumerate(blocks):
        width = len(block.columns)
        cells = [
            read_cell(figure, cell, line, column, None)
            for figure, column, cell in zip(
                block.figures(), block.columns, values[number * width : (number + 1) * width], strict=True
            )
        ]
        readings.append(BlockReading(block.id, form, tuple(cells), tuple(_unreadable(cells))))
    return readings


def _heads_end(lines: Sequence[Line]) -> tuple[int, int] | None:
    """(line, cell) just behind the last head of table 4: the words 复议后起诉 and the result heads under them."""
    for number, line in enumerate(lines):
        for position, cell in enumerate(line.cells):
            key = label_key(cell.text)
            if key in ("复议后起诉", "复议后诉讼", "复議后起訴") or key.startswith("复议后起诉"):
                return number, position + 1
    return None


def _data_row(lines: Sequence[Line], number: int, position: int) -> tuple[Line, list[Cell]] | None:
    """The first cells behind the heads that are fifteen values."""
    first = lines[number]
    if not first.ruled:
        rest = list(first.cells[position:])
        first_value = next((n for n, cell in enumerate(rest) if cell.text and looks_like_value(cell.text)), None)
        if first_value is None:
            return None
        heads = [n for n, cell in enumerate(rest[:first_value]) if cell.text]
        values = _until_words(rest[heads[-1] + 1 if heads else 0 :])
        chosen = _fifteen(values)
        return (first, chosen) if chosen else None
    for line in lines[number + 1 : number + 6]:
        cells = list(line.cells)
        if line.grid - first.grid > 1:
            break
        if any(cell.text for cell in cells) and not all(looks_like_value(cell.text) for cell in cells):
            continue
        chosen = _fifteen(cells)
        if chosen:
            return line, chosen
    return None


def _until_words(cells: list[Cell]) -> list[Cell]:
    values = []
    for cell in cells:
        if not looks_like_value(cell.text):
            break
        values.append(cell)
    return values


def _fifteen(cells: list[Cell]) -> list[Cell] | None:
    if len(cells) == _CELLS:
        return cells
    filled = [number for number, cell in enumerate(cells) if cell.text]
    if len(filled) == _CELLS and filled[-1] - filled[0] == _CELLS - 1:
        return cells[filled[0] : filled[-1] + 1]
    return None


def _lost(block: Block, form: str) -> BlockReading:
    cells = tuple(FigureCell(figure, None, "", "table 4", "unreadable") for figure in block.figures())
    return BlockReading(block.id, form, cells)


def _unreadable(cells: Sequence[FigureCell]) -> list[Issue]:
    return [
        Issue("cell_unreadable", "warning", f"{cell.where}: {cell.raw!r} is not one number", cell.figure)
        for cell in cells
        if cell.state == "unreadable"
    ]
