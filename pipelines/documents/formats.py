"""What a payload is, told by its first bytes and never by its name, and which reader turns it into a document.

A reader takes the bytes and returns a `Document`, or raises `Unreadable` with a reason of one line. Readers of office
and picture formats are imported only when one is met: their libraries take longer to load than a page takes to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

from pipelines.model import Document

Reader = Callable[[bytes], Document]


class Unreadable(ValueError):  # noqa: N818 - an outcome, not a fault of ours
    """Raised by a reader for bytes that hold no document it can read; the message is the reason given to the user."""


_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
# First bytes -> module and function of the reader.
_READERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "pipelines.documents.pdf", "read_pdf"),
    (_ZIP, "pipelines.documents.office", "read_package"),
    (_OLE, "pipelines.documents.office", "read_compound"),
    (b"{\\rtf", "pipelines.documents.rtf", "read_rtf"),
    (b"\x89PNG", "pipelines.documents.image", "read_image"),
    (b"\xff\xd8\xff", "pipelines.documents.image", "read_image"),
    (b"GIF8", "pipelines.documents.image", "read_image"),
    (b"BM", "pipelines.documents.image", "read_image"),
    (b"II*\x00", "pipelines.documents.image", "read_image"),
    (b"MM\x00*", "pipelines.documents.image", "read_image"),
)  # fmt: skip
_NO_READER = (
    (b"Rar!", "RAR archive"), (b"\x1f\x8b", "gzip archive"), (b"7z\xbc\xaf", "7z archive"),
    (b"\x00\x00\x00\x0cjP", "JPEG 2000 image"),
)  # fmt: skip
# Office files that are one XML file each, of Word and Excel 2003 and of later Word.
_OFFICE_XML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b[^<]*(?:<[?!][^<]*)*<(?:w:wordDocument|pkg:package|(?:ss:)?Workbook)\b"
)
_XML_ROOT_WITHIN = 4096
_PDF_HEADER_WITHIN = 1024  # bytes: readers of PDF accept junk in front of the header, and servers put it there


def reader_of(body: bytes) -> Reader | None:
    """The reader of a binary format, None for what may be text. Raises Unreadable for a format without one."""
    start = body[:16]
    for magic, kind in _NO_READER:
        if start.startswith(magic):
            raise Unreadable(f"no reader for this format: {kind}")
    for magic, module, name in _READERS:
        if start.startswith(magic):
            return _load(module, name)
    if b"%PDF-" in body[:_PDF_HEADER_WITHIN] and b"<html" not in body[:_PDF_HEADER_WITHIN].lower():
        return _load("pipelines.documents.pdf", "read_pdf")
    if _OFFICE_XML.match(body[:_XML_ROOT_WITHIN]):
        return _load("pipelines.documents.office", "read_flat")
    return None


def is_binary(body: bytes) -> bool:
    """Whether a payload begins as one of the formats that are no text, not even text in units of two bytes."""
    return body.startswith(tuple(magic for magic, _, _ in _READERS))


def _load(module: str, name: str) -> Reader:
    try:
        reader: Reader = getattr(import_module(module), name)
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.startswith("pipelines"):
            raise Unreadable("no reader for this format yet") from missing
        raise Unreadable(f"reading this format needs the package {missing.name}, which is not installed") from missing
    return reader
