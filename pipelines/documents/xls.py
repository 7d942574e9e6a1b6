"""Binary workbooks (.xls, .et of WPS) through xlrd, which keeps what decides on print: formats, merges, hiding."""

from __future__ import annotations

import io
from typing import Any

import xlrd

from pipelines.documents.flow import Look, dressed
from pipelines.documents.formats import Unreadable
from pipelines.documents.number_format import shown, shown_text
from pipelines.documents.sheet import MOST_ROWS, MOST_SHEETS, Merge, Sheet, document_of_sheets
from pipelines.documents.tables import WIDEST
from pipelines.model import Document

_LARGEST = 12 * 1024 * 1024  # bytes; xlrd reads a whole sheet before anything can be cut
_VISIBLE = 0
_EMPTY = {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}
_SIDES = ("left_line_style", "right_line_style", "top_line_style", "bottom_line_style")


def read_xls(body: bytes) -> Document:
    """The document of a binary workbook."""
    if len(body) > _LARGEST:
        raise Unreadable(f"a workbook of {len(body)} bytes is larger than a report")
    try:
        # Ragged, or one cell far away would make a sheet of millions.
        book = xlrd.open_workbook(
            file_contents=body, logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True
        )
        sheets = [_sheet(book, number) for number in range(min(book.nsheets, MOST_SHEETS)) if _is_visible(book, number)]
    except MemoryError:
        raise
    except Exception as fault:  # on damaged records xlrd raises whatever its arithmetic comes to
        encrypted = "encrypted" in str(fault).lower()
        raise Unreadable("the file is encrypted" if encrypted else "the workbook is cut off or damaged") from fault
    return document_of_sheets(sheets, "xls")


def _is_visible(book: Any, number: int) -> bool:
    return bool(book._sheet_visibility[number] == _VISIBLE)


def _sheet(book: Any, number: int) -> Sheet:
    source = book.sheet_by_index(number)
    sheet = Sheet()
    sheet.hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden or info.height == 0}
    sheet.hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden or info.width == 0}
    sheet.merges = [Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells]
    sheet.cut = source.nrows > MOST_ROWS
    for row in range(min(source.nrows, MOST_ROWS)):
        kinds = source.row_types(row)
        # Whole rows may be formatted; without anything in them they cost time only.
        for column, kind in enumerate(kinds if set(kinds) - _EMPTY else ()):
            if kind not in _EMPTY:
                sheet.put(row, column, _shown(book, source, row, column))
            elif column < WIDEST and _is_boxed(book, source, row, column):
                sheet.box(row, column)
        if sheet.cut:
            break
    book.unload_sheet(number)
    return sheet


def _shown(book: Any, source: Any, row: int, column: int) -> str:
    kind, value = source.cell_type(row, column), source.cell_value(row, column)
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#ERROR"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    style = book.xf_list[source.cell_xf_index(row, column)]
    code = book.format_map[style.format_key].format_str
    if kind == xlrd.XL_CELL_TEXT:
        return shown_text(_dressed(book, source, row, column, value), code)
    return "" if value == 0 and not source.show_zero_values else shown(value, code)


def _dressed(book: Any, source: Any, row: int, column: int, text: str) -> str:
    """The runs of a text in their looks."""
    runs = source.rich_text_runlist_map.get((row, column))
    if not runs:
        return text
    pieces: list[tuple[str, Look]] = [(text[: runs[0][0]], "")]
    for (start, font), (end, _) in zip(runs, [*runs[1:], (len(text), 0)], strict=True):
        look = book.font_list[font]
        pieces.append((text[start:end], "remark" if look.escapement or look.struck_out else ""))
    return dressed(pieces)


def _is_boxed(book: Any, source: Any, row: int, column: int) -> bool:
    border = book.xf_list[source.cell_xf_index(row, column)].border
    return any(getattr(border, side, 0) for side in _SIDES)
