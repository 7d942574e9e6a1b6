"""An HTML table as a grid: spans expanded by the HTML algorithm, every cell kept once, at its place.

Source of the algorithm: the HTML standard, "forming a table". Spans are clamped to what a statutory form can need, so
that `rowspan=1000000` costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from math import inf
from typing import Any

from lxml import etree

from pipelines.documents.words import CellTexts, is_hidden
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell
from pipelines.normalize.characters import mend_characters

MOST_CELLS = 20_000
_MOST_COLUMNS, _MOST_ROWS = 60, 600  # that one cell may span
WIDEST = 200  # columns
FEWEST_AROUND = 20  # cells of its own that make a table with tables inside it more than layout
_LONGEST_CELL = 800
_CELLS = frozenset(("td", "th"))
_AROUND_ROWS = frozenset("thead tbody tfoot form center div span p font b strong".split())
_WITHOUT_TEXT = frozenset("script style template noscript table".split())
# Each name by itself: to unite two sets takes the square of their size.
_SPANS: Any = (etree.XPath("descendant::*/@colspan"), etree.XPath("descendant::*/@rowspan"))
_SPAN = re.compile(r"\s*(\d{1,9})")
ENOUGH_CELLS = 400  # to tell data from layout


Row = list[Any]
"""The cells of a row as elements, and the pieces of text between them as strings."""


def is_data_table(table: Any, rows: Sequence[Row], texts: CellTexts) -> bool:
    """Whether a table with these rows holds data rather than the page's layout: several cells with words, or a
    label with its number, and no cell a whole article."""
    own = [item for item in islice(chain.from_iterable(rows), ENOUGH_CELLS) if item.__class__ is not str]
    if next(table.iterdescendants("table"), None) is not None:
        own = [cell for cell in own if cell.find(".//table") is None]
        if len(own) < FEWEST_AROUND:
            return False
    return bool(own) and holds_data(texts.of(own))


def holds_data(texts: Sequence[str]) -> bool:
    """Whether cells with these texts are data: several have words, or a label its number; none is an article."""
    filled = [text for text in texts if text]
    numbers = any(looks_like_value(text) for text in filled)
    return (len(filled) >= 3 or (len(filled) == 2 and numbers)) and max(map(len, texts)) <= _LONGEST_CELL


def table_rows(table: Any, source: Sequence[Row], texts: CellTexts) -> tuple[tuple[tuple[Cell, ...], ...], bool]:
    """The cells of each row, left to right, each with its rectangle of the grid; and whether any were left out."""
    spanning = {span.getparent() for spans in _SPANS for span in spans(table)}
    above = _Above()
    rows: list[tuple[Cell, ...]] = []
    count, cut = 0, False
    for number, row in enumerate(source):
        covered = above.columns(number)
        within = count + len(row) < MOST_CELLS and len(row) + len(covered) < WIDEST
        if within and _is_plain(row, spanning, texts):
            free = [c for c in range(len(row) + len(covered)) if c not in covered]
            rows.append(tuple([Cell(text, number, c) for c, text in zip(free, texts.of(row), strict=False)]))
            count += len(row)
            continue
        column, placed = 0, []
        for item in row:
            while column in covered:
                column += 1
            if count >= MOST_CELLS or column >= WIDEST:
                cut = True
                break
            if isinstance(item, str):
                text, width, height = item, 0, 1
            elif item in texts.hidden:
                continue
            else:
                text, width, height = texts[item], 1, 1
                if item in spanning:
                    width = _span(item, "colspan", _MOST_COLUMNS)
                    height = min(_span(item, "rowspan", _MOST_ROWS), len(source) - number)
            placed.append(Cell(text, number, column, height, width))
            count += 1
            if height > 1:
                above.cover(range(column, column + width), number + height)
            column += width
        rows.append(tuple(placed))
        if count >= MOST_CELLS:
            cut = cut or number + 1 < len(source)
            break
    return tuple(rows), cut


class _Above:
    """Which columns of a row the cells of rows above still cover: a row has few, and thousands can have the same."""

    def __init__(self) -> None:
        self._until: dict[int, int] = {}  # column -> the first row that is free again
        self._columns: set[int] = set()
        self._change: float = inf  # the row from which on other columns are covered

    def columns(self, number: int) -> set[int]:
        """Those of this row; rows are asked for in order."""
        if number >= self._change:
            self._until = {column: end for column, end in self._until.items() if end > number}
            self._columns = set(self._until)
            self._change = min(self._until.values(), default=inf)
        return self._columns

    def cover(self, columns: Iterable[int], end: int) -> None:
        """A cell of the present row covers these up to a row below, from the next row on."""
        for column in columns:
            self._until[column] = max(self._until.get(column, 0), end)
        self._change = 0


def _is_plain(row: Row, spanning: set[Any], texts: CellTexts) -> bool:
    """Whether a row is cells of one column each, all of them seen; most rows of most tables are."""
    seen = not texts.hidden or texts.hidden.isdisjoint(row)
    return seen and spanning.isdisjoint(row) and str not in set(map(type, row))


def rows_of(table: Any, *, hiding: bool) -> list[Row]:
    """The rows of a table, as many as are read."""
    return list(islice(_own_rows(table, hiding=hiding), MOST_CELLS))


def _own_rows(table: Any, *, hiding: bool) -> Iterator[Row]:
    """The rows of this table that are seen, not those of tables inside it: each its cells, and the text beside them.

    Cells without a row are a row of their own, as in browsers. Iterative, for pages nest deeper than Python recurses.
    """
    bare: list[Any] = []
    open_parts = [iter(table)]
    while open_parts:
        child = next(open_parts[-1], None)
        if child is not None and child.tag in _CELLS:
            bare.append(child)
            continue
        if bare:
            yield bare
            bare = []
        if child is None:
            open_parts.pop()
        elif child.tag == "tr" and not (hiding and is_hidden(child)):
            yield _only_cells(child) or list(_items(child))
        elif child.tag in _AROUND_ROWS and not (hiding and is_hidden(child)):
            open_parts.append(iter(child))


def _only_cells(row: Any) -> Row | None:
    """The cells of a row with nothing else in it; None for any other row."""
    cells = list(row)
    if row.text and not row.text.isspace():
        return None
    for cell in cells:
        tail = cell.tail
        if cell.tag not in _CELLS or (tail and not tail.isspace()):
            return None
    return cells


def _items(row: Any) -> Iterator[Any]:
    """The cells of a row, and the pieces of text between them: these have lost their cell, and in its place show it."""
    inside = [(row, iter(row))]
    yield from _stray(row.text)
    while inside:
        element, children = inside[-1]
        child = next(children, None)
        if child is None:
            inside.pop()
            if element is not row:
                yield from _stray(element.tail)
        elif child.tag in _CELLS:
            yield child
            yield from _stray(child.tail)
        elif isinstance(child.tag, str) and child.tag not in _WITHOUT_TEXT and not is_hidden(child):
            yield from _stray(child.text)
            inside.append((child, iter(child)))
        else:
            yield from _stray(child.tail)


def _stray(text: str | None) -> Iterator[str]:
    words = mend_characters(text).strip() if text else ""
    if words:
        yield words


def _span(cell: Any, name: str, most: int) -> int:
    printed = cell.get(name)
    digits = _SPAN.match(printed) if printed else None
    if not digits:
        return 1
    span = int(digits[1])
    if span == 0:
        return most if name == "rowspan" else 1
    return min(span, most)
