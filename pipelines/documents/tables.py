"""An HTML table as a grid: spans expanded by the HTML algorithm, every cell kept once, at its place.

Source of the algorithm: the HTML standard, "forming a table". Spans are clamped to what a statutory form can need, so
that `rowspan=1000000` costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from pipelines.documents.words import CellTexts, is_hidden
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell

MOST_CELLS = 20_000
_MOST_COLUMNS, _MOST_ROWS = 60, 600  # that one cell may span
WIDEST = 200  # columns
FEWEST_AROUND = 20  # cells of its own that make a table with tables inside it more than layout
_LONGEST_CELL = 800
_SPAN = re.compile(r"\s*(\d{1,9})")
ENOUGH_CELLS = 400  # to tell data from layout


def is_data_table(table: Any, texts: CellTexts) -> bool:
    """Whether a table holds data rather than the page's layout: several cells with words, or a
    label with its number, and no cell a whole article."""
    own = list(islice((cell for row in _own_rows(table) for cell in row if cell.tag in ("td", "th")), ENOUGH_CELLS))
    if any(True for _ in table.iterdescendants("table")):
        own = [cell for cell in own if cell.find(".//table") is None]
        if len(own) < FEWEST_AROUND:
            return False
    return holds_data([texts[cell] for cell in own])


def holds_data(texts: Sequence[str]) -> bool:
    """Whether cells with these texts are data: several have words, or a label its number; none is an article."""
    filled = [text for text in texts if text]
    numbers = any(looks_like_value(text) for text in filled)
    return (len(filled) >= 3 or (len(filled) == 2 and numbers)) and max(map(len, texts)) <= _LONGEST_CELL


def table_rows(table: Any, texts: CellTexts) -> tuple[tuple[tuple[Cell, ...], ...], bool]:
    """The cells of each row, left to right, each with its rectangle of the grid; and whether any were left out."""
    source = list(islice(_own_rows(table), MOST_CELLS))
    reserved: dict[int, int] = {}  # grid column -> rows below that a cell above still covers
    rows: list[tuple[Cell, ...]] = []
    count, cut = 0, False
    for number, element in enumerate(source):
        column, cells = 0, []
        covered = set(reserved)
        reserved = {c: left - 1 for c, left in reserved.items() if left > 1}
        for child in element:
            if child.tag not in ("td", "th") or (texts.hiding and is_hidden(child)):
                continue
            while column in covered:
                column += 1
            if count >= MOST_CELLS or column >= WIDEST:
                cut = True
                break
            width = _span(child, "colspan", _MOST_COLUMNS)
            height = min(_span(child, "rowspan", _MOST_ROWS), len(source) - number)
            cells.append(Cell(texts[child], number, column, height, width))
            count += 1
            if height > 1:
                for covers in range(column, column + width):
                    reserved[covers] = max(reserved.get(covers, 0), height - 1)
            column += width
        rows.append(tuple(cells))
        if count >= MOST_CELLS:
            cut = cut or number + 1 < len(source)
            break
    return tuple(rows), cut


def _own_rows(table: Any) -> Iterator[Any]:
    """The rows of this table that are seen, not those of tables inside it."""
    for child in table:
        if is_hidden(child):
            continue
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr" and not is_hidden(row))


def _span(cell: Any, name: str, most: int) -> int:
    printed = cell.get(name)
    digits = _SPAN.match(printed) if printed else None
    if not digits:
        return 1
    span = int(digits[1])
    if span == 0:
        return most if name == "rowspan" else 1
    return min(span, most)
