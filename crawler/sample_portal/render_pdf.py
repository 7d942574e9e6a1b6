"""Documents as PDF, written by hand: Chinese text in a font of the Adobe-GB1 set, tables with ruled cells.

Synthetic: real reports run over several A4 pages with embedded fonts; here a document is one page as tall as it needs
to be, and the font is one that every PDF reader brings along.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from crawler.sample_portal.markup import Block, Table, Text
from crawler.sample_portal.tables import Cell, Row

_WIDTH, _MARGIN = 595.0, 45.0
_TEXT_SIZE, _CELL_SIZE = 12.0, 7.0
_PADDING = 2.5
_CATALOG = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 {height}] /Contents 4 0 R "
    "/Resources << /Font << /F1 5 0 R >> >> >>",
)
_FONTS = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /DW 1000 /W [1 95 500] "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell of a table with its place in the grid: row, column and spans."""

    cell: Cell
    row: int
    column: int


def pdf(blocks: Iterable[Block]) -> bytes:
    """The document as the bytes of a PDF file."""
    drawn = [_table(block.rows) if isinstance(block, Table) else _paragraph(block) for block in blocks]
    height = ceil(2 * _MARGIN + sum(tall for tall, _ in drawn))
    top = height - _MARGIN
    content: list[str] = []
    for tall, operators in drawn:
        content.append(f"q 1 0 0 1 {_MARGIN} {top:.1f} cm")
        content += operators
        content.append("Q")
        top -= tall
    return _file("\n".join(content), height)


def _file(content: str, height: int) -> bytes:
    stream = content.encode("ascii")
    objects = [part.replace("{height}", str(height)).encode() for part in _CATALOG]
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects += [part.encode() for part in _FONTS]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, part in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return data + trailer % (size, table, size, len(data))


def _paragraph(text: Text) -> tuple[float, list[str]]:
    width = _WIDTH - 2 * _MARGIN
    lines = list(_wrapped(text.text, width, _TEXT_SIZE))
    leading = 1.5 * _TEXT_SIZE
    centered = text.role == "title"
    operators = []
    for number, line in enumerate(lines, 1):
        left = (width - _length(line, _TEXT_SIZE)) / 2 if centered else 0.0
        operators.append(_show(line, left, -number * leading, _TEXT_SIZE))
    return len(lines) * leading + 4, operators


def _table(rows: list[Row]) -> tuple[float, list[str]]:
    placed = list(_placed(rows))
    columns = max(p.column + p.cell.colspan for p in placed)
    width = (_WIDTH - 2 * _MARGIN) / columns
    heights = [_row_height(number, placed, width) for number in range(len(rows))]
    operators = ["0.5 w"]
    for p in placed:
        top, left = sum(heights[: p.row]), p.column * width
        tall = sum(heights[p.row : p.row + p.cell.rowspan])
        operators.append(f"{left:.1f} {-top - tall:.1f} {p.cell.colspan * width:.1f} {tall:.1f} re S")
        for number, line in enumerate(_cell_lines(p.cell, width), 1):
            operators.append(_show(line, left + _PADDING, -top - number * 1.3 * _CELL_SIZE, _CELL_SIZE))
    return sum(heights) + 8, operators


def _placed(rows: list[Row]) -> Iterator[_Placed]:
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + r, column + c) for r in range(cell.rowspan) for c in range(cell.colspan)}
            yield _Placed(cell, number, column)


def _row_height(number: int, placed: list[_Placed], width: float) -> float:
    lines = [len(_cell_lines(p.cell, width)) for p in placed if p.row == number and p.cell.rowspan == 1]
    return max([1, *lines]) * 1.3 * _CELL_SIZE + 2 * _PADDING


def _cell_lines(cell: Cell, width: float) -> list[str]:
    return list(_wrapped(cell.text, cell.colspan * width - 2 * _PADDING, _CELL_SIZE))


def _wrapped(text: str, width: float, size: float) -> Iterator[str]:
    for line in text.split("\n"):
        piece = ""
        for character in line:
            if piece and _length(piece + character, size) > width:
                yield piece
                piece = ""
            piece += character
        if piece:
            yield piece


def _length(text: str, size: float) -> float:
    return sum(size / 2 if character.isascii() else size for character in text)


def _show(text: str, left: float, bottom: float, size: float) -> str:
    return f"BT /F1 {size:.0f} Tf {left:.1f} {bottom:.1f} Td <{text.encode('utf-16-be').hex()}> Tj ET"
