"""The ruled tables of a printed page as grids, and what a page break does to them.

pdfplumber finds the cells between the lines; here they get their places and spans. Nothing on the page is lost: what
lies in no cell stays with the lines of text. Rows of one cell over the whole width are lines of text too (frames drawn
round prose, headings inside a frame), but for the captions of table 2.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipelines.documents.pdf_lines import Line, lines_of
from pipelines.documents.tables import MOST_CELLS
from pipelines.model import Cell, Grid

_SAME_LINE, _SAME_EDGE = 1.5, 2.5  # points
_THIN = 5.0  # points: what is narrower is the space between two borders and no column or row
_HANGING = 16.0  # points: a character of ordinary type
_FEWEST_OPEN, _CLOSED = 3, 0.5
_CAPTION = re.compile(r"第\s*二\s*十\s*条")

_Box = tuple[float, float, float, float]


def tables_of(page: Any, chars: Sequence[Any]) -> tuple[list[tuple[float, Grid | Line]], list[Any]]:
    """The tables of a page, each with its place from the top (prose inside them as lines), and the characters left."""
    found: list[tuple[float, Grid | Line]] = []
    left = list(chars)
    # The library takes neighbouring lines for one all over the page, so the distance must be small: the columns of
    # another table may stand between two of this one.
    settings = {"snap_tolerance": _SAME_LINE, "explicit_horizontal_lines": _closing_lines(page.edges)}
    for table in page.find_tables(settings):
        boxes = [box for box in (tuple(map(float, cell)) for cell in table.cells) if _is_wide(box)]
        if not boxes or len(boxes) > MOST_CELLS:
            continue
        inside, left = _shared_out(_reaching(boxes), left)
        found += _parts(boxes, inside)
    return found, left


def _closing_lines(edges: Sequence[Any]) -> list[dict[str, Any]]:
    """Lines where a page break left cells open: three or more upright lines end together, and no line lies across."""
    across = [edge for edge in edges if edge["orientation"] == "h"]
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    lines = []
    for end in ("top", "bottom"):
        at: dict[int, list[Any]] = defaultdict(list)
        for edge in upright:
            at[round(edge[end] / _SAME_EDGE)].append(edge)
        for ending in at.values():
            y = ending[0][end]
            left, right = min(edge["x0"] for edge in ending), max(edge["x1"] for edge in ending)
            drawn = {(round(e["x0"]), e["x1"] - e["x0"]) for e in across if abs(e["top"] - y) <= 2 * _SAME_EDGE}
            if len(ending) >= _FEWEST_OPEN and sum(width for _, width in drawn) < _CLOSED * (right - left):
                line = {"object_type": "line", "orientation": "h", "x0": left, "x1": right, "top": y, "bottom": y}
                lines.append(line | {"width": right - left, "height": 0})
    return lines


def _reaching(boxes: Sequence[Any]) -> list[Any]:
    """The cells, those over the whole width a little wider: punctuation hangs over the edge of a frame round prose."""
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    return [
        (x0 - _HANGING, top, x1 + _HANGING, bottom) if x0 == left and x1 == right else (x0, top, x1, bottom)
        for x0, top, x1, bottom in boxes
    ]


def _is_wide(box: Any) -> bool:
    """Whether a cell is more than the space between the two borders of a line."""
    return bool(box[2] - box[0] > _THIN and box[3] - box[1] > _THIN)


def _shared_out(boxes: Sequence[Any], chars: Sequence[Any]) -> tuple[dict[int, list[Any]], list[Any]]:
    """The characters of each cell, by the middle of the character; and those in no cell."""
    order = sorted(range(len(boxes)), key=lambda number: boxes[number][1])
    tops = [boxes[number][1] for number in order]
    inside: dict[int, list[Any]] = {number: [] for number in order}
    left = []
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        for place in order[: bisect_right(tops, y)]:
            x0, _, x1, bottom = boxes[place]
            if x0 <= x < x1 and y < bottom:
                inside[place].append(char)
                break
        else:
            left.append(char)
    return inside, left


def _parts(boxes: Sequence[Any], inside: dict[int, list[Any]]) -> list[tuple[float, Grid | Line]]:
    """One table as grids, with the lines of prose between its rows apart."""
    columns, rows = _edges(boxes, 0), _edges(boxes, 1)
    cells: list[list[Cell]] = [[] for _ in range(len(rows) - 1)]
    prose: dict[int, list[Line]] = {}
    for number, (x0, top, x1, bottom) in enumerate(boxes):
        column, row = _index(columns, x0), _index(rows, top)
        width, height = max(1, _index(columns, x1) - column), max(1, _index(rows, bottom) - row)
        lines = lines_of(inside[number])
        text = "\n".join(line.text for line in lines)
        if width == len(columns) - 1 and text and not _CAPTION.match(text):
            prose[row] = lines
        else:
            cells[row].append(Cell(text, row, column, height, width))
    parts: list[tuple[float, Grid | Line]] = []
    run: list[tuple[int, tuple[Cell, ...]]] = []
    for row, found in enumerate(cells):
        if row in prose:
            parts += _grid(run, rows)
            parts += [(line.top, line) for line in prose[row]]
            run = []
        elif found:
            run.append((row, tuple(sorted(found, key=lambda cell: cell.column))))
    return parts + _grid(run, rows)


def _grid(run: Sequence[tuple[int, tuple[Cell, ...]]], tops: Sequence[float]) -> list[tuple[float, Grid | Line]]:
    if not any(cell.text for _, row in run for cell in row):
        return []
    first = run[0][0]
    moved = tuple(tuple(replace(cell, row=cell.row - first) for cell in row) for _, row in run)
    return [(tops[first], Grid(0, moved))]


def _edges(boxes: Sequence[Any], axis: int) -> list[float]:
    """The different positions of the cells' edges, those that nearly agree taken for one."""
    edges: list[float] = []
    for edge in sorted({box[axis] for box in boxes} | {box[axis + 2] for box in boxes}):
        if not edges or edge - edges[-1] > _THIN:
            edges.append(edge)
    return edges


def _index(edges: Sequence[float], edge: float) -> int:
    return max(0, bisect_right(edges, edge + _SAME_EDGE / 2) - 1)
