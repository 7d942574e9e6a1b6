"""Table 4, 政府信息公开行政复议、行政诉讼情况: one row of fifteen cells, read by position.

The heads repeat three times and are often cut (结果 | 结果 | 其他 | 尚未), so they find the row but
cannot name the cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.forms.blocks import BlockReading, parted, read_cell, unreadable_cells
from pipelines.forms.definitions import Block, load_forms
from pipelines.forms.labels import label_key
from pipelines.forms.split import split_blocks
from pipelines.forms.stream import Line
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "review_litigation"
_CELLS = 15
_WHY = "table 4 is the same in all forms; counted with the rest of the document"
_LEAVES = frozenset(("结果维持", "结果纠正", "其他结果", "尚未审结", "总计", "结果", "其他", "尚未"))
_LAST_GROUP = ("复议后起诉", "复议后诉讼")


def read_review(lines: Sequence[Line], form: str) -> list[BlockReading]:
    """The three blocks of table 4, all or none of which are printed."""
    blocks = [block for block in load_forms()[form].blocks if block.table == _TABLE]
    starts = list(_heads_ends(lines))
    found = [row for start in starts if (row := _data_row(lines, *start)) is not None]
    if not starts:
        return []
    if not found:
        return _lost_blocks(blocks, form, "row_unreadable", "table 4: no row of fifteen cells found")
    unread = len(found) < len(starts) and not all(line.ruled for line, _ in found)
    if unread or len({tuple(cell.text for cell in values) for _, values in found}) > 1:
        return _lost_blocks(blocks, form, "row_ambiguous", f"table 4 is printed {len(starts)} times, differently")
    line, values = found[0]
    readings = []
    for number, block in enumerate(blocks):
        width = len(block.columns)
        cells = [
            read_cell(figure, cell, line, column, None)
            for figure, column, cell in zip(
                block.figures(), block.columns, values[number * width : (number + 1) * width], strict=True
            )
        ]
        readings.append(BlockReading(block.id, form, tuple(cells), tuple(unreadable_cells(cells)), _WHY))
    return readings


def _heads_ends(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """(line, cell) just behind the words 复议后起诉, the last group head of table 4, wherever they are printed."""
    for number, line in enumerate(lines):
        for position, cell in enumerate(line.cells):
            if label_key(cell.text).startswith(_LAST_GROUP):
                yield number, position + 1


def _data_row(lines: Sequence[Line], number: int, position: int) -> tuple[Line, list[Cell]] | None:
    """The fifteen cells behind the heads."""
    first = lines[number]
    if not first.ruled:
        rest = list(first.cells[position:])
        begin = next((n for n, cell in enumerate(rest) if cell.text and looks_like_value(cell.text)), None)
        if begin is None:
            return None
        heads = [n for n, cell in enumerate(rest[:begin]) if cell.text]
        values = _of_one_row(rest[heads[-1] + 1 if heads else 0 :])
        chosen = _fifteen(values) or (_unglued(values) if first.glued else None)
        return (first, chosen) if chosen else None
    leaves = _leaf_columns(lines, first.grid)
    for line in lines[number + 1 : number + 6]:
        cells = list(line.cells)
        if line.grid - first.grid > 1:
            break
        if any(cell.text for cell in cells) and not any(looks_like_value(cell.text) for cell in cells if cell.text):
            continue
        chosen = _fifteen(cells) or _under(cells, leaves)
        if chosen:
            return line, chosen
    return None


def _of_one_row(cells: list[Cell]) -> list[Cell]:
    """The cells up to words on a line of their own; a line of fifteen cells may hold one that cannot be read."""
    values: list[Cell] = []
    for cell in cells:
        if cell.text and not looks_like_value(cell.text) and (not values or cell.row != values[-1].row):
            break
        values.append(cell)
    return values


def _leaf_columns(lines: Sequence[Line], grid: int) -> list[int]:
    """The grid columns of the fifteen heads of results, whole or cut."""
    cells = [cell for line in lines if line.grid == grid for cell in line.cells if cell.colspan == 1]
    return sorted({cell.column for cell in cells if label_key(cell.text) in _LEAVES})


def _under(cells: list[Cell], columns: list[int]) -> list[Cell] | None:
    """The cells right under the heads, if these are fifteen and nothing else in the row is filled."""
    at = {cell.column: cell for cell in cells}
    if len(columns) != _CELLS or any(column not in at for column in columns):
        return None
    chosen = [at[column] for column in columns]
    return chosen if sum(bool(cell.text) for cell in chosen) == sum(bool(cell.text) for cell in cells) else None


def _fifteen(cells: list[Cell]) -> list[Cell] | None:
    """Fifteen cells, or fifteen filled ones without a gap among padding."""
    filled = [number for number, cell in enumerate(cells) if cell.text]
    if len(filled) == _CELLS and filled[-1] - filled[0] == _CELLS - 1:
        return cells[filled[0] : filled[-1] + 1]
    return cells if len(cells) == _CELLS else None


def _unglued(cells: list[Cell]) -> list[Cell] | None:
    """Fifteen cells out of glued digits, where the three sums of the row leave one way to part them."""
    filled = [cell for cell in cells if cell.text]
    split = split_blocks([cell.text for cell in filled], 3, 5)
    return list(parted(filled, split)) if split else None


def _lost_blocks(blocks: Sequence[Block], form: str, code: str, message: str) -> list[BlockReading]:
    """All three blocks null, one issue that names every cell."""
    lost = [
        tuple(FigureCell(figure, None, "", "table 4", "unreadable") for figure in block.figures()) for block in blocks
    ]
    figures = tuple(cell.figure for cells in lost for cell in cells)
    issues = (Issue(code, "warning", message, figures[0], figures),)
    return [
        BlockReading(block.id, form, cells, issues if number == 0 else ())
        for number, (block, cells) in enumerate(zip(blocks, lost, strict=True))
    ]
