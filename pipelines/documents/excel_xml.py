"""The XML of Excel 2003 (SpreadsheetML): a workbook in one XML file, which systems hand out under the name .xls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.documents.flow import Look, dressed
from pipelines.documents.number_format import not_computed, shown, shown_text
from pipelines.documents.office_xml import child, children, integer, name_of, value
from pipelines.documents.sheet import MOST_ROWS, MOST_SHEETS, Merge, Sheet, document_of_sheets
from pipelines.model import Document

# Formats that go by a name of their own here; the dates among them are not numbers to be read.
_NAMED = {
    "General Number": "General",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Currency": "¥#,##0.00",
}
_MOST_HIDDEN = 1024
_REMARKS = ("Sup", "Sub", "S")
_WHOLE_TRUE = ("1", "true")


def read_flat_workbook(root: Any) -> Document:
    """The document of a `Workbook` element."""
    codes = {}
    boxed = set()
    for style in children(child(root, "Styles"), "Style"):
        code = value(child(style, "NumberFormat"), "Format")
        codes[value(style, "ID")] = _NAMED.get(code, code or "General")
        if child(child(style, "Borders"), "Border") is not None:
            boxed.add(value(style, "ID"))
    sheets = []
    for worksheet in list(children(root, "Worksheet"))[:MOST_SHEETS]:
        visible = child(child(worksheet, "WorksheetOptions"), "Visible")
        if visible is None or visible.text == "SheetVisible":
            sheets.append(_sheet(worksheet, codes, boxed))
    return document_of_sheets(sheets, "xlsx")


def _sheet(worksheet: Any, codes: dict[str, str], boxed: set[str]) -> Sheet:
    sheet = Sheet()
    zeros = child(child(worksheet, "WorksheetOptions"), "DoNotDisplayZeros") is None
    row = column = -1
    table = child(worksheet, "Table")
    for element in table if table is not None else ():
        name = name_of(element)
        if name == "Column":
            first = integer(element, "Index", column + 2) - 1
            column = first + min(max(integer(element, "Span"), 0), _MOST_HIDDEN)
            if value(element, "Hidden") in _WHOLE_TRUE:
                sheet.hidden_columns |= set(range(first, column + 1))
        elif name == "Row":
            row = integer(element, "Index", row + 2) - 1
            last = row + min(max(integer(element, "Span"), 0), MOST_ROWS)
            if value(element, "Hidden") in _WHOLE_TRUE:
                sheet.hidden_rows |= set(range(row, last + 1))
            _cells(element, row, sheet, codes, boxed, zeros=zeros)
            row = last
    return sheet


def _cells(element: Any, row: int, sheet: Sheet, codes: dict[str, str], boxed: set[str], *, zeros: bool) -> None:
    column = -1
    for cell in children(element, "Cell"):
        column = integer(cell, "Index", column + 2) - 1
        style = value(cell, "StyleID")
        text = _shown(child(cell, "Data"), codes.get(style, "General"), zeros=zeros)
        if not text and (formula := value(cell, "Formula")):
            text = not_computed(formula.removeprefix("="))
        sheet.put(row, column, text)
        if not text and style in boxed:
            sheet.box(row, column)
        across, down = max(integer(cell, "MergeAcross"), 0), max(integer(cell, "MergeDown"), 0)
        if across or down:
            sheet.merges.append(Merge(row, column, row + down, column + across))
        column += across


def _pieces(element: Any, look: Look) -> Iterator[tuple[str, Look]]:
    """The pieces of a text, those that are raised, lowered or struck out as remarks."""
    yield element.text or "", look
    for part in element:
        yield from _pieces(part, "remark" if name_of(part) in _REMARKS else look)
        yield part.tail or "", look


def _shown(data: Any | None, code: str, *, zeros: bool) -> str:
    text = dressed(_pieces(data, "")) if data is not None else ""
    if not text or value(data, "Type") != "Number":
        return shown_text(text, code)
    try:
        return "" if float(text) == 0 and not zeros else shown(float(text), code)
    except ValueError:
        return text
