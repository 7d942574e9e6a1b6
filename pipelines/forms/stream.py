"""All tables of a document as one stream of lines, and the labelled rows found in it.

A page break closes a table and opens another in mid-form, some pages put three forms into one table, and flattened text
has no rows at all. So the forms are looked for in the stream of all cells, and only two facts bind: the order of the
cells, and, where the source has real rows, that a row's values stand in its row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from pipelines.forms.definitions import Label, load_forms
from pipelines.forms.labels import LabelIndex, Match, label_key
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Grid

_MOST_PIECES = 4
_FEWEST_SERIALS = 6
_Hit = tuple[int, int, Match]
"""Where a label begins and where it ends, in cells, and which it is."""
# What a table says in words where it has no number.
_WORD_FOR_NONE = re.compile(
    r"^(?:无|没有|不涉及|不适用|未.{1,8}|本(?:单位|机关|局|镇|乡|街道|部门).{0,12}|[〇零一二三四五六七八九十百]+)$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a ruled grid, or a whole unruled grid; `glued` when its cells had run together in the source."""

    grid: int
    ruled: bool
    cells: tuple[Cell, ...]
    glued: bool = False
    words: tuple[int, ...] = field(init=False)
    """Where a label can begin: most cells hold a plain number or nothing."""

    def __post_init__(self) -> None:
        words = [n for n, cell in enumerate(self.cells) if cell.text and not cell.text.isdecimal()]
        object.__setattr__(self, "words", tuple(words))


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A form row found in the stream, with the cells between its label and whatever comes next."""

    label: Label
    exact: bool
    line: int
    grid: int
    ruled: bool
    printed: str
    values: tuple[Cell, ...]
    before: tuple[Cell, ...]
    """Cells between the row before (in this line, or in lines without labels above) and this label: heads, groups."""
    glued: bool = False
    is_doubtful: bool = False
    """Whether nothing tells that the values are those of this label: others stand in its cell, or blanks were lost
    and a page number may stand in for one."""
    filled: tuple[int, ...] = field(init=False)
    """Which of the values are not blank."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "filled", filled_among(self.values))


def filled_among(cells: Sequence[Cell]) -> tuple[int, ...]:
    """Which of some cells are not blank."""
    return tuple([number for number, cell in enumerate(cells) if cell.text])


def lines_of(grids: list[Grid]) -> list[Line]:
    """The stream: ruled grids row by row, unruled ones as one line each."""
    lines = []
    for grid in grids:
        if grid.ruled:
            lines += [Line(grid.number, True, row) for row in grid.rows if row]
        else:
            lines.append(Line(grid.number, False, tuple(cell for row in grid.rows for cell in row)))
    return lines


def where(cell: Cell, line: Line | LabelledRow) -> str:
    """The place of a cell for a person: in the table, or in the lines of a text."""
    if line.ruled:
        return f"table {line.grid}, row {cell.row + 1}, column {cell.column + 1}"
    return f"line {cell.row + 1}, cell {cell.column + 1}"


def labelled_rows(lines: list[Line], index: LabelIndex) -> list[LabelledRow]:
    """Every place where one of the labels is printed, in order, with the cells that follow it."""
    rows = []
    pending: list[Cell] = []
    for number, given in enumerate(lines):
        line = given if given.ruled or given.glued else _with_whole_label(given, index)
        hits = _hits(line, index) if line.words else []
        shared = [] if hits or not line.ruled else _several(line, index)
        hits = hits or shared
        if not hits:
            pending += line.cells
            continue
        for position, (start, end, match) in enumerate(hits):
            previous = hits[position - 1][1] if position else 0
            before = (*pending, *line.cells[previous:start]) if position == 0 else line.cells[previous:start]
            following = next((begin for begin, *_ in hits[position + 1 :] if begin > start), len(line.cells))
            printed = "".join(cell.text for cell in line.cells[start:end])
            behind = line.cells[end:following]
            values = behind if line.ruled else _up_to_words(behind, glued=line.glued)
            rows.append(
                LabelledRow(
                    match.label,
                    match.exact,
                    number,
                    line.grid,
                    line.ruled,
                    printed,
                    values,
                    tuple(before),
                    line.glued,
                    bool(shared),
                )
            )
        pending = []
    return _without_serial_numbers(rows)


