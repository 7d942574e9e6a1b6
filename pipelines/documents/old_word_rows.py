"""One table row of a binary Word file: the edges and merges of its cells, from the modifiers of the row's end mark.

Source: [MS-DOC] TDefTableOperand and TC80, and the later sprms that change a row once it is defined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.documents.flow import Box, Cells
from pipelines.documents.old_word_file import Sprm, i16, u16

_DEFINE, _INSERT, _DELETE, _WIDTH, _MERGE, _SPLIT, _VERTICAL = 0xD608, 0x7621, 0x5622, 0x7623, 0x5624, 0x5625, 0xD62B
_CELL = 20  # bytes of a TC80
_MOST_CELLS = 64  # Word has no more in a row
_USUAL_WIDTH = 1440  # twips


@dataclass(slots=True)
class _Shape:
    """Left edges and widths change together with the cells, so each cell carries its own."""

    left: int = 0
    widths: list[int] = field(default_factory=list)
    across: list[int] = field(default_factory=list)
    down: list[int] = field(default_factory=list)

    def define(self, operand: bytes) -> None:
        count = min(operand[2], _MOST_CELLS) if len(operand) > 2 else 0
        if len(operand) < 5 + 2 * count:
            return
        edges = [i16(operand, 3 + 2 * number) for number in range(count + 1)]
        self.left = edges[0]
        self.widths = [max(right - left, 0) for left, right in pairwise(edges)]
        starts = [5 + 2 * count + _CELL * number for number in range(count)]
        flags = [u16(operand, start) if start + 2 <= len(operand) else 0 for start in starts]
        self.across = [flag & 3 for flag in flags]
        self.down = [flag >> 5 & 3 for flag in flags]

    def change(self, code: int, operand: bytes) -> None:
        if code == _VERTICAL and len(operand) >= 3 and operand[1] < len(self.down):
            self.down[operand[1]] = operand[2] & 3
        elif len(operand) < 2:
            return
        elif code == _INSERT and len(self.widths) + operand[1] <= _MOST_CELLS:
            first, count = min(operand[0], len(self.widths)), operand[1]
            self.widths[first:first] = [u16(operand, 2)] * count
            self.across[first:first] = self.down[first:first] = [0] * count
        elif code == _DELETE:
            for kept in (self.widths, self.across, self.down):
                del kept[operand[0] : operand[1]]
        elif code in (_WIDTH, _MERGE, _SPLIT):
            for number in range(operand[0], min(operand[1], len(self.widths))):
                if code == _WIDTH:
                    self.widths[number] = u16(operand, 2)
                else:
                    self.across[number] = 0 if code == _SPLIT else 2 if number == operand[0] else 1


def row_of(cells: Cells, sprms: Sequence[Sprm]) -> tuple[Box, ...]:
    """The boxes of a row of cells. A cell that the row does not define follows the others in a usual width."""
    shape = _Shape()
    for code, operand in sprms:
        if code == _DEFINE:
            shape.define(operand)
        else:
            shape.change(code, operand)
    boxes: list[Box] = []
    left, first = shape.left, 0
    for number, content in enumerate(cells):
        known = number < len(shape.widths)
        right = left + (shape.widths[number] if known else _USUAL_WIDTH)
        across = shape.across[number] if known else 0
        if across and first and across != first:
            boxes[-1] = Box(boxes[-1].left, right, (*boxes[-1].content, *content), boxes[-1].merge)
        else:
            # Two specifications tell differently which of the values 1 and 2 begins a merge: the first one met does.
            first = across
            down = shape.down[number] if known else 0
            boxes.append(Box(left, right, content, "rest" if down == 1 else "first" if down else ""))
        left = right
    return tuple(boxes)
