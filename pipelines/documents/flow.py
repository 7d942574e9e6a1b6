"""What a word processor's file holds, lines and tables in tables, told apart into paragraphs and grids.

Word, its binary ancestor and RTF describe tables alike: every row has cells with edges of its own, and a cell may
continue the one above it. Edges become grid columns here, and cells that continue others become rowspans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Literal

from pipelines.documents.tables import ENOUGH_CELLS, FEWEST_AROUND, MOST_CELLS, WIDEST, holds_data
from pipelines.documents.words import clean_lines
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Document, Grid, Issue, Paragraph

# Twips (a millimetre): rows that were dragged by hand miss each other by less, and no cell is so narrow.
_SAME_EDGE = 57


@dataclass(frozen=True, slots=True)
class Box:
    """One cell as its row describes it: edges in twips, content, and its part in a vertical merge."""

    left: int
    right: int
    content: tuple[str | Table, ...]
    merge: Literal["", "first", "rest"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of boxes from left to right, as the file has them."""

    rows: tuple[tuple[Box, ...], ...]


Content = Iterable[str | Table]
Cells = Sequence[tuple[str | Table, ...]]
Look = Literal["", "remark"]


@dataclass(slots=True)
class _Open:
    """A table in the making: its rows, the cells of the row, the content of the cell."""

    rows: list[tuple[Box, ...]] = field(default_factory=list)
    cells: list[tuple[str | Table, ...]] = field(default_factory=list)
    content: list[str | Table] = field(default_factory=list)

    def closed(self) -> Iterator[str | Table]:
        """The table, and what stands behind its last whole row."""
        if self.rows:
            yield Table(tuple(self.rows))
        for cell in (*self.cells, self.content):
            yield from cell


@dataclass(slots=True)
class Assembly:
    """Puts tables together from what a file has in one stream: lines, and marks that end cells and rows.

    `depth` is how many tables a line or mark stands in. Call `end` when the stream has ended.
    """

    content: list[str | Table] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)

    def line(self, text: str, depth: int) -> None:
        """A line of text."""
        self._at(depth).append(text)

    def cell(self, text: str, depth: int) -> None:
        """The last line of a cell, and its end."""
        self._at(depth).append(text)
        table = self._open[-1]
        table.cells.append(tuple(table.content))
        table.content = []

    def row(self, depth: int, shaped: Callable[[Cells], tuple[Box, ...]] | None) -> None:
        """The end of a row. `shaped` gives its cells their edges; None for a row that is not there."""
        self._at(depth)
        table = self._open[-1]
        if shaped:
            table.rows.append(shaped(table.cells))
        table.cells, table.content = [], []

    def end(self) -> list[str | Table]:
        """Everything, with tables that the stream left open."""
        return self._at(0)

    def _at(self, depth: int) -> list[str | Table]:
        """Where content of a depth goes, deeper tables closed and missing ones opened."""
        while len(self._open) > depth:
            closed = self._open.pop().closed()
            (self._open[-1].content if self._open else self.content).extend(closed)
        while len(self._open) < depth:
            self._open.append(_Open())
        return self._open[-1].content if self._open else self.content


def dressed(pieces: Iterable[tuple[str, Look]]) -> str:
    """A line of runs. As in HTML what is raised, lowered or struck out is a remark, and stands in brackets."""
    parts = []
    for look, run in groupby(pieces, key=itemgetter(1)):
        text = "".join(piece for piece, _ in run)
        if text.strip() and look:
            text = f"({text})"
        parts.append(text)
    return "".join(parts)


def with_number(number: str, text: str) -> str:
    """A line behind its number. A number before nothing but a value must not become digits of it; bullets are none."""
    if not any(char.isalnum() for char in number):
        return text
    if text.strip() and looks_like_value(text):
        return f"[{number}] {text}"
    return f"{number} {text}" if number[-1:].isascii() else number + text


def proved_title(title: str, content: Content) -> str:
    """The title among a file's properties where the text bears it out, line breaks aside; else ''.

    Agencies write this year's report over last year's file, or over the form of a higher office, whose titles stay.
    """
    plain = "".join(title.split())
    text = "".join("".join(line.split()) for line in content if isinstance(line, str))
    return title.strip() if plain and plain in text else ""


