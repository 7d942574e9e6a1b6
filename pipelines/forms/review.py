"""Table 4, 政府信息公开行政复议、行政诉讼情况: one row of fifteen cells, read by position.

The heads repeat three times and are often cut (结果 | 结果 | 其他 | 尚未), so they find the row but
cannot name the cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from pipelines.forms.blocks import BlockReading, parted, read_cell, said, unreadable_cells
from pipelines.forms.column_heads import is_part_of, named_in
from pipelines.forms.definitions import Block, load_forms
from pipelines.forms.fit import adds_up, edge, is_damaged
from pipelines.forms.labels import label_key
from pipelines.forms.split import split_blocks
from pipelines.forms.stream import Line, may_be_value
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "review_litigation"
_CELLS = 15
_WHY = "table 4 is the same in all forms; counted with the rest of the document"
_HEAD_LINES = 6
_FEWEST = 9  # cells of a row: those of table 3 have fewer values
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_UPPER, _LOWER = frozenset(("结果", "其他", "尚未", "总")), frozenset(("维持", "纠正", "结果", "审结", "计"))
_LEAVES = frozenset((*_RESULTS, "结果", "其他", "尚未"))
_GROUPS = (("行政复议",), ("行政诉讼",), ("未经复议直接起诉", "未经复议直接诉讼"), ("复议后起诉", "复议后诉讼"))


def read_review(lines: Sequence[Line], form: str) -> list[BlockReading]:
    """The three blocks of table 4, all or none of which are printed."""
    blocks = [block for block in load_forms()[form].blocks if block.table == _TABLE]
    starts = list(_heads_ends(lines))
    if not starts:
        return []
    if not all(_in_order(_heads(lines, *start)) for start in starts):
        return _lost_blocks(
            blocks, form, "heads_contradict", "the heads of table 4 stand in another order than the form's"
        )
    rows = [row for start in starts for row in _data_rows(lines, *start)]
    found = [(line, values) for line, values in rows if values]
    columns = [column for block in blocks for column in block.columns]
    if not found:
        return _lost_blocks(blocks, form, "row_unreadable", "table 4: no row of fifteen cells found")
    if len(found) < len(rows) or len({said(values, columns) for _, values in found}) > 1:
        return _lost_blocks(blocks, form, "row_ambiguous", f"table 4 is printed {len(rows)} times, differently")
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
            if _GROUPS[-1][0][0] in cell.text and label_key(cell.text).startswith(_GROUPS[-1]):
                yield number, position + 1


def _heads(lines: Sequence[Line], number: int, position: int) -> list[Cell]:
    """The heads of table 4 around the end of the last group head: words from 行政复议 to the first value."""
    before = [cell for line in lines[max(0, number - _HEAD_LINES) : number] for cell in line.cells]
    before += lines[number].cells[:position]
    behind = [*lines[number].cells[position:]]
    behind += [cell for line in lines[number + 1 : number + _HEAD_LINES] for cell in line.cells]
    first = [n for n, cell in enumerate(before) if label_key(cell.text) == _GROUPS[0][0]]
    heads = before[first[-1] :] if first else before
    last = next((n for n, cell in enumerate(behind) if cell.text and looks_like_value(cell.text)), len(behind))
    return [*heads, *behind[:last]]


def _in_order(heads: Sequence[Cell]) -> bool:
    """Whether groups and results stand in the order in which the fifteen cells are read."""
    keys = [label_key(cell.text) for cell in heads]
    groups = [(n,) for key in keys for n, names in enumerate(_GROUPS) if key in names]
    paired = _paired(heads)
    results = [numbers for numbers, _ in named_in(paired, _RESULTS)]
    if any(label_key(cell.text) in _LOWER - _UPPER for cell in paired):
        results = [numbers for numbers in results if len(numbers) == 1]  # 结果 over or under another word
    return is_part_of(groups, range(len(_GROUPS))) and is_part_of(results, tuple(range(len(_RESULTS))) * 3)


def _paired(heads: Sequence[Cell]) -> list[Cell]:
    """Heads that stand in two lines put together: 结果 其他 over 维持 结果 is 结果维持, 其他结果."""
    lines: list[list[Cell]] = []
    for _, cells in groupby((cell for cell in heads if cell.text), key=lambda cell: cell.row):
        line = list(cells)
        open_ = [n for n, cell in enumerate(lines[-1]) if label_key(cell.text) in _UPPER] if lines else []
        if len(open_) == len(line) and all(label_key(cell.text) in _LOWER for cell in line):
            for number, cell in zip(open_, line, strict=True):
                lines[-1][number] = replace(lines[-1][number], text=lines[-1][number].text + cell.text)
        else:
            lines.append(line)
    return [cell for line in lines for cell in line]


def _data_rows(lines: Sequence[Line], number: int, position: int) -> Iterator[tuple[Line, list[Cell] | None]]:
    """The rows of figures under the heads, each with its fifteen cells, or with None where they cannot be told."""
    first = lines[number]
    if not first.ruled:
        values = _behind_heads(first.cells[position:])
        if values:
            yield first, _fifteen_of_text(values) or (_unglued(values) if first.glued else None)
        return
    under = [line for line in lines[number + 1 :] if line.grid == first.grid and _is_of_values(line)]
    if not under:
        below = next((line.grid for line in lines[number + 1 :] if line.grid != first.grid), None)
        under = [line for line in lines if line.grid == below and _is_of_values(line)]
    heads = [line for line in lines if line.grid == first.grid and any(map(_is_result, line.cells))]
    edges = {edge(line.cells) for line in heads}
    for line in [line for line in under if any(cell.text for cell in line.cells)] or under[:1]:
        yield line, _fifteen(line.cells, edges, _leaf_columns(heads))


def _behind_heads(rest: Sequence[Cell]) -> list[Cell]:
    """The cells of running text from the first value behind the heads to the next words on a line of their own."""
    begin = next((n for n, cell in enumerate(rest) if cell.text and looks_like_value(cell.text)), len(rest))
    values: list[Cell] = []
    for cell in rest[begin:]:
        if cell.text and not looks_like_value(cell.text) and (not values or cell.row != values[-1].row):
            break
        values.append(cell)
    return values


def _is_of_values(line: Line) -> bool:
    """Whether a row of a real table can be the one of fifteen figures: more values and blanks than words."""
    return sum(may_be_value(cell.text) for cell in line.cells) > _FEWEST


def _is_result(cell: Cell) -> bool:
    return label_key(cell.text) in _LEAVES


def _leaf_columns(heads: Sequence[Line]) -> list[int]:
    """The grid columns of the fifteen heads of results, whole or cut."""
    return sorted({cell.column for line in heads for cell in line.cells if cell.colspan == 1 and _is_result(cell)})


def _fifteen(cells: Sequence[Cell], edges: Collection[int], columns: Sequence[int]) -> list[Cell] | None:
    """Fifteen figures without a gap; with blanks among them only in a row that ends where the heads do.

    Then these are the cells right under the heads, if nothing else in the row is filled; where the heads are lost, its
    fifteen cells.
    """
    filled = [cell for cell in cells if cell.text]
    if is_damaged(cells):
        return None
    if _without_gap(cells):
        return filled
    if edge(cells) not in edges:
        return None
    at = {cell.column: cell for cell in cells if cell.colspan == 1}
    if len(columns) != _CELLS:
        return list(cells) if len(cells) == len(at) == _CELLS else None
    if any(column not in at for column in columns):
        return None
    chosen = [at[column] for column in columns]
    return chosen if sum(bool(cell.text) for cell in chosen) == len(filled) else None


def _fifteen_of_text(cells: Sequence[Cell]) -> list[Cell] | None:
    """Fifteen figures of running text without a gap; with blanks among them only if the totals prove them.

    The first and the last must be printed, for blanks at the ends may be padding.
    """
    filled = [number for number, cell in enumerate(cells) if cell.text]
    if not filled or filled[-1] + 1 - filled[0] != _CELLS:
        return None
    chosen = list(cells[filled[0] : filled[-1] + 1])
    parts = [chosen[n : n + len(_RESULTS)] for n in range(0, _CELLS, len(_RESULTS))]
    proved = all(adds_up(part) or not any(cell.text for cell in part) for part in parts)
    return chosen if proved or len(filled) == _CELLS else None


def _without_gap(cells: Sequence[Cell]) -> bool:
    filled = [number for number, cell in enumerate(cells) if cell.text]
    return len(filled) == _CELLS and filled[-1] - filled[0] == _CELLS - 1


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
