"""The heads of table 4, three times the same five: whether they stand in the order in which its cells are read.

They are cut (结果 | 结果 | 其他 | 尚未) or stand in two lines (结果 其他 over 维持 结果); what is left of them must fit
the order, and where heads are missing nothing but the order of the form says which cell is which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Literal

from pipelines.forms.column_heads import is_part_of, named_in, whole
from pipelines.forms.labels import label_key, restored
from pipelines.forms.stream import Line
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell

_AROUND = 6  # lines
_RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_TIMES = 3
_UPPER, _LOWER = frozenset(("结果", "其他", "尚未", "总")), frozenset(("维持", "纠正", "结果", "审结", "计"))
_UPRIGHT = frozenset("果维持纠正他审未计")  # what stands below the first characters of heads written downwards
_LEAVES = frozenset((*_RESULTS, "结果", "其他", "尚未"))
_GROUPS = (("行政复议",), ("行政诉讼",), ("未经复议直接起诉", "未经复议直接诉讼"), ("复议后起诉", "复议后诉讼"))


_WORDS = frozenset((*_RESULTS, *(name for names in _GROUPS for name in names)))


def with_whole_groups(line: Line) -> Line:
    """A line of running text with its group heads in one piece (复议后, 起诉), and all heads with their characters
    together where a space stands between any two.
    """
    if line.ruled:
        return line
    spaced = whole(line.cells, lambda text: _key(text) in _WORDS, max(map(len, _WORDS))) if _is_spaced(line) else ()
    return replace(line, cells=whole(spaced or line.cells, lambda text: _key(text) in _WORDS.difference(_RESULTS)))


def _is_spaced(line: Line) -> bool:
    """Whether 结果维持 is printed as four cells side by side."""
    row = [cell.text if len(cell.text) == 1 else " " for cell in line.cells]
    return _RESULTS[0] in "".join(row)


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    """The key of a head of table 4, with characters that were lost on the way put back where only one head has them."""
    return restored(label_key(text), _WORDS)


def is_result(cell: Cell) -> bool:
    """Whether a cell is one of the five heads, whole or cut."""
    return _key(cell.text) in _LEAVES


def heads_ends(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """(line, cell) just behind the words 复议后起诉, the last group head of table 4, wherever they are printed."""
    for number, line in enumerate(lines):
        for position in line.words:
            if _key(line.cells[position].text).startswith(_GROUPS[-1]):
                yield number, position + 1


def heads_around(lines: Sequence[Line], number: int, position: int) -> list[Cell]:
    """The heads of table 4 around the end of the last group head: from the row of 行政复议 to the first value."""
    before = [cell for line in lines[max(0, number - _AROUND) : number] for cell in line.cells]
    before += lines[number].cells[:position]
    behind = [*lines[number].cells[position:]]
    behind += [cell for line in lines[number + 1 : number + _AROUND] for cell in line.cells]
    first = [n for n, cell in enumerate(before) if _key(cell.text) == _GROUPS[0][0]]
    heads = before[_start_of_row(before, first[-1]) :] if first else before
    last = next((n for n, cell in enumerate(behind) if cell.text and looks_like_value(cell.text)), len(behind))
    return [*heads, *behind[:last]]


def _start_of_row(cells: Sequence[Cell], position: int) -> int:
    while position > 0 and cells[position - 1].row == cells[position].row:
        position -= 1
    return position


def verdict_of(heads: Sequence[Cell], *, ruled: bool) -> Literal["in order", "contradict", "incomplete"]:
    """What groups and results say of the order in which the fifteen cells are read."""
    keys = [_key(cell.text) for cell in heads]
    groups = [(n,) for key in keys for n, names in enumerate(_GROUPS) if key in names]
    paired = _paired(heads)
    found = named_in(paired, _RESULTS, shortest=1)
    complete = len(found) == _TIMES * len(_RESULTS)
    if any(_key(cell.text) in _LOWER - _UPPER | _UPRIGHT for cell in paired):
        # 结果 over or under another word
        found, complete = [(numbers, cell) for numbers, cell in found if len(numbers) == 1], False
    thrice = tuple(range(len(_RESULTS))) * _TIMES
    in_order = is_part_of([numbers for numbers, _ in found], thrice)
    if ruled and not in_order:
        in_order = is_part_of([numbers for numbers, _ in sorted(found, key=lambda head: head[1].column)], thrice)
    if not in_order or not is_part_of(groups, range(len(_GROUPS))):
        return "contradict"
    return "in order" if complete else "incomplete"


def _paired(heads: Sequence[Cell]) -> list[Cell]:
    """Heads that stand in two lines put together: 结果 其他 over 维持 结果 is 结果维持, 其他结果."""
    lines: list[list[Cell]] = []
    for _, cells in groupby((cell for cell in heads if cell.text), key=lambda cell: cell.row):
        line = list(cells)
        upper = [n for n, cell in enumerate(lines[-1]) if _key(cell.text) in _UPPER] if lines else []
        if len(upper) == len(line) and all(_key(cell.text) in _LOWER for cell in line):
            for number, cell in zip(upper, line, strict=True):
                lines[-1][number] = replace(lines[-1][number], text=lines[-1][number].text + cell.text)
        else:
            lines.append(line)
    return [cell for line in lines for cell in line]
