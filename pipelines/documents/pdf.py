"""PDF with a text layer to paragraphs and grids: pdfplumber finds the characters and the ruled tables.

A page knows no paragraphs and no table that goes on overleaf. So lines that run to the margin are joined to the next,
page numbers are dropped, and a table row that a page break cut in two is put together again. Files without a text layer
whose pages are pictures are scans and go to the optical reader.
"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from itertools import islice
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect, PDFXRefFallback
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1

from pipelines.documents.formats import Unreadable
from pipelines.documents.pdf_breaks import blocks_of
from pipelines.documents.pdf_lines import Line, lines_of, without_page_numbers
from pipelines.documents.pdf_scans import is_picture, is_scan, read_scan
from pipelines.documents.pdf_tables import tables_of
from pipelines.documents.pdf_typed import typed
from pipelines.documents.pdf_unruled import with_unruled_tables
from pipelines.model import Document, Grid, Issue

MOST_PAGES = 300
_NO_TEXT = "the PDF has no text that can be read, and no pictures of pages: it is blank or damaged"
_TOO_MANY = f"the PDF has more than {MOST_PAGES} pages, which no report has"
_PAGE = re.compile(rb"/Type\s*/Page\b")
_MOST_CHARACTERS = 60_000  # on one page; a page of a report has some two thousand
_UNMAPPED = "(cid:"  # what the library writes for a glyph whose font does not say which character it is
_MOST_UNMAPPED = 0.2
_BOLD = 0.1  # of the size of the type, at most a point: how far the second print is from the first
_ASLANT = 0.15  # the tangent of some nine degrees
_OVERPRINTED = 0.4  # of the width and the height of a digit

_Item = Line | Grid
logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every oddity of a font


def read_pdf(body: bytes) -> Document:
    """The document of a PDF. Raises Unreadable for encrypted, damaged and oversized files."""
    if sum(1 for _ in islice(_PAGE.finditer(body), MOST_PAGES + 1)) > MOST_PAGES:
        raise Unreadable(_TOO_MANY)  # told by the bytes: the library takes its time over the index of a huge file
    try:
        with pdfplumber.open(io.BytesIO(body), raise_unicode_errors=False) as pdf:
            _count(pdf)
            whole = not any(isinstance(table, PDFXRefFallback) for table in pdf.doc.xrefs)
            pages, kind, issues, pictures, scanned = _read_pages(pdf)
    except (Unreadable, MemoryError):
        raise
    except Exception as fault:  # the library raises what its parsers meet in damaged files, of a dozen types
        cause = fault.args[0] if fault.args else None
        if isinstance(cause, MemoryError):
            raise cause from fault
        encrypted = isinstance(cause, PDFEncryptionError | PDFPasswordIncorrect)
        raise Unreadable("the PDF is encrypted" if encrypted else "the PDF is damaged or cut off") from fault
    if not whole:
        issues.append(Issue("parse_truncated", "warning", "the PDF is damaged or cut off: parts may be missing"))
    if not any(pages):
        if not scanned:
            raise Unreadable("; ".join((_NO_TEXT, *(issue.message for issue in issues))))
        scan = read_scan(body)
        return replace(scan, issues=(*scan.issues, *issues))
    return Document(tuple(blocks_of(pages)), kind, images=pictures, issues=tuple(issues))


def _count(pdf: Any) -> None:
    """Raises Unreadable for a file of more pages than are read; looks at no more of them than that."""
    said = resolve1(resolve1(pdf.doc.catalog["Pages"]).get("Count"))
    many = isinstance(said, int) and said > MOST_PAGES
    if many or len(list(islice(PDFPage.create_pages(pdf.doc), MOST_PAGES + 1))) > MOST_PAGES:
        raise Unreadable(_TOO_MANY)


def _read_pages(pdf: Any) -> tuple[list[list[_Item]], str, list[Issue], int, bool]:
    """The items of each page from top to bottom, how they were read, what was lost, how many pictures there are, and
    whether any page is a scan."""
    pages: list[list[_Item]] = []
    kind, lost, pictures, scanned = "pdf", 0, 0, False
    for page in pdf.pages:
        chars = _printed(page)
        unmapped = sum(char["text"].startswith(_UNMAPPED) for char in chars)
        lost += unmapped
        pictures += len(page.images)
        if chars and is_picture(page):
            kind = "ocr"
        items = [] if unmapped > _MOST_UNMAPPED * len(chars) else _items(page, chars)
        scanned = scanned or (not items and is_scan(page, chars))
        pages.append(items)
        page.close()
    message = f"{lost} glyphs of the PDF are of fonts that do not tell the character"
    return pages, kind, [Issue("characters_lost", "warning", message)] if lost else [], pictures, scanned


def _items(page: Any, chars: list[Any]) -> list[_Item]:
    tables, loose = tables_of(page, chars)
    placed: list[tuple[float, _Item]] = [(top, item) for top, item in tables]
    placed += [(line.top, line) for line in lines_of(loose)]
    placed.sort(key=lambda item: item[0])
    lines = [item for _, item in placed]
    return with_unruled_tables(without_page_numbers(lines, float(page.height)))


def _printed(page: Any) -> list[Any]:
    """The characters inside the page, each once: bold type is often the same character printed twice."""
    left, top, right, bottom = page.bbox
    seen: set[tuple[str, int, int]] = set()
    chars = []
    for char in (*page.chars, *_typed(page)):
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not (left <= x <= right and top <= y <= bottom) or _is_turned(char):
            continue
        step = min(1.0, _BOLD * (char["size"] or 1.0)) or 1.0
        column, row = int(char["x0"] / step), int(char["top"] / step)
        near = ((char["text"], column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        if char["text"].strip() and any(place in seen for place in near):
            continue
        seen.add((char["text"], column, row))
        chars.append(char)
        if len(chars) > _MOST_CHARACTERS:
            raise Unreadable(f"page {page.page_number} has more characters than are read")
    return _without_overprints(chars)


def _typed(page: Any) -> list[Any]:
    """What was typed onto a page that has characters; a page that has none is a picture, whatever is stamped on it."""
    try:
        return typed(page) if page.chars else []
    except Exception:  # of damaged annotations the library raises what it meets; the page is there all the same
        return []


def _is_turned(char: Any) -> bool:
    """Whether a character stands aslant, as those of watermarks do; a page may lie on its side as a whole."""
    along, across, *_ = map(abs, char["matrix"])
    return bool(min(along, across) > _ASLANT * max(along, across))


def _without_overprints(chars: list[Any]) -> list[Any]:
    """The characters, with U+FFFD for digits that are printed one over another: a correction leaves the old number in
    the file, and nothing tells which of the two is seen."""
    digits = sorted((char for char in chars if char["text"].isdecimal()), key=lambda char: char["x0"])
    over: set[int] = set()
    for number, char in enumerate(digits):
        for other in islice(digits, number + 1, None):
            if other["x0"] > char["x1"]:
                break
            if other["text"] != char["text"] and _overlap(char, other):
                over |= {id(char), id(other)}
    return [char | {"text": "\ufffd"} if id(char) in over else char for char in chars] if over else chars


def _overlap(char: Any, other: Any) -> bool:
    across = min(char["x1"], other["x1"]) - max(char["x0"], other["x0"])
    down = min(char["bottom"], other["bottom"]) - max(char["top"], other["top"])
    narrower, lower = (min(char[size], other[size]) for size in ("width", "height"))
    return bool(across > _OVERPRINTED * narrower and down > _OVERPRINTED * lower)
