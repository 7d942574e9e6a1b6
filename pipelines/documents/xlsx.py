"""Workbooks made of XML: .xlsx and .xlsm, and the one-file XML of Excel 2003 that systems hand out as .xls.

python-calamine tells neither number formats, nor hidden rows and columns, nor errors from blanks, and openpyxl fails on
styles that other programs write; what is printed depends on all of these, so the XML is read here. Sheets are streamed
and cut when they are longer than any report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree

from pipelines.documents.flow import Look, dressed, proved_title
from pipelines.documents.formats import Unreadable
from pipelines.documents.number_format import BUILT_IN, DATE, not_computed, shown, shown_text
from pipelines.documents.office_xml import child, children, is_on, name_of
from pipelines.documents.package import Package
from pipelines.documents.sheet import MOST_ROWS, MOST_SHEETS, Merge, Sheet, document_of_sheets
from pipelines.model import Document

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_TRUE = frozenset(("1", "true", "on"))
_MOST_HIDDEN_COLUMNS = 1024
_MOST_MERGES = 20_000
_LONGEST_STRETCH = 40_000  # bytes without a tag; a cell holds up to 32,767 characters


@dataclass(frozen=True, slots=True)
class _Style:
    """The format of a cell, whether it has borders, and whether all in it is struck out."""

    code: str = "General"
    boxed: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of all sheets refer to."""

    strings: list[str]
    styles: list[_Style]


def read_xlsx(package: Package, main: str) -> Document:
    """The document of an .xlsx package whose workbook part is `main`."""
    book = _Book(_strings(package, main), _styles(package, main))
    related = package.related(main)
    sheets = []
    images = 0
    for entry in _visible(package.xml(main)):
        kind, part = related.get(_relation(entry), ("", ""))
        if kind == "worksheet":
            sheets.append(_sheet(package, part, book))
            images += any(found == "drawing" for found, _ in package.related(part).values())
    core = package.of_kind("", "core-properties")
    title = child(package.xml(core), "title") if core else None
    texts = [text for sheet in sheets for text in sheet.texts.values()]
    proved = proved_title(title.text or "" if title is not None else "", texts)
    return document_of_sheets(sheets, "xlsx", proved, images)


def _visible(root: Any) -> Iterator[Any]:
    entries = list(children(child(root, "sheets"), "sheet"))
    return (entry for entry in entries[:MOST_SHEETS] if entry.get("state", "visible") == "visible")


def _relation(entry: Any) -> str:
    return next((found for name, found in entry.attrib.items() if name.endswith("}id")), "")


def _strings(package: Package, main: str) -> list[str]:
    part = package.of_kind(main, "sharedStrings")
    return [_rich_text(item) for item in children(package.xml(part), "si")] if part else []


def _rich_text(item: Any) -> str:
    """The runs of a string in their looks; the readings above characters (`rPh`) are not part of it."""
    pieces: list[tuple[str, Look]] = []
    for part in item:
        if name_of(part) == "t":
            pieces.append((part.text or "", ""))
        elif name_of(part) == "r":
            look: Look = ""
            properties = child(part, "rPr")
            for element in () if properties is None else properties:
                look = _look(name_of(element), element.attrib, look)
            pieces += [(text.text or "", look) for text in children(part, "t")]
    return dressed(pieces)


def _look(name: str, attributes: Mapping[str, str], before: Look) -> Look:
    """The look of a run after one more element of its properties; a run begins plain."""
    if name == "vertAlign":
        return "remark" if attributes.get("val") != "baseline" else before
    if name == "strike":
        return "remark" if attributes.get("val", "1") in _TRUE else before
    return "" if name == "r" else before


def _styles(package: Package, main: str) -> list[_Style]:
    part = package.of_kind(main, "styles")
    root = package.xml(part) if part else None
    if root is None:
        return []
    codes = dict(BUILT_IN)
    for entry in _items(root, "numFmts", "numFmt"):
        codes[_whole(entry.get("numFmtId"))] = entry.get("formatCode") or "General"
    borders = [any(side.get("style", "none") != "none" for side in item) for item in _items(root, "borders", "border")]
    struck = [is_on(font, "strike") for font in _items(root, "fonts", "font")]
    styles = []
    for entry in _items(root, "cellXfs", "xf"):
        border, font = _whole(entry.get("borderId")), _whole(entry.get("fontId"))
        code = codes.get(_whole(entry.get("numFmtId")), DATE)
        is_boxed, is_struck = border < len(borders) and borders[border], font < len(struck) and struck[font]
        styles.append(_Style(code, is_boxed, is_struck))
    return styles


