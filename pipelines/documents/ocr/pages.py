"""Pictures of pages to one document: tables and prose of each page in order, within limits of pages and work.

The limits are counted in pages and cells, not in seconds, so that the same bytes give the same answer on any machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from PIL.Image import Image

from pipelines.documents.ocr.cells import Said, said_in
from pipelines.documents.ocr.engine import Picture
from pipelines.documents.ocr.lattice import Field, fields_of
from pipelines.documents.ocr.prose import prose_of
from pipelines.documents.ocr.ruling import Ruling, squared
from pipelines.documents.ocr.sheet import Sheet, apart, sheet_of
from pipelines.documents.pdf_breaks import blocks_of
from pipelines.documents.pdf_lines import Line, without_page_numbers
from pipelines.model import Cell, Document, Grid, Issue

MOST_PAGES = 30
MOST_CELLS = 5_000
"""Of a whole document; a report has about 300."""
_FEWEST_CELLS = 4


def document_of(pictures: Iterable[Image]) -> Document:
    """The document of some pages in RGB; what lies beyond the limits is left out, with an issue."""
    pages: list[list[Line | Grid]] = []
    issues: list[Issue] = []
    room = MOST_CELLS
    for picture in chain.from_iterable(apart(np.asarray(page)) for page in pictures):
        if len(pages) == MOST_PAGES or room <= 0:
            message = f"page {len(pages) + 1} and those after it were not read: no report has so many pages or cells"
            issues.append(Issue("pages_unread", "warning", message))
            break
        page, cells = _page(picture, room)
        room -= cells
        pages.append(page)
    return Document(tuple(blocks_of(pages)), "ocr", issues=tuple(issues))


def _page(picture: Picture, room: int) -> tuple[list[Line | Grid], int]:
    """The lines and grids of a page from top to bottom, and how many cells it has; none are read beyond `room`."""
    sheet, rulings = squared(sheet_of(picture))
    found = [(table, fields_of(table)) for table in rulings]
    tables = [(table, fields) for table, fields in found if sum(map(len, fields)) >= _FEWEST_CELLS]
    cells = sum(len(row) for _, fields in tables for row in fields)
    placed: list[tuple[float, Line | Grid]] = []
    if cells <= room:
        placed = [(table.top, _grid(sheet, table, fields)) for table, fields in tables]
        placed += [(line.top, line) for line in prose_of(sheet, [table for table, _ in tables])]
    items = [item for _, item in sorted(placed, key=lambda item: item[0])]
    return without_page_numbers(items, sheet.ink.shape[0]), cells


def _grid(sheet: Sheet, table: Ruling, fields: Sequence[Sequence[Field]]) -> Grid:
    said = iter(said_in(sheet, table, [field for row in fields for field in row]))
    rows = tuple(tuple(_cell(field, next(said)) for field in row) for row in fields)
    return Grid(1, rows)


def _cell(field: Field, said: Said) -> Cell:
    return Cell(said.text, field.row, field.column, field.rowspan, field.colspan, legible=said.legible)