def document_of(content: Content, kind: str, title: str = "", images: int = 0) -> Document:
    """The document of a file's lines and tables in reading order. A line may hold line breaks of its own."""
    blocks: list[Paragraph | Grid] = []
    issues: list[Issue] = []
    grids = lines = 0
    for item in _told_apart(content):
        if isinstance(item, Table):
            grids += 1
            rows, cut = grid_rows(item)
            blocks.append(Grid(grids, rows))
            if cut:
                issues.append(Issue("table_cut", "warning", f"table {grids} has more cells than are read"))
        else:
            lines += 1
            blocks += [Paragraph(line, lines) for line in clean_lines(item).split("\n") if line]
    return Document(tuple(blocks), kind, title, images=images, issues=tuple(issues))


def _told_apart(content: Content) -> Iterator[str | Table]:
    """Lines and data tables; of a table that only lays out the page, what is in its cells."""
    for item in content:
        if isinstance(item, str) or _is_data(item):
            yield item
        else:
            for row in item.rows:
                for box in row:
                    yield from _told_apart(box.content)


def _is_data(table: Table) -> bool:
    boxes = list(islice((box for row in table.rows for box in row if box.merge != "rest"), ENOUGH_CELLS))
    own = [box for box in boxes if all(isinstance(item, str) for item in box.content)]
    if len(own) < len(boxes) and len(own) < FEWEST_AROUND:
        return False
    return bool(own) and holds_data([_text(box) for box in own])


def _text(box: Box) -> str:
    return clean_lines("\n".join(_words(box.content)))


def _words(content: Content) -> Iterator[str]:
    for item in content:
        if isinstance(item, str):
            yield item
        else:
            for row in item.rows:
                for box in row:
                    yield from _words(box.content)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cell that may go on below was put, and the columns that it covers."""

    row: int
    index: int
    left: int
    right: int


def grid_rows(table: Table) -> tuple[tuple[tuple[Cell, ...], ...], bool]:
    """The cells that start in each row, with the rectangles that they cover; and whether any were left out."""
    columns = _columns(table)
    rows: list[list[Cell]] = []
    above: list[_Place] = []
    count, cut = 0, False
    for number, boxes in enumerate(table.rows):
        rows.append([])
        here: list[_Place] = []
        for box in boxes:
            left = columns[box.left]
            right = max(columns[box.right], left + 1)
            place = _continued(above, left, right) if box.merge == "rest" else None
            if place is None and (left >= WIDEST or count >= MOST_CELLS):
                cut = True
                break
            if place is None:
                place = _Place(number, len(rows[-1]), left, right)
                rows[-1].append(Cell(_text(box), number, left, 1, right - left))
                count += 1
            elif place not in here:
                cell = rows[place.row][place.index]
                rows[place.row][place.index] = replace(cell, rowspan=cell.rowspan + 1)
            if box.merge:
                here.append(place)
        above = here
        if count >= MOST_CELLS:
            cut = cut or number + 1 < len(table.rows)
            break
    return tuple(tuple(row) for row in rows), cut


def _continued(above: list[_Place], left: int, right: int) -> _Place | None:
    """The cell above that a box between these columns continues: the one it shares most of its width with."""
    shared = [(min(right, place.right) - max(left, place.left), place) for place in above]
    width, place = max(shared, key=lambda found: found[0], default=(0, None))
    return place if width * 2 > right - left else None


def _columns(table: Table) -> dict[int, int]:
    """The grid column that begins at each edge. Edges nearer than a cell is wide are one, unless a cell lies there."""
    inner: dict[int, int] = {}  # right edge of a narrow cell -> its left edge
    edges: set[int] = set()
    for box in (box for row in table.rows for box in row):
        edges |= {box.left, box.right}
        if box.right - box.left <= _SAME_EDGE:
            inner[box.right] = max(box.left, inner.get(box.right, box.left))
    columns: dict[int, int] = {}
    start, column = 0, -1
    for edge in sorted(edges):
        if column < 0 or edge - start > _SAME_EDGE or inner.get(edge, start - 1) >= start:
            start, column = edge, column + 1
        columns[edge] = column
    return columns