def _items(root: Any, group: str, name: str) -> list[Any]:
    return list(children(child(root, group), name))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _sheet(package: Package, part: str, book: _Book) -> Sheet:
    """One worksheet, streamed: no tree is built, and reading stops where a sheet is longer than any report."""
    target = _Cells(book)
    parser = etree.XMLParser(target=cast(Any, target), resolve_entities=False, no_network=True)
    try:
        for chunk in package.chunks(part):
            if len(chunk) > _LONGEST_STRETCH and b"<" not in chunk:
                raise Unreadable("a worksheet with a cell that is longer than any report")  # noqa: TRY301
            parser.feed(chunk)
            if target.sheet.cut:
                return target.sheet
        parser.close()
    except Unreadable:
        raise
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Unreadable(f"the file is damaged: {part!r} is not well-formed XML") from fault
    return target.sheet


class _Cells:
    """Takes in the elements of a worksheet as they are parsed."""

    def __init__(self, book: _Book) -> None:
        self.sheet = Sheet()
        self._book = book
        self._row, self._column = -1, -1
        self._cell: dict[str, str] = {}
        self._text: list[str] | None = None
        self._found: dict[str, str] = {}
        self._pieces: list[tuple[str, Look]] = []
        self._look: Look = ""
        self._reading = False  # inside the reading above characters, which is not part of the text
        self._zeros = True

    def start(self, tag: str | bytes, attributes: Mapping[str, str]) -> None:
        name = str(tag).rpartition("}")[2]
        if name == "c":
            self._cell = dict(attributes)
            self._found, self._pieces, self._look = {}, [], ""
            place = _place(attributes.get("r"))
            self._column = place[1] if place else self._column + 1
            self._row = place[0] if place else self._row
        elif name in ("v", "t", "f"):
            self._text = []
        elif name == "row":
            self._row = _whole(attributes.get("r")) - 1 if attributes.get("r") else self._row + 1
            self._column = -1
            if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
                self.sheet.hidden_rows.add(self._row)
            self.sheet.cut = self.sheet.cut or self._row >= MOST_ROWS
        elif name == "rPh":
            self._reading = True
        elif name in ("r", "vertAlign", "strike"):
            self._look = _look(name, attributes, self._look)
        else:
            self._around(name, attributes)

    def _around(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "col" and (attributes.get("hidden") in _TRUE or attributes.get("width") == "0"):
            first, last = _whole(attributes.get("min")) - 1, _whole(attributes.get("max"))
            self.sheet.hidden_columns |= set(range(first, min(last, first + _MOST_HIDDEN_COLUMNS)))
        elif name == "mergeCell" and len(self.sheet.merges) < _MOST_MERGES:
            corners = [_place(corner) for corner in attributes.get("ref", "").split(":")]
            if len(corners) == 2 and corners[0] and corners[1]:
                self.sheet.merges.append(Merge(*corners[0], *corners[1]))
        elif name == "sheetView":
            self._zeros = attributes.get("showZeros", "1") in _TRUE

    def data(self, data: str | bytes) -> None:
        if self._text is not None:
            self._text.append(str(data))

    def comment(self, text: str) -> None:
        """Nothing is said in comments."""

    def end(self, tag: str | bytes) -> None:
        name = str(tag).rpartition("}")[2]
        if name in ("v", "f", "t") and self._text is not None:
            if name != "t":
                self._found[name] = "".join(self._text)
            elif not self._reading:
                self._pieces.append(("".join(self._text), self._look))
            self._text = None
        elif name == "rPh":
            self._reading = False
        elif name == "c":
            self._put()

    def doctype(self, *_: object) -> None:
        raise Unreadable("a worksheet declares entities, which no office program does")

    def close(self) -> None:
        """Nothing is left to do at the end of a sheet."""

    def _put(self) -> None:
        number = _whole(self._cell.get("s"))
        style = self._book.styles[number] if number < len(self._book.styles) else _Style()
        text = self._shown(style)
        if style.struck and text:
            text = dressed([(text, "remark")])
        self.sheet.put(self._row, self._column, text)
        if not text and style.boxed:
            self.sheet.box(self._row, self._column)

    def _shown(self, style: _Style) -> str:
        kind, raw = self._cell.get("t", "n"), self._found.get("v", "")
        if kind == "inlineStr":
            return shown_text(dressed(self._pieces), style.code)
        if not raw:
            formula = self._found.get("f")
            return "" if formula is None else not_computed(formula)
        if kind == "s":
            place = _whole(raw)
            return shown_text(self._book.strings[place], style.code) if place < len(self._book.strings) else "\ufffd0"
        if kind == "b":
            return "TRUE" if raw in _TRUE else "FALSE"
        if kind != "n" or not _NUMBER.fullmatch(raw.strip()):
            return shown_text(raw, style.code)
        return "" if float(raw) == 0 and not self._zeros else shown(float(raw), style.code)


def _place(reference: str | None) -> tuple[int, int] | None:
    """Row and column of a reference such as `B12`."""
    match = _REFERENCE.fullmatch(reference or "")
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