def _with_whole_label(line: Line, index: LabelIndex) -> Line:
    """Running text of a printed page: a label whose lines stand above and below its figures is put in front of them."""
    cells = list(line.cells)
    words = [n for n, cell in enumerate(cells) if cell.text and not looks_like_value(cell.text)]
    for first, second in reversed(list(pairwise(words))):
        upper, lower = cells[first], cells[second]
        if second - first > 1 and _is_cut(upper.text, lower.text, index):
            above = index.exactly(cells[first - 1].text) if first else None
            if above and not above.label.is_group:
                continue  # the figures may be those of another row, which the lines of this one have run into
            cells[first] = replace(upper, text=upper.text + lower.text, printed=None)
            del cells[second]
    return replace(line, cells=tuple(cells)) if len(cells) < len(line.cells) else line


def _is_cut(upper: str, lower: str, index: LabelIndex) -> bool:
    """Whether two texts are a label only together."""
    whole = index.exactly(upper + lower)
    return whole is not None and not (index.exactly(upper) or index.exactly(lower))


def _up_to_words(cells: tuple[Cell, ...], *, glued: bool) -> tuple[Cell, ...]:
    """Of the cells behind a label in running text, those that can be its values.

    A head or a caption ends them, and so do other words on a line of their own; within the line of the values, or run
    together with them, such words are a cell that cannot be read.
    """
    for number, cell in enumerate(cells):
        if may_be_value(cell.text):
            continue
        apart = (number == 0 and not glued) or cell.row != cells[max(0, number - 1)].row
        if apart or _is_head(cell.text):
            return cells[:number]
    return cells


def may_be_value(text: str) -> bool:
    """Whether a cell can be one of values: blank, a number, a mark, or words where there is no number."""
    return not text or looks_like_value(text) or bool(_WORD_FOR_NONE.match(text))


def _is_head(text: str) -> bool:
    key = label_key(text)
    return key in _head_keys() or key.startswith("第二十条")


@cache
def _head_keys() -> frozenset[str]:
    columns = (column for form in load_forms().values() for block in form.blocks for column in block.columns)
    groups = ("信息内容", "申请人情况", "法人或其他组织", "行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉")
    return frozenset(key for column in columns for key in column.keys) | frozenset(groups)


def _without_serial_numbers(rows: list[LabelledRow]) -> list[LabelledRow]:
    """Running text with a column of serial numbers: the number in front of each row trails the row before it.

    It is taken off only where the last cells of all rows but the final one count up by one.
    """
    counted = [n for n, row in enumerate(rows) if not row.ruled and any(cell.text for cell in row.values)][:-1]
    ends = {n: max(at for at, cell in enumerate(rows[n].values) if cell.text) for n in counted}
    last = [rows[n].values[end].text for n, end in ends.items()]
    if len(last) < _FEWEST_SERIALS or not all(text.isdecimal() for text in last):
        return rows
    numbers = [int(text) for text in last]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] not in (1, 2, 3):
        return rows
    for n, end in ends.items():
        rows[n] = replace(rows[n], values=rows[n].values[:end])
    return rows


def _hits(line: Line, index: LabelIndex) -> list[_Hit]:
    """(start, end, label) of every label in a line; a label may be cut over several cells."""
    hits: list[_Hit] = []
    done = 0
    for position in line.words:
        hit = _hit_at(line.cells, position, index) if position >= done else None
        if hit:
            done, match = hit
            hits.append((position, done, match))
    return hits


def _several(line: Line, index: LabelIndex) -> list[_Hit]:
    """The labels that stand under each other in one cell, so that what is beside them is for sure of none of them."""
    hits: list[_Hit] = []
    for position in line.words:
        text = line.cells[position].text
        if "\n" in text:
            found = [match for part in text.split("\n") if (match := index.exactly(part))]
            if len(found) == text.count("\n") + 1:
                hits += [(position, position + 1, match) for match in found]
    return hits


def _hit_at(cells: tuple[Cell, ...], start: int, index: LabelIndex) -> tuple[int, Match] | None:
    text = cells[start].text
    if looks_like_value(text):
        return None
    # A misprint is looked for in one cell only: pieces of neighbours together resemble too much.
    likely = index.find(text)
    best = (start + 1, likely) if likely else None
    if not best and not index.may_begin(text):
        return None
    for end, cell in enumerate(cells[start + 1 : start + _MOST_PIECES], start + 2):
        piece = cell.text
        if not piece or looks_like_value(piece) or (best and index.exactly(piece)):
            break
        text += piece
        match = index.exactly(text)
        if match:
            best = end, match  # and perhaps not yet whole: what comes next may be the rest of the label
        elif best and best[1].exact:
            break
    return best
