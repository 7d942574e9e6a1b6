"""Worksheets to paragraphs and grids: what a printout of them would show, whatever file format they come from.

A sheet has no tables, only cells. Rows with one cell above, below or across the others are lines (title, heading,
signature); the stretches of rows between them are grids, as wide as their filled cells reach.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from pipelines.documents.tables import MOST_CELLS, WIDEST
from pipelines.documents.words import clean_lines
from pipelines.forms.definitions import load_forms
from pipelines.forms.labels import label_key
from pipelines.headings import section_of
from pipelines.model import Cell, Document, Grid, Issue, Paragraph
from pipelines.titles import read_title

MOST_ROWS, MOST_SHEETS = 20_000, 30
_MOST_CHARACTERS = 500_000  # of one sheet
_MOST_COVERED = 1_000_000  # steps of taking covered cells out
_LONGEST_LABEL, _MOST_BESIDE_TITLE = 60, 3

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; both corners belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """What a reader found in one visible worksheet. Rows and columns count from 0."""

    texts: dict[Place, str] = field(default_factory=dict)
    """What each filled cell shows."""
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    boxed: dict[int, set[int]] = field(default_factory=dict)
    """By row, the columns of empty cells that have borders, and so are printed."""
    characters: int = 0
    cut: bool = False
    """Whether cells were left out because there are too many."""

    def put(self, row: int, column: int, text: str) -> None:
        """Keep what a cell shows, up to as many cells as are read."""
        if not text.strip():
            return
        # A file may name one long text in a million cells.
        self.characters += len(text)
        if len(self.texts) >= MOST_CELLS or row >= MOST_ROWS or self.characters > _MOST_CHARACTERS:
            self.cut = True
        else:
            self.texts[row, column] = text

    def box(self, row: int, column: int) -> None:
        """Note an empty cell with borders beside the filled ones."""
        if row < MOST_ROWS and column < WIDEST:
            self.boxed.setdefault(row, set()).add(column)


def document_of_sheets(sheets: Iterable[Sheet], kind: str, title: str = "", images: int = 0) -> Document:
    """The document of a workbook's visible sheets in order; empty ones leave nothing."""
    blocks: list[Paragraph | Grid] = []
    issues: list[Issue] = []
    grids = lines = 0
    for number, sheet in enumerate(sheets, 1):
        for piece in _pieces(sheet):
            if isinstance(piece, str):
                lines += 1
                blocks += [Paragraph(line, lines) for line in clean_lines(piece).split("\n") if line]
            else:
                grids += 1
                blocks.append(Grid(grids, piece))
        if sheet.cut:
            issues.append(Issue("table_cut", "warning", f"sheet {number} has more cells than are read"))
    return Document(tuple(blocks), kind, title, images=images, issues=tuple(issues))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A filled or a merged cell as it is seen, and the last row and column that it covers."""

    text: str
    bottom: int
    right: int


Cells = dict[int, dict[int, _Shown]]
"""By row and column, only rows in which something is printed."""


def _pieces(sheet: Sheet) -> Iterator[str | tuple[tuple[Cell, ...], ...]]:
    """The lines and tables of a sheet from top to bottom."""
    cells = _seen(sheet)
    for stretch in _stretches(cells, sheet.hidden_rows):
        several = [number for number, row in enumerate(stretch) if len(_texts(cells[row])) > 1]
        table: list[int] = []
        for number, row in enumerate(stretch):
            inside = bool(several) and several[0] <= number <= several[-1]
            if _is_title(cells[row]) or (_is_alone(row, cells, sheet) and _is_line(_texts(cells[row])[0], inside)):
                yield from _grid(table, cells, sheet)
                yield from _texts(cells[row])
                table = []
            else:
                table.append(row)
        yield from _grid(table, cells, sheet)


def _texts(row: dict[int, _Shown]) -> list[str]:
    return [row[column].text for column in sorted(row) if row[column].text]


def _is_title(row: dict[int, _Shown]) -> bool:
    """Whether a row holds the title of a report, beside which a unit or a form number may stand."""
    texts = _texts(row)
    return len(texts) <= _MOST_BESIDE_TITLE and any(read_title(text).kind == "report" for text in texts)


def _is_alone(row: int, cells: Cells, sheet: Sheet) -> bool:
    """Whether a row has one cell only: nothing else is filled, merged, or empty inside borders."""
    return len(cells[row]) == 1 and not any(place not in cells[row] for place in sheet.boxed.get(row, ()))


def _is_line(text: str, inside: bool) -> bool:
    """Whether the only cell of a row is a line of text rather than the label of empty cells."""
    if section_of(text.strip()) is not None or len(text) > _LONGEST_LABEL:
        return True
    return not inside and label_key(text) not in _row_labels()


@cache
def _row_labels() -> frozenset[str]:
    blocks = (block for form in load_forms().values() for block in form.blocks)
    return frozenset(key for block in blocks for row in block.rows for key in row.keys)


def _stretches(cells: Cells, hidden: set[int]) -> Iterator[list[int]]:
    """Rows that follow each other: nothing seen lies between them, or a merged cell joins them."""
    stretch: list[int] = []
    reach = -1
    for row in sorted(cells):
        between = range(stretch[-1] + 1, row) if stretch else ()
        near = len(between) <= len(hidden) and all(other in hidden for other in between)
        if stretch and not near and reach < row:
            yield stretch
            stretch = []
        stretch.append(row)
        reach = max(reach, *(shown.bottom for shown in cells[row].values()))
    if stretch:
        yield stretch


def _grid(rows: Sequence[int], cells: Cells, sheet: Sheet) -> Iterator[tuple[tuple[Cell, ...], ...]]:
    """The grid of some rows: its columns are those in which they print something. Nothing for no rows."""
    if not rows:
        return
    columns = sorted({column for row in rows for column, shown in cells[row].items() if shown.text})
    sheet.cut = sheet.cut or len(columns) > WIDEST
    columns = columns[:WIDEST]
    covered: set[Place] = set()
    grid = []
    for number, row in enumerate(rows):
        begins: dict[int, tuple[_Shown, int]] = {}
        for column, shown in sorted(cells[row].items()):
            first, behind = bisect_left(columns, column), bisect_right(columns, shown.right)
            if first < behind:
                begins.setdefault(first, (shown, behind - first))
        line: list[Cell] = []
        for place in range(len(columns)):
            if (number, place) in covered:
                continue
            shown, width = begins.get(place, (_Shown("", row, columns[place]), 1))
            height = max(bisect_right(rows, shown.bottom) - number, 1)
            covered |= {(number + down, place + right) for down in range(height) for right in range(width)}
            line.append(Cell(clean_lines(shown.text), number, place, height, width))
        grid.append(tuple(line))
    yield tuple(grid)


def _seen(sheet: Sheet) -> Cells:
    """What is seen: hidden rows and columns are not, nor what a merged cell covers."""
    texts: Cells = {}
    for (row, column), text in sheet.texts.items():
        texts.setdefault(row, {})[column] = _Shown(text, row, column)
    order = sorted(texts)
    merges = list(_uncovered(sheet, texts, order))
    cells: Cells = {}
    for row in order:
        line = {column: shown for column, shown in texts[row].items() if column not in sheet.hidden_columns}
        if line and row not in sheet.hidden_rows:
            cells[row] = line
    for merge, text in merges:
        top = _first_seen(merge.top, merge.bottom, sheet.hidden_rows)
        left = _first_seen(merge.left, merge.right, sheet.hidden_columns)
        if text and top is not None and left is not None:
            cells.setdefault(top, {})[left] = _Shown(text, merge.bottom, merge.right)
    kept = sorted(cells)
    for merge, text in merges:
        inner = bisect_left(kept, merge.top)
        left = _first_seen(merge.left, merge.right, sheet.hidden_columns)
        if not text and inner < len(kept) and kept[inner] <= merge.bottom and left is not None:
            cells[kept[inner]].setdefault(left, _Shown("", merge.bottom, merge.right))
    return cells


def _uncovered(sheet: Sheet, texts: Cells, order: Sequence[int]) -> Iterator[tuple[Merge, str]]:
    """The merged cells and what they show; what they cover is taken out of the texts."""
    work = 0
    for merge in sheet.merges:
        first = texts.get(merge.top, {}).get(merge.left)
        for row in order[bisect_left(order, merge.top) : bisect_right(order, merge.bottom)]:
            within = [column for column in texts[row] if merge.left <= column <= merge.right]
            work += 1 + len(within)
            for column in within:
                del texts[row][column]
        work += 1
        if work > _MOST_COVERED:
            sheet.cut = True
            return
        yield merge, first.text if first else ""


def _first_seen(first: int, last: int, hidden: set[int]) -> int | None:
    return next((place for place in range(first, min(last, first + len(hidden)) + 1) if place not in hidden), None)
