"""What was typed onto a page of a PDF: fields of a form, and text of an editor's typewriter (打字机).

Neither is among the characters of the page, but both are printed with it. They are given places as if they were: in the
middle of their box, line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

_UNSEEN = 2 | 32  # hidden, and not to be shown: flags of an annotation
_MOST = 2000  # annotations of a page
_LONGEST = 200  # characters of one
_LARGEST = 12.0  # points of type
_WIDTH = 0.6  # of the size, for a character; Chinese ones are as wide as high


def typed(page: Any) -> list[dict[str, Any]]:
    """The characters of fields and typed text, in pdfplumber's terms."""
    return [char for note in page.annots[:_MOST] for char in _chars(note, page)]


def _chars(note: Any, page: Any) -> Iterator[dict[str, Any]]:
    data = note.get("data") or {}
    if (resolve1(data.get("F")) or 0) & _UNSEEN:
        return
    lines = _text(data).split("\n")
    if not any(lines) or sum(map(len, lines)) > _LONGEST:
        return
    size = min(_LARGEST, (note["bottom"] - note["top"]) / len(lines))
    middle, top = (note["x0"] + note["x1"]) / 2, (note["top"] + note["bottom"] - size * len(lines)) / 2
    for number, line in enumerate(lines):
        widths = [size * (_WIDTH if char.isascii() else 1) for char in line]
        left = middle - sum(widths) / 2
        for char, width in zip(line, widths, strict=True):
            yield _char(char, left, top + number * size, width, size, page)
            left += width


def _text(data: Any) -> str:
    """What an annotation shows, '' for one that shows no text."""
    kind = _name(data.get("Subtype"))
    if kind == "FreeText":
        return _decoded(data.get("Contents"))
    parent = resolve1(data.get("Parent")) or {}
    if kind == "Widget" and _name(data.get("FT") or parent.get("FT")) == "Tx":
        return _decoded(data.get("V") or parent.get("V"))
    return ""


def _name(value: Any) -> str:
    value = resolve1(value)
    return str(value.name) if isinstance(value, PSLiteral) else ""


def _decoded(value: Any) -> str:
    value = resolve1(value)
    text = decode_text(value) if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _char(text: str, left: float, top: float, width: float, size: float, page: Any) -> dict[str, Any]:
    return {
        "object_type": "char",
        "page_number": page.page_number,
        "text": text,
        "fontname": "",
        "size": size,
        "upright": True,
        "matrix": (1.0, 0.0, 0.0, 1.0, left, float(page.height) - top - size),
        "x0": left,
        "x1": left + width,
        "top": top,
        "bottom": top + size,
        "doctop": float(page.initial_doctop) + top,
        "width": width,
        "height": size,
    }
