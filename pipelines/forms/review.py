"""Table 4, 政府信息公开行政复议、行政诉讼情况: one row of fifteen cells, read by position.

The heads repeat three times and are often cut (结果 | 结果 | 其他 | 尚未), so they find the row but
cannot name the cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import ne

from pipelines.forms.blocks import BlockReading, parted, read_cell, said, unreadable_cells
from pipelines.forms.definitions import Block, load_forms
from pipelines.forms.fit import adds_up, edge, is_damaged
from pipelines.forms.review_heads import heads_around, heads_ends, is_result, verdict_of, with_whole_groups
from pipelines.forms.split import split_blocks
from pipelines.forms.stream import Line, may_be_value
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "review_litigation"
_WORDS = re.compile("[一-鿿]{2}")
_CELLS = 15
_WIDTH = 5
_WHY = "table 4 is the same in all forms; counted with the rest of the document"
_MOST_DIFFERENT, _FEWEST_ALIKE = 5, 3  # cells of a row that is another print of this one; zeros tell nothing
_FEWEST = 9  # cells of a row: those of table 3 have fewer values


def read_review(lines: Sequence[Line], form: str) -> list[BlockReading]:
    """The three blocks of table 4, all or none of which are printed."""
    blocks = [block for block in load_forms()[form].blocks if block.table == _TABLE]
    lines = [with_whole_groups(line) for line in lines]
    starts = list(heads_ends(lines))
    if not starts:
        return []
    said_by_heads = {verdict_of(heads_around(lines, *start), ruled=lines[start[0]].ruled) for start in starts}
    if "contradict" in said_by_heads:
        message = "the heads of table 4 stand in another order than the form's"
        return _lost_blocks(blocks, form, "heads_contradict", message)
    rows = [row for start in starts for row in _data_rows(lines, *start)]
    found = [(line, values) for line, values in rows if values]
    columns = [column for block in blocks for column in block.columns]
    if not found:
        return _lost_blocks(blocks, form, "row_unreadable", "table 4: no row of fifteen cells found")
    if len(found) < len(rows) or len({said(values, columns) for _, values in found}) > 1:
        return _lost_blocks(blocks, form, "row_ambiguous", f"table 4 is printed {len(rows)} times, differently")
    line, values = found[0]
    if _is_printed_otherwise(values, lines):
        message = "a row that says nearly the same stands without heads: table 4 is printed twice, differently"
        return _lost_blocks(blocks, form, "row_ambiguous", message)
    readings = []
    for number, block in enumerate(blocks):
        width = len(block.columns)
        printed = zip(block.figures(), block.columns, values[number * width : (number + 1) * width], strict=True)
        cells = [read_cell(figure, cell, line, column, None) for figure, column, cell in printed]
        issues = unreadable_cells(cells)
        if "incomplete" in said_by_heads:
            message = "not all heads of table 4 are printed: its cells are read by order alone"
            issues.append(Issue("head_unknown", "warning", message, cells[0].figure, block.figures()))
        readings.append(BlockReading(block.id, form, tuple(cells), tuple(issues), _WHY))
    return readings


def _is_printed_otherwise(values: Sequence[Cell], lines: Sequence[Line]) -> bool:
    """Whether another row of fifteen cells has most of these figures, but not all."""
    texts = [cell.text for cell in values]
    for line in lines:
        if len(line.cells) < _CELLS:
            continue
        for _, cells in groupby(line.cells, key=lambda cell: cell.row):
            other = [cell.text for cell in cells]
            if len(other) == _CELLS and 0 < sum(map(ne, other, texts)) <= _MOST_DIFFERENT:
                alike = {text for text, printed in zip(other, texts, strict=True) if text == printed}
                if len(alike - {"", "0"}) >= _FEWEST_ALIKE:
                    return True
    return False


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
        below = [line for line in lines if line.grid == _grid_below(lines, number)]
        if any(heads_ends(below)):  # of another's: there is nothing under these heads
            yield first, None
            return
        under = [line for line in below if _is_of_values(line)]
    heads = [line for line in lines if line.grid == first.grid and any(map(is_result, line.cells))]
    edges = {edge(line.cells) for line in heads}
    filled = [line for line in under if any(cell.text for cell in line.cells)]
    if filled and under[0] is not filled[0] and len(under[0].cells) == _CELLS:
        yield under[0], None  # this year's may be blank, and what stands under it last year's
    for line in filled or under[:1]:
        yield line, _fifteen(line.cells, edges, _leaf_columns(heads))


def _grid_below(lines: Sequence[Line], number: int) -> int | None:
    """The next table."""
    return next((line.grid for line in lines[number + 1 :] if line.grid != lines[number].grid), None)


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


def _leaf_columns(heads: Sequence[Line]) -> list[int]:
    """The grid columns of the fifteen heads of results, whole or cut."""
    return sorted({cell.column for line in heads for cell in line.cells if cell.colspan == 1 and is_result(cell)})


def _fifteen(cells: Sequence[Cell], edges: Collection[int], columns: Sequence[int]) -> list[Cell] | None:
    """Fifteen figures without a gap; with blanks among them only in a row that ends where the heads do.

    Then these are the cells right under the heads, if nothing else in the row is filled; where the heads are lost, its
    fifteen cells.
    """
    filled = [cell for cell in cells if cell.text]
    if is_damaged(cells) or (filled and _is_label(filled[0].text)):
        return None
    if _without_gap(cells):
        return filled
    if edge(cells) not in edges:
        return None
    at = {cell.column: cell for cell in cells if cell.colspan == 1}
    if not columns:
        return list(cells) if len(cells) == len(at) == _CELLS else None
    if len(columns) != _CELLS or any(column not in at for column in columns):
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
    parts = [chosen[n : n + _WIDTH] for n in range(0, _CELLS, _WIDTH)]
    proved = all(adds_up(part) or not any(cell.text for cell in part) for part in parts)
    return chosen if proved or len(filled) == _CELLS else None


def _without_gap(cells: Sequence[Cell]) -> bool:
    filled = [number for number, cell in enumerate(cells) if cell.text]
    return len(filled) == _CELLS and filled[-1] - filled[0] == _CELLS - 1


def _is_label(text: str) -> bool:
    """Whether a cell holds words, which a row of table 4 has none of: it is a row from elsewhere."""
    return bool(_WORDS.search(text)) and not may_be_value(text)


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
