"""Documents as Word files: paragraphs and tables with spans, nothing else of what a word processor writes."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from crawler.sample_portal.attachment import package
from crawler.sample_portal.markup import Block, Table
from crawler.sample_portal.tables import Cell, Row


def docx(blocks: Iterable[Block]) -> bytes:
    """The document as the bytes of a .docx file, the same every time."""
    parts = (_table(block.rows) if isinstance(block, Table) else _paragraph(block.text) for block in blocks)
    return package("".join(parts))


def _paragraph(text: str) -> str:
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def _table(rows: list[Row]) -> str:
    columns = sum(cell.colspan for cell in rows[0])
    below: dict[int, tuple[int, int]] = {}
    lines = [_row(row, below, columns) for row in rows]
    grid = f"<w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>"
    return f"<w:tbl><w:tblPr/>{grid}{''.join(lines)}</w:tbl><w:p/>"


def _row(row: Row, below: dict[int, tuple[int, int]], columns: int) -> str:
    """One row; `below` holds, by column, the span and the rows still to come of cells that began further up."""
    cells: list[str] = []
    rest = list(row)
    column = 0
    while column < columns:
        if column in below:
            span, more = below.pop(column)
            cells.append(_cell("", span, "continue"))
            if more > 1:
                below[column] = (span, more - 1)
        elif rest:
            cell = rest.pop(0)
            span = cell.colspan
            cells.append(_new_cell(cell))
            if cell.rowspan > 1:
                below[column] = (span, cell.rowspan - 1)
        else:
            break
        column += span
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _new_cell(cell: Cell) -> str:
    return _cell(cell.text, cell.colspan, "restart" if cell.rowspan > 1 else "")


def _cell(text: str, span: int, merge: str) -> str:
    properties = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraph(text)}</w:tc>"
