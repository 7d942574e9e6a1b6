"""From rules to cells: where the rules of a table cross makes a lattice, and where one is missing two of its fields
are one.

Missing means missing along the whole side of a field: a rule that is broken, or whose ends do not meet others, is not
taken for either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2

from pipelines.documents.ocr.ruling import Ruling, turned
from pipelines.documents.ocr.sheet import Mask

_NEAREST = 9  # pixels between two rules that are not one
_SLACK = 4  # pixels that a rule may stray from its place
_CORNER = 8  # pixels from where rules cross within which they are not seen
_RUNS, _BROKEN = 0.92, 0.8  # of a side along which there is a rule, seen or crossed
_RULED, _BARE = 0.8, 0.6  # of a side along which a rule is seen


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of the lattice: its rectangle in rows and columns, and in pixels. `sure` is False where its sides are
    not."""

    row: int
    column: int
    rowspan: int
    colspan: int
    left: int
    top: int
    right: int
    bottom: int
    sure: bool = True


def fields_of(table: Ruling) -> list[list[Field]]:
    """The cells of a table that start in each row, from left to right."""
    height, width = table.level.shape
    ys, xs = _places(table.level, height), _places(turned(table.upright), width)
    level = (table.level, table.seen)
    below = [[_side(*level, ys[r + 1], xs[c], xs[c + 1]) for c in range(len(xs) - 1)] for r in range(len(ys) - 2)]
    upright = (turned(table.upright), turned(table.seen))
    beside = [[_side(*upright, xs[c + 1], ys[r], ys[r + 1]) for c in range(len(xs) - 2)] for r in range(len(ys) - 1)]
    group = _joined(below, beside, len(ys) - 1, len(xs) - 1)
    rows: list[list[Field]] = [[] for _ in range(len(ys) - 1)]
    for members in group:
        for field in _rectangles(members, below, beside, [x + table.left for x in xs], [y + table.top for y in ys]):
            rows[field.row].append(field)
    return [sorted(row, key=lambda field: field.column) for row in rows]


def _places(mask: Mask, end: int) -> list[int]:
    """Where the rules lie, each once, with the table's own edges."""
    count, _, boxes, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = sorted((float(centres[n][1]), int(boxes[n, cv2.CC_STAT_WIDTH])) for n in range(1, count))
    places: list[list[tuple[float, int]]] = []
    for centre, length in found:
        if places and centre - places[-1][-1][0] < _NEAREST:
            places[-1].append((centre, length))
        else:
            places.append([(centre, length)])
    lines = [round(sum(c * n for c, n in group) / sum(n for _, n in group)) for group in places]
    if not lines or lines[0] > 2 * _NEAREST:
        lines.insert(0, 0)
    if end - lines[-1] > 2 * _NEAREST:
        lines.append(end)
    return lines


def _side(whole: Mask, seen: Mask, place: int, begin: int, end: int) -> bool | None:
    """Whether a rule runs along a side from end to end; None where that is not clear.

    It must run on through the corners, as the letters of a line of text do not, and be seen as a rule between them.
    """
    strip = slice(max(0, place - _SLACK), place + _SLACK + 1)
    along: Any = whole[strip, begin:end].any(axis=0)
    between: Any = seen[strip, begin + _CORNER : end - _CORNER].any(axis=0)
    runs = float(along.mean()) if len(along) else 1.0
    ruled = float(between.mean()) if len(between) else 1.0
    if runs >= _RUNS and ruled >= _RULED:
        return True
    return None if runs > _BROKEN and ruled > _BARE else False


def _joined(
    below: list[list[bool | None]], beside: list[list[bool | None]], rows: int, columns: int
) -> list[list[tuple[int, int]]]:
    """The fields of the lattice in groups that no rule parts."""
    leader = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def find(field: tuple[int, int]) -> tuple[int, int]:
        while leader[field] != field:
            field = leader[field]
        return field

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and beside[r][c] is False:
                leader[find((r, c + 1))] = find((r, c))
            if r + 1 < rows and below[r][c] is False:
                leader[find((r + 1, c))] = find((r, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for field in leader:
        groups.setdefault(find(field), []).append(field)
    return list(groups.values())


def _rectangles(
    members: list[tuple[int, int]],
    below: list[list[bool | None]],
    beside: list[list[bool | None]],
    xs: list[int],
    ys: list[int],
) -> list[Field]:
    """A group as one cell; one that is no rectangle has lost a rule, and its fields stay apart and in doubt."""
    top, left = min(r for r, _ in members), min(c for _, c in members)
    bottom, right = max(r for r, _ in members), max(c for _, c in members)
    whole = len(members) == (bottom - top + 1) * (right - left + 1)
    doubtful = any(below[r][c] is None for r, c in members if r < len(below)) or any(
        beside[r][c] is None for r, c in members if c < len(beside[r])
    )
    if whole:
        box = (xs[left], ys[top], xs[right + 1], ys[bottom + 1])
        return [Field(top, left, bottom - top + 1, right - left + 1, *box, sure=not doubtful)]
    return [Field(r, c, 1, 1, xs[c], ys[r], xs[c + 1], ys[r + 1], sure=False) for r, c in members]
