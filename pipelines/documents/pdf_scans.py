"""Which PDFs are scans, and so for the optical reader: by what their pages show, not by the lack of text alone.

A page whose text is lost to damage has no text either. Recognising what is left of it would take a hundred times the
time of any other document and could prove nothing, so that such a file is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from pdfminer.pdftypes import resolve1

from pipelines.documents.formats import Unreadable
from pipelines.model import Document

_FULL_PAGE = 0.7  # of its area: a picture that large is the page
_TABLE = 0.1  # of its area: pictures that large together can be a table, and those of a letterhead are not
_OUTLINES = 300  # curves of a page, at least, are letters; the rules of a table are straight
_DPI = 200
_EMBEDDED = frozenset(("FontFile", "FontFile2", "FontFile3"))
# What PDF 2.0 (ISO 32000-2, 9.6 and 9.7) and common producers put into a font: another key is one of these, damaged.
_FONT_KEYS = frozenset((
    "Type", "Subtype", "BaseFont", "Name", "Encoding", "DescendantFonts", "FirstChar", "LastChar", "Widths",
    "FontDescriptor", "FontBBox", "FontMatrix", "CharProcs", "Resources", "ICUID",
))  # fmt: skip


def is_picture(page: Any) -> bool:
    """Whether a picture fills the page: its text layer is then the work of somebody's optical reader."""
    return any(area > _FULL_PAGE for area in _pictures(page))


def is_scan(page: Any, chars: Sequence[Any]) -> bool:
    """Whether a page that has no text to read prints something that nevertheless can be read: pictures, letters drawn
    as outlines, or glyphs of fonts that were made without saying which characters they are."""
    if any(char["text"].strip() for char in chars):
        return is_picture(page) or any(_says_nothing(font) for font in _fonts(page))
    return sum(_pictures(page)) > _TABLE or len(page.curves) > _OUTLINES


def _pictures(page: Any) -> Iterator[float]:
    """The share of the page that each picture on it takes."""
    left, top, right, bottom = (float(edge) for edge in page.bbox)
    whole = max((right - left) * (bottom - top), 1.0)
    for image in page.images:
        width = min(image["x1"], right) - max(image["x0"], left)
        height = min(image["bottom"], bottom) - max(image["top"], top)
        yield max(width, 0) * max(height, 0) / whole


def _fonts(page: Any) -> list[Any]:
    resources = resolve1(page.page_obj.resources) or {}
    fonts = resolve1(resources.get("Font"))
    return [resolve1(font) for font in fonts.values()] if isinstance(fonts, dict) else []


def _says_nothing(font: Any) -> bool:
    """Whether a font is whole and embedded, and has no table of its characters; one whose table is damaged has one."""
    if not isinstance(font, dict) or set(font) - _FONT_KEYS:
        return False
    inner = resolve1(font.get("DescendantFonts"))
    inner = resolve1(inner[0]) if isinstance(inner, list) and inner else font
    descriptor = resolve1(inner.get("FontDescriptor")) if isinstance(inner, dict) else None
    return "CharProcs" in font or (isinstance(descriptor, dict) and not _EMBEDDED.isdisjoint(descriptor))


def read_scan(body: bytes) -> Document:
    """The document of a PDF whose pages are pictures, by the optical reader."""
    import pypdfium2

    try:
        from pipelines.documents.image import read_pages
    except ModuleNotFoundError as missing:
        raise Unreadable(f"a scan without text: reading it needs the package {missing.name}") from missing
    try:
        # Opened before the models are loaded, which takes longer.
        with closing(pypdfium2.PdfDocument(body)) as pdf:
            return read_pages(page.render(scale=_DPI / 72).to_pil() for page in pdf)
    except pypdfium2.PdfiumError as fault:
        raise Unreadable("the PDF is damaged or cut off") from fault
