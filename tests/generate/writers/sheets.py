"""Reports as .xls and .xlsx: figures as numbers or as text, merged cells, one sheet or one for every table.

One .xlsx style is written by hand the way the spreadsheet program itself does it: shared and formatted strings with
readings, formulas with their last result, cells that a span covers left out.
"""

import io
import random
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import openpyxl
import xlwt
from openpyxl.utils import get_column_letter

from tests.generate.layout.article import Article
from tests.generate.layout.grids import C, Grid, place

XLS_STYLES = ("numbers", "text", "sheets", "offset")
XLSX_STYLES = ("numbers", "text", "sheets", "offset", "excel")


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a sheet: where it begins, where its span ends (included), what is in it."""

    row: int
    column: int
    last_row: int
    last_column: int
    cell: C


def _lines(text: str) -> str:
    return text.partition("|")[0]


def _rows_of(grid: Grid, top: int, left: int) -> list[Box]:
    return [Box(top + p.r, left + p.c, top + p.r1 - 1, left + p.c1 - 1, p.cell) for p in place(grid)]


def _sheets(articles: list[Article], style: str) -> list[list[Box]]:
    """The articles on one sheet, or every table on a sheet of its own after one with the text of its article."""
    left = 2 if style == "offset" else 0
    top = 3 if style == "offset" else 0
    sheets: list[list[Box]] = [[]]
    for n, article in enumerate(articles):
        article.unknowable |= _empty_rows(article)
        if n and style == "sheets":
            sheets.append([])
            top = 0
        main, tables = sheets[-1], []
        for block in article.blocks:
            if isinstance(block, Grid) and style == "sheets":
                tables.append(_rows_of(block, 0, 0))
            elif isinstance(block, Grid):
                main += _rows_of(block, top, left)
                top += len(block.rows) + 1
            elif block.kind != "image":
                main.append(Box(top, left, top, left, C(_lines(block.text))))
                top += 1
        sheets += tables
    return sheets


def _empty_rows(article: Article) -> set[str]:
    """The figures of rows in which nothing is printed: in a sheet there are no such rows."""
    rows = [row for grid in article.grids() for row in grid.rows if not any(c.text for c in row)]
    return {c.id for row in rows for c in row if c.id}


def _number(cell: C) -> int | float | None:
    """The number that a cell holds if it is stored as one."""
    if cell.kind not in ("value", "serial", "foreign") or not re.fullmatch(r"-?\d{1,9}(\.\d+)?", cell.text):
        return None
    value = Decimal(cell.text)
    return int(value) if value == value.to_integral_value() else float(value)


def _content(cell: C, style: str) -> int | float | str:
    number = None if style == "text" else _number(cell)
    return cell.text if number is None else number


def write_xls(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """The articles as a workbook of the old format."""
    book = xlwt.Workbook()
    for n, boxes in enumerate(_sheets(articles, style), 1):
        sheet = book.add_sheet(f"Sheet{n}", cell_overwrite_ok=True)
        for b in boxes:
            content = _content(b.cell, style)
            if (b.last_row, b.last_column) != (b.row, b.column):
                sheet.write_merge(b.row, b.last_row, b.column, b.last_column, content)
            elif content != "":
                sheet.write(b.row, b.column, content)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_xlsx(articles: list[Article], style: str, rng: random.Random) -> bytes:
    """The articles as a workbook of the new format."""
    if style == "excel":
        return _write_like_excel(_sheets(articles, style), rng)
    book = openpyxl.Workbook()
    for n, boxes in enumerate(_sheets(articles, style), 1):
        sheet = book.active if n == 1 else book.create_sheet(f"Sheet{n}")
        for b in boxes:
            content = _content(b.cell, style)
            if content != "":
                cell = sheet.cell(b.row + 1, b.column + 1, content)
                if isinstance(content, int) and rng.random() < 0.3:
                    cell.number_format = "#,##0"
            if (b.last_row, b.last_column) != (b.row, b.column):
                sheet.merge_cells(None, b.row + 1, b.column + 1, b.last_row + 1, b.last_column + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _shared(text: str, rng: random.Random) -> str:
    """A string of the common table: plain, or in two runs, or with a reading that is not printed."""
    kind = rng.random()
    if len(text) > 2 and kind < 0.2:
        runs = "".join(f'<r><t xml:space="preserve">{escape(t)}</t></r>' for t in (text[:2], text[2:]))
        return f"<si>{runs}</si>"
    reading = '<rPh sb="0" eb="1"><t>8 ZHENG</t></rPh><phoneticPr fontId="1"/>' if kind > 0.9 else ""
    return f'<si><t xml:space="preserve">{escape(text)}</t>{reading}</si>'


def _cell_xml(b: Box, strings: list[str], rng: random.Random) -> str:
    place_ = f"{get_column_letter(b.column + 1)}{b.row + 1}"
    number = _number(b.cell)
    if number is not None:
        formula = f"<f>SUM(A{b.row + 1}:A{b.row + 1})</f>" if b.cell.id.endswith("total") and rng.random() < 0.5 else ""
        return f'<c r="{place_}">{formula}<v>{number}</v></c>'
    if not b.cell.text:
        return f'<c r="{place_}" s="0"/>' if rng.random() < 0.5 else ""
    strings.append(_shared(b.cell.text, rng))
    return f'<c r="{place_}" t="s"><v>{len(strings) - 1}</v></c>'


def _sheet_xml(boxes: list[Box], strings: list[str], rng: random.Random) -> str:
    rows = []
    for r in sorted({b.row for b in boxes}):
        cells = "".join(_cell_xml(b, strings, rng) for b in sorted(boxes, key=lambda b: b.column) if b.row == r)
        rows.append(f'<row r="{r + 1}">{cells}</row>')
    spans = [
        f"{get_column_letter(b.column + 1)}{b.row + 1}:{get_column_letter(b.last_column + 1)}{b.last_row + 1}"
        for b in boxes
        if (b.last_row, b.last_column) != (b.row, b.column)
    ]
    merged = "".join(f'<mergeCell ref="{s}"/>' for s in spans)
    merged = f'<mergeCells count="{len(spans)}">{merged}</mergeCells>' if spans else ""
    return f"{_HEAD}<worksheet {_MAIN}><sheetData>{''.join(rows)}</sheetData>{merged}</worksheet>"


def _write_like_excel(sheets: list[list[Box]], rng: random.Random) -> bytes:
    strings: list[str] = []
    parts = {f"xl/worksheets/sheet{n}.xml": _sheet_xml(boxes, strings, rng) for n, boxes in enumerate(sheets, 1)}
    numbers = range(1, len(sheets) + 1)
    entries = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    parts["xl/workbook.xml"] = f'{_HEAD}<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>{entries}</sheets></workbook>'
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    links += [("rId90", "sharedStrings", "sharedStrings.xml")]
    parts["xl/_rels/workbook.xml.rels"] = _links(links)
    parts["xl/sharedStrings.xml"] = f"{_HEAD}<sst {_MAIN}>{''.join(strings)}</sst>"
    parts["_rels/.rels"] = _links([("rId1", "officeDocument", "xl/workbook.xml")])
    kinds = [("xl/workbook.xml", "sheet.main"), ("xl/sharedStrings.xml", "sharedStrings")]
    kinds += [(name, "worksheet") for name in parts if name.startswith("xl/worksheets/")]
    overrides = "".join(f'<Override PartName="/{n}" ContentType="{_TYPES}.{k}+xml"/>' for n, k in kinds)
    parts["[Content_Types].xml"] = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(parts):
            package.writestr(zipfile.ZipInfo(name), parts[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _links(links: list[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{i}" Type="{_RELATIONS}/{kind}" Target="{to}"/>' for i, kind, to in links)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
