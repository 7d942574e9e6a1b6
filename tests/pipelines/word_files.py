"""A generated report as Word files: .docx through python-docx with the table markup written here, and RTF by hand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.generate.grids import C, Grid
from tests.generate.page import HEADINGS, Page

_WIDTH = 700  # twentieths of a point, of one grid column


def stories(page: Page) -> Iterator[str | Grid]:
    """The report in reading order: lines and tables."""
    yield from page.identity.lines
    yield from page.opening
    yield HEADINGS[1]
    yield from page.overview
    for section in page.sections:
        yield section.heading
        yield from section.notes
        yield from section.grids
    yield HEADINGS[5]
    yield from page.problems
    yield HEADINGS[6]
    yield from page.fees
    yield from page.identity.signature


def places(grid: Grid) -> Iterator[list[tuple[int, C, bool]]]:
    """Each row as Word keeps it: (column, cell, whether it begins here), a cell merged downwards standing in each row."""
    below: dict[int, tuple[C, int]] = {}
    for row in grid.rows:
        cells, column, own = [], 0, iter(row)
        while column < grid.width:
            if column in below:
                cell, left = below.pop(column)
                cells.append((column, cell, False))
                if left > 1:
                    below[column] = cell, left - 1
            else:
                cell = next(own, None)
                if cell is None:
                    break
                cells.append((column, cell, True))
                if cell.rowspan > 1:
                    below[column] = cell, cell.rowspan - 1
            column += cell.colspan
        yield cells


def docx_table(grid: Grid) -> str:
    """The table as WordprocessingML with gridSpan and vMerge."""
    columns = "".join(f'<w:gridCol w:w="{_WIDTH}"/>' for _ in range(grid.width))
    rows = "".join(f"<w:tr>{''.join(_docx_cell(*place) for place in row)}</w:tr>" for row in places(grid))
    return f'<w:tbl {nsdecls("w")}><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'


def _docx_cell(column: int, cell: C, begins: bool) -> str:
    properties = f'<w:tcW w:w="{_WIDTH * cell.colspan}" w:type="dxa"/>'
    if cell.colspan > 1:
        properties += f'<w:gridSpan w:val="{cell.colspan}"/>'
    if cell.rowspan > 1:
        properties += '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    lines = cell.text.split("\n") if begins else [""]
    words = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{words}</w:tc>"


def docx_of(page: Page) -> bytes:
    """The whole report as a .docx file."""
    document = docx.Document()
    body = document.element.body
    for story in stories(page):
        if isinstance(story, str):
            document.add_paragraph(story)
        else:
            body.insert(len(body) - 1, parse_xml(docx_table(story)))
            document.add_paragraph()
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
